"""Each rupiah of a study opens to its formula, its numbers and their sources."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from satuatap.engines.regroup.cost import cost
from satuatap.engines.regroup.reading import read
from satuatap.features.estate import queries as estate
from satuatap.features.estate import terms
from satuatap.features.estate.models import Study
from satuatap.features.estate.study import ask
from satuatap.features.malls import queries as malls
from tests.web.estate.test_screens import page

pytestmark = pytest.mark.django_db


def test_every_term_of_the_citys_own_study_opens(who: Any) -> None:
    centres = [
        {"code": row.code, "centroid_lat": row.centroid_lat, "centroid_lon": row.centroid_lon}
        for row in malls.districts()
    ]
    asked = ask(estate.sheet_rows(), centres, name="uji", today=date(2026, 11, 27))
    assert asked.faults == []
    plan = {**terms.present_of(asked.raw), "dukcapil": "mpp"}
    study = Study.objects.create(who="test", seconds=1, problem=asked.raw, best_plan=plan, life="done").pk
    problem = read(asked.raw).problem
    assert problem is not None
    whole = cost(problem, plan)
    found = terms.terms_of(asked.raw, plan)
    assert set(found) - {terms.CITIZENS} >= {*whole.cash, *whole.capacity}
    for code in found:
        pieces = terms.pieces(asked.raw, plan, code)
        said = {**whole.cash, **whole.capacity, terms.CITIZENS: whole.citizen_km}.get(code, 0.0)
        assert sum(one.planned.amount for one in pieces if one.planned) == pytest.approx(said, rel=1e-9, abs=1e-3)
        text = page(who("reader"), f"/studio/kajian/{study}/unsur/{code}")
        assert "dalam rencana" in text and "Diketahui dari" in text
    text = page(who("reader"), f"/studio/kajian/{study}/unsur/electricity")
    assert "12 kali rekening sebulan" in text and "Permen ESDM 7/2024" in text and "12 x " in text
    assert "Kode rekening" in text and "kosong, dihitung tanpa sumber" in text
    page(who("reader"), f"/studio/kajian/{study}/unsur/tidak-ada", 404)
    page(who("reader"), f"/studio/kajian/{uuid4()}/unsur/electricity", 404)
    page(who("officer"), f"/studio/kajian/{study}/unsur/electricity", 403)
    Study.objects.filter(pk=study).delete()
