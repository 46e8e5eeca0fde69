"""Recovery codes, shown once: to print or to write down."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def show_codes(request: HttpRequest, codes: list[str]) -> HttpResponse:
    """The page of new codes, in groups of four digits."""
    shown = [" ".join(code[place : place + 4] for place in range(0, len(code), 4)) for code in codes]
    answer = render(request, "signin/codes.html", {"codes": shown})
    answer.headers["Cache-Control"] = "no-store"
    return answer
