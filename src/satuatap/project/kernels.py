"""The engines' loops as machine code, made ahead of the first study, which would wait half a minute for them.

``satuatap build --tests`` makes them at once; an installation's first server has them made beside it, out of the way.
Holds no solver, so that the server loads none.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from satuatap.project import environment
from satuatap.project.kernels_stamp import stamp

MAKE = (sys.executable, "-m", "satuatap.project.cli.start", "regroup", "kernels")


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


def command() -> tuple[str, ...]:
    """What makes them, and notes it."""
    return (*MAKE, str(mark()))


def begin() -> subprocess.Popen[bytes] | None:
    """Have them made by a process of its own, if they are not; it ends with this one."""
    if are_made():
        return None
    quiet = subprocess.DEVNULL
    return subprocess.Popen(command(), stdin=quiet, stdout=quiet, stderr=quiet)
