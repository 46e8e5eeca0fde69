"""A passkey in software: an ES256 key that answers as a browser does (WebAuthn, attestation "none")."""

from __future__ import annotations

import hashlib
import json
from base64 import urlsafe_b64encode
from secrets import token_bytes
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor
from fido2.cose import ES256

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


class Authenticator:
    """One passkey on one device. ``verifies``: it asks for a finger, a face or its PIN each time."""

    def __init__(self, origin: str = "http://localhost", *, verifies: bool = True) -> None:
        self.origin = origin
        self.flags = PRESENT | (VERIFIED if verifies else 0)
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id = token_bytes(16)
        self.owner = ""

    def _client(self, kind: str, options: dict[str, Any]) -> bytes:
        said = {"type": kind, "challenge": options["challenge"], "origin": self.origin, "crossOrigin": False}
        return json.dumps(said).encode()

    def _data(self, site: str, more: int = 0) -> bytes:
        return hashlib.sha256(site.encode()).digest() + bytes([self.flags | more]) + bytes(4)

    def _answer(self, **response: bytes) -> str:
        parts = {name: text(raw) for name, raw in response.items()}
        shown = {"id": text(self.id), "rawId": text(self.id), "type": "public-key", "response": parts}
        return json.dumps(shown | {"clientExtensionResults": {}})

    def create(self, options: dict[str, Any]) -> str:
        """What ``navigator.credentials.create`` gives, as the page sends it."""
        public = options["publicKey"]
        self.owner = public["user"]["id"]
        client = self._client("webauthn.create", public)
        key = cbor.encode(dict(ES256.from_cryptography_key(self.key.public_key())))
        data = self._data(public["rp"]["id"], ATTESTED) + bytes(16) + len(self.id).to_bytes(2) + self.id + key
        statement = cbor.encode({"fmt": "none", "attStmt": {}, "authData": data})
        return self._answer(clientDataJSON=client, attestationObject=statement)

    def get(self, options: dict[str, Any]) -> str:
        """What ``navigator.credentials.get`` gives, as the page sends it."""
        public = options["publicKey"]
        client, data = self._client("webauthn.get", public), self._data(public["rpId"])
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        owner = self.owner.encode()
        return self._answer(clientDataJSON=client, authenticatorData=data, signature=signature).replace(
            '"clientDataJSON"', f'"userHandle": "{owner.decode()}", "clientDataJSON"'
        )
