"""Telling this process's hub that something was committed, from any thread."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from satuatap.web.live.hub import Hub

_hubs: list[Hub] = []


def set_hub(hub: Hub) -> None:
    """Called once, when the front starts."""
    _hubs[:] = [hub]


def nudge() -> None:
    """Wake the hub, if this process has one; without it the hub looks by itself four times a second."""
    for hub in _hubs:
        hub.nudge_from_thread()


def nudge_after_writes(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: after a request that may have written, the open screens hear of it at once."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.method == "POST":
            nudge()
        return response

    return middleware
