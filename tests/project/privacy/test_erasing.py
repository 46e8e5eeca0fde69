"""Erased is gone: from every table, from a dump, and again after a restore; the journal reads on."""

from __future__ import annotations

import os
import re
import subprocess
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection

from satuatap.features.journal.actions import number_entries, seal
from satuatap.features.journal.models import Entry
from satuatap.features.journal.queries import entries_after, last_position
from satuatap.features.journal.verify import check_journal
from satuatap.features.people import actions as people
from satuatap.features.people.models import Account
from satuatap.features.people.states import AccountLife, How, Role
from satuatap.features.visits import actions
from satuatap.features.visits.models import Contact, Visit
from satuatap.features.visits.states import WhyErased
from satuatap.plumbing.postgres.binaries import binaries
from satuatap.project.cli.sentences import Trouble
from satuatap.project.privacy import erasures
from satuatap.project.wiring import WIRING
from tests.factories.floors import BY
from tests.factories.people import make_account, with_app
from tests.project.privacy.conftest import NAME, PHONE, leave

pytestmark = pytest.mark.django_db(transaction=True)


def dump() -> str:
    """The whole database as the embedded pg_dump writes it."""
    words = connection.settings_dict
    where = ["-h", str(words["HOST"]), "-p", str(words["PORT"]), "-U", str(words["USER"]), str(words["NAME"])]
    done = subprocess.run(
        [binaries() / "pg_dump", *where], capture_output=True, text=True, check=True,
        env={**os.environ, "PGPASSWORD": str(words["PASSWORD"])},
    )  # fmt: skip
    return done.stdout


def react() -> None:
    """Run the reactions to every entry so far, as the worker does."""
    number_entries()
    for line in entries_after(0, 1000):
        for reaction in WIRING.get(line.kind, ()):
            if reaction.__module__ == erasures.__name__:
                reaction(line)


def test_a_citizen_who_was_erased_is_nowhere_in_a_dump(visit: Visit):
    other = leave("Budi", "0813 1111 2222")
    row = Contact.objects.get(visit=visit)
    secrets = [row.name, row.phone, row.phone_index]
    number_entries()
    sealed = seal(by=BY)
    assert sealed is not None
    before = dump()
    assert all(secret in before for secret in secrets), "the dump must show what this test looks for"
    assert NAME not in before and PHONE[1:] not in before

    assert actions.erase_contact(by=BY, contact=row.pk, why=WhyErased.REQUEST)
    after = dump()
    for word in (*secrets, *(secret.partition(":")[2] for secret in secrets), NAME, "Sulastri", "Handayani", PHONE[1:]):
        assert word not in after
    assert str(row.pk) in after, "its random id stays in the journal"
    assert Contact.objects.get().visit_id == other.pk

    number_entries()
    report = check_journal()
    assert (report.faults, report.seals, report.sealed) == ([], 1, sealed.size)
    lines = entries_after(0, 1000)
    assert [line.position for line in lines] == list(range(1, last_position() + 1))
    assert [line.kind for line in lines if line.visit_id == visit.pk] == [
        "ticket_issued", "contact_given", "contact_erased",
    ]  # fmt: skip


def test_an_account_that_was_forgotten_leaves_no_factor_pin_session_or_name_at_the_city(visit: Visit, home: Path):
    """Signed in, with an app and a PIN, known to the city's sign-on: none of it is in a dump afterwards."""
    account = make_account("sulastri.h", Role.OFFICER, mall=1, booth=1)
    with_app(account)
    pc, now = uuid4(), datetime.now(UTC)
    people.set_pin(by=BY, account=account.pk, pin="480271", at=people.SharedPc(pc, 1, 1, now.date()))
    opening = people.Opening(session_key="k" * 32, how=How.PASSWORD, pc=pc, browser="Firefox, Linux")
    people.open_session(account=account.pk, opening=opening, now=now, today=now.date())
    people.put_city_login(by=BY, account=account.pk, name="sulastri@kota")
    assert people.link_city(provider="kota", name="sulastri@kota", number="number-7731") == account
    held = [str(Authenticator.objects.get(type=kind).data) for kind in ("totp", "recovery_codes")]
    words = ["sulastri", "number-7731", str(pc), "k" * 32, "Firefox, Linux"]
    words += [re.search(r"fields-[^']+", data)[0] for data in held]  # type: ignore[index]
    before = dump()
    assert all(word in before for word in words), "the dump must show what this test looks for"
    people.block_account(by=BY, account=account.pk, on=now.date())
    people.forget_account(by=BY, account=account.pk)
    after = dump()
    assert [word for word in words if word in after] == []


