"""What is shown once and kept by nobody: the password of a person, the link of a device."""

from __future__ import annotations

import secrets
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from satuatap.web.office.shared import Office, page

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # without those that are read as others
ACTIVATION = "/anjungan/aktifkan/"


def new_password() -> str:
    """Twelve letters in three groups, easy to read out and to type; 59 random bits."""
    return "-".join("".join(secrets.choice(LETTERS) for _letter in range(4)) for _group in range(3))


def password_once(request: HttpRequest, office: Office, account: Any, password: str, done: str) -> HttpResponse:
    """The password, this once; a repeated press gets none, because nobody kept it."""
    return page(request, "password", office, {"account": account, "password": password, "done": done})


def link_once(request: HttpRequest, office: Office, account: Any, secret: str, done: str) -> HttpResponse:
    """The address that signs the device in, this once; a repeated press gets none."""
    link = f"{settings.PUBLIC_URL}{ACTIVATION}{secret}" if secret else ""
    return page(request, "link", office, {"account": account, "link": link, "done": done})
