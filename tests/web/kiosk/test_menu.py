"""A tile says what an agency is for, in words that are not cut off."""

from __future__ import annotations

import pytest

from satuatap.web.kiosk.menu import LETTERS_ON_A_TILE, words_of


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
