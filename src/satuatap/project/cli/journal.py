"""``satuatap journal verify | seal | roots``: is the journal still what was sealed, and what was published?"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from satuatap.features.journal import queries, reactions, roots, verify
from satuatap.features.journal.verify import Fault, Report, Wrong
from satuatap.project.cli.sentences import Trouble, say
from satuatap.project.database import connected

LARGEST_FILE = 200_000_000  # bytes; a century of seals is less


def add_commands(subparsers: Any) -> None:
    journal = subparsers.add_parser("journal", help="jurnal: periksa segelnya, buat segel")
    verbs = journal.add_subparsers(dest="verb", required=True, metavar="PERINTAH")
    check = verbs.add_parser("verify", help="periksa setiap catatan dan setiap segel")
    check.add_argument("--root", type=Path, metavar="BERKAS", help="akar yang disimpan di luar mesin ini")
    check.set_defaults(run=run_verify)
    sealing = verbs.add_parser("seal", help="segel yang baru sekarang juga, dan tulis akarnya")
    sealing.set_defaults(run=run_seal)


def run_seal(arguments: argparse.Namespace) -> int:
    """Seal now; says where the roots lie."""
    with connected():
        made = reactions.seal_and_publish()
        last = queries.last_seal()
    print(f"{made} segel baru. {made} new seals.")
    if last is not None:
        print(f"  {last.size} posisi, akar {last.root.hex()}\n  {reactions.roots_folder()}")
    return 0


def run_verify(arguments: argparse.Namespace) -> int:
    """Check; 1 when anything is not as it was sealed or published."""
    outside = read_roots(arguments.root) if arguments.root else []
    with connected(up_to_date=False):
        report = verify.check_journal(outside, _progress if sys.stderr.isatty() else _quiet)
    for indonesian, english in sentences(report):
        print(f"{indonesian}\n  {english}")
    return 1 if report.faults else 0


def read_roots(path: Path) -> list[roots.Root]:
    """The roots of a file, or of all files of a folder, kept elsewhere."""
    try:
        paths = roots.files(path) if path.is_dir() else [path]
        if sum(one.stat().st_size for one in paths) > LARGEST_FILE:
            raise roots.RootsUnreadable(1, "form")
        return roots.read("\n".join(one.read_text(encoding="utf-8") for one in paths))
    except OSError as problem:
        raise Trouble(
            f"Berkas akar {path} tidak dapat dibaca ({problem.strerror}). Periksa namanya.",
            f"The file of roots {path} can't be read ({problem.strerror}). Check its name.",
        ) from None
    except (UnicodeDecodeError, roots.RootsUnreadable) as problem:
        line = getattr(problem, "line", 1)
        raise Trouble(
            f"{path} bukan berkas akar: baris {line} tidak terbaca sebagai akar atau urutannya salah. Ambil salinan "
            "lain, misalnya dari alamat /terbuka/jurnal/akar yang disimpan orang lain.",
            f"{path} is no file of roots: line {line} is no root, or out of order. Take another copy, for example of "
            "/terbuka/jurnal/akar as somebody else kept it.",
        ) from None


def sentences(report: Report) -> list[tuple[str, str]]:
    """What came out, in Indonesian and in English."""
    found = [
        (
            f"{report.entries} catatan, {report.seals} segel sampai posisi {report.sealed} diperiksa.",
            f"{report.entries} entries and {report.seals} seals up to position {report.sealed} were checked.",
        )
    ]
    if report.entries > report.sealed:
        rest = report.entries - report.sealed
        found.append((f"{rest} catatan terbaru belum tersegel.", f"The newest {rest} entries are not sealed yet."))
    found += [sentence_of(fault) for fault in report.faults]
    if report.faults:
        return found
    if report.outside:
        found.append((
            f"Jurnal utuh dan cocok dengan {report.outside} akar dari luar.",
            f"The journal is whole and fits {report.outside} roots from outside.",
        ))  # fmt: skip
    else:
        found.append((
            "Jurnal cocok dengan segelnya sendiri. Siapa yang menguasai mesin ini dapat menulis ulang keduanya: "
            "periksa juga dengan --root dan akar yang disimpan di tempat lain.",
            "The journal fits its own seals. Whoever owns this machine could have rewritten both: check with --root "
            "and roots kept elsewhere, too.",
        ))  # fmt: skip
    return found


def sentence_of(fault: Fault) -> tuple[str, str]:
    """One fault, loudly, with what it means."""
    one = fault.first == fault.last
    place = f"posisi {fault.first}" if one else f"posisi {fault.first} sampai {fault.last}"
    where = f"position {fault.first}" if one else f"positions {fault.first} to {fault.last}"
    made = fault.root.made if fault.root else ""
    size = fault.root.size if fault.root else 0
    return {
        Wrong.ALTERED: (
            f"DIUBAH: catatan di {place} bukan lagi yang disegel.",
            f"ALTERED: the entry at {where} is no longer what was sealed.",
        ),
        Wrong.MISSING: (
            f"HILANG: catatan yang disegel di {place} tidak ada lagi.",
            f"MISSING: what was sealed at {where} is gone.",
        ),
        Wrong.INSERTED: (
            f"DISISIPKAN: catatan di {place} tidak pernah disegel di sana.",
            f"INSERTED: the entry at {where} was never sealed there.",
        ),
        Wrong.SEAL: (
            f"SEGEL TIDAK COCOK: segel untuk {place} bukan yang dibuat dahulu.",
            f"A SEAL DOES NOT FIT: the seal of {where} is not the one that was made.",
        ),
        Wrong.NODE: (
            f"CABANG TIDAK COCOK: hash yang disimpan untuk {place} salah, maka bukti dari sana salah.",
            f"A BRANCH DOES NOT FIT: the hash kept for {where} is wrong, so proofs from it are wrong.",
        ),
        Wrong.OUTSIDE: (
            f"DITULIS ULANG: {place} bukan yang diumumkan pada {made}. Ada catatan yang diubah, dihapus, atau "
            "disisipkan setelah akarnya keluar dari mesin ini.",
            f"REWRITTEN: {where} is not what was published at {made}. Something was altered, removed or inserted "
            "after its root had left this machine.",
        ),
        Wrong.OLDER: (
            f"BASIS DATA LEBIH TUA DARI AKARNYA: akar untuk {size} catatan diumumkan pada {made}, tetapi jurnal ini "
            f"berakhir di posisi {fault.first - 1}. Cadangan lama dipulihkan, atau akhir jurnal dipotong: {place} "
            "hilang.",
            f"THE DATABASE IS OLDER THAN ITS ROOT: a root of {size} entries was published at {made}, but this journal "
            f"ends at position {fault.first - 1}. An older backup was restored, or the journal's end was cut off: "
            f"{where} are gone.",
        ),
    }[fault.wrong]


def checked_sentence(fact: dict[str, Any]) -> tuple[str, str] | None:
    """What a night's check (the fact ``journal_checked``) found, with what to do; ``None`` when all was well."""
    if fact["wrong"]:
        root = roots.Root(fact["root_size"], b"", b"", fact["root_made"]) if fact["root_size"] else None
        wrong, wrong_en = sentence_of(Fault(Wrong(fact["wrong"]), fact["first"], fact["last"], root))
        return (
            f"{wrong} Jangan hapus apa pun; jalankan `satuatap journal verify --root` dengan akar dari luar dan simpan "
            "hasilnya.",
            f"{wrong_en} Remove nothing; run `satuatap journal verify --root` with roots from outside and keep what "
            "it says.",
        )
    if fact["unread"]:
        return (
            "Berkas akar di SATUATAP_HOME/roots atau di tempat kedua tidak terbaca. Pindahkan (jangan hapus) berkas "
            "itu, lalu jalankan `satuatap journal seal`.",
            "A file of roots in SATUATAP_HOME/roots or in a second place can't be read. Move it away (never delete "
            "it), then run `satuatap journal seal`.",
        )
    return None


def _progress(done: int, total: int) -> None:
    say(f"{done} / {total} ({100 * done // max(total, 1)}%)")


def _quiet(_done: int, _total: int) -> None:
    pass
