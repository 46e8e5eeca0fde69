"""Keys of clients and secrets of webhooks: how they look, and what is kept of them."""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
from uuid import UUID

from django.utils.crypto import salted_hmac

KEY = re.compile(r"(sat_[a-z0-9]{10})_[A-Za-z0-9_-]{43}")  # the prefix, then 256 random bits
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def new_key() -> tuple[str, str]:
    """A fresh key and its visible prefix."""
    prefix = "sat_" + "".join(secrets.choice(_LETTERS) for _ in range(10))
    return f"{prefix}_{secrets.token_urlsafe(32)}", prefix


def prefix_of(key: str) -> str | None:
    """The prefix of something that looks like a key; ``None`` for anything else."""
    found = KEY.fullmatch(key) if len(key) < 100 else None
    return found[1] if found else None


def digest_of(key: str) -> str:
    """What the table keeps of a key; 256 random bits need no slow hash."""
    return hashlib.sha256(key.encode()).hexdigest()


def webhook_secret(webhook: UUID) -> str:
    """The secret of a webhook in Standard Webhooks' form. Derived from the installation's own secret, so that a copy
    of the database signs nothing; it changes with SECRET_KEY."""
    raw = salted_hmac("satuatap.webhook", str(webhook), algorithm="sha256").digest()
    return "whsec_" + base64.b64encode(raw).decode()
