"""Personal fields at rest: AES-256-GCM under a named key, bound to their row; a keyed index to find one by its value.

A sealed value is text, ``key id:base64(nonce + ciphertext + tag)``. The place (table, field and row) is associated
data: a ciphertext that somebody copies to another row does not open there. The index is HMAC-SHA256 under a key of its
own, so that whoever holds a dump but no keys can't try out telephone numbers.

Sources: NIST SP 800-38D (GCM, 96-bit random nonces), RFC 2104 (HMAC).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from satuatap.plumbing.keyring import Keyring, KeyTrouble

NONCE_BYTES = 12
KINDS = ("fields", "index")  # the purposes of the keyring that stand in tables


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands: one field of one row. ``row`` never changes and is never given to another row."""

    table: str
    field: str
    row: str

    def as_data(self) -> bytes:
        """The associated data; the lengths keep two places from reading the same."""
        return "|".join(f"{len(part)}:{part}" for part in (self.table, self.field, self.row)).encode()


@dataclass(frozen=True, slots=True)
class Fields:
    """Seals and opens with the keys of an installation."""

    ring: Keyring

    def seal(self, value: str, place: Place) -> str:
        """The value under the current key. Nothing stays nothing: an empty text is not sealed."""
        if not value:
            return ""
        key = self.ring.current("fields")
        nonce = secrets.token_bytes(NONCE_BYTES)
        sealed = AESGCM(key.raw()).encrypt(nonce, value.encode(), place.as_data())
        return f"{key.id}:{base64.b64encode(nonce + sealed).decode()}"

    def open(self, sealed: str, place: Place) -> str:
        """The value again; raises ``KeyTrouble`` when its key is missing, is another one, or the text was changed."""
        if not sealed:
            return ""
        key_id, _colon, text = sealed.partition(":")
        key = self.ring.named(key_id)
        try:
            raw = base64.b64decode(text, validate=True)
            value = AESGCM(key.raw()).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], place.as_data())
            return value.decode()
        except (InvalidTag, ValueError):  # a text cut short, or a secret that is no key, is a ValueError
            raise _does_not_open(key_id) from None

    def index(self, value: str, field: str) -> str:
        """What an equal value of this field is found by, under the current key; empty for an empty value."""
        return _digest(self.ring, self.ring.current("index").id, field, value) if value else ""

    def indexes(self, value: str, field: str) -> list[str]:
        """The same under every key: while keys change, a row may still stand under an older one."""
        return [_digest(self.ring, key.id, field, value) for key in self.ring.of("index")] if value else []


def key_of(stored: str) -> str:
    """The id of the key that a sealed value or an index stands under."""
    return stored.partition(":")[0]


def _digest(ring: Keyring, key_id: str, field: str, value: str) -> str:
    try:
        secret = ring.named(key_id).raw()
    except ValueError:
        raise _does_not_open(key_id) from None
    words = f"{len(field)}:{field}|{value}".encode()
    return f"{key_id}:{hmac.new(secret, words, hashlib.sha256).hexdigest()}"


def _does_not_open(key_id: str) -> KeyTrouble:
    return KeyTrouble(
        f"Data terenkripsi tidak terbuka dengan kunci {key_id}: kuncinya lain, atau datanya diubah. Pulihkan "
        "keys.json dari lembar kunci, lalu ulangi.",
        f"Encrypted data does not open with the key {key_id}: it is another key, or the data was changed. Restore "
        "keys.json from the sheet of keys, then repeat.",
    )
