"""The display of a quiet zone keeps its last calls, however much is called elsewhere."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from satuatap.features.visits.queries.hall import _calls
from satuatap.features.visits.states import ErrandState

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


def errand(number: int, desk: int, minutes_ago: float) -> Any:
    return SimpleNamespace(
        number=number, desk=desk, called_at=NOW - timedelta(minutes=minutes_ago), recalled_at=None, recalls=0,
        state=ErrandState.DONE,
    )  # fmt: skip


def test_forty_calls_in_one_zone_do_not_push_out_the_one_of_another():
    places = {1: SimpleNamespace(sign="1", zone="A", agency="X"), 2: SimpleNamespace(sign="2", zone="B", agency="Y")}
    errands = [errand(n, 1, n) for n in range(1, 41)] + [errand(99, 2, 200)]
    calls = _calls(SimpleNamespace(places=places, errands=errands, now=NOW))  # type: ignore[arg-type]
    assert [call.number for call in calls] == [1, 2, 3, 4, 5, 6, 99]
