"""`satuatap city quality`: whose word each component is, and which of the named services fall short."""

from __future__ import annotations

import argparse
import contextlib
import json
from pathlib import Path

import pytest

from satuatap.features.catalogue import queries as catalogue
from satuatap.features.catalogue.models import Requirement, Standard
from satuatap.project.city import cli, quality
from satuatap.project.city.opening import open_city
from tests.factories.cities import PALEMBANG, change, copy_of

pytestmark = pytest.mark.django_db(transaction=True)
NAMED = {
    "kk-baru", "kk-tambah", "ktp-el-baru", "ktp-el-ganti", "akta-lahir", "kis-apbd", "kis-reaktivasi", "kis-darurat",
    "nib", "skck", "paspor-baru",
}  # fmt: skip


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SATUATAP_HOME", str(tmp_path / "home"))


def test_a_small_city_counts_each_component_once_by_its_best_word(tmp_path: Path) -> None:
    city = copy_of(tmp_path)
    own = ["kk-baru", "3", "Satu hari.", "One day.", "palembang", "", "", "https://contoh.go.id", "2026", "H", "no", ""]
    bare = ["nib", "4", "Gratis.", "Free.", "national", "", "", "", "", "", "yes", ""]
    other = [
        "kk-baru",
        "2",
        "Di Kota Lain: tiga langkah.",
        "",
        "other_office",
        "Kota Lain",
        "",
        "https://x",
        "",
        "L",
        "no",
        "",
    ]
    change(city, "standards", lambda rows: rows.extend([own, bare, other]))
    assert open_city(city).problems == []
    found = quality.measure()
    assert found["components"]["3"] == {"palembang": 1, "national": 0, "other_office": 0, "unknown": 4}
    assert found["components"]["2"] == {"palembang": 0, "national": 0, "other_office": 1, "unknown": 4}
    assert found["components"]["4"] == {"palembang": 0, "national": 1, "other_office": 0, "unknown": 4}
    assert found["services"]["nib"]["4"] == "unknown"  # a text without a source is nobody's word
    assert found["failing"]["kk-baru"] == [1, 5, 6]
    assert set(found["missing"]) == NAMED - {"kk-baru", "nib", "skck"}


def test_the_named_services_of_the_demo_city_are_sourced_and_one_that_is_not_is_listed(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert open_city(PALEMBANG).problems == []
    found = quality.measure()
    assert set(quality.PRIORITY) == NAMED
    assert found["failing"] == {} and found["missing"] == []
    for counts in found["components"].values():
        assert sum(counts.values()) == len(catalogue.services())
    Standard.objects.filter(service__code="nib", component__in=[2, 3, 4]).update(source="")
    Requirement.objects.filter(service__code="skck").delete()
    Standard.objects.filter(service__code="skck").delete()
    assert quality.measure()["failing"] == {"nib": [2, 3, 4], "skck": [1, 2, 3, 4, 5, 6]}
    monkeypatch.setattr(cli, "connected", contextlib.nullcontext)
    assert cli.run_quality(argparse.Namespace(json=False)) == 1
    assert "belum cukup: nib (komponen 2, 3, 4 belum bersumber)" in capsys.readouterr().out
    assert cli.run_quality(argparse.Namespace(json=True)) == 1
    assert json.loads(capsys.readouterr().out)["failing"].keys() == {"nib", "skck"}
