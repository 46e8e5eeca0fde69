"""``satuatap``: one command line, one module a command."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence

import django

from satuatap.plumbing.assets.fetch import AssetTrouble
from satuatap.plumbing.keyring import KeyTrouble
from satuatap.plumbing.postgres.troubles import DatabaseTrouble
from satuatap.project import environment
from satuatap.project.cli.sentences import Trouble, say_trouble
from satuatap.project.operate import changeover

# Each module has add_commands(subparsers); a command sets ``run`` (arguments -> exit code).
# Only the one that is asked for is imported, after Django's settings stand, so it may import models (but see below).
COMMANDS = {
    "serve": "satuatap.project.cli.serve",
    "day": "satuatap.project.day.cli",
    "city": "satuatap.project.city.cli",
    "estate": "satuatap.project.cli.estate",
    "plans": "satuatap.project.cli.plans",
    "journal": "satuatap.project.cli.journal",
    "env": "satuatap.project.cli.env",
    "build": "satuatap.project.cli.build",
    "keys": "satuatap.project.cli.keys",
    "erase": "satuatap.project.cli.erase",
    "person": "satuatap.project.cli.person",
    "privacy": "satuatap.project.cli.privacy",
    "backup": "satuatap.project.cli.backup",
    "restore": "satuatap.project.cli.restore",
    "upgrade": "satuatap.project.cli.upgrade",
    "doctor": "satuatap.project.cli.doctor",
    "bundle": "satuatap.project.cli.bundle",
    "api": "satuatap.project.cli.api",
    "django": "satuatap.project.cli.django",
}
# They make the program, not an installation: root types them, and no folder of data or secret may come of it.
WITHOUT_HOME = ("build", "bundle")


def parser(word: str | None) -> argparse.ArgumentParser:
    """The command line: the part of one command, or the whole for anything else."""
    root = argparse.ArgumentParser(prog="satuatap", description="Satu atap, satu nomor, satu kunjungan.")
    subparsers = root.add_subparsers(dest="command", required=True, metavar="PERINTAH")
    if word not in COMMANDS:
        subparsers.add_parser("regroup", help="kantor mana di gedung mana, dari satu berkas JSON")
    for module in [COMMANDS[word]] if word in COMMANDS else COMMANDS.values():
        importlib.import_module(module).add_commands(subparsers)
    return root


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; a known trouble is one sentence in each language and an exit code that is not 0."""
    words = sys.argv[1:] if argv is None else list(argv)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "satuatap.project.settings")
    try:
        if words[:1] not in [[word] for word in WITHOUT_HOME]:
            environment.check()
            changeover.finish(environment.home())  # a restore or upgrade that was killed after its decision
            django.setup()
        arguments = parser(words[0] if words else None).parse_args(words)
        return int(arguments.run(arguments) or 0)
    except (Trouble, DatabaseTrouble, KeyTrouble, AssetTrouble, environment.EnvironmentTrouble) as trouble:
        say_trouble(trouble)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
