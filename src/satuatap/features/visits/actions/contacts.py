"""What a citizen leaves to be reached: given, withdrawn, read with a reason, erased at its end, sealed again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID

from django.db import connection, transaction

from satuatap.basics.actor import Actor
from satuatap.features.journal.actions import announce
from satuatap.features.journal.queries import entry_of_request
from satuatap.features.visits import facts, refusals
from satuatap.features.visits.actions.shared import locked_visit, mall_time
from satuatap.features.visits.contact_words import name_of, phone_of
from satuatap.features.visits.models import Contact, Floor, Visit
from satuatap.features.visits.personal import CONSENT_TEXT
from satuatap.features.visits.policies import weights_of
from satuatap.features.visits.queries.contacts import TABLE, fields_now, opened, place_of
from satuatap.features.visits.states import CONTACT_FIELDS, WhyErased, WhyRead
from satuatap.features.visits.zones import local_day
from satuatap.plumbing.fields import Fields, key_of
from satuatap.plumbing.keyring import KeyTrouble
from satuatap.plumbing.locking import hold_keys, lock


def give_contact(
    *, by: Actor, visit: int, name: str = "", phone: str = "", consent: bool, request: UUID | None = None
) -> None:
    """Leave a name or a phone for this visit, or change it; what is left empty stays as it was.

    Never needed for anything (UU 27/2022, articles 20 and 22: consent, recorded with the version of its text).
    """
    plain_name, plain_phone = name_of(name), phone_of(phone)
    if plain_name is None:
        raise refusals.NameUnreadable()
    if plain_phone is None:
        raise refusals.PhoneUnreadable()
    if not consent:
        raise refusals.NoConsent()
    with transaction.atomic(durable=True):
        hold_keys()
        row = locked_visit(visit)
        if entry_of_request(request, facts.ContactGiven.kind, visit=visit):
            return
        today = local_day(mall_time(row.mall), Floor.objects.get(pk=row.mall).zone)
        if row.day != today:
            raise refusals.ContactTimeIsOver()
        kept = Contact.objects.filter(visit=row).first()
        if not plain_name and not plain_phone:
            raise refusals.NothingToKeep()
        kept = _sealed(kept or Contact(visit=row), plain_name, plain_phone)
        kept.consent_text, kept.given_at = CONSENT_TEXT, mall_time(row.mall)
        kept.ends_on = row.day + timedelta(days=int(weights_of(row.mall).numbers["contact_days"]))
        kept.save()
        given = [field for field in CONTACT_FIELDS if getattr(kept, field)]
        fact = facts.ContactGiven(str(kept.pk), given, kept.consent_text, kept.ends_on.isoformat())
        announce(fact, by=by, mall=row.mall, visit=row.pk, request=request)


def _sealed(row: Contact, name: str, phone: str) -> Contact:
    fields = fields_or_refuse()
    try:
        if name:
            row.name = fields.seal(name, place_of(row.pk, "name"))
        if phone:
            row.phone = fields.seal(phone, place_of(row.pk, "phone"))
            row.phone_index = fields.index(phone, "phone")
    except KeyTrouble:
        raise refusals.ContactUnreadable() from None
    return row


def fields_or_refuse() -> Fields:
    """The keys of this installation, or the refusal: the rest of the mall goes on without them."""
    try:
        return fields_now()
    except KeyTrouble:
        raise refusals.ContactUnreadable() from None


@transaction.atomic(durable=True)
def withdraw_contact(*, by: Actor, visit: int, request: UUID | None = None) -> None:
    """She takes it back: the row is deleted at once, whether or not it can still be read. Twice is once."""
    row = locked_visit(visit)
    for contact in Contact.objects.filter(visit=row):
        _erase(by, row, contact, WhyErased.WITHDRAWN, request)


def erase_contact(*, by: Actor, contact: UUID, why: WhyErased) -> bool:
    """Delete one contact by its random id; ``False``: it is gone already."""
    with transaction.atomic(durable=True):
        found = Contact.objects.filter(pk=contact).values_list("visit_id", flat=True).first()
        if found is None:
            return False
        row = locked_visit(found)
        still = Contact.objects.filter(pk=contact).first()
        if still is None:
            return False
        _erase(by, row, still, why, None)
    return True


def _erase(by: Actor, row: Visit, contact: Contact, why: WhyErased, request: UUID | None) -> None:
    code = str(contact.pk)
    contact.delete()
    announce(facts.ContactErased(code, why.value), by=by, mall=row.mall, visit=row.pk, request=request)


def erase_due_contacts(*, by: Actor, today: date) -> int:
    """Delete every contact past its last day, each in a transaction of its own; how many went. Safe to repeat.

    ``today`` is the real day: a demo's clock that stands still keeps nobody.
    """
    due = list(Contact.objects.filter(ends_on__lt=today).values_list("pk", flat=True))
    return sum(erase_contact(by=by, contact=one, why=WhyErased.END_DATE) for one in due)


def read_contact(*, by: Actor, visit: int, field: str, reason: WhyRead, request: UUID | None = None) -> str:
    """The clear value for staff. That it was read, by whom and why, is in the journal before it is returned."""
    if field not in CONTACT_FIELDS:
        raise refusals.NoContact()
    with transaction.atomic(durable=True):
        hold_keys()
        row = locked_visit(visit)
        contact = Contact.objects.filter(visit=row).exclude(**{field: ""}).first()
        if contact is None:
            raise refusals.NoContact()
        try:
            value = opened(fields_or_refuse(), contact, field)
        except KeyTrouble:
            raise refusals.ContactUnreadable() from None
        if not entry_of_request(request, facts.ContactRead.kind, visit=visit, field=field):
            fact = facts.ContactRead(str(contact.pk), field, reason.value)
            announce(fact, by=by, mall=row.mall, visit=row.pk, request=request)
    return value


@transaction.atomic(durable=True)
def note_copy(*, by: Actor, visit: int) -> None:
    """A copy of everything held about this visit was written out: one fact a field that stands in it."""
    row = locked_visit(visit)
    for contact in Contact.objects.filter(visit=row):
        for field in CONTACT_FIELDS:
            if getattr(contact, field):
                fact = facts.ContactRead(str(contact.pk), field, WhyRead.OWN_REQUEST.value)
                announce(fact, by=by, mall=row.mall, visit=row.pk)


def reseal_contacts(kind: str, *, limit: int = 200, after: UUID | None = None) -> tuple[int, int, UUID | None]:
    """Bring rows under older keys (``kind``: fields or index) to the current one, at most ``limit`` in one transaction.

    Returns how many were changed, how many could not be read, and where the next batch starts (``None``: at the end).
    No fact: nothing about a person changed.
    """
    changed = broken = 0
    with transaction.atomic(durable=True):
        hold_keys()
        fields = fields_now()
        rows = Contact.objects.all() if after is None else Contact.objects.filter(pk__gt=after)
        batch = lock(rows.filter(pk__in=list(rows.order_by("pk").values_list("pk", flat=True)[:limit])))
        change = _reseal_fields if kind == "fields" else _reseal_index
        for row in batch:
            try:
                changed += change(fields, row)
            except KeyTrouble:
                broken += 1
    return changed, broken, batch[-1].pk if len(batch) == limit else None


def _reseal_fields(fields: Fields, row: Contact) -> int:
    current = fields.ring.current("fields").id
    stale = [name for name in CONTACT_FIELDS if getattr(row, name) and key_of(getattr(row, name)) != current]
    for name in stale:
        setattr(row, name, fields.seal(opened(fields, row, name), place_of(row.pk, name)))
    if stale:
        row.save(update_fields=stale)
    return bool(stale)


def _reseal_index(fields: Fields, row: Contact) -> int:
    if not row.phone or key_of(row.phone_index) == fields.ring.current("index").id:
        return 0
    row.phone_index = fields.index(opened(fields, row, "phone"), "phone")
    row.save(update_fields=["phone_index"])
    return 1


def keys_in_use(kind: str) -> set[str]:
    """The ids of the keys that something in this room stands under."""
    columns = CONTACT_FIELDS if kind == "fields" else ("phone_index",)
    used: set[str] = set()
    for column in columns:
        with connection.cursor() as cursor:
            cursor.execute(f"select distinct split_part({column}, ':', 1) from {TABLE} where {column} <> ''")
            used |= {str(row[0]) for row in cursor.fetchall()}
    return used


def change_keys(change: Callable[[], None]) -> None:
    """Run ``change`` on the file of keys while nothing is sealed in any process."""
    with transaction.atomic(durable=True):
        hold_keys(alone=True)
        change()
