"""How well a figure of a row is known, and who may change a norm."""

from __future__ import annotations

from collections.abc import Container, Mapping
from typing import Any

from satuatap.features.estate.states import Standing
from satuatap.features.people.states import Role

RUPIAH = "Rp"


def standing(row: Mapping[str, Any], column: str) -> Standing:
    """By the row's own words: a made-up row or column, a source, a kode rekening where it is a cost."""
    if row.get(column) is None or row.get(column) == "":
        return Standing.NORM
    if row.get("synthetic") or column in (row.get("made_up") or ()):
        return Standing.SYNTHETIC
    if row.get("source") and ("budget_code" not in row or row["budget_code"]):
        return Standing.SOURCED
    return Standing.UNSOURCED
