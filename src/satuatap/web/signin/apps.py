from django.apps import AppConfig


class SigninConfig(AppConfig):
    name = "satuatap.web.signin"
    label = "signin"
