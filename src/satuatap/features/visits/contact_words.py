"""What somebody types as her name and telephone number, made plain. Pure."""

from __future__ import annotations

import re
import unicodedata

LONGEST_NAME = 80
LONGEST_PHONE = 30
_SEPARATORS = re.compile(r"[\s().\-/]")
# Indonesian numbers as people write them: 0 or 62 (with or without +), then 8 to 12 digits that do not start with 0.
_HOME = re.compile(r"(?:\+?62|0)([1-9][0-9]{7,11})")
_ABROAD = re.compile(r"\+([1-9][0-9]{7,14})")  # E.164: at most 15 digits


def phone_of(text: str) -> str | None:
    """The number in one form, ``+62…`` (E.164); ``None`` when it is none. Empty stays empty."""
    plain = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text))
    if not plain:
        return ""
    if not plain.isascii():
        return None
    if home := _HOME.fullmatch(plain):
        return f"+62{home[1]}"
    abroad = _ABROAD.fullmatch(plain)
    return f"+{abroad[1]}" if abroad and not plain.startswith("+62") else None


def as_dialled(phone: str) -> str:
    """The number as it is dialled in Indonesia: ``0812…``; another country's keeps its plus."""
    return f"0{phone[3:]}" if phone.startswith("+62") else phone


def name_of(text: str) -> str | None:
    """The name without control signs and doubled spaces; ``None`` when it is too long or has no letter."""
    kept = "".join(sign if unicodedata.category(sign)[0] != "C" else " " for sign in unicodedata.normalize("NFC", text))
    name = " ".join(kept.split())
    if not name:
        return ""
    return name if len(name) <= LONGEST_NAME and any(sign.isalpha() for sign in name) else None
