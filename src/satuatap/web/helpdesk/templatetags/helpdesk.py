"""``{% load helpdesk %}``: a service in everyday words."""

from __future__ import annotations

from django import template
from django.utils.text import capfirst
from django.utils.translation import get_language

from satuatap.features.catalogue.views import ServiceCard

register = template.Library()


@register.filter
def in_words(card: ServiceCard) -> str:
    """``{{ card|in_words }}``: Bikin paspor."""
    if (get_language() or "id").startswith("en"):
        return capfirst(card.everyday_name_en or card.name_en or card.name)
    return capfirst(card.everyday_name or card.name)
