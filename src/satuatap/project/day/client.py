"""One person's browser: signed in, own cookies, every write with a key that is repeated until it is answered."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx
from django.conf import settings

JSON = {"accept": "application/json"}
PATIENCE_S = 90.0
# Writes that leave a fact whenever they are answered with a success (a call that finds nobody leaves none).
ALWAYS_WRITES = frozenset(["ambil", "panggil", "mulai", "selesai", "ulang", "terlewat", "alihkan", "kembalikan"])
TOLD, ABOUT = ("called", "started", "finished"), ("visit", "number")
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@dataclass(frozen=True, slots=True)
class Answered:
    """A write that was answered with a success: what the client may rely on from then on."""

    key: str
    address: str
    visit: int | None  # whom it was about, where the answer says so
    number: int | None  # the number that it was told


@dataclass
class Log:
    """Every write that was answered: the truth that the journal must hold."""

    answered: list[Answered] = field(default_factory=list)
    refused: dict[str, int] = field(default_factory=dict)
    retried: int = 0


class Refused(Exception):
    """The house said no; ``code`` says why."""

    def __init__(self, code: str, status: int) -> None:
        super().__init__(f"{status} {code}")
        self.code, self.status = code, status


class NotSignedIn(Exception):
    """The mall does not know this account."""

    def __init__(self, who: str, status: int) -> None:
        super().__init__(f"{who} ({status})")


class Browser:
    """A client of the running demo."""

    def __init__(self, base: str, log: Log) -> None:
        self.base, self.log = base, log
        limits = httpx.Limits(max_connections=6, max_keepalive_connections=4)
        self.http = httpx.AsyncClient(
            base_url=base, limits=limits, timeout=30, headers={"origin": base}, trust_env=False
        )

    async def close(self) -> None:
        await self.http.aclose()

    async def sign_in(self, username: str, password: str) -> None:
        """Sign in as a person does, through the form."""
        page = await self._patient("GET", "/masuk")
        found = _TOKEN.search(page.text)
        if not found:
            raise NotSignedIn("/masuk", page.status_code)
        form = {"login": username, "password": password, "csrfmiddlewaretoken": found[1]}
        answer = await self._patient("POST", "/masuk", data=form, headers={"referer": f"{self.base}/masuk"})
        second = answer.headers.get("location", "").endswith("/masuk/kode")  # somebody gave the account a second factor
        if answer.status_code not in (302, 303) or second:
            raise NotSignedIn(username, answer.status_code)

    async def activate(self, link: str) -> None:
        """Sign a device in by its link."""
        answer = await self._patient("GET", link)
        if answer.status_code not in (200, 302, 303):
            raise NotSignedIn("anjungan", answer.status_code)

    async def page(self, address: str) -> httpx.Response:
        """Open a page."""
        return await self._patient("GET", address)

    async def look(self, address: str) -> Any:
        """Read an address as a script does."""
        answer = await self._patient("GET", address, headers=JSON)
        answer.raise_for_status()
        return answer.json()

    async def write(self, address: str, **values: Any) -> Any:
        """Send a write; on a broken connection or a restart the same key is sent again until it is answered."""
        key = str(uuid4())
        headers = {**JSON, "idempotency-key": key, "x-csrftoken": self.http.cookies.get(settings.CSRF_COOKIE_NAME, "")}
        answer = await self._patient("POST", address, json={**values, "key": key}, headers=headers)
        body = answer.json() if answer.headers.get("content-type", "").startswith("application/json") else {}
        if answer.status_code >= 400:
            code = body.get("code", "")
            self.log.refused[code] = self.log.refused.get(code, 0) + 1
            raise Refused(code, answer.status_code)
        if address.rsplit("/", 1)[-1] in ALWAYS_WRITES and body.get("called", "") is not None:
            about = next((body[name] for name in TOLD if isinstance(body.get(name), dict)), body)
            visit, number = (value if isinstance(value := about.get(name), int) else None for name in ABOUT)
            self.log.answered.append(Answered(key, address, visit, number))
        return body

    async def _patient(self, method: str, address: str, **options: Any) -> httpx.Response:
        loop = asyncio.get_running_loop()
        end, pause = loop.time() + PATIENCE_S, 0.05
        while True:
            try:
                answer = await self.http.request(method, address, **options)
                if answer.status_code not in (502, 503) or loop.time() > end:
                    return answer
            except httpx.TransportError:
                if loop.time() > end:
                    raise
            self.log.retried += 1
            await asyncio.sleep(pause)
            pause = min(1.0, pause * 2)

    async def events(self, address: str) -> AsyncIterator[str]:
        """The names of the events of a stream, resumed by position when it breaks."""
        position = ""
        while True:
            try:
                headers = {"last-event-id": position} if position else {}
                async with self.http.stream("GET", address, headers=headers, timeout=None) as answer:
                    if answer.status_code != 200:
                        await asyncio.sleep(0.5)
                        continue
                    async for line in answer.aiter_lines():
                        if line.startswith("id: "):
                            position = line[4:]
                        elif line.startswith("event: "):
                            yield line[7:]
            except httpx.TransportError:
                await asyncio.sleep(0.1)


def accounts(path: str) -> list[dict[str, Any]]:
    """The demo accounts, from the file that city open wrote."""
    with open(path, encoding="utf-8") as file:
        rows: list[dict[str, Any]] = json.load(file)["accounts"]
    return rows
