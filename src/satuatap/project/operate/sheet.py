"""The sheet of keys: what is printed and kept elsewhere, and how it is read again, typed or as a file."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pyrage

from satuatap.plumbing import papers
from satuatap.plumbing.keyring import PURPOSES, Key, Keyring
from satuatap.project.cli.sentences import Trouble

LINE = re.compile(
    r"(?P<purpose>backup|fields|index)\s+(?P<id>[a-z]+-[0-9a-f]{8})\s+(?P<made>\d{4}-\d\d-\d\d)\s+"
    r"(?P<secret>\S+)\s+(?P<check>[0-9a-f]{6})"
)
BARE = re.compile(r"AGE-SECRET-KEY-1[0-9A-Z]{58}", re.IGNORECASE)
WORDS = 5  # purpose, id, date, key, check
TYPED = "typed"  # the id of a bare age key, until the backup tells its name

HEAD = (
    "satuatap - LEMBAR KUNCI / SHEET OF KEYS",
    "",
    "Siapa memegang lembar ini dapat membuka semua cadangan dan kontak warga. Simpan di brankas, jauh dari server.",
    "Whoever holds this sheet can open every backup and citizens' contacts. Keep it in a safe, not near the server.",
    "",
)
FOOT = (
    "",
    "Memulihkan / to restore:   satuatap restore CADANGAN.age --key LEMBAR.txt  (atau/or --key - : ketik/type)",
    "Tanpa satuatap / without:  age -d -i LEMBAR-BARIS-AGE CADANGAN.age | tar x ; cat database.dump.* > database.dump",
    "                           pg_restore --no-owner -d BASISDATA database.dump",
    "Mengetik: kelima kata satu kunci dari kiri ke kanan; boleh ganti baris; yang terakhir memeriksa salah ketik.",
    "Typing: the five words of a key from left to right; line breaks do not matter; the last one checks for slips.",
    "Cetak lagi sesudah `satuatap keys rotate`; lembar lama disimpan selama cadangan lama ada (30 hari).",
    "Print again after `satuatap keys rotate`; keep the old sheet as long as old backups are kept (30 days).",
)

SOURCE = """
#let values = json(bytes(sys.inputs.values))
#set page(paper: "a4", margin: 18mm)
#set text(font: values.fonts, size: 10pt)
#text(size: 16pt, weight: "bold")[#values.title]
#v(2mm)
#for line in values.head [#line \\ ]
#v(4mm)
#for key in values.keys [
  #block(stroke: 0.5pt, inset: 8pt, width: 100%, breakable: false)[
    #set text(font: "DejaVu Sans Mono", size: 9.5pt)
    #text(weight: "bold")[#key.purpose] #h(1em) #key.id #h(1em) #key.made \\
    #key.secret #h(1fr) #key.check
  ]
]
#v(4mm)
#for line in values.foot [#text(size: 8.5pt)[#line] \\ ]
"""


def check_of(key: Key) -> str:
    """Six letters that change with every slip of typing in a key's line."""
    text = f"{key.purpose} {key.id} {key.made} {key.secret}"
    return hashlib.sha256(text.encode()).hexdigest()[:6]


def as_text(ring: Keyring) -> str:
    """The sheet as plain text; ``read_keys`` reads it back."""
    rows = [f"{key.purpose:<7}{key.id:<16} {key.made} {key.secret} {check_of(key)}" for key in ring.keys]
    return "\n".join([*HEAD, *rows, *FOOT]) + "\n"


def as_pdf(ring: Keyring) -> bytes:
    """The sheet on A4."""
    keys = [
        {"purpose": key.purpose, "id": key.id, "made": key.made, "secret": key.secret, "check": check_of(key)}
        for key in ring.keys
    ]
    return papers.pdf(
        SOURCE, {"title": HEAD[0], "head": HEAD[2:4], "keys": keys, "foot": [line for line in FOOT if line]}
    )


