from __future__ import annotations

from django.urls import path

from satuatap.web.open import journal, sheet

app_name = "open"
urlpatterns = [
    path("terbuka/jurnal", journal.page, name="journal"),
    path("terbuka/jurnal/akar", journal.roots_list, name="roots"),
    path("terbuka/jurnal/bukti", journal.inclusion_json, name="inclusion"),
    path("terbuka/jurnal/sambungan", journal.consistency_json, name="consistency"),
    path("terbuka/jurnal/daun/<int:position>", journal.leaf_bytes, name="leaf"),
    path("terbuka/lembar-harian", sheet.daily_sheet, name="sheet"),
]
