from django.apps import AppConfig


class EstateScreensConfig(AppConfig):
    name = "satuatap.web.estate"
    label = "estate_screens"
