"""Reading requests and writing answers in raw ASGI: small, bounded, and plain about what is wrong."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

from django.conf import settings
from django.http import parse_cookie
from django.utils.translation import gettext as _

from satuatap.basics.refusal import Refusal
from satuatap.web import problems

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

LARGEST_BODY = 16 * 1024


class BadRequest(Refusal):
    code = "bad_request"
    status = 400


class Forbidden(Refusal):
    code = "forbidden"
    status = 403


def header(scope: Scope, name: bytes) -> str:
    """The first header of that name, or an empty text."""
    return next((value.decode("latin-1") for key, value in scope["headers"] if key == name), "")


def cookies(scope: Scope) -> dict[str, str]:
    """The request's cookies, read as Django reads them."""
    return parse_cookie(header(scope, b"cookie"))


def language(scope: Scope) -> str:
    """The language of the cookie; Indonesian otherwise (a kiosk with an English browser stays Indonesian).

    A program that asks the API has no cookie; it says its language in the header.
    """
    if problems.is_api(scope["path"]):
        return problems.language_of_header(header(scope, b"accept-language"))
    chosen = cookies(scope).get(settings.LANGUAGE_COOKIE_NAME, "")
    return "en" if chosen.lower().startswith("en") else "id"


def wants_json(scope: Scope) -> bool:
    """Whether a script asks; a plain form gets Django's pages instead."""
    return "application/json" in header(scope, b"accept")


def same_origin(scope: Scope) -> bool:
    """Whether the browser says that this site's own page sends the request (OWASP: verify the origin).

    Browsers send Origin with every POST, and no page can forge it; a request without one is refused.
    """
    origin = header(scope, b"origin")
    return bool(origin) and urlsplit(origin).netloc == header(scope, b"host")


async def read_body(scope: Scope, receive: Receive) -> dict[str, Any]:
    """The body as a mapping, from JSON or a form; at most 16 KB."""
    parts: list[bytes] = []
    size, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise BadRequest(_("Sambungan terputus sebelum permintaan lengkap. Coba lagi."))
        part = message.get("body", b"")
        size += len(part)
        if size > LARGEST_BODY:
            raise BadRequest(_("Permintaan terlalu besar. Kirim lagi dari halaman aslinya."), status=413)
        parts.append(part)
        more = message.get("more_body", False)
    raw = b"".join(parts)
    if header(scope, b"content-type").startswith("application/json"):
        try:
            values = json.loads(raw or b"{}")
        except (ValueError, RecursionError):
            raise BadRequest(_("Isi permintaan tidak terbaca. Muat ulang halaman, lalu coba lagi.")) from None
        if not isinstance(values, dict):
            raise BadRequest(_("Isi permintaan tidak terbaca. Muat ulang halaman, lalu coba lagi."))
        return values
    try:
        form = parse_qs(raw.decode(), keep_blank_values=True, max_num_fields=200)
    except ValueError:
        raise BadRequest(_("Isi permintaan tidak terbaca. Muat ulang halaman, lalu coba lagi.")) from None
    return {key: value[-1] if len(value) == 1 else value for key, value in form.items()}


def uuid_of(values: dict[str, Any], scope: Scope) -> UUID:
    """The idempotency key of a write; a write without one is refused, because it could not be repeated safely."""
    raw = header(scope, b"idempotency-key") or values.get("key")
    try:
        return UUID(str(raw))
    except ValueError:
        raise BadRequest(_("Kunci permintaan tidak ada atau tidak sah. Muat ulang halaman, lalu coba lagi.")) from None


def whole(value: Any, largest: int) -> int:
    """A whole number from 0 to ``largest``, or a refusal."""
    try:
        number = int(str(value))
    except ValueError:
        number = -1
    if isinstance(value, bool) or not 0 <= number <= largest:
        raise BadRequest(_("Ada isian angka yang tidak sah. Muat ulang halaman, lalu coba lagi."))
    return number


async def send_json(send: Send, values: Any, status: int = 200) -> None:
    """One JSON answer."""
    await _send(send, values, status, "application/json; charset=utf-8", {"cache-control": "no-store"})


async def _send(send: Send, values: Any, status: int, content_type: str, more: Mapping[str, str]) -> None:
    body = json.dumps(values, ensure_ascii=False, default=str).encode()
    headers = [
        (b"content-type", content_type.encode()),
        (b"content-length", str(len(body)).encode()),
        (b"x-content-type-options", b"nosniff"),
        *((name.lower().encode(), value.encode()) for name, value in more.items()),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def send_refusal(send: Send, refusal: Refusal, scope: Scope) -> None:
    """A refusal as JSON, in the language that is active: code and sentence for our pages, a problem for programs."""
    if problems.is_api(scope["path"]):
        values, more = problems.problem_of(refusal), problems.headers_of(refusal)
        await _send(send, values, refusal.status, problems.CONTENT_TYPE, more)
    else:
        await send_json(send, {"code": refusal.code, "sentence": str(refusal.text)}, refusal.status)
