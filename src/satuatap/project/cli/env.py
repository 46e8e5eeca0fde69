"""``satuatap env``: where this installation is and where its screens are."""

from __future__ import annotations

import argparse
from typing import Any

from django.conf import settings

import satuatap
from satuatap.project import environment
from satuatap.project.serving.table import addresses


def add_commands(subparsers: Any) -> None:
    command = subparsers.add_parser("env", help="alamat dan folder instalasi ini")
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Says no password."""
    rows = {
        "VERSION": satuatap.__version__,
        "HOST": environment.host(),
        "PORT": environment.port(),
        "PUBLIC_URL": settings.PUBLIC_URL,
        "SATUATAP_HOME": settings.HOME,
        "DATABASE": "DATABASE_URL" if environment.is_given() else f"PostgreSQL di {environment.embedded().home}",
    }
    for name, value in rows.items():
        print(f"  {name:<14} {value}")
    print(*addresses(settings.PUBLIC_URL), sep="\n")
    return 0
