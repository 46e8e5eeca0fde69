from django.apps import AppConfig


class CommonsConfig(AppConfig):
    name = "satuatap.features.commons"
    label = "commons"
    default_auto_field = "django.db.models.BigAutoField"
