"""What every answer says to the browser beside its content: powers switched off, nobody else's embedding, no copies."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

# No page of ours uses these; a script that got in anyway could not either. Passkeys are for our own pages.
SWITCHED_OFF = (
    "accelerometer", "bluetooth", "camera", "display-capture", "geolocation", "gyroscope", "hid", "magnetometer",
    "microphone", "midi", "payment", "serial", "usb",
)  # fmt: skip
OURS = ("autoplay", "fullscreen", "publickey-credentials-create", "publickey-credentials-get", "screen-wake-lock")
PERMISSIONS = ", ".join([*(f"{name}=()" for name in SWITCHED_OFF), *(f"{name}=(self)" for name in OURS)])
RESOURCES = "same-origin"


class HeadersMiddleware:
    """Adds them to every answer of Django's, also to files; a signed-in person's pages are kept by no cache."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", RESOURCES)
        if "no-store" not in response.headers.get("Cache-Control", "") and _is_personal(request):
            response.headers["Cache-Control"] = "no-store, private"
        return response


def _is_personal(request: HttpRequest) -> bool:
    """Whether somebody is signed in. Files never ask; a citizen without a cookie costs no look."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return False
    user = getattr(request, "user", None)
    return user is not None and user.is_authenticated
