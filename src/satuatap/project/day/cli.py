"""The command line of the played day."""

from __future__ import annotations

import argparse
from typing import Any

from satuatap.project.database import connected
from satuatap.project.day import command


def add_commands(subparsers: Any) -> None:
    parser = subparsers.add_parser("day", help="mainkan satu hari penuh di mal contoh yang sedang berjalan")
    command.add_arguments(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Play against the server that is running now; its database is only read, and its clock set."""
    with connected() as addresses:
        return command.main(arguments, addresses)
