"""What the tests of signing in share: somebody who signs in, and a page as text."""

from __future__ import annotations

import re

from django.http import HttpResponse
from django.test import Client

from tests.factories.people import PASSWORD


def sign_in(client: Client, username: str, password: str = PASSWORD, **extra: str) -> HttpResponse:
    return client.post("/masuk", {"login": username, "password": password}, **extra)


def sentence(answer: HttpResponse) -> str:
    """The page as text."""
    return re.sub(r"<[^>]+>", " ", answer.content.decode())
