from django.apps import AppConfig


class KioskConfig(AppConfig):
    name = "satuatap.web.kiosk"
    label = "kiosk"