def test_the_list_holds_ids_and_dates_and_a_reaction_may_run_twice(visit: Visit, home: Path):
    row = Contact.objects.get(visit=visit)
    actions.withdraw_contact(by=BY, visit=visit.pk)
    react()
    react()
    path = erasures.list_path()
    assert path.stat().st_mode & 0o777 == 0o600
    assert erasures.listed(path) == [("contact", str(row.pk))]
    lines = path.read_text().splitlines()
    assert lines[0] == ",".join(erasures.HEAD)
    assert lines[1] == f"{datetime.now(UTC).date().isoformat()},contact,{row.pk}"
    assert str(visit.pk) not in lines[1].split(",")


def test_what_a_restore_brings_back_is_erased_again(visit: Visit, home: Path):
    row = Contact.objects.get(visit=visit)
    kept = {"name": row.name, "phone": row.phone, "phone_index": row.phone_index, "ends_on": row.ends_on}
    stays = leave("Budi", "0813 1111 2222")
    account = make_account("sulastri.handayani", Role.OFFICER)
    people.block_account(by=BY, account=account.pk, on=date(2026, 1, 5))
    people.forget_account(by=BY, account=account.pk)
    actions.withdraw_contact(by=BY, visit=visit.pk)
    react()

    # the backup was made before all that
    Contact.objects.create(pk=row.pk, visit=visit, consent_text="x", given_at=row.given_at, **kept)
    Account.objects.filter(pk=account.pk).update(
        username="sulastri.handayani", display_name="Sulastri", life=AccountLife.ACTIVE, blocked_on=None
    )
    assert erasures.apply_again(erasures.list_path()) == 2
    assert erasures.apply_again(erasures.list_path()) == 0
    assert [one.visit_id for one in Contact.objects.all()] == [stays.pk]
    assert not Account.objects.filter(username__contains="sulastri").exists()
    assert Entry.objects.filter(kind="contact_erased", fact__why="restored").count() == 1


def test_a_restore_long_after_erases_what_is_past_its_end(visit: Visit, home: Path):
    ends = Contact.objects.get().ends_on
    assert erasures.apply_again(home / "none.csv", today=ends) == 0
    assert erasures.apply_again(home / "none.csv", today=ends + timedelta(days=1)) == 1


def test_a_list_that_is_damaged_is_read_as_far_as_it_goes(visit: Visit, home: Path):
    row = Contact.objects.get(visit=visit)
    path = home / "erasures.csv"
    path.write_text(f"erased_on,kind,id\n2026-11-27,contact,no-id\n2026-11-27,contact,{row.pk}\n2026-11-27,cont")
    assert erasures.apply_again(path) == 1
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(Trouble):
        erasures.apply_again(path)


def test_the_night_erases_contacts_and_accounts_and_a_backup_ends(visit: Visit):
    ends = Contact.objects.get().ends_on
    account = make_account("lama", Role.OFFICER)
    people.block_account(by=BY, account=account.pk, on=date(2026, 1, 5))
    assert erasures.erase_what_has_ended(by=BY, today=ends) == (0, 1)
    assert erasures.erase_what_has_ended(by=BY, today=ends + timedelta(days=1)) == (1, 0)
    assert erasures.backup_ends_on(date(2028, 1, 30)) == date(2028, 2, 29)
