"""Thousands of phones on one server process: how soon does each hear of a call?

    .venv/bin/python benchmarks/phones.py [--phones 5000] [--calls 40] [--every 1.5] [--json]

Every phone holds an event stream. Half follow a visit of their own, half listen to the public board, which is told of
every call: the harder case, since one call then reaches thousands at once. Measured is from the officer's press until
the bytes of the message are at the phone, on loopback, with phones and server on the same cores.
"""

from __future__ import annotations

import sys
from pathlib import Path

_HERE = Path(__file__).resolve().parent
# as a script this folder comes first, and its queue.py would hide the standard library's
sys.path[:] = [str(_HERE.parent), *(p for p in sys.path if Path(p or ".").resolve() != _HERE)]

import argparse  # noqa: E402
import asyncio  # noqa: E402
import json  # noqa: E402
import resource  # noqa: E402
import time  # noqa: E402

import uvloop  # noqa: E402

from benchmarks import queue_city, queue_load  # noqa: E402

BATCH = 100  # phones that join at the same moment


class Phone(asyncio.Protocol):
    """One open stream; notes when a call arrives."""

    def __init__(self, request: bytes, joined: asyncio.Event) -> None:
        self.request, self.joined = request, joined
        self.heard: list[float] = []
        self.lost = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        transport.write(self.request)  # type: ignore[attr-defined]

    def data_received(self, data: bytes) -> None:
        if b"event: call" in data or b"event: change" in data:
            self.heard.append(time.perf_counter())
        elif b"event: hello" in data:
            self.joined.set()

    def connection_lost(self, error: Exception | None) -> None:
        self.lost = True


def _ask(port: int, path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept: text/event-stream\r\n\r\n".encode()


async def _join(city: queue_city.City, count: int) -> list[Phone]:
    loop, phones, port = asyncio.get_running_loop(), [], city.ports[0]
    for start in range(0, count, BATCH):
        wave = []
        for n in range(start, min(start + BATCH, count)):
            path = "/langsung/papan" if n % 2 else f"/langsung/kunjungan/bench{1 + n // 2:017d}"
            wave.append(Phone(_ask(port, path), asyncio.Event()))
        await asyncio.gather(*(loop.create_connection(lambda p=p: p, "127.0.0.1", port) for p in wave))
        await asyncio.wait_for(asyncio.gather(*(p.joined.wait() for p in wave)), 30)
        phones += wave
    return phones


async def measure(city: queue_city.City, args: argparse.Namespace) -> dict[str, float]:
    """Let the phones join, press ``calls`` times, and say how late each phone that listens to the board heard of it."""
    began = time.perf_counter()
    phones = await _join(city, args.phones)
    joined_s = time.perf_counter() - began
    boards, own = phones[1::2], phones[::2]
    late: list[float] = []
    missing = 0
    reader, writer = await asyncio.open_connection("127.0.0.1", city.ports[0])
    for number in range(args.calls):
        before = [len(p.heard) for p in boards]
        pressed = time.perf_counter()
        writer.write(queue_load._request(city, "call", number, city.ports[0]))
        await queue_load._answer(reader)
        await asyncio.sleep(args.every)
        for phone, had in zip(boards, before, strict=True):
            if len(phone.heard) > had:
                late.append(phone.heard[had] - pressed)
            else:
                missing += 1
    late.sort()
    return {
        "phones": args.phones, "calls": args.calls, "joined_per_second": round(args.phones / joined_s),
        "p50_ms": round(1000 * late[len(late) // 2], 1), "p99_ms": round(1000 * late[int(0.99 * len(late))], 1),
        "max_ms": round(1000 * late[-1], 1), "messages": len(late), "late_or_missing": missing,
        "own_visit_messages": sum(len(p.heard) for p in own), "lost_connections": sum(p.lost for p in phones),
    }  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--phones", type=int, default=5000)
    parser.add_argument("--calls", type=int, default=40)
    parser.add_argument("--every", type=float, default=1.5)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    with queue_city.running(args.calls, 8) as city:
        uvloop.install()
        row = asyncio.run(measure(city, args))
    print(json.dumps(row) if args.json else "\n".join(f"{name:<22}{value:>12}" for name, value in row.items()))
    return 0 if not row["late_or_missing"] and not row["lost_connections"] else 1


if __name__ == "__main__":
    sys.exit(main())
