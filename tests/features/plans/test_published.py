"""A plan that others published: opened from the sheets, beside what was reported, never a step further."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from satuatap.features.estate.actions import put_estate
from satuatap.features.plans import actions, inventory, queries, refusals
from satuatap.features.plans.announced import Came, picture
from satuatap.features.plans.published import picture_of, sheet_rows, taken
from satuatap.features.plans.states import PlanLife
from tests.features.plans import town
from tests.features.plans.town import BY

CODE, NEWS = "rencana-lama", "kabar"


def row(plan: str, who: str, place: str, **more: Any) -> dict[str, Any]:
    said = "planned" if plan == CODE else "reported"
    blank = {"group": "", "unit": "", "building": "", "on": date(2025, 11, 10), "source": f"https://x.example/{plan}"}
    return {"plan": plan, "who": who, "place": place, "said": said, **blank, **more}


def test_each_line_says_what_came_of_it_and_a_kind_of_unit_is_one_line() -> None:
    planned = [
        row(CODE, "A", "", group="A", unit="a", building="mal"),
        row(CODE, "B", "", group="C", unit="b", building="lama"),
        *(row(CODE, "UPTD", "kecamatan", group="D", unit=f"u{n}", building=f"k{n}") for n in range(3)),
        row(CODE, "C", "", group="B", unit="c", building="lama"),
    ]  # fmt: skip
    reported = [row(NEWS, "A", "", unit="a", building="mal"), row(NEWS, "B", "", unit="b", building="mal"),
                row(NEWS, "UPTD", "kecamatan"), row(NEWS, "Lain", "kecamatan")]  # fmt: skip
    found = picture(planned, reported, {"mal": "Mal", "lama": "Lama"})
    assert [(one.who, one.group, one.units, one.planned, one.reported, one.came) for one in found.lines] == [
        ("A", "A", 1, "Mal", "Mal", Came.AS_PLANNED), ("C", "B", 1, "Lama", "", Came.NO_NEWS),
        ("B", "C", 1, "Lama", "Mal", Came.ELSEWHERE), ("UPTD", "D", 3, "kecamatan", "kecamatan", Came.AS_PLANNED),
        ("Lain", "", 1, "", "kecamatan", Came.NOT_PLANNED),
    ]  # fmt: skip
    assert found.sources == (f"https://x.example/{CODE}", f"https://x.example/{NEWS}")
    assert [found.count(came) for came in Came] == [2, 1, 1, 1]


def rows() -> dict[str, Any]:
    """The town's sheets with a published plan, its claims and its news."""
    announced = [
        row(CODE, "Dinas A", "", group="A", unit="dinas-a", building="mal"),
        row(CODE, "Dinas B", "", group="A", unit="dinas-b", building="balai"),
        row(NEWS, "Dinas B", "", unit="dinas-b", building="mal"),
    ]
    claim = {"plan": CODE, "low": 10**10, "high": None, "on": date(2026, 2, 12), "more_than": True, "yearly": True,
             "source": "https://x.example/c"}  # fmt: skip
    plan = {
        "code": CODE,
        "title": "Rencana lama",
        "reports": NEWS,
        "source": "https://x.example/p",
        "source_year": 2025,
    }
    return town.estate_rows(announced=announced) | {"published": [plan], "claims": [claim]}


@pytest.mark.django_db(transaction=True)
def test_it_is_opened_once_and_stands_apart_from_who_sits_where() -> None:
    town.build()
    put_estate(by=BY, rows=rows())
    before = inventory.now()
    assert all(actions.put_published(by=BY, rows=rows()).values())
    assert not any(actions.put_published(by=BY, rows=rows()).values())
    view = queries.regrouping(CODE, public=True)
    assert (view.life, view.author, len(view.versions)) == (PlanLife.ANNOUNCED, 0, 1)
    assert [(one.unit, one.origin, one.target) for one in view.versions[0].content.moves] == [
        ("dinas-a", "lama", "mal")
    ]
    assert [(one.low, one.more_than, one.yearly) for one in view.claims] == [(10**10, True, True)]
    assert inventory.now() == before
    found = picture_of(CODE)
    assert found and [(one.who, one.came) for one in found.lines] == [
        ("Dinas A", Came.NO_NEWS), ("Dinas B", Came.ELSEWHERE),
    ]  # fmt: skip
    kept = sheet_rows()
    assert [one["code"] for one in kept["published"]] == [CODE] and kept["claims"][0]["low"] == 10**10
    town.draft()
    assert taken([CODE, town.PLAN, "lain"]) == [town.PLAN]
    for step in (actions.compare_plan, actions.revise_plan):
        with pytest.raises(refusals.StepNotNow):
            step(by=BY, plan=CODE)


@pytest.mark.django_db(transaction=True)
def test_other_rows_are_another_version_and_one_that_went_is_withdrawn_not_forgotten() -> None:
    town.build()
    said = rows()
    put_estate(by=BY, rows=said)
    actions.put_published(by=BY, rows=said)
    said["announced"][0]["building"] = "balai"
    put_estate(by=BY, rows=said)
    actions.put_published(by=BY, rows=said)
    assert [one.content.moves[0].target for one in queries.regrouping(CODE).versions] == ["mal", "balai"]
    actions.put_published(by=BY, rows={**said, "published": [], "claims": []})
    view = queries.regrouping(CODE, public=True)
    assert view.life is PlanLife.WITHDRAWN and len(view.versions) == 2
