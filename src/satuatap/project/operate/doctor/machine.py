"""Disk, memory, clock, certificate, printers, files: what can be known without the database."""

from __future__ import annotations

import ctypes
import socket
import ssl
import stat
import sys
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from cryptography import x509

import satuatap
from satuatap.plumbing.keyring import FILE as KEYS
from satuatap.plumbing.space import Room, space
from satuatap.project.operate.changeover import FOLDER as CHANGING
from satuatap.project.operate.doctor.findings import Finding, Level, fine

TIME_ERROR = 5  # what adjtimex answers while nobody keeps the clock right
LEAST_MEMORY_MB = 300
CERTIFICATE_SOON, CERTIFICATE_BAD = 21, 3  # days


def versions() -> Finding:
    text = f"satuatap {satuatap.__version__}, Python {sys.version.split()[0]}"
    return fine("versions", text, text)


def disk(name: str, folder: Path) -> Finding:
    here = space(folder)
    left = f"{here.free / 1e9:.1f} / {here.total / 1e9:.1f} GB"
    if here.room is Room.ENOUGH:
        return fine(name, f"{folder}: tersisa {left}.", f"{folder}: {left} left.")
    bad = here.room is Room.NEARLY_NONE
    also, also_en = ("; impor sudah dihentikan", "; imports have been stopped") if bad and name == "disk" else ("", "")
    return Finding(
        name,
        Level.BAD if bad else Level.SOON,
        f"{folder}: tinggal {left}{also}. Hapus folder before-*, cadangan lama yang sudah disalin, atau perbesar disk.",
        f"{folder}: only {left} left{also_en}. Remove folders before-*, old backups that were copied, or enlarge it.",
    )


