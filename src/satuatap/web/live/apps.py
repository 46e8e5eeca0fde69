from django.apps import AppConfig


class LiveConfig(AppConfig):
    name = "satuatap.web.live"
    label = "live"
