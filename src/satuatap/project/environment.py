"""What the environment says: HOST, PORT, PUBLIC_URL, SATUATAP_HOME, DATABASE_URL, DATABASE_OWNER_URL."""

from __future__ import annotations

import contextlib
import os
import secrets
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

from satuatap.plumbing.outbound import IpNetwork, networks_of
from satuatap.plumbing.postgres import roles
from satuatap.plumbing.postgres.cluster import Cluster

CHECKOUT = Path(__file__).resolve().parents[3]
OLDEST_PYTHON = (3, 11)
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


class EnvironmentTrouble(Exception):
    """This machine or its environment does not allow a start: what, and what to do, in both languages."""

    def __init__(self, indonesian: str, english: str) -> None:
        super().__init__(f"{indonesian}\n{english}")
        self.indonesian = indonesian
        self.english = english


def home() -> Path:
    """Where this installation keeps what is its own: database, secrets, accounts."""
    return Path(os.environ.get("SATUATAP_HOME") or CHECKOUT / "var").absolute()


def host() -> str:
    return os.environ.get("HOST") or "127.0.0.1"


def port() -> int:
    return int(os.environ.get("PORT") or "8000")


def public_url() -> str:
    """The address that citizens use; every QR code is built on it."""
    given = os.environ.get("PUBLIC_URL", "").rstrip("/")
    if given:
        return given
    shown = "127.0.0.1" if host() in ("0.0.0.0", "::", "") else host()  # noqa: S104
    return f"http://{shown}:{port()}"


def trusted_proxies() -> int:
    """How many reverse proxies stand in front, whose word about a caller's address and https is believed."""
    return int(os.environ.get("TRUSTED_PROXIES") or "0")


def allowed_hosts() -> list[str]:
    """Names by which this server may be asked. Bound to every address, it can't know them all."""
    if host() in ("0.0.0.0", "::"):  # noqa: S104
        return ["*"]
    return sorted({*LOOPBACK, host(), urlsplit(public_url()).hostname or "", "testserver"} - {""})


def trusted_origins() -> list[str]:
    parts = urlsplit(public_url())
    return [f"{parts.scheme}://{parts.netloc}"]


def webhook_networks() -> tuple[IpNetwork, ...]:
    """Inner networks that a webhook may reach, as SATUATAP_WEBHOOK_NETWORKS=10.1.0.0/16,... names them."""
    return networks_of(os.environ.get("SATUATAP_WEBHOOK_NETWORKS", ""))


def secret_file(name: str, make: Callable[[], str] = lambda: secrets.token_urlsafe(50)) -> str:
    """A secret of this installation, made at its first use, mode 0600."""
    path = home() / name
    if not path.exists():
        home().mkdir(mode=0o700, parents=True, exist_ok=True)
        # Another process of this installation may be first: then its secret counts.
        with (
            contextlib.suppress(FileExistsError),
            open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file,
        ):
            file.write(make())
    return path.read_text()


def secret_key() -> str:
    if "PYTEST_VERSION" in os.environ:
        return "tests-only-" + "x" * 40
    return os.environ.get("SECRET_KEY") or secret_file("secret_key")


def embedded() -> Cluster:
    """This installation's own database server (not started)."""
    return Cluster(home() / "postgres")


def is_given() -> bool:
    """Whether the city has a database server of its own."""
    return bool(os.environ.get("DATABASE_URL"))


def database_url() -> str:
    """Where the application works: the city's server, or the embedded one."""
    given = os.environ.get("DATABASE_URL")
    if given or "PYTEST_VERSION" in os.environ:
        return given or ""
    return embedded().url(roles.APP, roles.DATABASE)


def django_database(url: str) -> dict[str, Any]:
    """Django's words for a libpq address."""
    words = conninfo_to_dict(url) if url else {}
    known = {"dbname", "user", "password", "host", "port"}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": words.get("dbname") or "satuatap",
        "USER": words.get("user") or "",
        "PASSWORD": words.get("password") or "",
        "HOST": words.get("host") or "",
        "PORT": str(words.get("port") or ""),
        "CONN_MAX_AGE": None,  # one connection a thread, for as long as the thread lives
        "CONN_HEALTH_CHECKS": True,  # and a new one after the database restarted
        # a server that is gone from the network says nothing at all: nobody waits two minutes for that
        "OPTIONS": {"connect_timeout": 5, **{key: value for key, value in words.items() if key not in known}},
    }


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        whole = not parts.query and not parts.fragment and not any(letter.isspace() for letter in text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0 and whole
    except ValueError:
        return False


def _are_networks(text: str) -> bool:
    try:
        return bool(networks_of(text))
    except ValueError:
        return False


def _is_database(text: str) -> bool:
    try:
        return bool(conninfo_to_dict(text))
    except ProgrammingError:
        return False


_LIBPQ = "postgresql://pengguna:sandi@alamat:5432/nama"
_DATABASE = (
    f"bukan alamat PostgreSQL. Tulis seperti {_LIBPQ}", f"is no address of PostgreSQL. Write it like {_LIBPQ}"
)  # fmt: skip
# name, what it must be, and both sentences when it is not
WORDS: tuple[tuple[str, Callable[[str], bool], str, str], ...] = (
    ("PORT", lambda text: text.isdecimal() and 0 < int(text) < 65536, "bukan angka 1-65535", "is no number 1-65535"),
    ("PUBLIC_URL", _is_address, "bukan alamat web. Tulis seperti https://mpp.kota.go.id",
     "is no address of a site. Write it like https://mpp.kota.go.id"),
    ("TRUSTED_PROXIES", lambda text: text.isdecimal() and int(text) < 10, "bukan angka 0-9", "is no number 0-9"),
    ("SATUATAP_WEBHOOK_NETWORKS", _are_networks, "bukan daftar jaringan. Tulis seperti 10.1.0.0/16,192.168.5.0/24",
     "is no list of networks. Write it like 10.1.0.0/16,192.168.5.0/24"),
    ("DATABASE_URL", _is_database, *_DATABASE),
    ("DATABASE_OWNER_URL", _is_database, *_DATABASE),
)  # fmt: skip


def check() -> None:
    """Say what can't work before anything is begun: Python's age, and a folder that can't be written."""
    if sys.version_info < OLDEST_PYTHON:
        raise EnvironmentTrouble(
            f"Python {sys.version.split()[0]} terlalu lama; perlu 3.11 atau lebih baru. Pasang lalu ulangi `make run`.",
            f"Python {sys.version.split()[0]} is too old; 3.11 or newer is needed. Install it and repeat `make run`.",
        )
    for name, is_fine, indonesian, english in WORDS:
        given = os.environ.get(name)
        if given and not is_fine(given):
            shown = (
                name if name.startswith("DATABASE") else f"{name}={given}"
            )  # an address of a database has a password
            raise EnvironmentTrouble(f"{shown} {indonesian}.", f"{shown} {english}.")
    folder = home()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as problem:
        why = problem.strerror or str(problem)
        raise EnvironmentTrouble(
            f"Folder SATUATAP_HOME {folder} tidak dapat ditulis ({why}). Beri hak tulis atau pilih folder lain.",
            f"The folder SATUATAP_HOME {folder} can't be written ({why}). Grant the right or choose another folder.",
        ) from None
