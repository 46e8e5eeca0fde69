from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "satuatap.web.desk"
    label = "desk"
