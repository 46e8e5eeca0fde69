"""A tile says what an agency is for, in words that are not cut off."""

from __future__ import annotations

import pytest

from satuatap.web.kiosk.menu import LETTERS_ON_A_TILE, SHOWN_FIRST, Choice, Tile, halves, words_of


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ([], ""),
        (["Bikin paspor"], "Bikin paspor"),
        (["Izin usaha kecil", "Izin lokasi usaha", "Izin klinik"], "Izin usaha kecil, izin lokasi usaha"),
        (["Surat kelakuan baik", "Perpanjang surat kelakuan baik", "Laporan"], "Surat kelakuan baik, laporan"),
        (["KTP baru umur 17", "KTP anak"], "KTP baru umur 17, KTP anak"),
        (["Surat izin yang namanya panjang sekali di kertas", "Izin pendek"], "Izin pendek"),
    ],
)
def test_the_words_of_a_tile_are_whole(names: list[str], words: str) -> None:
    assert words_of(names) == words
    assert len(words) <= LETTERS_ON_A_TILE


def tile(code: str, chosen: bool) -> Tile:
    return Tile(code, code, "", None, None, 1, (Choice("x", "x", chosen),))


def test_an_agency_with_something_chosen_is_never_hidden() -> None:
    tiles = [tile(f"t{n:02d}", chosen=n in (4, 12)) for n in range(14)]
    first, more = halves(tiles)
    assert [one.code for one in first] == ["t00", "t01", "t02", "t03", "t04", "t05", "t06", "t07", "t12"]
    assert len(first) == SHOWN_FIRST and len(first) + len(more) == len(tiles)
    all_chosen = [tile(f"t{n:02d}", chosen=True) for n in range(12)]
    assert [one.code for one in halves(all_chosen)[1]] == ["t09", "t10", "t11"]
