"""Desks opened, closed and taught from the office."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest

from satuatap.features.catalogue import queries as catalogue
from satuatap.features.journal.actions import number_entries
from satuatap.features.journal.models import Entry
from satuatap.features.malls.models import Desk
from satuatap.features.visits import queries as visits
from satuatap.features.visits.actions import call_next
from satuatap.features.visits.models import Desk as DeskState
from tests.factories.palembang import take_ticket
from tests.factories.people import BY

pytestmark = pytest.mark.django_db(transaction=True)


def desk_of(city, code: str) -> int:
    return Desk.objects.get(booth__mall=city.mall, code=code).pk


def step_of(code: str) -> int:
    return catalogue.steps_of((code,))[0].id


def test_a_press_twice_opens_and_closes_once(city, post):
    desk = desk_of(city, "2")
    for verb, opened, kind in (("buka", True, "desk_opened"), ("tutup", False, "desk_closed")):
        before, key = Entry.objects.filter(kind=kind).count(), uuid4()
        for _press in range(2):
            assert post(f"/pengelolaan/loket/{desk}/{verb}", key=key).status_code == 303
        assert DeskState.objects.get(pk=desk).open is opened
        assert Entry.objects.filter(kind=kind).count() == before + 1


def test_the_next_call_goes_by_what_the_desk_can_do(city, post):
    desk, only = desk_of(city, "3"), step_of("ikd")
    first = take_ticket(city.mall, "ktp-el-rekam")
    second = take_ticket(city.mall, "ikd")
    assert post(f"/pengelolaan/loket/{desk}", skill=[only]).status_code == 303
    assert post(f"/pengelolaan/loket/{desk}/buka").status_code == 303
    now = next(one for one in visits.hall(city.mall, fresh=True).desks if one.id == desk)
    assert now.skills == (only,)
    assert call_next(by=BY, desk=desk) is not None
    assert DeskState.objects.get(pk=desk).visit_id == second.pk
    assert first.pk != second.pk
    page = city.client("manager").get("/pengelolaan/loket").content.decode()
    assert str(second.number) in page
    # she is finished first: the office does not close a desk under a citizen
    busy = post(f"/pengelolaan/loket/{desk}/tutup")
    assert (busy.status_code, DeskState.objects.get(pk=desk).open) == (409, True)


def test_desks_of_others_and_steps_that_are_none(city, refused, post):
    desk = desk_of(city, "4")
    refused(f"/pengelolaan/loket/{city.foreign_desk}", 404, "no_such_desk", skill=["1"])
    refused(f"/pengelolaan/loket/{city.foreign_desk}/buka", 404, "no_such_desk")
    refused(f"/pengelolaan/loket/{desk}/buka", 404, "no_such_desk", who="elsewhere")
    refused(f"/pengelolaan/loket/{desk}", 400, "bad_number", skill=["ikd"])
    answer = post(f"/pengelolaan/loket/{desk}", skill=["32000"])
    assert 400 <= answer.status_code < 500, "a step that does not exist"
    before = DeskState.objects.get(pk=desk).open
    assert post(f"/pengelolaan/loket/{desk}/buka", who="officer").status_code == 403
    assert DeskState.objects.get(pk=desk).open is before


def test_what_was_done_can_be_taken_back_from_its_sentence(city, post):
    desk = Desk.objects.filter(mall=city.mall).latest("pk").pk
    client = city.client("manager")
    done = client.post(f"/pengelolaan/loket/{desk}/buka", {"key": str(uuid4())}, follow=True).content.decode()
    assert f'<form method="post" action="/pengelolaan/loket/{desk}/tutup">' in done.split("</main>")[0].split("<h1")[0]
    back = client.post(f"/pengelolaan/loket/{desk}/tutup", {"key": str(uuid4())}, follow=True).content.decode()
    assert "sudah ditutup" in back


def test_many_desks_of_a_morning_are_one_line(city, post):
    desks = [Desk.objects.get(mall=city.mall, code=code) for code in ("25", "26", "27", "28")]
    for desk in desks:
        assert post(f"/pengelolaan/loket/{desk.pk}/buka").status_code == 303
    number_entries()
    page = city.client("manager").get("/pengelolaan/riwayat?bagian=desks").content.decode()
    assert re.search(r"Loket [\d, ]*25, 26, 27, 28 dibuka\.", page)
    for desk in desks:
        post(f"/pengelolaan/loket/{desk.pk}/tutup")
