"""Room on the disk: how much is left, and who must stop first. Tickets go on longest; imports and copies stop early."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from satuatap.basics.refusal import Refusal

MB = 1_000_000
# Two thresholds, in MB of free room: below the first it is said, below the second imports and copies stop. A day of
# 2,000 visits writes about 20 MB, so numbers can be given for weeks after the second one.
WARN_MB = ("SATUATAP_DISK_WARN_MB", 2_000)
STOP_MB = ("SATUATAP_DISK_STOP_MB", 500)


class Room(StrEnum):
    """How full the disk is."""

    ENOUGH = "enough"
    LOW = "low"
    NEARLY_NONE = "nearly_none"


class DiskNearlyFull(Refusal):
    """Something large was asked for while hardly anything is left."""

    code = "disk_nearly_full"
    status = 507
    text = _(
        "Disk server hampir penuh, maka impor dan unggahan dihentikan dulu. Nomor antrean tetap berjalan dan yang "
        "sudah tersimpan aman. Minta petugas TI mengosongkan disk (satuatap doctor), lalu ulangi."
    )


@dataclass(frozen=True, slots=True)
class Space:
    """What a disk has left, and the thresholds that hold here, in bytes."""

    free: int
    total: int
    warn: int
    stop: int

    @property
    def room(self) -> Room:
        if self.free < self.stop:
            return Room.NEARLY_NONE
        return Room.LOW if self.free < self.warn else Room.ENOUGH


def _threshold(setting: tuple[str, int]) -> int:
    given = os.environ.get(setting[0], "")
    return (int(given) if given.isdecimal() else setting[1]) * MB


def space(folder: Path) -> Space:
    """The disk that ``folder`` (or the nearest folder above it that exists) lies on."""
    place = folder
    while not place.exists() and place != place.parent:
        place = place.parent
    usage = shutil.disk_usage(place)
    return Space(usage.free, usage.total, _threshold(WARN_MB), _threshold(STOP_MB))


def refuse_when_nearly_full(folder: Path) -> None:
    """The brake: raises ``DiskNearlyFull`` before an import or an upload that the disk has no room for."""
    if space(folder).room is Room.NEARLY_NONE:
        raise DiskNearlyFull()
