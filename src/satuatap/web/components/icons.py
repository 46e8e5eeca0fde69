"""Icons inline: one path each in the page itself, so that a phone fetches no sprite."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

SYMBOL = re.compile(r'<symbol id="([\w-]+)" viewBox="([^"]+)">(.*?)</symbol>', re.S)
NAME = re.compile(r"[a-z0-9-]{1,40}")


@cache
def _sprite() -> dict[str, tuple[str, str]]:
    found = finders.find("vendor/icons.svg")
    text = Path(str(found)).read_text() if found else ""
    return {name: (box, body) for name, box, body in SYMBOL.findall(text)}


def icon_svg(name: str, css: str = "icon") -> SafeString:
    """The icon, hidden from screen readers (a word always stands beside it); an unknown name is an empty square."""
    box, body = _sprite().get(name, ("0 0 16 16", ""))
    # The bodies come from bootstrap-icons' own files, cut at installation; no input reaches them.
    return format_html(
        '<svg class="{}" viewBox="{}" aria-hidden="true" focusable="false">{}</svg>',
        css,
        box,
        mark_safe(body),  # noqa: S308
    )
