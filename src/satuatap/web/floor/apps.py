from django.apps import AppConfig


class FloorConfig(AppConfig):
    name = "satuatap.web.floor"
    label = "floor"
