"""One SVG sprite of the icons that are used, and no other."""

from __future__ import annotations

import re
from pathlib import Path

from satuatap.plumbing.assets.fetch import AssetTrouble

OPENING = re.compile(r"<svg\b[^>]*?viewBox=\"([^\"]+)\"[^>]*>")


def names_in(list_file: Path) -> list[str]:
    """The names in a list file: one a line, ``#`` begins a comment, in any order, repeats allowed."""
    if not list_file.exists():
        return []
    lines = (line.split("#")[0].strip() for line in list_file.read_text().splitlines())
    return sorted({line for line in lines if line})


def sprite(folder: Path, names: list[str]) -> str:
    """``<symbol id="name">`` for each icon; a name that does not exist is said, not skipped."""
    missing = [name for name in names if not (folder / f"{name}.svg").exists()]
    if missing:
        raise AssetTrouble(
            f"Ikon tidak dikenal: {', '.join(missing)}. Perbaiki daftar ikon (nama dari bootstrap-icons).",
            f"Unknown icons: {', '.join(missing)}. Mend the list of icons (names are those of bootstrap-icons).",
        )
    symbols = [_symbol(name, (folder / f"{name}.svg").read_text()) for name in names]
    return '<svg xmlns="http://www.w3.org/2000/svg">' + "".join(symbols) + "</svg>\n"


def _symbol(name: str, svg: str) -> str:
    opening = OPENING.search(svg)
    assert opening is not None, name
    body = svg[opening.end() : svg.rindex("</svg>")]
    body = re.sub(r">\s+<", "><", body.strip())
    return f'<symbol id="{name}" viewBox="{opening[1]}">{body}</symbol>'
