"""Keys change while everything stays readable: killed after any step, run again, and the old key goes last."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator

from satuatap.features.people import actions as people
from satuatap.features.visits import actions, queries
from satuatap.features.visits.models import Contact, Visit
from satuatap.features.visits.queries.contacts import fields_now, opened
from satuatap.plumbing import keyring
from satuatap.plumbing.fields import KINDS, key_of
from satuatap.project.privacy import rotation
from satuatap.project.privacy.rotation import rotate
from tests.factories.people import code_at, make_account, with_app
from tests.project.privacy.conftest import NAME, PHONE, leave

pytestmark = pytest.mark.django_db(transaction=True)
ROWS = 5


@pytest.fixture
def several(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    """Five contacts, brought over two at a time."""
    for number in range(ROWS - 1):
        leave(f"Warga {'ABCD'[number]}", f"0813 0000 000{number}")
    small: Callable[..., Any] = actions.reseal_contacts
    monkeypatch.setattr(rotation.visits, "reseal_contacts", lambda kind, after: small(kind, limit=2, after=after))


def readable() -> bool:
    fields = fields_now()
    every = [opened(fields, row, "name") and opened(fields, row, "phone") for row in Contact.objects.all()]
    return all(every) and len(every) == ROWS and len(queries.contacts_by_phone(PHONE)) == 1


def keys_used(kind: str) -> set[str]:
    rows = Contact.objects.values_list("name", "phone", "phone_index")
    return {key_of(index) if kind == "index" else key_of(name) for name, _phone, index in rows}


@pytest.mark.usefixtures("several")
@pytest.mark.parametrize("kind", KINDS)
class TestRotating:
    def test_every_row_goes_over_and_the_old_key_goes(self, kind: str, home: Path):
        old = keyring.load(home).current(kind).id
        done = rotate(kind)
        ring = keyring.load(home)
        assert (done.changed, done.broken, done.dropped, done.kept) == (ROWS, 0, (old,), ())
        assert [key.id for key in ring.of(kind)] == [done.key] and done.key != old
        assert keys_used(kind) == {done.key} and readable()
        assert rotate(kind).key != done.key and readable()

    def test_stopped_at_any_step_it_stays_readable_and_goes_on(
        self, kind: str, home: Path, monkeypatch: pytest.MonkeyPatch
    ):
        class Killed(BaseException):
            pass

        def dying(real: Callable[..., Any], before: bool) -> Callable[..., Any]:
            def step(*args: Any, **kwargs: Any) -> Any:
                nonlocal left
                left -= 1
                if left < 0 and before:
                    raise Killed
                answer = real(*args, **kwargs)
                if left < 0:
                    raise Killed
                return answer

            return step

        stops = 0
        for before in (True, False):
            for steps in range(12):
                left = steps
                with monkeypatch.context() as patch:
                    for owner, name in ((keyring, "save"), (rotation.visits, "reseal_contacts")):
                        patch.setattr(owner, name, dying(getattr(owner, name), before))
                    try:
                        rotate(kind)
                    except Killed:
                        stops += 1
                assert readable(), f"after {steps} steps"
                assert len(keyring.load(home).of(kind)) <= 2
                done = rotate(kind)
                assert keys_used(kind) == {done.key} and readable()
                assert [key.id for key in keyring.load(home).of(kind)] == [done.key]
        assert stops >= 12

    def test_a_row_that_does_not_open_keeps_its_key(self, kind: str, home: Path):
        row = Contact.objects.order_by("pk")[0]
        old = keyring.load(home).current(kind).id
        Contact.objects.filter(pk=row.pk).update(phone=row.phone[:-8] + "AAAAAAA=")
        done = rotate(kind)
        assert (done.broken, done.kept, done.dropped) == (1, (old,), ())
        assert old in {key.id for key in keyring.load(home).of(kind)}
        row.delete()
        assert rotate(kind).dropped == (old,)


@pytest.mark.usefixtures("several")
def test_what_is_given_while_keys_change_is_met_too(monkeypatch: pytest.MonkeyPatch, home: Path):
    old = keyring.load(home)
    real = rotation._reseal

    def with_a_latecomer(kind: str) -> tuple[rotation.Moved, rotation.Moved]:
        done = real(kind)
        with monkeypatch.context() as patch:  # a process that had read the keys just before
            patch.setattr(keyring, "load", lambda home: old)
            leave(NAME, "0813 9999 9999")
        return done

    monkeypatch.setattr(rotation, "_reseal", with_a_latecomer)
    done = rotate("fields")
    assert done.kept == (old.current("fields").id,), "a key that something stands under is never dropped"
    monkeypatch.setattr(rotation, "_reseal", real)
    assert rotate("fields").dropped == done.kept


def test_second_factors_go_over_too_and_keep_the_old_key_while_one_does_not_open(visit: Visit, home: Path):
    account = make_account("sari")
    codes = with_app(account)
    old = keyring.load(home).current("fields").id
    app = Authenticator.objects.get(type="totp")
    whole, sealed = dict(app.data), app.data["secret"]
    Authenticator.objects.filter(pk=app.pk).update(data=whole | {"secret": sealed[:-8] + "AAAAAAA="})
    done = rotate("fields")
    assert (done.changed, done.broken, done.kept) == (2, 1, (old,)), "a contact and the codes; the app stays behind"
    assert (done.contacts, done.factors) == (rotation.Moved(1, 0), rotation.Moved(1, 1))
    Authenticator.objects.filter(pk=app.pk).update(data=whole)
    done = rotate("fields")
    assert (done.changed, done.broken, done.dropped) == (1, 0, (old,))
    assert people.use_code(account=account.pk, code=code_at(time.time()), now=time.time()) == "totp"
    assert people.use_code(account=account.pk, code=codes[0], now=time.time()) == "recovery_codes"
