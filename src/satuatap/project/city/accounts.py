"""The accounts that an opening makes: passwords generated here, kept beside the database, never replaced."""

from __future__ import annotations

import json
import logging
import os
import secrets
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from satuatap.basics.actor import Actor
from satuatap.features.malls import queries as malls
from satuatap.features.people import queries as people
from satuatap.features.people.actions import StaffChange, StaffRow, give_device_secret, put_staff
from satuatap.features.people.states import PLACE_OF_ROLE, Place, Role
from satuatap.project import environment

Row = Mapping[str, Any]
Kept = dict[str, dict[str, Any]]
SHOWN = ("username", "role", "mall", "booth", "desk", "display_name")
# fmt: off
WORDS = (
    "pasir", "sungai", "perahu", "kain", "songket", "bambu", "rotan", "teratai", "melati", "kopi", "padi", "ikan",
    "kapal", "jembatan", "angin", "hujan", "gelombang", "tikar", "lumbung", "pelita", "rumbia", "selasih", "kenanga",
    "nipah",
)
# fmt: on
ACTIVATION = "/anjungan/aktifkan/"

log = logging.getLogger(__name__)


def accounts_file() -> Path:
    return environment.home() / "accounts.json"


def read_accounts() -> Kept:
    """What earlier openings generated, by user name."""
    try:
        found = json.loads(accounts_file().read_text(encoding="utf-8"))["accounts"]
    except FileNotFoundError:
        return {}
    return {row["username"]: row for row in found}


def new_password() -> str:
    """Three words and five digits: readable from a screen, about 30 bits from the system's own chance."""
    return "-".join([*(secrets.choice(WORDS) for _ in range(3)), f"{secrets.randbelow(100_000):05d}"])


def password_for(username: str) -> str:
    """One that signing in accepts: about one in 300 is too much like ``koordinator-bpjs-kesehatan``."""
    account = get_user_model()(username=username)
    while True:
        password = new_password()
        with suppress(ValidationError):
            validate_password(password, account)
            return password


def put_accounts(*, by: Actor, rows: Sequence[Row], keep: bool) -> StaffChange:
    """Accounts and roles as the staff sheet says.

    The file is written before the transaction ends, so that a password that was used is never lost (one that was not
    used is taken by the next opening). Without ``keep`` it is only a look, and nothing is written.
    """
    if not rows:  # an export names nobody: who works here keeps what she has
        return StaffChange()
    kept = read_accounts()
    for row in rows:
        entry = kept.setdefault(row["username"], {"password": password_for(row["username"])})
        entry.update({name: row[name] or entry.get(name) for name in SHOWN})
    change = put_staff(by=by, rows=[_staff(row, kept) for row in rows], on=datetime.now(UTC).date())
    for row in rows:
        _link(by, kept[row["username"]])
    if keep:
        _write(kept)
    return change


def _staff(row: Row, kept: Kept) -> StaffRow:
    role = Role(row["role"])
    place = PLACE_OF_ROLE[role]
    view = next((view for view in malls.malls() if view.code == row["mall"]), None)
    booths = {booth.code: booth for booth in malls.hall_plan(view.id).booths} if view else {}
    booth = booths.get(row["booth"]) if place is Place.BOOTH else None
    return StaffRow(
        username=row["username"],
        role=role,
        display_name=row["display_name"] or row["username"],
        mall=view.id if view and place is not Place.CITY else None,
        booth=booth.id if booth else None,
        agency=booth.agency_code if booth else None,
        password=kept[row["username"]]["password"],
        own_password=bool(view and view.demo),
    )


def _link(by: Actor, entry: dict[str, Any]) -> None:
    """A kiosk signs in by an address instead of a password."""
    if entry["role"] != Role.KIOSK or entry.get("link"):
        return
    account = people.account_by_username(entry["username"])
    assert account is not None
    entry["link"] = ACTIVATION + give_device_secret(by=by, account=account.pk)
    entry["password"] = ""


def keep_link(username: str, secret: str) -> None:
    """The office gave a device a new link: the file of accounts, which a demo's table and day read, names that one.

    An account that no opening made stands in no file, and its link neither. The link has been given whether or not the
    file can be written, so trouble with it is only told in the log.
    """
    try:
        kept = read_accounts()
        if username in kept:
            kept[username] |= {"link": ACTIVATION + secret, "password": ""}
            _write(kept)
    except (OSError, ValueError, KeyError, TypeError):
        log.exception("the file of accounts still names a device's earlier link")


def _write(kept: Kept) -> None:
    path = accounts_file()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        json.dump({"accounts": list(kept.values())}, file, ensure_ascii=False, indent=1)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
