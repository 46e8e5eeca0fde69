"""A service's standard on a poster: 14 components, nothing invented, the address that holds now."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client

from satuatap.features.catalogue import queries as catalogue
from satuatap.features.catalogue.actions import put_catalogue
from satuatap.features.plans.queries import MovedService
from satuatap.web.portal.posters import poster_values
from tests.factories.people import BY, make_agency

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _service() -> None:
    make_agency("dinas-a")
    said: dict[str, Any] = {"service": "izin", "text_en": "", "qualifier": ""}
    put_catalogue(
        by=BY,
        rows={
            "services": [{"code": "izin", "name": "Izin #usaha", "agency": "dinas-a"}],
            "documents": [{"code": "ktp", "name": "KTP-el"}],
            "requirements": [
                {"service": "izin", "order": 1, "document": "ktp", "need": "always", "form": "copy",
                 "basis": "national"}
            ],
            "standards": [
                {**said, "component": 3, "text": "Satu jam di kota lain.", "basis": "other_office", "office": "Kota B"},
                {**said, "component": 3, "text": "Belum kami temukan.", "basis": "unknown"},
                {**said, "component": 4, "text": "Gratis.", "basis": "palembang"},
            ],
            "places": [{"service": "izin", "kind": "agency_office", "name": "Kantor A", "address": "Jl. Baru 2",
                        "can_finish": "yes"}],
        },
    )  # fmt: skip
    catalogue.forget()


def test_fourteen_components_and_nothing_of_other_offices() -> None:
    shown = poster_values(catalogue.service("izin"), None)
    texts = {int(one["number"]): one["texts"] for one in (*shown["public"], *shown["inside"])}
    assert list(texts) == list(range(1, 15)) and len(shown["public"]) == 6
    assert texts[1] == ["KTP-el, fotokopi"] and texts[4] == ["Gratis."] and texts[3] == [] and texts[12] == []
    assert shown["places"] == ["Kantor A, Jl. Baru 2"] and not shown["moved"]


def test_the_poster_is_printed_in_both_sizes_and_tells_a_move() -> None:
    for size, width in (("a4", b"595"), ("a3", b"841")):
        paper = Client().get(f"/layanan/izin/standar.pdf?ukuran={size}")
        assert paper.headers["Content-Type"] == "application/pdf"
        assert re.search(rb"/MediaBox ?\[0 0 " + width, paper.content) and re.search(rb"/Count 1\b", paper.content)
    assert Client().get("/layanan/tidak-ada/standar.pdf").status_code == 404
    moved = MovedService("izin", "p", 1, date(2026, 11, 27), "Lama", "Jl. Lama 1", "Kantor A", "Jl. Baru 2")
    assert poster_values(catalogue.service("izin"), moved)["moved"] == {
        "since": "27 November 2026", "new": "Kantor A, Jl. Baru 2", "old": "Lama, Jl. Lama 1"
    }  # fmt: skip
