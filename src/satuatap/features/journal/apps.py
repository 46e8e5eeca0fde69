from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "satuatap.features.journal"
    label = "journal"
    default_auto_field = "django.db.models.BigAutoField"
