"""All addresses: each screen brings its own."""

from __future__ import annotations

import importlib.util

from django.conf import settings
from django.urls import include, path
from django.urls.resolvers import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include(f"satuatap.web.{screen}.urls"))
    for screen in settings.SCREENS
    if importlib.util.find_spec(f"satuatap.web.{screen}.urls")
]

handler400 = "satuatap.web.refusals.bad_request"
handler403 = "satuatap.web.refusals.forbidden"
handler404 = "satuatap.web.refusals.not_found"
handler500 = "satuatap.web.refusals.defect"
