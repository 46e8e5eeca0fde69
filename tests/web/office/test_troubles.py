"""The keeper sees first when the journal is not what was sealed, or when the server's clock jumped."""

from __future__ import annotations

from typing import Any

import pytest

from satuatap.basics.actor import Actor
from satuatap.features.journal.actions import number_entries, tell_check
from satuatap.features.journal.facts import JournalChecked
from satuatap.features.malls import actions as malls

pytestmark = pytest.mark.django_db(transaction=True)
BY = Actor.system("test")


def told(**more: Any) -> None:
    """As a night leaves it."""
    whole = {"entries": 900, "sealed": 890, "outside": 3, "wrong": "", "first": 0, "last": 0, "root_size": 0}
    tell_check(by=BY, check=JournalChecked(**{**whole, "root_made": "", "unread": 0, **more}))
    number_entries()


def seen(city, who: str) -> str:
    return city.client(who).get("/pengelolaan").content.decode()


def test_a_check_that_failed_stands_above_all_for_the_keeper_alone(city):
    told()
    assert "900 catatan utuh" in seen(city, "keeper") and "gagal" not in seen(city, "keeper")
    for words, sentence in (
        ({"wrong": "altered", "first": 7, "last": 7}, "Catatan di posisi 7 bukan lagi yang disegel."),
        ({"wrong": "older", "first": 8, "last": 20, "root_size": 20}, "Basis data lebih tua dari akar yang sudah"),
        ({"unread": 1}, "Berkas akar yang disimpan tidak terbaca."),
    ):
        told(**words)
        page = seen(city, "keeper")
        assert "Pemeriksaan jurnal gagal" in page and sentence in page and "Jangan hapus apa pun" in page
        assert 'role="alert"' in page and "catatan utuh" not in page
        assert "Pemeriksaan jurnal gagal" not in seen(city, "manager")
    assert "TIDAK cocok" in city.client("keeper").get("/pengelolaan/riwayat?bagian=system").content.decode()
    told()
    assert "Pemeriksaan jurnal gagal" not in seen(city, "keeper")


def test_a_clock_that_jumped_is_told_until_it_is_right(city):
    malls.note_jump(by=BY, seconds=-7200)
    number_entries()
    assert "Jam server mundur 2 jam." in seen(city, "keeper")
    malls.note_settled(by=BY, seconds=-7200, believed=True)
    number_entries()
    page = seen(city, "keeper")
    assert "Jam server berubah" in page and "Penghapusan data malam hari ditunda" in page
    malls.note_jump(by=BY, seconds=400 * 86400)
    malls.note_settled(by=BY, seconds=400 * 86400, believed=False)
    number_entries()
    page = seen(city, "keeper")
    assert 'role="alert"' not in page and "Jam server benar lagi" in page
