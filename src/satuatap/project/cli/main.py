"""``satuatap``: one command line, one module a command."""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import os
import sys
from collections.abc import Sequence

import django

from satuatap.plumbing.postgres.troubles import DatabaseTrouble
from satuatap.project import environment
from satuatap.project.cli.sentences import Trouble, say_trouble

# Each module has add_commands(subparsers); a command sets ``run`` (arguments -> exit code).
# They are imported after Django's settings stand, so they may import models.
COMMANDS = (
    "satuatap.project.cli.serve",
    "satuatap.project.cli.django",
    "satuatap.project.cli.env",
    "satuatap.project.cli.build",
    "satuatap.project.city.cli",
    "satuatap.project.day.cli",
)


def _exists(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:
        return False


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    root = argparse.ArgumentParser(prog="satuatap", description="Satu atap, satu nomor, satu kunjungan.")
    subparsers = root.add_subparsers(dest="command", required=True, metavar="PERINTAH")
    for module in COMMANDS:
        if _exists(module):
            importlib.import_module(module).add_commands(subparsers)
    return root


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; a known trouble is one sentence in each language and an exit code that is not 0."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "satuatap.project.settings")
    try:
        environment.check()
        django.setup()
        arguments = parser().parse_args(argv)
        return int(arguments.run(arguments) or 0)
    except (Trouble, DatabaseTrouble, environment.EnvironmentTrouble) as trouble:
        say_trouble(trouble)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
