"""A small OpenID Connect provider on 127.0.0.1 for the tests: discovery, token and keys, RS256 for real."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote_plus, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "satuatap-mpp", "rahasia:dengan-titik-dua"


class Provider:
    """Who is signed in there, and what it answers; ``broken`` names what is wrong with its next answers."""

    def __init__(self) -> None:
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.kid = "kunci-1"
        self.issuer = ""
        self.person = {"sub": "7731", "preferred_username": "rina@kota"}
        self.changed: dict[str, Any] = {}  # words of the token that are not what they should be
        self.signed_with: dict[str, Any] = {}  # another key, algorithm or kid
        self.named = ""  # how it calls itself, if not by its address
        self.down = False
        self.methods = ["client_secret_basic"]
        self._codes: dict[str, dict[str, str]] = {}

    def visit(self, address: str) -> str:
        """The browser comes with our address, the person agrees: the query with which it is sent back."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert asked["response_type"] == "code" and asked["code_challenge_method"] == "S256"
        code = f"kode-{len(self._codes)}"
        self._codes[code] = asked
        return f"code={code}&state={asked['state']}"

    def description(self) -> dict[str, Any]:
        return {
            "issuer": self.named or self.issuer,
            "authorization_endpoint": f"{self.issuer}/masuk",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/kunci",
            "token_endpoint_auth_methods_supported": self.methods,
        }

    def keys(self) -> dict[str, Any]:
        row = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
        return {"keys": [{**row, "kid": self.kid, "use": "sig", "alg": "RS256"}]}

    def token(self, form: dict[str, str], head: str) -> tuple[int, dict[str, Any]]:
        """A code counts once, for the client that asked for it, with the verifier of its challenge."""
        asked = self._codes.pop(form.get("code", ""), None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        client = base64.b64decode(head.removeprefix("Basic ")).decode()
        shown = (
            [unquote_plus(part) for part in client.split(":")] if head else [form["client_id"], form["client_secret"]]
        )
        if asked is None or challenge != asked["code_challenge"] or shown != [CLIENT, SECRET]:
            return 400, {"error": "invalid_grant"}
        if form["redirect_uri"] != asked["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        words = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": asked["nonce"]}
        words |= self.person | self.changed
        words = {name: value for name, value in words.items() if value is not None}
        how = {"key": self.key, "algorithm": "RS256", "headers": {"kid": self.kid}} | self.signed_with
        return 200, {"id_token": jwt.encode(words, **how), "access_token": "x", "token_type": "Bearer"}


class _Answers(BaseHTTPRequestHandler):
    provider: Provider

    def do_GET(self) -> None:
        known = {"/.well-known/openid-configuration": self.provider.description, "/kunci": self.provider.keys}
        found = known.get(self.path)
        self._say(*((200, found()) if found and not self.provider.down else (503, {})))

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = {name: values[0] for name, values in parse_qs(raw).items()}
        self._say(*self.provider.token(form, self.headers.get("Authorization", "")))

    def _say(self, status: int, body: dict[str, Any]) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""


@contextmanager
def running() -> Iterator[Provider]:
    """The provider behind a port of its own."""
    provider = Provider()
    answers = type("Answers", (_Answers,), {"provider": provider})
    server = ThreadingHTTPServer(("127.0.0.1", 0), answers)
    provider.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
