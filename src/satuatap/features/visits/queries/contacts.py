"""A contact as screens see it: masked. The clear value leaves by ``actions.read_contact`` alone, or in her own copy."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings

from satuatap.features.journal import queries as journal
from satuatap.features.visits.contact_words import as_dialled, phone_of
from satuatap.features.visits.models import Contact, Errand, Visit
from satuatap.features.visits.personal import PERSONAL_FIELDS
from satuatap.features.visits.states import CONTACT_FIELDS
from satuatap.plumbing import keyring
from satuatap.plumbing.fields import Fields, Place
from satuatap.plumbing.keyring import KeyTrouble
from satuatap.plumbing.personal import MASK

TABLE = Contact._meta.db_table
_MASKS = {field.field: field.masked for field in PERSONAL_FIELDS}


@dataclass(frozen=True, slots=True)
class ContactView:
    """What was left, masked; ``locked``: the keys at hand do not open it."""

    id: UUID
    visit: int
    name: str
    phone: str
    ends_on: date
    locked: bool = False


def fields_now() -> Fields:
    """The installation's keys as they are at this moment; a rotation in another process counts at once."""
    return Fields(keyring.load(settings.HOME))


def place_of(contact: UUID, field: str) -> Place:
    """What a value of this row is bound to."""
    return Place(TABLE, field, str(contact))


def opened(fields: Fields, row: Contact, field: str) -> str:
    """The clear value of a field; raises ``KeyTrouble``."""
    return fields.open(getattr(row, field), place_of(row.pk, field))


def contact_of(visit: int) -> ContactView | None:
    """What stands at this visit, masked; ``None``: nothing. A wrong key shows it as locked and stops nothing."""
    row = Contact.objects.filter(visit=visit).first()
    if row is None:
        return None
    try:
        fields = fields_now()
        name, phone = opened(fields, row, "name"), as_dialled(opened(fields, row, "phone"))
    except KeyTrouble:
        held = {field: MASK * 6 if getattr(row, field) else "" for field in CONTACT_FIELDS}
        return ContactView(row.pk, visit, held["name"], held["phone"], row.ends_on, locked=True)
    return ContactView(row.pk, visit, _MASKS["name"](name), _MASKS["phone"](phone), row.ends_on)


def contacts_by_phone(phone: str) -> list[tuple[UUID, int]]:
    """Contact and visit of everyone who left this number, newest first; raises ``KeyTrouble``."""
    plain = phone_of(phone)
    if not plain:
        return []
    wanted = fields_now().indexes(plain, "phone")
    return list(Contact.objects.filter(phone_index__in=wanted).order_by("-given_at").values_list("pk", "visit_id"))


def visits_of_slip(number: int, code: str, day: date | None = None) -> list[Visit]:
    """The visits with this number and this code on the slip, newest first; one, unless many days are asked at once."""
    rows = Visit.objects.filter(number=number, code=code.strip().upper())
    return list((rows if day is None else rows.filter(day=day)).order_by("-day", "-pk"))


def visit_of_contact(visit: int) -> Visit:
    """The visit that a contact belongs to."""
    return Visit.objects.get(pk=visit)


def contact_id(visit: int) -> UUID | None:
    """The random id of what was left at this visit, if anything was."""
    return Contact.objects.filter(visit=visit).values_list("pk", flat=True).first()


def held_about(visit: Visit) -> dict[str, Any]:
    """Everything that is held about one visit, for its holder: in the clear, as JSON values; raises ``KeyTrouble``."""
    row = Contact.objects.filter(visit=visit).first()
    errands = Errand.objects.filter(visit=visit).order_by("seq")
    return {
        "visit": {
            "number": visit.number,
            "day": visit.day.isoformat(),
            "arrived_at": visit.arrived_at.isoformat(),
            "priority": bool(visit.priority_class),
            "channel": visit.channel,
            "gone_at": visit.gone_at.isoformat() if visit.gone_at else None,
        },
        "contact": _contact(row) if row else None,
        "errands": [
            {
                "service": errand.service,
                "step": errand.step,
                "state": errand.state,
                "result": errand.result,
                "called_at": errand.called_at.isoformat() if errand.called_at else None,
                "done_at": errand.done_at.isoformat() if errand.done_at else None,
            }
            for errand in errands
        ],
        "journal": [
            {"at": line.at.isoformat(), "what": line.kind, "by": line.who.partition(":")[0], "fact": line.fact}
            for line in journal.of_visit(visit.pk)
        ],
    }


def _contact(row: Contact) -> dict[str, Any]:
    fields = fields_now()
    return {
        **{field: opened(fields, row, field) for field in CONTACT_FIELDS},
        "consent_text": row.consent_text,
        "given_at": row.given_at.isoformat(),
        "ends_on": row.ends_on.isoformat(),
    }
