"""The business day in a mall's time zone. Pure."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo


def local_day(moment: datetime, zone: str) -> date:
    """The calendar date of ``moment`` where the mall stands."""
    return moment.astimezone(ZoneInfo(zone)).date()
