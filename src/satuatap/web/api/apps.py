from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "satuatap.web.api"
    label = "api"
