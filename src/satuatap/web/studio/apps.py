from django.apps import AppConfig


class StudioConfig(AppConfig):
    name = "satuatap.web.studio"
    label = "studio"
