from __future__ import annotations

from django.urls import include, path

from satuatap.web.signin import views

own = [
    path("masuk/sandi", views.password, name="password"),
    path("masuk/tujuan", views.landing, name="landing"),
    path("bahasa", views.language, name="language"),
]

urlpatterns = [
    path("masuk", views.sign_in, name="account_login"),  # allauth looks for these two names
    path("keluar", views.sign_out, name="account_logout"),
    path("", include((own, "signin"))),
]
