"""What the engines' machine code was made from. Needs neither Django nor a driver, and loads no solver."""

from __future__ import annotations

import hashlib
import platform
import sys
from importlib.metadata import version
from pathlib import Path

ENGINES = Path(__file__).resolve().parent.parent / "engines"


def stamp() -> str:
    """The engines' files, numba, Python and the processor, as one number."""
    told = hashlib.sha256(f"{version('numba')} {sys.version} {platform.machine()} {platform.processor()}".encode())
    for path in sorted(ENGINES.rglob("*.py")):
        told.update(path.read_bytes())
    return told.hexdigest()


def note(mark: Path) -> None:
    """They are made now, from this."""
    mark.write_text(stamp())
