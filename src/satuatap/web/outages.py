"""The database is away, or its disk is full: one sentence each, the same from the front, from Django and for programs.

Nothing is known of a step that was on its way: a page that asks again by itself, or a press with the same key, tells.
"""

from __future__ import annotations

import shutil

from django.conf import settings
from django.db import utils as django_errors
from django.utils.translation import gettext_lazy as _
from psycopg import errors
from psycopg_pool import PoolTimeout

from satuatap.basics.refusal import Refusal

# By the front's own driver, and by Django where a session or a plan is read.
ERRORS = (
    errors.OperationalError, errors.InterfaceError, PoolTimeout, django_errors.OperationalError,
    django_errors.InterfaceError,
)  # fmt: skip
NOTHING_LEFT = 24_000_000  # bytes: PostgreSQL takes its next 16 MB of log at once


class Outage(Refusal):
    """Not the fault of who asks, and over once somebody mends it: ask again, seconds later."""

    status = 503
    retry_after: float = 4.0


class DatabaseAway(Outage):
    code = "database_away"
    text = _(
        "Basis data sedang tidak terjangkau. Yang sudah tersimpan aman dan nomor antrean tetap berlaku. Coba lagi "
        "sebentar lagi; bila lebih dari lima menit, beri tahu petugas."
    )


class DiskFull(Outage):
    code = "disk_full"
    retry_after = 19.0
    text = _(
        "Disk server penuh, jadi langkah ini belum tercatat. Yang sudah tersimpan aman. Beri tahu petugas TI sekarang: "
        "begitu disk dilonggarkan (satuatap doctor), semuanya berjalan lagi sendiri."
    )


def outage_of(error: BaseException) -> Outage:
    """What an error of the database means: a full disk, told by PostgreSQL or seen here, or that it is away."""
    found: BaseException | None = error
    while found is not None:
        if isinstance(found, errors.DiskFull):
            return DiskFull()
        found = found.__cause__
    return DiskFull() if _nothing_left() else DatabaseAway()


def _nothing_left() -> bool:
    """Whether the installation's own disk is full: a PostgreSQL that died of it can't tell any more."""
    try:
        return shutil.disk_usage(settings.HOME).free < NOTHING_LEFT
    except OSError:
        return False
