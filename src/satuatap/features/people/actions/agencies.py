"""The city's list of agencies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field

from django.db import transaction

from satuatap.basics.actor import Actor
from satuatap.features.journal.actions import announce
from satuatap.features.people.facts import AgenciesPut
from satuatap.features.people.models import Agency
from satuatap.features.people.refusals import NoSuchAgency
from satuatap.plumbing.locking import lock


@dataclass(frozen=True, slots=True)
class AgencyRow:
    """One row of the sheet ``agencies``."""

    code: str
    name: str
    kind: str
    name_en: str = ""
    short_name: str = ""
    parent: str | None = None
    phone: str = ""
    url: str = ""
    source: str = ""
    source_year: int | None = None
    confidence: str = ""
    synthetic: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """What a reading of a sheet changed, by code."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)


def put_agencies(*, by: Actor, rows: Sequence[AgencyRow]) -> Change:
    """Make the list of agencies equal to the rows; what is no longer in it stays for the past and is not listed."""
    with transaction.atomic():
        before: list[Agency] = lock(Agency.objects.all())
        known = {agency.code: agency for agency in before}
        wanted = {row.code: row for row in rows}
        if any(row.parent and row.parent not in wanted for row in rows):
            raise NoSuchAgency()
        change = Change()
        for row in wanted.values():
            _put(row, known, change)
        _put_parents(wanted, known, change)
        for code, agency in known.items():
            if code not in wanted and agency.listed:
                agency.listed = False
                agency.save(update_fields=["listed"])
                change.removed.append(code)
        if change:
            announce(AgenciesPut(change.added, change.changed, change.removed), by=by)
    return change


def _put(row: AgencyRow, known: dict[str, Agency], change: Change) -> None:
    values = {key: value for key, value in asdict(row).items() if key != "parent"} | {"listed": True}
    agency = known.get(row.code)
    if agency is None:
        known[row.code] = Agency.objects.create(**values)
        change.added.append(row.code)
    elif any(getattr(agency, key) != value for key, value in values.items()):
        for key, value in values.items():
            setattr(agency, key, value)
        agency.save()
        change.changed.append(row.code)


def _put_parents(wanted: dict[str, AgencyRow], known: dict[str, Agency], change: Change) -> None:
    """Parents in a second pass: the sheet may name a parent below its child."""
    for row in wanted.values():
        agency = known[row.code]
        parent = known[row.parent].pk if row.parent else None
        if agency.parent_id != parent:
            agency.parent_id = parent
            agency.save(update_fields=["parent"])
            if row.code not in change.added and row.code not in change.changed:
                change.changed.append(row.code)
