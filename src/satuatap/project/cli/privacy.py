"""``satuatap privacy register``: the record of processing activities, from the declarations in the code."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from satuatap.features.malls import queries as malls
from satuatap.project.cli.sentences import Trouble
from satuatap.project.database import connected
from satuatap.project.privacy.declared import declared_fields
from satuatap.project.privacy.register import as_csv, as_markdown

# The register's own article as data/law/personal-data.csv has it (key ``register``; a test holds them equal).
ARTICLE = {
    "regulation": "UU 27/2022",
    "article": "Pasal 31",
    "source": "https://www.hukumku.id/post/ketentuan-record-of-processing-activities-dalam-uu-pdp",
}


def add_commands(subparsers: Any) -> None:
    privacy = subparsers.add_parser("privacy", help="data pribadi: catatan kegiatan pemrosesan")
    verbs = privacy.add_subparsers(dest="verb", required=True, metavar="PERINTAH")
    register = verbs.add_parser("register", help="catatan kegiatan pemrosesan, Markdown atau CSV")
    register.add_argument("--csv", action="store_true", help="lembar CSV, bukan Markdown")
    register.add_argument("--to", type=Path, metavar="BERKAS", help="tulis ke berkas ini, bukan ke layar")
    register.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print or write the register; a file that exists is never overwritten."""
    fields = declared_fields()
    if arguments.csv:
        text = as_csv(fields)
    else:
        with connected():
            names = [mall.name for mall in malls.malls()]
        text = as_markdown(fields, city=", ".join(names) or "belum ada mal", law=ARTICLE)
    if arguments.to is None:
        print(text, end="")
        return 0
    try:
        with arguments.to.open("x") as file:
            file.write(text)
    except OSError as problem:
        raise Trouble(
            f"{arguments.to} tidak dapat ditulis ({problem.strerror}). Pilih nama lain.",
            f"{arguments.to} can't be written ({problem.strerror}). Choose another name.",
        ) from None
    print(f"  {arguments.to}")
    return 0
