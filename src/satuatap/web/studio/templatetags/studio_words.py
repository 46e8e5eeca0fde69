"""Words of the studio: ``{% load studio_words %}``."""

from __future__ import annotations

from django import template

from satuatap.web.studio.study_words import term_name as name_of

register = template.Library()


@register.filter
def term_name(code: str) -> str:
    """``{{ term.code|term_name }}``: Listrik."""
    return name_of(code)
