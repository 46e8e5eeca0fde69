"""A small, fast load generator: keep-alive connections, signed in like a browser, one request after the other."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any
from uuid import uuid4

from benchmarks.queue_city import City


async def press(city: City, operation: str, clients: int, count: int, processes: int = 1) -> dict[str, Any]:
    """``count`` requests by ``clients`` connections over ``processes`` servers; every answer must be a success."""
    todo = iter(range(count))
    times: list[float] = []
    problems: list[str] = []

    async def one(port: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for number in todo:
            request = _request(city, operation, number, port)
            started = time.perf_counter()
            writer.write(request)
            status, body = await _answer(reader)
            times.append(time.perf_counter() - started)
            if status not in (200, 201) or (operation == "call" and json.loads(body)["called"] is None):
                problems.append(f"{status} {body[:120]!r}")
        writer.close()

    started = time.perf_counter()
    await asyncio.gather(*(one(city.ports[n % processes]) for n in range(clients)))
    seconds = time.perf_counter() - started
    if problems:
        raise RuntimeError(f"{len(problems)} of {count} requests failed: {problems[0]}")
    times.sort()
    return {
        "per_second": count / seconds,
        "p50_ms": 1000 * times[len(times) // 2],
        "p99_ms": 1000 * times[int(0.99 * len(times))],
    }


def _request(city: City, operation: str, number: int, port: int) -> bytes:
    host = f"127.0.0.1:{port}"
    if operation == "live":
        token = f"bench{1 + number % city.visits:017d}"
        return f"GET /kunjungan/{token} HTTP/1.1\r\nHost: {host}\r\nAccept: text/html\r\n\r\n".encode()
    body: dict[str, Any] = {}
    cookie, desk = city.officer_cookie, city.desks[number % len(city.desks)]
    if operation == "issue":
        service = city.services[number % len(city.services)]
        path, cookie, body = "/langsung/ambil", city.kiosk_cookie, {"services": [service], "class": 0}
    elif operation == "finish":
        desk, (visit, seq) = city.at_desk[number]
        path, body = f"/langsung/loket/{desk}/selesai", {"result": "done", "visit": visit, "seq": seq}
    else:
        path = f"/langsung/loket/{desk}/panggil"
    data = json.dumps({**body, "key": str(uuid4())}).encode()
    return (
        f"POST {path} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nCookie: {cookie}\r\n"
        f"Accept: application/json\r\nContent-Type: application/json\r\nContent-Length: {len(data)}\r\n\r\n"
    ).encode() + data


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    head = await reader.readuntil(b"\r\n\r\n")
    status = int(head[9:12])
    length = next(
        int(line.split(b":")[1]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")
    )
    return status, await reader.readexactly(length)
