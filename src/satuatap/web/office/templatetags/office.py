"""``{% load office %}``: small words of the office's tables."""

from __future__ import annotations

from django import template

register = template.Library()


@register.filter
def domain(address: str) -> str:
    """``{{ "example.org/news/1"|domain }}``: example.org, as a link's short name."""
    return address.split("/", 1)[0]
