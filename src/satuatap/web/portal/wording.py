"""What an address carries: the services of a plan that is being put together, without a cookie."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urlencode

from django.http import HttpRequest

MOST_SERVICES = 10
CODE = re.compile(r"[a-z0-9-]{2,60}")


def codes_of(request: HttpRequest) -> list[str]:
    """The codes behind ``u`` in the address or form, each once, in their order; what is no code is left out."""
    given = request.POST.getlist("u") if request.method == "POST" else request.GET.getlist("u")
    codes = [code for raw in given for code in raw.split(",")]
    return list(dict.fromkeys(c for c in codes if CODE.fullmatch(c)))[:MOST_SERVICES]


def address_of(path: str, codes: Sequence[str]) -> str:
    """The same page with these services in its address."""
    return f"{path}?{urlencode([('u', code) for code in codes])}" if codes else path
