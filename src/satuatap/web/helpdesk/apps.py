from django.apps import AppConfig


class HelpdeskConfig(AppConfig):
    name = "satuatap.web.helpdesk"
    label = "helpdesk"
