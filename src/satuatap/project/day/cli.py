"""The command line of the played day."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from satuatap.basics.refusal import Refusal
from satuatap.project.database import connected
from satuatap.project.day import command
from satuatap.project.day.run import accounts_by_role, require_serving


def add_commands(subparsers: Any) -> None:
    parser = subparsers.add_parser("day", help="mainkan satu hari penuh di mal contoh yang sedang berjalan")
    command.add_arguments(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Play against the server that is running now; its database is only read, and its clock set."""
    base = command.base()
    try:
        require_serving(base)  # before the database: nothing is started only to be refused
        accounts_by_role(command.accounts_file())
    except Refusal as refusal:
        print(str(refusal), file=sys.stderr)
        return 2
    with connected(up_to_date=False) as addresses:
        return command.main(arguments, addresses)
