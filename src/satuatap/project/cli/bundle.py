"""``satuatap bundle FOLDER``: carried to a machine without network, ``sh install.sh`` installs from it."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from satuatap.project.cli.build import prepare
from satuatap.project.cli.sentences import say
from satuatap.project.environment import CHECKOUT
from satuatap.project.operate.bundling import INSTALL, about, bundle


def add_commands(subparsers: Any) -> None:
    command = subparsers.add_parser("bundle", help="semua untuk memasang tanpa jaringan, dalam satu folder")
    command.add_argument("folder", type=Path, metavar="FOLDER")
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Needs the network once, here."""
    prepare()
    folder = arguments.folder.absolute()
    size = bundle(CHECKOUT, folder, say)
    told = about()
    say(f"{folder}: {size / 1e6:.0f} MB, untuk Python {told['python']} di {told['platform']}.")
    say(f"Di mesin tujuan: sh {INSTALL} /opt/satuatap")
    return 0
