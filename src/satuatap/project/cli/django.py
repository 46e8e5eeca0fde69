"""``satuatap django COMMAND``: Django's own commands against this installation's database."""

from __future__ import annotations

import argparse
from typing import Any

from django.core.management import execute_from_command_line

from satuatap.project.database import as_owner, bring_up_to_date, connected

WITHOUT_DATABASE = {"makemigrations", "check", "collectstatic", "help", "diffsettings", "compilemessages", "findstatic"}
AS_OWNER = {"migrate", "sqlmigrate", "dbshell", "flush", "loaddata", "showmigrations"}


def add_commands(subparsers: Any) -> None:
    command = subparsers.add_parser("django", help="perintah Django (makemigrations, migrate, shell ...)")
    command.add_argument("words", nargs=argparse.REMAINDER)
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Run it as the application's role, or as the owner where it changes tables."""
    words = arguments.words or ["help"]
    if words[0] in WITHOUT_DATABASE:
        execute_from_command_line(["satuatap django", *words])
        return 0
    with connected(up_to_date=False) as addresses:
        if words[0] in AS_OWNER:
            with as_owner(addresses):
                execute_from_command_line(["satuatap django", *words])
            if words[0] == "migrate" and len(words) == 1:
                bring_up_to_date(addresses)
        else:
            execute_from_command_line(["satuatap django", *words])
    return 0
