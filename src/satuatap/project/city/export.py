"""The city as it is now, written as the files that ``city open`` reads: no person in them, the same bytes each time."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from satuatap.features.catalogue import promises
from satuatap.features.catalogue import queries as catalogue
from satuatap.features.estate import queries as estate
from satuatap.features.malls import queries as malls
from satuatap.features.people import queries as people
from satuatap.features.plans import published
from satuatap.features.visits import queries as visits
from satuatap.features.visits.actions.layout import PolicyRow, has_floor
from satuatap.features.visits.policies import DEFAULT_NUMBERS, weights_of
from satuatap.plumbing.sheets.write import as_csv, write_xlsx
from satuatap.project.city.format import BOOK

Rows = dict[str, list[dict[str, Any]]]
MS_A_MINUTE = 60_000
WORKBOOK = "kota.xlsx"
BOUNDARIES = "districts.geojson"
PEOPLE = ("staff",)  # sheets that name persons: written with their headers alone


class FolderInUse(Exception):
    """Something stands in the folder already: an export never mixes with it."""


def city_rows(only: Collection[str] | None = None) -> Rows:
    """Every sheet that ``city open`` reads, as values; of the sheets that name persons no row.

    ``only``: at least these sheets; what is dear to read and not among them is left out.
    """
    malls.forget()
    catalogue.forget()
    found = {"agencies": people.agency_rows(), **malls.sheet_rows(), **catalogue.sheet_rows()}
    found |= {**promises.sheet_rows(), **published.sheet_rows(), **estate.sheet_rows(only)}
    desks = found.pop("desks")
    if only is None or "desks" in only:
        found["desks"] = _with_skills(desks)
    found["policy"] = _policy(found["policy"])
    return found | {sheet: [] for sheet in PEOPLE}


def _with_skills(desks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What each desk can do; nothing where it is every step of its own agency, as in the files."""
    steps = {step.id: step for step in catalogue.all_steps()}
    rows = []
    for desk in desks:
        number = desk.pop("id")
        place = malls.desk_place(number)
        able = set(visits.skills_of(number)) & set(steps) if place and has_floor(place.mall) else set()
        every = {step.id for step in steps.values() if place and step.agency_code == place.agency_code}
        codes = [f"{steps[s].service_code}/{steps[s].order}" for s in able] if able != every else []
        rows.append({**desk, "skills": sorted(codes)})
    return rows


def policy_now() -> dict[str, float]:
    """The numbers of the calling policy in force, in the units of its sheet."""
    mall = next((view.id for view in malls.malls() if has_floor(view.id)), None)
    if mall is None:
        return {}
    policy = weights_of(mall)
    priority = policy.weights.classes.get(1)
    return {
        "weight_remaining": policy.weights.weight_remaining / 1000,
        "cap_minutes": policy.weights.cap / (MS_A_MINUTE * 1000),
        "head_start_priority_minutes": (priority.base if priority else 0) / (MS_A_MINUTE * 1000),
        **policy.numbers,
    }


def _policy(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The numbers in force with what the files said about them; those that nobody named only where they differ."""
    now, usual = policy_now(), PolicyRow()
    usual_numbers = {name: getattr(usual, name) for name in PolicyRow.__slots__ if name in now} | DEFAULT_NUMBERS
    rows = [{**line, "value": float(now[line["key"]])} for line in lines if line["key"] in now]
    named = {line["key"] for line in lines}
    for key, value in now.items():
        if key not in named and value != usual_numbers.get(key):
            rows.append({"key": key, "value": float(value), "synthetic": True})
    return rows


def _boundaries() -> bytes:
    """The shapes of the districts as GeoJSON; nothing where there are none."""
    shapes = [
        {"type": "Feature", "properties": {"code": row.code, "name": row.name}, "geometry": row.boundary}
        for row in malls.districts()
        if row.boundary
    ]
    whole = {"type": "FeatureCollection", "features": shapes}
    return (
        (json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n").encode()
        if shapes
        else b""
    )


def city_files(rows: Mapping[str, Sequence[Mapping[str, Any]]] | None = None) -> dict[str, bytes]:
    """The files of an export by name: a CSV a sheet, and the districts' boundaries."""
    found = city_rows() if rows is None else rows
    files = {f"{sheet.key}.csv": as_csv(sheet, found.get(sheet.key, ())) for sheet in BOOK.sheets}
    boundaries = _boundaries()
    return {**files, BOUNDARIES: boundaries} if boundaries else files


def export_city(folder: Path, *, xlsx: bool = False) -> list[Path]:
    """Write the city into a new or empty folder, all or nothing; ``FolderInUse`` where something stands in it."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FolderInUse(str(folder))
    rows = city_rows()
    files = city_files(rows)
    folder.parent.mkdir(parents=True, exist_ok=True)
    beside = folder.parent / f".{folder.name}.part-{os.getpid()}"
    beside.mkdir()
    try:
        for name, data in files.items():
            if not xlsx or not name.endswith(".csv"):
                _write(beside / name, data)
        if xlsx:
            write_xlsx(beside / WORKBOOK, BOOK, rows)
        _flush(beside)
        beside.rename(folder)
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise
    _flush(folder.parent)
    return sorted(folder.iterdir())


def _write(path: Path, data: bytes) -> None:
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _flush(folder: Path) -> None:
    """A name that was given survives a power cut only once its folder was written."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
