from __future__ import annotations

from django.urls import path

from satuatap.web.board import views

urlpatterns = [
    path("papan", views.board, name="board"),
    path("papan/<str:zone>", views.board, name="board_zone"),
]
