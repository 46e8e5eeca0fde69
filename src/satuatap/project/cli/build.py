"""``satuatap build``: what is made at installation and never committed: assets for browsers and translations."""

from __future__ import annotations

import argparse
import subprocess
from typing import Any

from satuatap.plumbing.assets.build import Plan, build
from satuatap.plumbing.messages import compile_catalogues
from satuatap.project import kernels
from satuatap.project.cli.sentences import say
from satuatap.project.environment import CHECKOUT

SOURCE = CHECKOUT / "src" / "satuatap"


def add_commands(subparsers: Any) -> None:
    command = subparsers.add_parser("build", help="siapkan huruf, ikon, dan terjemahan")
    command.add_argument("--tests", action="store_true", help="juga yang hanya dipakai pengujian")
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Only what changed is made again."""
    prepare(with_tests=arguments.tests)
    if arguments.tests and not kernels.are_made():
        say("menyusun mesin hitung (sekali, setengah menit) ...")
        subprocess.run(kernels.command(), check=True)
    return 0


def prepare(*, with_tests: bool = False) -> None:
    """Assets and translations, brought up to date."""
    icons = SOURCE / "web" / "components" / "icons.txt"
    if (CHECKOUT / "package-lock.json").exists():
        build(Plan(CHECKOUT, icons, CHECKOUT / "build" / "assets", with_tests), say)
    if compile_catalogues(SOURCE):
        say("terjemahan disusun")
