"""What was erased, by random id and date: kept outside the database, so that a restore does not bring anybody back.

A backup is older than whatever was erased after it. The list (``erasures.csv`` in SATUATAP_HOME) goes with every backup
to the second place; after a restore ``apply_again`` erases once more what stands in it. No person is in it.

The rule for backups: one is kept at most ``BACKUP_DAYS``, and says so in its own description; so whatever was erased is
gone from the last backup too after that many days.
"""

from __future__ import annotations

import contextlib
import csv
import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings

from satuatap.basics.actor import Actor
from satuatap.basics.refusal import Refusal
from satuatap.features.journal.queries import Line
from satuatap.features.people import actions as people
from satuatap.features.people import queries as people_queries
from satuatap.features.people.refusals import LastKeeper, NoSuchAccount, NotInThisState
from satuatap.features.visits import actions as visits
from satuatap.features.visits.states import WhyErased
from satuatap.project.cli.sentences import Trouble

FILE = "erasures.csv"
HEAD = ("erased_on", "kind", "id")
BACKUP_DAYS = 30


def backup_ends_on(made: date) -> date:
    """The last day on which a backup of that day may be kept."""
    return made + timedelta(days=BACKUP_DAYS)


def list_path(home: Path | None = None) -> Path:
    return (home or settings.HOME) / FILE


def note_contact(line: Line) -> None:
    """Reaction to an erased contact: one more line in the list; twice is harmless."""
    _note(line, "contact")


def note_account(line: Line) -> None:
    """Reaction to a forgotten account: the same."""
    _note(line, "account")


def _note(line: Line, kind: str) -> None:
    path = list_path()
    new = not path.exists()
    file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    with open(file, "a", newline="") as out:
        rows = csv.writer(out)
        if new:
            rows.writerow(HEAD)
        rows.writerow((line.real_at.astimezone(UTC).date().isoformat(), kind, line.fact[kind]))
        out.flush()
        os.fsync(out.fileno())


def listed(path: Path) -> list[tuple[str, str]]:
    """Kind and id of everything in a list, each once; a line that was cut short is left out."""
    try:
        with path.open(newline="") as file:
            rows = [row for row in csv.reader(file) if len(row) == len(HEAD) and tuple(row) != HEAD]
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError, csv.Error) as problem:
        raise Trouble(
            f"Daftar penghapusan {path} tidak dapat dibaca ({type(problem).__name__}). Ambil salinannya dari tempat "
            "cadangan, lalu ulangi.",
            f"The list of erasures {path} can't be read ({type(problem).__name__}). Take its copy from the place of "
            "the backups, then repeat.",
        ) from None
    return list(dict.fromkeys((kind, code) for _day, kind, code in rows))


def apply_again(path: Path, *, today: date | None = None) -> int:
    """Erase once more what the list names, and what is past its end; how many came back and went. Safe to repeat."""
    by = Actor.system("restore")
    day = today or datetime.now(UTC).date()
    gone = 0
    for kind, code in listed(path):
        if kind == "contact":
            with contextlib.suppress(ValueError):  # a damaged id names nobody
                gone += visits.erase_contact(by=by, contact=UUID(code), why=WhyErased.RESTORED)
        elif kind == "account" and code.isdecimal():
            gone += _forget(by, int(code), day)
    return gone + visits.erase_due_contacts(by=by, today=day)


def _forget(by: Actor, account: int, day: date) -> bool:
    """The account as it was when it had been forgotten: blocked, and no field about a person left."""
    with contextlib.suppress(NotInThisState, NoSuchAccount, LastKeeper):
        people.block_account(by=by, account=account, on=day)
    try:
        people.forget_account(by=by, account=account)
    except Refusal:  # forgotten already, or not in this database
        return False
    return True


def erase_what_has_ended(*, by: Actor, today: date) -> tuple[int, int]:
    """Contacts past their last day and accounts blocked long ago: how many of each were erased. Safe to repeat."""
    accounts = people_queries.accounts_to_forget(today)
    for account in accounts:
        people.forget_account(by=by, account=account)
    return visits.erase_due_contacts(by=by, today=today), len(accounts)
