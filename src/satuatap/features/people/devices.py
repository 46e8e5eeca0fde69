"""Secrets of devices: long and random, so that a plain SHA-256 of them can stand in the table."""

from __future__ import annotations

import hashlib
import secrets


def new_secret() -> str:
    """256 random bits as text that fits into an address."""
    return secrets.token_urlsafe(32)


def digest_of(secret: str) -> str:
    """What the table keeps of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()