def read_keys(text: str) -> list[Key]:
    """Keys from a sheet, a copy of keys.json, or a line with an age key. Raises ``Trouble`` with the line at fault."""
    stripped = text.strip()
    if stripped.startswith("{"):
        try:
            return [Key(**row) for row in json.loads(stripped)["keys"]]
        except (ValueError, KeyError, TypeError):
            raise _unreadable("keys.json") from None
    found = []
    for words in _entries(stripped):
        if match := LINE.fullmatch(words):
            key = Key(match["id"], match["purpose"], match["made"], match["secret"])
            if check_of(key) != match["check"]:
                raise _mistyped(key.id)
            found.append(key)
        elif match := BARE.fullmatch(words):
            found.append(Key(TYPED, "backup", datetime.now(UTC).date().isoformat(), match[0].upper()))
        elif words.split(" ")[0] in PURPOSES:
            raise _mistyped(" ".join(words.split(" ")[:2]))
    for key in found:
        _must_be_a_key(key)
    return found


def _entries(text: str) -> list[str]:
    """The lines of keys, each in one piece: typed from paper, one may be broken over several lines."""
    entries: list[str] = []
    for line in text.splitlines():
        words = line.split()
        is_open = entries and entries[-1].split(" ")[0] in PURPOSES and len(entries[-1].split(" ")) < WORDS
        if words and words[0] not in PURPOSES and is_open:
            entries[-1] += " " + " ".join(words)
        elif words:
            entries.append(" ".join(words))
    return entries


def _must_be_a_key(key: Key) -> None:
    try:
        if key.purpose == "backup":
            pyrage.x25519.Identity.from_str(key.secret)
        elif len(base64.urlsafe_b64decode(key.secret)) != 32:
            raise ValueError
    except (ValueError, pyrage.IdentityError):
        raise _mistyped(key.id) from None


def _mistyped(name: str) -> Trouble:
    return Trouble(
        f"Baris kunci {name} salah ketik atau tidak lengkap. Bandingkan huruf demi huruf dengan lembar kunci, lalu "
        "ulangi.",
        f"The line of the key {name} is mistyped or cut off. Compare it with the sheet letter by letter, then repeat.",
    )


def _unreadable(name: str) -> Trouble:
    return Trouble(
        f"{name} bukan berkas kunci. Pakai lembar kunci, salinan keys.json, atau baris AGE-SECRET-KEY-1...",
        f"{name} is no file of keys. Use the sheet of keys, a copy of keys.json, or the line AGE-SECRET-KEY-1...",
    )


def read_file(path: Path) -> list[Key]:
    """The keys of a file; raises ``Trouble`` when it can't be read or has no key for backups."""
    try:
        text = path.read_text()
    except OSError as problem:
        raise Trouble(
            f"{path} tidak dapat dibaca ({problem.strerror}). Perintah ini berjalan sebagai pengguna layanan: taruh "
            "berkasnya di tempat yang boleh dibacanya, atau ketik: --key -",
            f"{path} can't be read ({problem.strerror}). This command runs as the user of the service: put the file "
            "where that user may read it, or type the lines: --key -",
        ) from None
    except UnicodeDecodeError:
        raise _unreadable(str(path)) from None
    return read_keys(text)


def ring_for(keys: list[Key], backup_key: str) -> tuple[Keyring, list[str]]:
    """The keys of a restored installation: those given, and new ones for purposes that nobody gave (returned by name).

    ``backup_key`` is the id that a typed age key has according to the backup that it opened.
    """
    named = [Key(backup_key, key.purpose, key.made, key.secret) if key.id == TYPED else key for key in keys]
    ring = Keyring(tuple({key.id: key for key in named}.values()))
    missing = [purpose for purpose in PURPOSES if not any(key.purpose == purpose for key in ring.keys)]
    for purpose in missing:
        ring = ring.with_new(purpose)
    return ring, missing
