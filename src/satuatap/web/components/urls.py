from __future__ import annotations

from django.urls import path

from satuatap.web.components import views

urlpatterns = [path("komponen", views.gallery, name="gallery")]
