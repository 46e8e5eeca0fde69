"""The API's addresses. Each is public to Django's guard: its own key, not a session, says who may ask."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.urls.resolvers import URLPattern, URLResolver
from django.utils.cache import get_conditional_response, set_response_etag
from django.views.decorators.http import require_safe

from satuatap.web.api.api import api
from satuatap.web.api.reference import reference
from satuatap.web.guards import PUBLIC


def answered(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The view with an ETag on what it read (If-None-Match is answered with 304), for its own asker's cache only."""

    @wraps(view)
    def tagged(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response.headers.setdefault("Cache-Control", "private, no-cache")
        if request.method != "GET" or response.status_code != 200:
            return response
        set_response_etag(response)
        found: HttpResponse = get_conditional_response(request, etag=response.headers["ETag"], response=response)
        return found

    tagged.guard = PUBLIC  # type: ignore[attr-defined]
    tagged.csrf_exempt = True  # type: ignore[attr-defined]  # no cookie counts here, so no site can borrow one
    return tagged


def patterns() -> list[URLPattern | URLResolver]:
    """Ninja's addresses but its root, each answered as above."""
    found: list[URLPattern | URLResolver] = []
    for one in api.urls[0]:
        if one.name != "api-root":
            described = one.name == "openapi-json"
            one.callback = answered(require_safe(one.callback) if described else one.callback)
            found.append(one)
    return found


urlpatterns = [
    path("api/v1/docs", reference, name="reference"),
    path("api/v1/", include((patterns(), "api"))),
]
