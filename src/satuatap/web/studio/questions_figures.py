"""The figures in doubt as people know them: their names, their units, and where the inventory keeps them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from satuatap.features.estate.questions.queries import City
from satuatap.web.studio.study_words import PRICE_NAMES, SPACES, language

INDEX = re.compile(r"(\w+)\[(\d+)\]")
MONTHLY = ("monthly_fixed_use", "monthly_use_per_m2")
OTHERS: Mapping[str, tuple[Any, Any]] = {
    "closing_once": (gettext_lazy("%(name)s: biaya menutup, sekali"), gettext_lazy("rupiah")),
    "fit_out_per_m2_once": (gettext_lazy("%(name)s: biaya menata ruang, sekali"), gettext_lazy("rupiah per m²")),
    "empty_yearly": (gettext_lazy("%(name)s: biaya bila kosong, setahun"), gettext_lazy("rupiah")),
    "lease_yearly": (gettext_lazy("%(name)s: sewa setahun"), gettext_lazy("rupiah")),
    "upkeep": (gettext_lazy("%(name)s: pemeliharaan setahun"), gettext_lazy("rupiah")),
    "guards": (gettext_lazy("%(name)s: penjagaan setahun"), gettext_lazy("rupiah")),
    "support": (gettext_lazy("%(name)s: tenaga pendukung setahun"), gettext_lazy("rupiah")),
    "yearly": (gettext_lazy("Kontrak %(name)s, setahun"), gettext_lazy("rupiah")),
    "monthly_use_per_person": (gettext_lazy("%(name)s: air setiap orang, sebulan"), gettext_lazy("m³")),
}
PEOPLE = (gettext_lazy("%(name)s: jumlah pegawai"), gettext_lazy("orang"))
ELECTRICITY = gettext_lazy("%(name)s: listrik sebulan, dari rekening")
AREA_NEEDED = gettext_lazy("%(name)s: m² yang diperlukan")
SHARED = "shared."  # figures that more than one number of the file is made of, by name: a norm's key, or LIST/CODE/WHAT
CHOICES = ("capacity_weight", "citizen_km", "amortise_years")  # prices that the city decides and nobody can find
PART = re.compile(r"\.of\[\d+\]\[\d+\]$")  # of a number that is made of several figures
POSTS: Mapping[str, tuple[Any, Any]] = {
    "norm_m2": (gettext_lazy("Luas yang dilayani satu petugas kebersihan"), gettext_lazy("m²")),
    "yearly": (gettext_lazy("Upah satu petugas kebersihan, setahun"), gettext_lazy("rupiah")),
    "shifts": (gettext_lazy("Giliran kerja satu pos"), gettext_lazy("giliran")),
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where the inventory keeps a figure: a sheet, the key of its row, a column."""

    sheet: str
    code: str
    column: str


@dataclass(frozen=True, slots=True)
class Found:
    """A figure as a person would look it up. ``paths``: figure of the file -> what one unit of this one is of it."""

    key: str
    name: str
    unit: str
    low: float
    likely: float
    high: float
    paths: Mapping[str, float] = field(default_factory=dict)
    place: Place | None = None

    @property
    def is_choice(self) -> bool:
        """Whether the city decides it and nobody can find it: draws of older studies hold such figures."""
        return self.key.removeprefix("prices.") in CHOICES

    @property
    def is_shared(self) -> bool:
        """Whether it is one number for the whole city, and not a building's or a unit's own."""
        return self.place is not None and self.place.sheet == "norms"

    def values(self, typed: float) -> dict[str, float]:
        """What the file's figures are when this one is known."""
        return {path: typed * share for path, share in self.paths.items()}

    def takes(self, typed: float) -> bool:
        """Whether it was thought possible, so that draws speak of it."""
        return self.low <= typed <= self.high


def found_of(path: str, city: City, drawn: Sequence[Mapping[str, Any]], rows: Mapping[str, Any]) -> Found:
    """The figure behind a path of the file. ``rows``: the inventory's buildings, units and norms, as SHEET/KEY."""
    figures = {one["path"]: one for one in drawn}
    if path.startswith(SHARED):
        return _shared(path, city, figures[path], rows)
    parts = PART.sub("", path).split(".")
    head = INDEX.fullmatch(parts[0])
    if head is None:
        name, unit = PRICE_NAMES.get(parts[-1], (parts[-1].replace("_", " "), ""))
        return _plain(path, str(name), str(unit), figures[path])
    kind, number, last = head[1], int(head[2]), parts[-1]
    thing = city.problem[kind][number]
    if last in MONTHLY and f"{parts[0]}.{parts[1]}.{MONTHLY[0]}" in figures:
        return _energy(f"{parts[0]}.{parts[1]}", thing, city, figures)
    if kind == "posts":
        name, unit = POSTS.get(last, (last, ""))
        return _plain(path, str(name), str(unit), figures[path])
    if kind == "tariffs":
        unit = _("rupiah per %(unit)s") % {"unit": thing.get("unit", "")}
        return _plain(path, _("Tarif %(name)s") % {"name": thing["id"]}, unit, figures[path])
    if "area_m2" in parts:
        return _area(path, kind, thing, last, figures[path], rows)
    words, unit = OTHERS.get(last, (gettext_lazy("%(name)s: angka lain"), ""))
    return _plain(path, str(words) % {"name": thing.get("name") or thing["id"]}, str(unit), figures[path])


