"""Every declared personal field, gathered from the features, lowest first."""

from __future__ import annotations

import importlib
import importlib.util

from django.conf import settings

from satuatap.plumbing.personal import PersonalField


def declared_fields() -> tuple[PersonalField, ...]:
    """What each feature declares in its ``personal.py``; a feature without one holds no person."""
    found: list[PersonalField] = []
    for feature in settings.FEATURES:
        name = f"satuatap.features.{feature}.personal"
        if importlib.util.find_spec(name):
            found += importlib.import_module(name).PERSONAL_FIELDS
    return tuple(found)
