from django.apps import AppConfig


class BoardConfig(AppConfig):
    name = "satuatap.web.board"
    label = "board"
