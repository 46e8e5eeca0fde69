"""A public display, open the whole day: it hears every call, and after a break goes on from its last position."""

from __future__ import annotations

import threading
import time
from collections import Counter

import httpx


class Board(threading.Thread):
    """Reads the board's stream as a browser does, until it is told to stop."""

    def __init__(self, url: str) -> None:
        super().__init__(name="board", daemon=True)
        self.url = url
        self.first: int | None = None  # the position at which it joined
        self.last = 0
        self.joined = 0
        self.calls: Counter[int] = Counter()  # position -> how often it was shown
        self.afresh: list[int] = []
        self._stopped = threading.Event()

    def stop(self) -> None:
        """End with the next message or break."""
        self._stopped.set()

    def caught_up(self, position: int, within: float) -> bool:
        """Whether it has come as far as a position."""
        until = time.monotonic() + within
        while self.last < position and time.monotonic() < until:
            time.sleep(0.05)
        return self.last >= position

    def run(self) -> None:
        while not self._stopped.is_set():
            try:
                self._listen()
            except httpx.HTTPError:
                time.sleep(0.1)

    def _listen(self) -> None:
        headers = {"last-event-id": str(self.last)} if self.first is not None else {}
        with httpx.stream("GET", f"{self.url}/langsung/papan", headers=headers, timeout=20, trust_env=False) as answer:
            if answer.status_code != 200:
                time.sleep(0.2)
                return
            self.joined += 1
            position, event = 0, ""
            for line in answer.iter_lines():
                if self._stopped.is_set():
                    return
                if line.startswith("id: "):
                    position = int(line[4:])
                elif line.startswith("event: "):
                    event = line[7:]
                elif not line and event:  # only now the event is whole
                    self._hear(position, event)
                    event = ""

    def _hear(self, position: int, event: str) -> None:
        if self.first is None:
            self.first = position
        if event == "call":
            self.calls[position] += 1
        elif event == "afresh":
            self.afresh.append(position)
        self.last = position
