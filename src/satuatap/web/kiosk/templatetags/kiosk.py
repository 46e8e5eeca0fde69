"""``{% load kiosk %}``: a service in everyday words."""

from __future__ import annotations

from django import template

from satuatap.features.catalogue.views import ServiceCard
from satuatap.web.kiosk.menu import name_of

register = template.Library()


@register.filter
def in_words(card: ServiceCard) -> str:
    """``{{ card|in_words }}``: Bikin paspor."""
    return name_of(card)
