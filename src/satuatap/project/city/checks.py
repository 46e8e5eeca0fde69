"""What no single column can say: hours, layouts, chains and roles that make sense together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from satuatap.features.catalogue.states import Basis
from satuatap.features.malls.states import DayKind
from satuatap.features.people.states import PLACE_OF_ROLE, Place, Role
from satuatap.plumbing.sheets.cells import near, shown
from satuatap.plumbing.sheets.schema import Contents, Problem, Row
from satuatap.project.city.estate_checks import check_estate

USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{2,59}")
POLICY_KEYS = (
    "weight_remaining",
    "cap_minutes",
    "head_start_priority_minutes",
    "recall_gap_minutes",
    "recalls_before_missed",
    "return_within_minutes",
    "undo_minutes",
    "close_after_minutes",
    "idle_minutes",
    "contact_days",
)


def check(contents: Contents) -> list[Problem]:
    """Every problem between columns and rows."""
    return [
        *_hours(contents),
        *_one_kind_of_mall(contents),
        *_skills(contents),
        *_chains(contents),
        *_special_hours(contents),
        *_offices(contents),
        *_policy(contents),
        *_staff(contents),
        *_circles(contents, "agencies", "code", "parent"),
        *_circles(contents, "sequences", "first", "then"),
        *check_estate(contents),
    ]


def _at(row: Row, column: str, wrong: str, expected: str = "") -> Problem:
    found = row.values.get(column)
    text = "; ".join(found) if isinstance(found, list) else shown(found)
    return Problem(row.sheet, row.number, column, text[:60], wrong, expected)


def _hours(contents: Contents) -> Iterator[Problem]:
    for sheet in ("hours", "calendar"):
        for row in contents.rows[sheet]:
            opens, closes = row.values["opens"], row.values["closes"]
            if opens and closes and opens >= closes:  # type: ignore[operator]
                yield _at(row, "opens", _("tidak lebih awal daripada jam tutup."), _("Buka, lalu tutup."))
    for row in contents.rows["hours"]:
        values: dict[str, Any] = row.values
        start, end = values["break_from"], values["break_until"]
        if bool(start) != bool(end):
            yield _at(row, "break_from", _("istirahat tidak lengkap."), _("Isi dari dan sampai."))
        elif start and _forward(values) and not values["opens"] <= start < end <= values["closes"]:
            yield _at(row, "break_from", _("istirahat di luar jam layanan."), _("Di antara buka dan tutup."))
        if values["valid_from"] and values["valid_until"] and values["valid_from"] > values["valid_until"]:
            yield _at(row, "valid_from", _("mulai berlaku sesudah berakhir."), _("Balikkan kedua tanggal."))


def _forward(values: dict[str, Any]) -> bool:
    return bool(values["opens"] and values["closes"]) and values["opens"] < values["closes"]


def _special_hours(contents: Contents) -> Iterator[Problem]:
    """Special hours say from when until when; a day that is closed has none."""
    for row in contents.rows["calendar"]:
        for column in ("opens", "closes") if row.values["kind"] == DayKind.SPECIAL_HOURS else ():
            if not row.values[column]:
                yield _at(row, column, _("kosong."), _("Jam khusus menyebut buka dan tutup."))


def _offices(contents: Contents) -> Iterator[Problem]:
    """What another office says is never shown without that office's name."""
    for sheet in ("standards", "requirements"):
        for row in contents.rows[sheet]:
            if row.values["basis"] == Basis.OTHER_OFFICE and not row.values["office"]:
                yield _at(row, "office", _("kosong."), _("Sebut kantor yang punya keterangan ini."))


def _one_kind_of_mall(contents: Contents) -> Iterator[Problem]:
    rows = [row for row in contents.rows["malls"] if row.values["demo"] is not None]
    for row in rows:
        if row.values["demo"] != rows[0].values["demo"]:
            expected = _("Kota contoh dan kota sungguhan memakai basis data sendiri-sendiri.")
            yield _at(row, "demo", _("mal contoh dan mal sungguhan bercampur."), expected)


