"""PDFs with typst: one source, its values as data, our font. No network, no file of the machine but the font's.

What stands on a paper is data, never typst source, so no text can become a command.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Any, Literal

import typst
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

FAMILY = "Plus Jakarta Sans"
OTHERWISE = "Libertinus Serif"  # comes inside typst
WEIGHTS = (400, 700)
ARCHIVE: Literal["a-2b"] = "a-2b"  # PDF/A-2b (ISO 19005-2): everything that is needed to show it is inside
_lock = Lock()


def pdf(
    source: str, values: Mapping[str, Any], *, font: Path | None = None, kept: Path | None = None,
    archived: datetime | None = None,
) -> bytes:  # fmt: skip
    """The document as PDF. ``source`` reads ``json(bytes(sys.inputs.values))`` and its fonts from ``values.fonts``.

    ``font``: a variable woff2 to print with, turned into what typst reads in the folder ``kept``. Without it, or when
    it can't be read, typst's own font is used. ``archived``: make it PDF/A-2b, dated so (with its zone); what the
    standard forbids is an error of typst.
    """
    folder = fonts(font, kept) if font is not None and kept is not None else None
    data = {"fonts": [FAMILY, OTHERWISE] if folder else [OTHERWISE], **values}
    with tempfile.TemporaryDirectory() as nowhere:
        main = Path(nowhere) / "main.typ"
        main.write_text(source)
        return typst.compile(
            main,
            root=Path(nowhere),
            font_paths=[folder] if folder else [],
            ignore_system_fonts=True,
            sys_inputs={"values": json.dumps(data, ensure_ascii=False)},
            format="pdf",
            package_path=nowhere,
            package_cache_path=nowhere,
            pdf_standards=None if archived is None else ARCHIVE,
            timestamp=archived and archived.replace(microsecond=0),
        )


def fonts(font: Path, kept: Path) -> Path | None:
    """A folder with the font in two weights as typst reads it, made once for each version of the font."""
    with _lock:
        try:
            folder = kept / f"{font.stem}-{font.stat().st_mtime_ns}"
            if not folder.is_dir():
                _instances(font, folder)
        except OSError:
            return None
        return folder


def _instances(font: Path, folder: Path) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    half = Path(tempfile.mkdtemp(dir=folder.parent))
    for weight in WEIGHTS:
        one = instancer.instantiateVariableFont(TTFont(font), {"wght": weight}, updateFontNames=False)
        one["OS/2"].usWeightClass = weight
        one.flavor = None
        for record in one["name"].names:
            if record.nameID in (1, 16):
                record.string = FAMILY
        one.save(half / f"{weight}.ttf")
    os.rename(half, folder)
