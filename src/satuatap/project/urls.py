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
