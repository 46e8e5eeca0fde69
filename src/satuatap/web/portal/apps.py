from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "satuatap.web.portal"
    label = "portal"
