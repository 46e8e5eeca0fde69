"""The quality of what is known: oddities in sentences with the way to their row, and how much is made up."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from satuatap.features.estate import quality
from satuatap.features.estate import queries as estate
from satuatap.features.estate.states import Standing
from satuatap.web.estate.shared import LISTS, READ, page
from satuatap.web.guards import role_required
from satuatap.web.sheets import city


@role_required(*READ)
@require_safe
def quality_page(request: HttpRequest) -> HttpResponse:
    """Every remark with a link to its row; each sheet's figures by how well they are known; what is made up."""
    rows = estate.sheet_rows()
    keys = {(sheet, row["code"]): city().row_key(sheet, row) for sheet in ("buildings", "units") for row in rows[sheet]}
    names = {(sheet, row["code"]): row["name"] for sheet in ("buildings", "units") for row in rows[sheet]}
    remarks = [
        (one, names[one.sheet, one.code], f"{LISTS}/{one.sheet}/{keys[one.sheet, one.code]}")
        for one in quality.remarks(rows)
    ]
    known = quality.standings(rows)
    whole = sum(known.values())
    values = {
        "remarks": remarks, "known": [(one, known[one]) for one in Standing if known[one]], "whole": whole,
        "sourced": known[Standing.SOURCED], "sheets": _sheets(rows), "made_up": made_up(rows),
    }  # fmt: skip
    return page(request, "houses", "quality", values)


def _sheets(rows: Any) -> list[tuple[Any, int, int, int]]:
    """Of each sheet: how many rows, how many without source, how many made up."""
    return [
        (
            city().sheet_of(name), len(rows[name]),
            sum(not row["source"] and not row["synthetic"] for row in rows[name]),
            sum(bool(row["synthetic"] or row.get("made_up")) for row in rows[name]),
        )
        for name in city().ESTATE_SHEETS
        if rows.get(name)
    ]  # fmt: skip


def made_up(rows: Any) -> list[str]:
    """What is made up, in sentences."""
    found = []
    for name in city().ESTATE_SHEETS:
        sheet = city().sheet_of(name)
        whole = sum(bool(row["synthetic"]) for row in rows.get(name, ()))
        if whole:
            values = {"sheet": _(sheet.label), "count": whole, "all": len(rows[name])}
            found.append(_("%(sheet)s: %(count)d dari %(all)d baris seluruhnya rekaan.") % values)
        for column in sheet.columns:
            some = sum(column.key in (row.get("made_up") or ()) for row in rows.get(name, ()) if not row["synthetic"])
            if some:
                values = {"sheet": _(sheet.label), "column": _(column.label), "count": some}
                found.append(_("%(sheet)s, kolom %(column)s: rekaan di %(count)d baris.") % values)
    return found
