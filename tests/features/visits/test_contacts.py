"""What a citizen leaves to be reached: optional, sealed, masked, read with a reason, gone at its end, in no fact."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from satuatap.features.journal.models import Entry
from satuatap.features.visits import actions, queries
from satuatap.features.visits import refusals as no
from satuatap.features.visits.contact_words import as_dialled, name_of, phone_of
from satuatap.features.visits.models import Contact, Visit
from satuatap.features.visits.personal import CONTACT_DAYS
from satuatap.features.visits.queries.contacts import fields_now, opened
from satuatap.features.visits.states import WhyErased, WhyRead
from satuatap.plumbing import keyring
from satuatap.plumbing.fields import key_of
from tests.factories.floors import BY, make_floor

NAME, PHONE, TYPED = "Sulastri Handayani", "+6281279912345", "0812 7991-2345"
database = pytest.mark.django_db(transaction=True)


@pytest.fixture
def home(tmp_path: Path, settings: Any) -> Path:
    settings.HOME = tmp_path
    return tmp_path


@pytest.fixture
def visit(home: Path) -> Visit:
    make_floor({1: 8.0}, {1: [1]})
    return actions.issue_ticket(by=BY, mall=1, steps=[1], after=[[]], request=uuid4())


def give(visit: Visit, **values: Any) -> None:
    actions.give_contact(by=BY, visit=visit.pk, **{"name": NAME, "phone": TYPED, "consent": True, **values})


def rows_of_everything() -> str:
    with connection.cursor() as cursor:
        cursor.execute("select tablename from pg_tables where schemaname = 'public'")
        said = []
        for (table,) in cursor.fetchall():
            cursor.execute(f"select coalesce(json_agg(t)::text, '') from \"{table}\" t")
            said.append(str(cursor.fetchone()[0]))
    return "\n".join(said)


class TestWhatIsTyped:
    @pytest.mark.parametrize(
        "typed", [TYPED, "+62 812 7991 2345", "62812-7991-2345", "(0812) 7991.2345", "０８１２７９９１２３４５"]
    )
    def test_one_number_in_many_forms(self, typed: str):
        assert phone_of(typed) == PHONE

    @pytest.mark.parametrize("typed", ["12345", "0812", "abc", "08127991234567890", "+62 0812", "+620812345678",
                                       "0812=cmd", "+0123456789", "٠٨١٢٣٤٥٦٧٨٩"])  # fmt: skip
    def test_what_is_no_number(self, typed: str):
        assert phone_of(typed) is None

    def test_abroad_and_nothing(self):
        assert phone_of("+60 12-345 6789") == "+60123456789"
        assert phone_of("  ") == ""
        assert as_dialled(PHONE) == "081279912345"
        assert as_dialled("+60123456789") == "+60123456789"

    def test_names(self):
        assert name_of("  Siti   Aminah\x00\u202e ") == "Siti Aminah"
        assert name_of("") == ""
        assert name_of("12345") is None
        assert name_of("a" * 81) is None


@database
class TestGiving:
    def test_it_is_sealed_masked_and_in_no_fact(self, visit: Visit):
        give(visit)
        row = Contact.objects.get(visit=visit)
        assert key_of(row.phone) == fields_now().ring.current("fields").id
        assert opened(fields_now(), row, "name") == NAME
        assert opened(fields_now(), row, "phone") == PHONE
        everything = rows_of_everything()
        assert all(word not in everything for word in (NAME, "Sulastri", PHONE, "81279912345"))
        seen = queries.contact_of(visit.pk)
        assert seen is not None
        assert (seen.name, seen.phone) == ("S••• H•••", "0812•••••345")
        assert row.ends_on == visit.day + timedelta(days=CONTACT_DAYS)
        fact = Entry.objects.get(kind="contact_given").fact
        ends_on = row.ends_on.isoformat()
        said = {
            "contact": str(row.pk),
            "given": ["name", "phone"],
            "consent_text": row.consent_text,
            "ends_on": ends_on,
        }
        assert fact == said

    def test_a_ciphertext_moved_to_another_visit_does_not_open(self, visit: Visit):
        give(visit)
        other = actions.issue_ticket(by=BY, mall=1, steps=[1], after=[[]], request=uuid4())
        give(other, name="Lain", phone="")
        stolen = Contact.objects.get(visit=visit)
        Contact.objects.filter(visit=other).update(phone=stolen.phone, phone_index=stolen.phone_index)
        seen = queries.contact_of(other.pk)
        assert seen is not None and seen.locked
        with pytest.raises(no.ContactUnreadable):
            actions.read_contact(by=BY, visit=other.pk, field="phone", reason=WhyRead.LEFT_BEHIND)

    def test_what_is_left_empty_stays(self, visit: Visit):
        give(visit)
        give(visit, name="Aminah", phone="")
        row = Contact.objects.get(visit=visit)
        assert opened(fields_now(), row, "name") == "Aminah"
        assert opened(fields_now(), row, "phone") == PHONE

    def test_bad_values_write_nothing(self, visit: Visit):
        for values, refusal in (
            ({"phone": "123"}, no.PhoneUnreadable),
            ({"name": "9"}, no.NameUnreadable),
            ({"name": "", "phone": ""}, no.NothingToKeep),
            ({"consent": False}, no.NoConsent),
        ):
            with pytest.raises(refusal):
                give(visit, **values)
        assert not Contact.objects.exists()
        Visit.objects.filter(pk=visit.pk).update(day=date(2020, 2, 29))
        with pytest.raises(no.ContactTimeIsOver):
            give(visit)

    def test_one_key_is_one_action(self, visit: Visit):
        key = uuid4()
        give(visit, request=key)
        give(visit, request=key)
        assert Entry.objects.filter(kind="contact_given").count() == 1

    def test_a_lost_key_stops_contacts_and_nothing_else(self, visit: Visit, home: Path):
        give(visit)
        ring = keyring.load(home)
        keyring.save(home, ring.with_new("fields").without(ring.current("fields").id))
        seen = queries.contact_of(visit.pk)
        assert seen is not None and seen.locked and "•" in seen.phone
        with pytest.raises(no.ContactUnreadable):
            actions.read_contact(by=BY, visit=visit.pk, field="name", reason=WhyRead.LEFT_BEHIND)
        (home / keyring.FILE).write_text("{")
        with pytest.raises(no.ContactUnreadable):
            give(visit)
        assert actions.issue_ticket(by=BY, mall=1, steps=[1], after=[[]], request=uuid4()).number == 2
        actions.withdraw_contact(by=BY, visit=visit.pk)
        assert not Contact.objects.exists()


@database
class TestReadingAndErasing:
    def test_every_read_is_a_fact_before_the_value_is_seen(self, visit: Visit):
        give(visit)
        value = actions.read_contact(by=BY, visit=visit.pk, field="phone", reason=WhyRead.LEFT_BEHIND, request=uuid4())
        assert value == PHONE
        entry = Entry.objects.get(kind="contact_read")
        contact = Contact.objects.get(visit=visit)
        assert entry.fact == {"contact": str(contact.pk), "field": "phone", "reason": "left_behind"}
        assert entry.who == BY.code and entry.visit_id == visit.pk

    def test_nothing_to_read_is_a_refusal_and_no_fact(self, visit: Visit):
        give(visit, phone="")
        for field in ("phone", "visit_id", "id"):
            with pytest.raises(no.NoContact):
                actions.read_contact(by=BY, visit=visit.pk, field=field, reason=WhyRead.LEFT_BEHIND)
        assert not Entry.objects.filter(kind="contact_read").exists()

    def test_withdrawn_is_gone_at_once_and_twice_is_once(self, visit: Visit):
        give(visit)
        actions.withdraw_contact(by=BY, visit=visit.pk)
        actions.withdraw_contact(by=BY, visit=visit.pk)
        assert not Contact.objects.exists()
        assert [e.fact["why"] for e in Entry.objects.filter(kind="contact_erased")] == ["withdrawn"]

    def test_the_last_day_is_kept_and_the_next_is_not(self, visit: Visit):
        give(visit)
        ends = Contact.objects.get().ends_on
        assert actions.erase_due_contacts(by=BY, today=ends) == 0
        assert actions.erase_due_contacts(by=BY, today=ends + timedelta(days=1)) == 1
        assert actions.erase_due_contacts(by=BY, today=ends + timedelta(days=1)) == 0

    def test_found_by_phone_under_the_old_and_the_new_key(self, visit: Visit, home: Path):
        give(visit)
        keyring.save(home, keyring.load(home).with_new("index"))
        other = actions.issue_ticket(by=BY, mall=1, steps=[1], after=[[]], request=uuid4())
        give(other)
        assert {found for _, found in queries.contacts_by_phone("+62-812-7991-2345")} == {visit.pk, other.pk}
        assert queries.contacts_by_phone("0812 0000 0000") == []
        assert queries.contacts_by_phone("") == []
        assert actions.erase_contact(by=BY, contact=Contact.objects.get(visit=visit).pk, why=WhyErased.REQUEST)
        assert [found for _, found in queries.contacts_by_phone(PHONE)] == [other.pk]

    def test_the_copy_holds_all_of_it(self, visit: Visit):
        give(visit)
        actions.note_copy(by=BY, visit=visit.pk)
        from satuatap.features.journal.actions import number_entries

        number_entries()
        held = json.loads(json.dumps(queries.held_about(visit)))
        assert (held["contact"]["name"], held["contact"]["phone"]) == (NAME, PHONE)
        assert held["visit"]["number"] == visit.number and len(held["errands"]) == 1
        assert [line["what"] for line in held["journal"]].count("contact_read") == 2
