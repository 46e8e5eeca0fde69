"""Signing in at somebody else's house: the code flow of OpenID Connect with PKCE, its answer checked to the end.

Everything that comes back is checked here: the provider's own name for itself, the signature by a key that it
publishes, for whom and until when the token is, and the number that this browser was sent out with.

Sources: OpenID Connect Core 1.0 (3.1.2, 3.1.3.7), Discovery 1.0 (4.3), RFC 6749
(2.3.1, how the secret is shown), RFC 7636 (PKCE, S256), RFC 9207 (iss).
"""

from __future__ import annotations

import base64
import hashlib
import secrets
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_plus, urlencode, urlsplit

import httpx
import jwt

ALGORITHMS = ("RS256", "PS256", "ES256")  # signed with a key of the provider's; never a shared secret, never none
TIMEOUT_S = 5.0
KEPT_S = 600.0  # the provider's description and keys
LEEWAY_S = 60.0  # between two clocks
LARGEST = 200_000  # bytes of any answer of the provider
LOOPBACK = ("127.0.0.1", "localhost", "::1")


class OidcTrouble(Exception):
    """The provider can't be reached, or what it says does not hold: why, for the log."""


@dataclass(frozen=True, slots=True)
class Client:
    """This installation at the city's provider; ``claim`` says which of its words names an account."""

    issuer: str
    client_id: str
    secret: str
    claim: str = "preferred_username"


@dataclass(frozen=True, slots=True)
class Journey:
    """What a browser is sent out with, kept in its session until it comes back."""

    state: str
    nonce: str
    verifier: str

    @classmethod
    def new(cls) -> Journey:
        return cls(secrets.token_urlsafe(24), secrets.token_urlsafe(24), secrets.token_urlsafe(48))

    def challenge(self) -> str:
        digest = hashlib.sha256(self.verifier.encode()).digest()
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


_kept: dict[str, tuple[float, dict[str, Any]]] = {}
_lock = threading.Lock()


def forget() -> None:
    """Read descriptions and keys anew (tests)."""
    with _lock:
        _kept.clear()


def way_out(client: Client, journey: Journey, back: str) -> str:
    """The provider's address to send the browser to; raises ``OidcTrouble``."""
    asked = {
        "response_type": "code", "client_id": client.client_id, "redirect_uri": back, "scope": "openid profile",
        "state": journey.state, "nonce": journey.nonce, "code_challenge": journey.challenge(),
        "code_challenge_method": "S256",
    }  # fmt: skip
    address = str(_described(client)["authorization_endpoint"])
    return address + ("&" if "?" in address else "?") + urlencode(asked)


def claims_of(client: Client, journey: Journey, code: str, back: str) -> dict[str, Any]:
    """Who came back with this code: the checked words of her token; raises ``OidcTrouble``."""
    form = {
        "grant_type": "authorization_code", "code": code, "redirect_uri": back, "code_verifier": journey.verifier
    }  # fmt: skip
    description = _described(client)
    methods = description.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    by_head = "client_secret_post" not in methods
    if not by_head:
        form |= {"client_id": client.client_id, "client_secret": client.secret}
    answer = _asked(
        "POST", str(description["token_endpoint"]), data=form,
        auth=httpx.BasicAuth(quote_plus(client.client_id), quote_plus(client.secret)) if by_head else None,
    )  # fmt: skip
    token = answer.get("id_token")
    if not isinstance(token, str):
        raise OidcTrouble("the provider gave no id_token")
    return _checked(client, journey, token)


def _checked(client: Client, journey: Journey, token: str) -> dict[str, Any]:
    try:
        head = jwt.get_unverified_header(token)
        key = _key(client, head)
        claims: dict[str, Any] = jwt.decode(
            token, key, algorithms=[str(head["alg"])], audience=client.client_id, issuer=client.issuer,
            leeway=LEEWAY_S, options={"require": ["exp", "iat", "iss", "aud", "sub", "nonce"]},
        )  # fmt: skip
    except (jwt.PyJWTError, KeyError, ValueError, TypeError) as problem:
        raise OidcTrouble(f"the token does not hold: {problem}") from None
    if not secrets.compare_digest(str(claims["nonce"]).encode(), journey.nonce.encode()):
        raise OidcTrouble("the token is for another journey")
    if claims.get("azp", client.client_id) != client.client_id:
        raise OidcTrouble("the token is for another client")
    if not isinstance(claims["sub"], str) or not 0 < len(claims["sub"]) <= 191:
        raise OidcTrouble("the token names nobody")
    return claims


def _key(client: Client, head: Mapping[str, Any]) -> Any:
    """The provider's key that the token says it is signed with; read anew once when it is not known."""
    if head.get("alg") not in ALGORITHMS:
        raise OidcTrouble(f"the token is signed with {head.get('alg')!r}")
    address = str(_described(client)["jwks_uri"])
    for fresh in (False, True):
        for row in _read(address, fresh=fresh).get("keys", ()):
            fits = row.get("kid") == head.get("kid") and row.get("use", "sig") == "sig"
            if fits and row.get("alg", head["alg"]) == head["alg"]:
                return jwt.PyJWK(row, algorithm=str(head["alg"])).key
    raise OidcTrouble("the token is signed with a key that the provider does not publish")


def _described(client: Client) -> dict[str, Any]:
    """The provider's description of itself, which must bear the name that was set here."""
    found = _read(client.issuer.rstrip("/") + "/.well-known/openid-configuration")
    if found.get("issuer") != client.issuer:
        raise OidcTrouble("the provider calls itself otherwise than it is set here")
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
        parts = urlsplit(str(found.get(name, "")))
        if parts.scheme != "https" and parts.hostname not in LOOPBACK:
            raise OidcTrouble(f"{name} is no HTTPS address")
    return found


def _read(address: str, *, fresh: bool = False) -> dict[str, Any]:
    with _lock:
        until, found = _kept.get(address, (0.0, {}))
    if not fresh and time.monotonic() < until:
        return found
    found = _asked("GET", address)
    with _lock:
        _kept[address] = (time.monotonic() + KEPT_S, found)
    return found


def _asked(method: str, address: str, **more: Any) -> dict[str, Any]:
    """One question to the provider, answered with a JSON object; follows no redirect."""
    try:
        answer = httpx.request(method, address, timeout=TIMEOUT_S, headers={"Accept": "application/json"}, **more)
        found = answer.json() if answer.status_code == 200 and len(answer.content) <= LARGEST else None
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as problem:
        raise OidcTrouble(f"{urlsplit(address).hostname}: {type(problem).__name__}") from None
    if not isinstance(found, dict):
        raise OidcTrouble(f"{urlsplit(address).hostname} answered {answer.status_code}")
    return found
