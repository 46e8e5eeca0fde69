"""The demo's clock at the start of ``serve``: where a first start opens, and where a later one goes on.

The first start of an empty demo opens at 09.10 of Tuesday 24 November 2026; every later start goes on where the mall's
clock stood; when the day was over it opens the next working day at 09.10. A real mall's clock is never touched.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db import connection

from satuatap.basics.actor import Actor
from satuatap.features.malls import actions, queries
from satuatap.features.malls.queries import MallView

BY = Actor.system("start")
FIRST_DAY = date(2026, 11, 24)
OPENS_AT = time(9, 10)
GRACE = timedelta(minutes=30)


def stood_at(mall: int) -> datetime | None:
    """The latest moment that this mall's clock has shown: its last heartbeat or its newest fact."""
    with connection.cursor() as cursor:
        cursor.execute("select max(at) from journal_entry where mall = %s", [mall])
        newest = cursor.fetchone()[0]
    moments = [moment for moment in (newest, actions.last_beat(mall)) if moment is not None]
    return max(moments, default=None)


def goes_on_at(mall: MallView, stood: datetime | None) -> datetime:
    """Where the clock of a demo goes on; ``stood`` is ``None`` in an empty demo."""
    if stood is None:
        return queries.moment(FIRST_DAY, OPENS_AT, mall.zone_name)
    day = queries.local(stood, mall.zone_name).date()
    _opens, closes = queries.opening_moments(queries.open_hours(mall.id, day), mall.zone_name)
    if closes is not None and stood < closes + GRACE:
        return stood
    following = queries.next_open_day(mall.id, day)
    if following is None:
        return stood
    return max(stood, queries.moment(following.day, OPENS_AT, mall.zone_name))


def prepare_clocks() -> list[str]:
    """Set the clock of every demo mall; call it on the owner's connection, before anything else runs."""
    queries.forget()
    told = []
    for mall in queries.malls():
        if mall.demo:
            target = goes_on_at(mall, stood_at(mall.id))
            shown = actions.resume_clock(by=BY, mall=mall.id, at=target)
            told.append(f"{mall.name}: {queries.local(shown, mall.zone_name):%d-%m-%Y %H.%M}")
    return told
