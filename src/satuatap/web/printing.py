"""Files to print or to keep, as answers: a PDF by typst in our font, a workbook, a QR code."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

import segno
from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpResponse

from satuatap.plumbing import papers

KEPT = 40  # papers in memory, at most some 300 kB each
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def printed(source: Path, values: Mapping[str, Any], name: str, *, archived: datetime | None = None) -> HttpResponse:
    """The paper as PDF; ``archived``: as PDF/A-2b of that moment."""
    made = _made(source.read_text(), json.dumps(values, ensure_ascii=False), archived, str(settings.HOME))
    return _file(made, "application/pdf", f'inline; filename="{name}.pdf"')


@lru_cache(maxsize=KEPT)
def _made(source: str, values: str, archived: datetime | None, home: str) -> bytes:
    """A paper that says the same is the same file: everybody may ask for posters, and each takes a processor's time."""
    found = finders.find("vendor/font.woff2")
    font = Path(found) if isinstance(found, str) else None
    return papers.pdf(source, json.loads(values), font=font, kept=Path(home) / "fonts", archived=archived)


def workbook(content: bytes, name: str) -> HttpResponse:
    """An XLSX to keep."""
    return _file(content, XLSX, f'attachment; filename="{name}.xlsx"')


def qr(address: str) -> str:
    """A QR code as SVG."""
    out = BytesIO()
    segno.make(address, error="m", micro=False).save(out, kind="svg", border=2, xmldecl=False, nl=False)
    return out.getvalue().decode()


def _file(content: bytes, kind: str, disposition: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=kind)
    answer.headers["Content-Disposition"] = disposition
    answer.headers["Cache-Control"] = "no-store"
    return answer
