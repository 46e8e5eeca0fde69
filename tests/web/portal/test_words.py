"""What the portal says: whose word a text is, what spares the trip, what became of an errand, the way to a zone."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import translation

from satuatap.features.malls.queries import ZonePlan
from satuatap.web.portal import views, visit, words


def need(basis: str, office: str, source: str) -> Any:
    return SimpleNamespace(basis=basis, office=office, source=source)


def test_a_source_that_most_papers_share_is_said_once():
    many = [need("other_office", "Sidoarjo", "s"), need("national", "", "n"), need("other_office", "Sidoarjo", "s")]
    assert views.whose_of(many) == ("other_office", "Sidoarjo", "s")


@pytest.mark.parametrize("needs", [[], [need("national", "", "n")], [need("unknown", "", ""), need("unknown", "", "")]])
def test_nothing_is_said_above_a_list_that_shares_no_source(needs: list[Any]) -> None:
    assert views.whose_of(needs) is None


def test_this_citys_word_comes_first_and_another_offices_last():
    texts: list[Any] = [SimpleNamespace(basis=b) for b in ("other_office", "unknown", "national", "palembang")]
    assert [t.basis for t in views.ranked(views.Part(3, texts)).texts] == [
        "palembang", "national", "unknown", "other_office",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "can_finish", "spared"),
    [("online", "yes", True), ("app", "partly", True), ("app", "unknown", False), ("home", "no", False),
     ("agency_office", "yes", False), ("mall", "yes", False)],
)  # fmt: skip
def test_only_what_surely_spares_the_trip_stands_before_the_malls_answer(
    kind: str, can_finish: str, spared: bool
) -> None:
    place: Any = SimpleNamespace(kind=kind, can_finish=can_finish)
    assert views.stays_home(place) is spared


def test_the_way_is_a_sentence_and_an_arrow():
    zone = ZonePlan(1, "A", "Zona A", "Zone A", "Sisi kiri dari pintu. Rata.", "Left of the door. Flat.", 0, 0, 1, 1)
    assert words.way_to(zone) == ("Sisi kiri dari pintu", "arrow-left")
    with translation.override("en"):
        assert words.way_to(zone) == ("Left of the door", "arrow-left")


@pytest.mark.parametrize(
    ("results", "state", "well"),
    [(["done"], "done", True), (["done_pickup"], "done", True), (["documents_missing"], "done", False),
     (["done", "not_eligible"], "done", False), (["unserved"], "dropped", False)],
)  # fmt: skip
def test_a_tick_is_only_for_what_left_nothing_to_do(results: list[str], state: str, well: bool) -> None:
    stops = [
        SimpleNamespace(state=state, result=one, sign=None, desks=(), range=None, agency="X", at=None)
        for one in results
    ]
    service: Any = SimpleNamespace(state=state, stops=stops)
    row = visit._row(SimpleNamespace(now=None), service, "Asia/Jakarta")  # type: ignore[arg-type]
    assert (row["ended"], row["well"]) == (True, well)
