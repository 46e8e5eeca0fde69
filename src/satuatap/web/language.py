"""The language of a page: what was chosen by the switch; Indonesian otherwise."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils import translation

from satuatap.web.problems import is_api, language_of_header

OTHER = "en"


def language_of(request: HttpRequest) -> str:
    """English if the cookie says so. The browser's own list is not read: a kiosk or board whose browser came in
    English stays Indonesian. An account's language is put into the cookie at sign-in. A program that
    asks the API has no cookie; it says its language in the header.
    """
    if is_api(request.path):
        return language_of_header(request.headers.get("Accept-Language", ""))
    return OTHER if request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME) == OTHER else settings.LANGUAGE_CODE


class LanguageMiddleware:
    """Puts the request's language on, and says in the answer which one it is."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        language = language_of(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language  # type: ignore[attr-defined]
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response
