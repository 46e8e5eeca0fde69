"""The city's single sign-on as the environment sets it up: OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_SECRET, OIDC_CLAIM."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from satuatap.plumbing.oidc import LOOPBACK, Client
from satuatap.project.environment import EnvironmentTrouble

NAMES = ("OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_SECRET")


def city_sign_on(words: Mapping[str, str] = os.environ) -> Client | None:
    """``None`` when nothing is set; raises ``EnvironmentTrouble``. A secret may stand in a file: OIDC_SECRET_FILE."""
    given = {name: words.get(name, "").strip() for name in NAMES}
    if not given["OIDC_SECRET"] and words.get("OIDC_SECRET_FILE"):
        given["OIDC_SECRET"] = _in_file(words["OIDC_SECRET_FILE"])
    if not any(given.values()):
        return None
    missing = ", ".join(name for name, value in given.items() if not value)
    if missing:
        raise EnvironmentTrouble(
            f"Masuk tunggal kota belum lengkap. Isi juga: {missing}.",
            f"The city's single sign-on is set up in part. Also set: {missing}.",
        )
    parts = urlsplit(given["OIDC_ISSUER"])
    if (parts.scheme != "https" and parts.hostname not in LOOPBACK) or not parts.hostname or parts.query:
        raise EnvironmentTrouble(
            "OIDC_ISSUER bukan alamat https. Tulis seperti https://masuk.kota.go.id.",
            "OIDC_ISSUER is no https address. Write it like https://masuk.kota.go.id.",
        )
    issuer, client_id, secret = given.values()
    return Client(issuer, client_id, secret, words.get("OIDC_CLAIM") or "preferred_username")


def _in_file(name: str) -> str:
    try:
        return Path(name).read_text().strip()
    except (OSError, ValueError):
        raise EnvironmentTrouble(
            f"OIDC_SECRET_FILE {name} tidak dapat dibaca.", f"OIDC_SECRET_FILE {name} can't be read."
        ) from None
