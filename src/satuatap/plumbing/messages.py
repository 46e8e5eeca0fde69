"""Compile translation catalogues by Babel, so that no gettext programs are needed."""

from __future__ import annotations

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po


def compile_catalogues(root: Path) -> int:
    """Every .po under ``root`` that is newer than its .mo; returns how many were compiled."""
    count = 0
    for source in sorted(root.rglob("locale/*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as file:
            catalogue = read_po(file, locale=source.parents[1].name)
        new = target.with_suffix(".mo.new")
        with new.open("wb") as file:
            write_mo(file, catalogue)
        new.replace(target)
        count += 1
    return count