def _skills(contents: Contents) -> Iterator[Problem]:
    """A desk serves steps that exist; a service without step rows is one step."""
    known = {f"{row.values['service']}/{row.values['order']}" for row in contents.rows["steps"]}
    stepped = {row.values["service"] for row in contents.rows["steps"]}
    known |= {f"{row.values['code']}/1" for row in contents.rows["services"] if row.values["code"] not in stepped}
    for row in contents.rows["desks"]:
        for skill in row.values["skills"] or ():  # type: ignore[attr-defined]
            if skill not in known:
                wrong = _("“%(skill)s” bukan langkah yang ada.") % {"skill": skill}
                yield _at(row, "skills", wrong, near(skill, known).strip() or _("Tulis layanan/urutan."))


def _chains(contents: Contents) -> Iterator[Problem]:
    """A step comes after steps of the same service that stand before it."""
    orders: dict[object, set[object]] = {}
    for row in contents.rows["steps"]:
        orders.setdefault(row.values["service"], set()).add(row.values["order"])
    for row in contents.rows["steps"]:
        for word in row.values["after"] or ():  # type: ignore[attr-defined]
            order = int(word) if word.isascii() and word.isdigit() and len(word) < 4 else None
            earlier = order is not None and row.values["order"] is not None and order < row.values["order"]  # type: ignore[operator]
            if not earlier or order not in orders[row.values["service"]]:
                wrong = _("“%(word)s” bukan urutan sebelum langkah ini.") % {"word": word}
                yield _at(row, "after", wrong, _("Angka urutan yang lebih kecil dari layanan yang sama."))


def _policy(contents: Contents) -> Iterator[Problem]:
    for row in contents.rows["policy"]:
        key = str(row.values["key"] or "")
        if key and key not in POLICY_KEYS:
            yield _at(row, "key", _("bukan aturan yang dikenal."), near(key, POLICY_KEYS).strip())


def _staff(contents: Contents) -> Iterator[Problem]:
    """Roles are limited in place: an officer to a booth, a manager to a mall."""
    booth_of = {(row.values["mall"], row.values["code"]): row.values["booth"] for row in contents.rows["desks"]}
    for row in contents.rows["staff"]:
        role, name = row.values["role"], row.values["username"]
        if name and not USERNAME.fullmatch(str(name)):
            expected = _("3 sampai 60 huruf kecil, angka, titik, - atau _, tanpa spasi.")
            yield _at(row, "username", _("bukan nama akun."), expected)
        place = PLACE_OF_ROLE[Role(str(role))] if role else Place.CITY
        if place is not Place.CITY and not row.values["mall"]:
            yield _at(row, "mall", _("kosong."), _("Peran ini berlaku di satu mal."))
        if place is Place.BOOTH and not row.values["booth"]:
            yield _at(row, "booth", _("kosong."), _("Peran ini berlaku di satu gerai."))
        booth = booth_of.get((row.values["mall"], row.values["desk"]))
        if booth and row.values["booth"] and booth != row.values["booth"]:
            wrong = _("loket itu milik gerai %(booth)s.") % {"booth": booth}
            yield _at(row, "desk", wrong, _("Pilih loket dari gerai di baris ini."))


def _circles(contents: Contents, sheet: str, start: str, end: str) -> Iterator[Problem]:
    """What must come first, or stands above, may not lead back to itself."""
    onward: dict[object, set[object]] = {}
    for row in contents.rows[sheet]:
        if row.values[start] and row.values[end]:
            onward.setdefault(row.values[start], set()).add(row.values[end])
    for row in contents.rows[sheet]:
        seen: set[object] = set()
        ahead = [row.values[end]] if row.values[end] else []
        while ahead:
            place = ahead.pop()
            if place == row.values[start]:
                yield _at(row, end, _("berputar kembali ke baris ini sendiri."), _("Putuskan lingkarannya."))
                break
            if place not in seen:
                seen.add(place)
                ahead += onward.get(place, ())
