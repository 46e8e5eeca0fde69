from django.apps import AppConfig


class OpenConfig(AppConfig):
    name = "satuatap.web.open"
    label = "open"
