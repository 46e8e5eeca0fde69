"""The engines' loops as machine code, made ahead of the first study, which would wait half a minute for them.

``satuatap build --tests`` makes them at once; an installation's first server has them made beside it, out of the way.
Holds no solver, so that the server loads none.
"""

from __future__ import annotations

import hashlib
import os
import platform
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

from satuatap.project import environment

ENGINES = Path(__file__).resolve().parent.parent / "engines"
COMMAND = (sys.executable, "-m", "satuatap.project.cli.start", "regroup", "kernels")
LAST = 19  # niceness: whatever else wants the machine goes first


def stamp() -> str:
    """What the machine code was made from: the engines' files, numba, Python and the processor."""
    told = hashlib.sha256(f"{version('numba')} {sys.version} {platform.machine()} {platform.processor()}".encode())
    for path in sorted(ENGINES.rglob("*.py")):
        told.update(path.read_bytes())
    return told.hexdigest()


def mark() -> Path:
    """Where it is noted: beside the assets of a checkout, else in the installation's folder."""
    beside = environment.CHECKOUT / "build"
    return (beside if beside.is_dir() and os.access(beside, os.W_OK) else environment.home()) / "kernels"


def are_made() -> bool:
    """Whether these engines' loops were compiled before."""
    try:
        return mark().read_text() == stamp()
    except OSError:
        return False


def note() -> None:
    """They are made now."""
    mark().write_text(stamp())


def begin() -> subprocess.Popen[bytes] | None:
    """Have them made by a process of its own, if they are not; it ends with this one."""
    if are_made():
        return None
    return subprocess.Popen(COMMAND, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
