"""Reading what a request brings: every value is checked, and what is wrong is said in one sentence."""

from __future__ import annotations

import json
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from satuatap.basics.refusal import Refusal


class BadInput(Refusal):
    """A value that no page of ours sends: the page is reloaded and the step tried again."""

    code = "bad_input"
    status = 400
    text = _("Isian tidak terbaca. Tidak ada yang berubah. Muat ulang halaman, lalu coba lagi.")


class BadJson(BadInput):
    code = "bad_json"
    text = _("Isi permintaan bukan JSON yang sah. Tidak ada yang berubah. Periksa isinya, lalu kirim lagi.")


class BadNumber(BadInput):
    code = "bad_number"
    text = _("Ada isian angka yang tidak sah. Tidak ada yang berubah. Muat ulang halaman, lalu coba lagi.")


class BadKey(BadInput):
    code = "bad_key"
    text = _("Kunci permintaan tidak ada atau tidak sah. Muat ulang halaman, lalu coba lagi.")


class BadDate(BadInput):
    code = "bad_date"
    text = _("Ada tanggal yang tidak sah. Tulis seperti 2026-11-24, lalu kirim lagi.")


class TooLong(BadInput):
    code = "too_long"
    text = _("Isian terlalu panjang. Pendekkan, lalu kirim lagi.")


def text_of(values: Any, name: str, *, longest: int = 200, default: str | None = None) -> str:
    """A text of a form or query, without spaces around it; missing and no default, or with a NUL sign: refused."""
    raw = values.get(name)
    if raw is None and default is not None:
        return default
    if not isinstance(raw, str) or "\x00" in raw:
        raise BadInput()
    value = raw.strip()
    if len(value) > longest:
        raise TooLong()
    return value


def whole_of(values: Any, name: str, *, smallest: int = 0, largest: int = 2_147_483_647) -> int:
    """A whole number of a form or query, within what its column holds."""
    return whole(values.get(name), smallest=smallest, largest=largest)


def whole(raw: Any, *, smallest: int = 0, largest: int = 2_147_483_647) -> int:
    """A whole number, or the refusal; digits of ASCII only."""
    text = str(raw).strip()
    if isinstance(raw, bool) or not text.removeprefix("-").isdecimal() or not text.isascii() or len(text) > 20:
        raise BadNumber()
    number = int(text)
    if not smallest <= number <= largest:
        raise BadNumber()
    return number


def codes_of(raw: Any) -> list[str]:
    """A list of codes, each once, in its order; nothing at all is an empty list."""
    if raw is None:
        return []
    if not isinstance(raw, list | tuple) or not all(isinstance(code, str) and len(code) <= 60 for code in raw):
        raise BadInput()
    return list(dict.fromkeys(raw))


def flag_of(values: Any, name: str, *, default: bool | None = None) -> bool:
    """A yes (1) or no (0); anything else is refused, never taken for a no."""
    if default is not None and values.get(name) in (None, ""):
        return default
    return bool(whole_of(values, name, largest=1))


def key_of(request: HttpRequest) -> UUID:
    """The idempotency key of a write: header ``Idempotency-Key`` or the hidden field ``key``."""
    return uuid(request.headers.get("Idempotency-Key") or request.POST.get("key"))


def uuid(raw: Any) -> UUID:
    """A UUID in its usual form, or the refusal."""
    try:
        return UUID(str(raw))
    except ValueError:
        raise BadKey() from None


def day_of(values: Any, name: str) -> date:
    """A date of a form or query, as browsers send it."""
    try:
        return date.fromisoformat(str(values.get(name)))
    except ValueError:
        raise BadDate() from None


def json_of(request: HttpRequest) -> dict[str, Any]:
    """The body as a JSON object, or the refusal."""
    try:
        values = json.loads(request.body or b"{}")
    except (ValueError, RecursionError):
        raise BadJson() from None
    if not isinstance(values, dict):
        raise BadJson()
    return values
