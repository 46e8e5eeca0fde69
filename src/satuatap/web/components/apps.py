from django.apps import AppConfig


class ComponentsConfig(AppConfig):
    name = "satuatap.web.components"
    label = "components"
