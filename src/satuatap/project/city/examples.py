"""The example rows of the templates: one small city that opens as it stands, every row marked as made up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from satuatap.project.city import estate_examples

MALL, DUKCAPIL, DPMPTSP = "mpp-contoh", "dukcapil", "dpmptsp"
Cells = Mapping[str, str]


def _rows(*rows: Cells) -> Sequence[Cells]:
    return [{**row, "synthetic": "yes", "note": "Contoh: ganti atau hapus baris ini."} for row in rows]


def _rect(x: int, y: int, w: int, h: int) -> Cells:
    return {"x": str(x), "y": str(y), "w": str(w), "h": str(h)}


def _hours(weekday: int, break_from: str, break_until: str, label: str) -> Cells:
    times = {"opens": "08:00", "closes": "15:00", "break_from": break_from, "break_until": break_until}
    return {"mall": MALL, "weekday": str(weekday), **times, "label": label}


EXAMPLES: Mapping[str, Sequence[Cells]] = {
    "city": _rows({"key": "name", "value": "Kota Contoh"}),
    "agencies": _rows(
        {
            "code": DUKCAPIL, "name": "Dinas Kependudukan dan Pencatatan Sipil", "short_name": "Dukcapil",
            "name_en": "Population and Civil Registration Office", "kind": "opd",
        },
        {
            "code": DPMPTSP, "name": "Dinas Penanaman Modal dan Pelayanan Terpadu Satu Pintu", "short_name": "DPMPTSP",
            "name_en": "Investment and One-Stop Service Office", "kind": "opd",
        },
    ),
    "districts": _rows({"code": "00.00.01", "name": "Kecamatan Contoh"}),
    "malls": _rows({"code": MALL, "name": "MPP Contoh", "timezone": "Asia/Jakarta", "demo": "no"}),
    "zones": _rows({
        "mall": MALL, "code": "A", "name": "Zona A", "name_en": "Zone A", "wayfinding": "Sisi kiri dari pintu utama.",
        "wayfinding_en": "Left of the main door.", **_rect(20, 20, 960, 520),
    }),
    "booths": _rows(
        {"mall": MALL, "code": DUKCAPIL, "agency": DUKCAPIL, "zone": "A", "name": "Gerai Dukcapil",
         "name_en": "Civil registration booth", "level": "full", **_rect(40, 40, 300, 80)},
        {"mall": MALL, "code": DPMPTSP, "agency": DPMPTSP, "zone": "A", "name": "Gerai DPMPTSP",
         "name_en": "Investment booth", "level": "full", **_rect(380, 40, 300, 80)},
    ),
    "desks": _rows(
        {"mall": MALL, "booth": DUKCAPIL, "code": "1", "skills": "kk-baru/1", "opens": "yes", **_rect(40, 130, 60, 40)},
        {"mall": MALL, "booth": DPMPTSP, "code": "2", "opens": "yes", **_rect(380, 130, 60, 40)},
    ),
    "hours": _rows(
        *(_hours(weekday, "12:00", "13:00", "biasa") for weekday in range(1, 5)), _hours(5, "11:30", "13:00", "jumat")
    ),
    "calendar": _rows({
        "date": "2026-12-25", "kind": "national_holiday", "name": "Hari Raya Natal", "name_en": "Christmas Day",
    }),
    "services": _rows(
        {"code": "kk-baru", "agency": DUKCAPIL, "name": "Penerbitan Kartu Keluarga baru", "name_en": "New family card",
         "everyday_name": "KK baru", "category": "Keluarga", "expected_minutes": "8", "at_mall": "yes",
         "icon": "people"},
        {"code": "nib", "agency": DPMPTSP, "name": "Nomor Induk Berusaha", "name_en": "Business number",
         "everyday_name": "Izin usaha", "category": "Usaha", "expected_minutes": "12", "at_mall": "yes",
         "icon": "shop"},
    ),
    "steps": _rows(
        {"service": "nib", "order": "1", "agency": DPMPTSP, "name": "Pendampingan pengisian", "expected_minutes": "8",
         "name_en": "Help with the form"},
        {"service": "nib", "order": "2", "agency": DPMPTSP, "name": "Pencetakan", "expected_minutes": "4",
         "name_en": "Printing"},
    ),
    "standards": _rows({
        "service": "kk-baru", "component": "3", "text": "Tulis jangka waktunya di sini.",
        "text_en": "Write the time that it takes here.", "basis": "unknown",
    }),
    "documents": _rows(
        {"code": "kartu-keluarga", "name": "Kartu Keluarga", "name_en": "Family card", "issued_by": "kk-baru"},
        {"code": "buku-nikah", "name": "Buku nikah", "name_en": "Marriage book"},
    ),
    "requirements": _rows({
        "service": "kk-baru", "order": "1", "document": "buku-nikah", "need": "always", "form": "original",
        "basis": "unknown",
    }),
    "places": _rows({
        "service": "kk-baru", "kind": "mall", "name": "MPP Contoh", "name_en": "Example mall", "can_finish": "yes",
    }),
    "life_events": _rows({
        "code": "menikah", "name": "Menikah", "name_en": "Getting married", "icon": "people", "order": "1",
    }),
    "life_event_services": _rows({"event": "menikah", "service": "kk-baru", "order": "1"}),
    "sequences": _rows({
        "first": "kk-baru", "then": "nib", "reason": "Data KK dipakai di NIB.", "reason_en": "NIB uses it.",
    }),
    "policy": _rows(
        {"key": "weight_remaining", "value": "4", "unit": "kali"},
        {"key": "cap_minutes", "value": "90", "unit": "menit"},
        {"key": "head_start_priority_minutes", "value": "30", "unit": "menit"},
    ),
    "staff": _rows(
        {"username": "loket1", "role": "officer", "mall": MALL, "booth": DUKCAPIL, "desk": "1",
         "display_name": "Petugas loket 1"},
        {"username": "manajer", "role": "manager", "mall": MALL, "display_name": "Manajer MPP"},
        {"username": "pengelola", "role": "keeper", "mall": MALL, "display_name": "Pengelola sistem"},
        {"username": "informasi", "role": "help_desk", "mall": MALL, "display_name": "Petugas informasi"},
        {"username": "anjungan", "role": "kiosk", "mall": MALL, "display_name": "Anjungan mandiri"},
    ),
    "synonyms": _rows({"phrase": "kartu nikah baru", "services": "kk-baru", "kind": "service"}),
    "promises": _rows({"mall": MALL, "service": "kk-baru", "minutes": "30", "decree": ""}),
    "loads": _rows({"mall": MALL, "service": "kk-baru", "yearly": "12000"}),
    "arrivals": _rows({"from": "08:00", "share": "0.6"}, {"from": "08:30", "share": "0.4"}),
    "published": _rows({"code": "contoh", "title": "Rencana contoh"}),
    "claims": _rows({"plan": "contoh", "low": "1000000", "on": "2026-01-31", "yearly": "yes"}),
    **{sheet: _rows(*rows) for sheet, rows in estate_examples.ROWS.items()},
}  # fmt: skip
