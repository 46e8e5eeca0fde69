"""What every page may show about this installation."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def installation(request: HttpRequest) -> dict[str, object]:
    """``PUBLIC_URL`` for addresses that leave the screen (QR codes, slips)."""
    return {"PUBLIC_URL": settings.PUBLIC_URL}