def memory(meminfo: str | None = None) -> Finding:
    text = Path("/proc/meminfo").read_text() if meminfo is None else meminfo
    rows = dict(line.split(":", 1) for line in text.splitlines() if ":" in line)
    free, total = (int(rows[name].split()[0]) // 1024 for name in ("MemAvailable", "MemTotal"))
    if free >= LEAST_MEMORY_MB:
        return fine("memory", f"Memori bebas {free} dari {total} MB.", f"{free} of {total} MB of memory are free.")
    return Finding(
        "memory",
        Level.BAD,
        f"Memori bebas tinggal {free} dari {total} MB. Hentikan program lain di mesin ini atau tambah memori.",
        f"Only {free} of {total} MB of memory are free. Stop other programs on this machine or add memory.",
    )


def clock_is_kept() -> bool | None:
    """Whether the kernel's clock is kept right by somebody (NTP); ``None`` when that can't be known."""
    try:
        room = ctypes.create_string_buffer(512)  # larger than struct timex of every machine; modes 0: only look
        answer = ctypes.CDLL(None, use_errno=True).adjtimex(room)
    except (OSError, AttributeError):
        return None
    return None if answer < 0 else answer != TIME_ERROR


def clock(kept: bool | None) -> Finding:
    if kept:
        return fine("clock", "Jam mesin diselaraskan.", "The machine's clock is synchronised.")
    return Finding(
        "clock",
        Level.NOTE if kept is None else Level.SOON,
        "Jam mesin tidak diketahui diselaraskan. Pasang chrony atau systemd-timesyncd dengan server waktu kota.",
        "The machine's clock is not known to be synchronised. Install chrony or systemd-timesyncd with the city's time "
        "server.",
    )


def certificate(url: str, now: datetime) -> Finding:
    """The end of the certificate that browsers get at the public address."""
    parts = urlsplit(url)
    if parts.scheme != "https":
        return Finding(
            "certificate",
            Level.NOTE,
            f"{url} tanpa HTTPS: kunci sandi (passkey) dan layar tetap menyala tidak berfungsi; kata sandi lewat "
            "tanpa enkripsi. Pasang sertifikat: docs/guides/install.md.",
            f"{url} is without HTTPS: passkeys and the wake lock do not work; passwords travel in "
            "the clear. Put a certificate in place: docs/guides/install.md.",
        )
    host, port = parts.hostname or "", parts.port or 443
    try:
        trusted, ends = certificate_of(host, port)
    except (OSError, ValueError) as problem:
        return Finding(
            "certificate",
            Level.BAD,
            f"Sertifikat {host}:{port} tidak dapat dilihat ({type(problem).__name__}). Apakah proksinya berjalan?",
            f"The certificate of {host}:{port} can't be seen ({type(problem).__name__}). Does the proxy run?",
        )
    days = (ends - now).days
    if days < CERTIFICATE_SOON:
        return Finding(
            "certificate",
            Level.BAD if days < CERTIFICATE_BAD else Level.SOON,
            f"Sertifikat {host} berakhir {ends:%Y-%m-%d} ({days} hari lagi). Perbarui sekarang.",
            f"The certificate of {host} ends on {ends:%Y-%m-%d} (in {days} days). Renew it now.",
        )
    also = "" if trusted else "; mesin ini tidak mengenal penerbitnya (otoritas sendiri?)"
    also_en = "" if trusted else "; this machine does not know who issued it (an authority of your own?)"
    return fine(
        "certificate",
        f"Sertifikat {host} sampai {ends:%Y-%m-%d}{also}.",
        f"Certificate until {ends:%Y-%m-%d}{also_en}.",
    )


def certificate_of(host: str, port: int) -> tuple[bool, datetime]:
    """Whether this machine trusts it, and when it ends."""
    context = ssl.create_default_context()
    try:
        with socket.create_connection((host, port), 5) as line, context.wrap_socket(line, server_hostname=host):
            trusted = True
    except ssl.SSLCertVerificationError:
        trusted = False
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE  # only to read its date
    with socket.create_connection((host, port), 5) as line, context.wrap_socket(line, server_hostname=host) as wrapped:
        raw = wrapped.getpeercert(binary_form=True)
    if raw is None:
        raise ValueError("no certificate")
    return trusted, x509.load_der_x509_certificate(raw).not_valid_after_utc.astimezone(UTC)


def printers() -> Finding:
    """Kiosks print through their browsers; nothing tells the server whether paper came out."""
    return Finding(
        "printers",
        Level.NOTE,
        "Server tidak dapat melihat printer: tiap kiosk mencetak lewat perambannya. Cetak satu nomor coba di tiap "
        "kiosk tiap pagi, dan lihat kertasnya.",
        "The server can't see printers: each kiosk prints through its browser. Print a trial number at each kiosk "
        "every morning, and look at the paper.",
    )


def files(home: Path) -> list[Finding]:
    """Secrets that others may read, and what an interrupted change left behind."""
    found = []
    for path in (home, home / KEYS, home / "secret_key"):
        if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077:
            found.append(
                Finding(
                    "files",
                    Level.BAD,
                    f"{path} dapat dibaca pengguna lain. Jalankan: chmod go= {path}",
                    f"{path} can be read by other users. Run: chmod go= {path}",
                )
            )
    if (home / CHANGING).exists():
        found.append(
            Finding(
                "files",
                Level.NOTE,
                f"{home / CHANGING} ditinggalkan pemulihan atau peningkatan yang terputus; dibersihkan yang berikut.",
                f"{home / CHANGING} was left by a restore or upgrade that was cut off; the next one clears it away.",
            )
        )
    kept = sorted(path.name for path in home.glob("before-*"))
    if kept:
        names = ", ".join(kept)
        found.append(
            Finding(
                "files",
                Level.NOTE,
                f"Instalasi lama masih disimpan: {names}. Hapus bila semuanya sudah diperiksa.",
                f"Old installations are still kept: {names}. Remove them when all was checked.",
            )
        )
    return found or [fine("files", "Hak berkas benar.", "Rights of files are right.")]
