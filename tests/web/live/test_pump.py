"""How long a stream of staff may outlive its session, by a clock of the test's own."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from satuatap.web.live import streams
from satuatap.web.live.feed import Message
from satuatap.web.live.identity import SignInFirst


def ended_after(monkeypatch: pytest.MonkeyPatch, gaps: list[float]) -> float:
    """Seconds until the stream of somebody who has signed out ends, when messages come with these pauses between."""
    now, left = [0.0], list(gaps)

    async def next_(_listener: object, _gone: object, within: float) -> Message | None:
        if left and left[0] <= within:
            now[0] += left.pop(0)
            return Message("desk:1", 1, "change", {})
        if left:
            left[0] -= within
        now[0] += within
        raise TimeoutError

    async def still() -> None:
        raise SignInFirst()

    async def send(_message: dict[str, Any]) -> None: ...

    async def pump() -> None:
        gone = asyncio.get_running_loop().create_future()
        await streams._pump(None, gone, send, 0, still)  # type: ignore[arg-type]

    monkeypatch.setattr(streams, "_next", next_)
    monkeypatch.setattr(streams, "time", SimpleNamespace(monotonic=lambda: now[0]))
    asyncio.run(pump())
    return now[0]


@pytest.mark.parametrize("gaps", [[], [4.9], [1.0, 1.0, 2.9], [0.1] * 200, [4.9, 4.9, 4.9]])
def test_messages_do_not_put_the_check_of_a_session_off(monkeypatch: pytest.MonkeyPatch, gaps: list[float]) -> None:
    assert ended_after(monkeypatch, gaps) == pytest.approx(streams.RECHECK_S, abs=0.11)