def _shared(path: str, city: City, one: Mapping[str, Any], rows: Mapping[str, Any]) -> Found:
    """A norm by its meaning and unit; a figure of the lists by what it is of."""
    name = path.removeprefix(SHARED)
    kind, _slash, rest = name.partition("/")
    code, _slash, what = rest.rpartition("/")
    if not rest:
        norm = rows.get(f"norms/{name}") or {}
        meaning = norm.get("meaning_en" if language() == "en" else "meaning") or norm.get("meaning") or name
        place = Place("norms", name, "likely") if norm else None
        return _plain(path, meaning.partition(";")[0], norm.get("unit") or "", one, place)
    if kind == "posts":
        words, unit = POSTS[what]
        return _plain(path, str(words), str(unit), one)
    values = {"name": city.name(code)}
    if what == "headcount":
        return _plain(path, str(PEOPLE[0]) % values, str(PEOPLE[1]), one, Place(kind, code, what))
    if what == "area_m2":
        return _plain(path, str(AREA_NEEDED) % values, "m²", one, Place(kind, code, what))
    if what == "electricity":
        return _plain(path, str(ELECTRICITY) % values, "kWh", one)
    words, unit = OTHERS.get(what, (gettext_lazy("%(name)s: angka lain"), ""))
    return _plain(path, str(words) % values, str(unit), one)


def _plain(path: str, name: str, unit: str, one: Mapping[str, Any], place: Place | None = None) -> Found:
    return Found(path, name, unit, one["low"], one["likely"], one["high"], {path: 1.0}, place)


def _area(
    path: str, kind: str, thing: Mapping[str, Any], space: str, one: Mapping[str, Any], rows: Mapping[str, Any]
) -> Found:
    """m2: a building's by its gross m2 where it is one floor from the norm, a unit's own need."""
    name = thing.get("name") or thing["id"]
    if kind == "units":
        title = str(AREA_NEEDED) % {"name": name}
        if thing.get("public_facing"):
            return _plain(path, f"{title}, {SPACES.get(space, space)}", "m²", one)
        return _plain(path, title, "m²", one, Place("units", thing["id"], "area_m2"))
    gross = (rows.get(f"buildings/{thing['id']}") or {}).get("area_m2")
    if gross and len(thing.get("floors", ())) == 1 and not thing["floors"][0].get("name"):
        share = one["likely"] / gross
        place = Place("buildings", thing["id"], "area_m2")
        title = _("%(name)s: luas kotor") % {"name": name}
        return Found(path, title, "m²", one["low"] / share, gross, one["high"] / share, {path: share}, place)
    return _plain(path, _("%(name)s: luas %(space)s") % {"name": name, "space": SPACES.get(space, space)}, "m²", one)


def _energy(line: str, building: Mapping[str, Any], city: City, figures: Mapping[str, Mapping[str, Any]]) -> Found:
    """Electricity by the month, as the bill says it; the file holds its standing part and its part by m2."""
    used = sum(
        _likely(m2) for unit in city.units.values() if unit["present"] == building["id"]
        for m2 in unit["area_m2"].values()
    ) or sum(_likely(m2) for floor in building.get("floors", ()) for m2 in floor["area_m2"].values())  # fmt: skip
    fixed, by_m2 = figures[f"{line}.{MONTHLY[0]}"], figures.get(f"{line}.{MONTHLY[1]}")
    ends = {name: fixed[name] + (by_m2[name] * used if by_m2 else 0.0) for name in ("low", "likely", "high")}
    paths = {fixed["path"]: fixed["likely"] / ends["likely"]}
    if by_m2:
        paths[by_m2["path"]] = by_m2["likely"] / ends["likely"]
    title = str(ELECTRICITY) % {"name": building.get("name") or building["id"]}
    return Found(f"{line}.monthly", title, "kWh", ends["low"], ends["likely"], ends["high"], paths)


def _likely(number: Any) -> float:
    return float(number["likely"]) if isinstance(number, Mapping) else float(number)


@dataclass(frozen=True, slots=True)
class Choice:
    """What the city decided: its name, unit and chosen value; ``is_drawn`` in studies from before choices stood."""

    name: str
    unit: str
    value: float
    is_drawn: bool


def choices_of(city: City, drawn: Sequence[Mapping[str, Any]]) -> list[Choice]:
    """The choices that a study computed with."""
    paths, prices, found = {one["path"] for one in drawn}, city.problem.get("prices", {}), []
    for name in (name for name in CHOICES if name in prices):
        title, unit = map(str, PRICE_NAMES[name])
        unit = "" if name.endswith("_weight") else unit  # a weight has none, only a hint for its field
        found.append(Choice(title, unit, _likely(prices[name]), f"prices.{name}" in paths))
    return found
