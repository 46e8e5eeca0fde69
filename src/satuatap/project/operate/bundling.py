"""Everything to install without a network, in one folder: source, wheels by the hashes of the lock, built assets."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable
from pathlib import Path

import satuatap
from satuatap.project.cli.sentences import Trouble

LOCKS = ("requirements-bootstrap.txt", "requirements.txt")
SOURCE, WHEELS, SUMS, ABOUT, INSTALL = "satuatap", "wheels", "SHA256SUMS", "bundle.json", "install.sh"
LEFT_OUT = {".git", ".venv", ".cache", "var", "build", "node_modules", "__pycache__"}
Say = Callable[[str], None]


def bundle(checkout: Path, folder: Path, say: Say) -> int:
    """Write the bundle into ``folder``, which must be new or empty; returns its bytes. Raises ``Trouble``."""
    if folder.exists() and any(folder.iterdir()):
        raise Trouble(
            f"Folder {folder} tidak kosong dan tidak ditimpa. Pilih folder baru.",
            f"The folder {folder} is not empty and is not overwritten. Choose a new folder.",
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _source(checkout, folder / SOURCE)
        say("mengambil pustaka menurut daftar kunci ...")
        _wheels(checkout, folder / WHEELS)
        shutil.copy(checkout / "deploy" / "install_bundle.sh", folder / INSTALL)
        (folder / ABOUT).write_text(json.dumps(about(), indent=1) + "\n")
        _sums(folder)
    except OSError as problem:
        raise Trouble(
            f"Paket tidak dapat ditulis ke {folder} ({problem.strerror}). Periksa hak dan ruang disk.",
            f"The bundle can't be written to {folder} ({problem.strerror}). Check rights and disk space.",
        ) from None
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def about() -> dict[str, str]:
    """For which machines it is: wheels fit one version of Python and one kind of machine."""
    return {
        "satuatap": satuatap.__version__,
        "python": f"{sys.version_info.major}.{sys.version_info.minor}",
        "machine": platform.machine(),
        "platform": sysconfig.get_platform(),
        "libc": " ".join(platform.libc_ver()),
    }


def _tracked(checkout: Path) -> list[Path]:
    """The files of the source as they stand here: all that git does not ignore, or everything but what is made."""
    if (checkout / ".git").exists() and shutil.which("git"):
        command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        done = subprocess.run(command, cwd=checkout, capture_output=True, check=True)
        names = [os.fsdecode(name) for name in done.stdout.split(b"\0") if name]
        return [Path(name) for name in names if (checkout / name).is_file()]
    paths = (path.relative_to(checkout) for path in checkout.rglob("*") if path.is_file())
    return sorted(path for path in paths if not LEFT_OUT & set(path.parts))


def _source(checkout: Path, target: Path) -> None:
    for name in _tracked(checkout):
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(checkout / name, target / name)
    shutil.copytree(checkout / "build" / "assets", target / "build" / "assets")


def _wheels(checkout: Path, target: Path) -> None:
    """pip checks every hash; without network or with another file it stops."""
    for lock in LOCKS:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--require-hashes", "--no-deps"]
        command += ["--only-binary", ":all:", "--dest", str(target), "-r", str(checkout / lock)]
        done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
        if done.returncode:
            why = (done.stderr.strip().splitlines() or ["?"])[-1][:300]
            raise Trouble(
                f"Pustaka dari {lock} tidak dapat diambil: {why} Periksa jaringan ke PyPI (atau PIP_INDEX_URL).",
                f"The packages of {lock} can't be fetched: {why} Check the network to PyPI (or PIP_INDEX_URL).",
            )


def _sums(folder: Path) -> None:
    """In the words of ``sha256sum --check``."""
    lines = []
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        with path.open("rb") as file:
            lines.append(f"{hashlib.file_digest(file, 'sha256').hexdigest()}  {path.relative_to(folder)}\n")
    (folder / SUMS).write_text("".join(lines))
