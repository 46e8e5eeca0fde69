from django.apps import AppConfig


class OfficeConfig(AppConfig):
    name = "satuatap.web.office"
    label = "office"
