"""``satuatap plans work``."""

from __future__ import annotations

import argparse
import os
from typing import Any

from satuatap.project import judging
from satuatap.project.database import beside_the_server
from satuatap.project.studies import end_with

NICE = 5


def add_commands(subparsers: Any) -> None:
    plans = subparsers.add_parser("plans", help="rencana penataan: lama menunggu di aula")
    verbs = plans.add_subparsers(dest="verb", required=True, metavar="PERINTAH")
    verbs.add_parser("work", help="hitung menit yang menunggu dihitung, lalu selesai").set_defaults(run=run_work)


def run_work(arguments: argparse.Namespace) -> int:
    """Judge the versions that wait; begun by the server's jobs."""
    os.nice(NICE)
    end_with(os.getppid())
    with beside_the_server():
        judging.work_off()
    return 0
