from django.apps import AppConfig


class MallsConfig(AppConfig):
    name = "satuatap.features.malls"
    label = "malls"
    default_auto_field = "django.db.models.BigAutoField"
