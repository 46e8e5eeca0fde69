"""Somebody's browser at a server that really runs, and her open streams."""

from __future__ import annotations

import json
import queue
import re
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any
from uuid import uuid4

import httpx

JSON = {"accept": "application/json", "content-type": "application/json"}
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


def bytes_of(headers: dict[str, str]) -> dict[bytes, bytes]:
    return {name.encode(): value.encode("latin-1") for name, value in headers.items()}


class Caller:
    """Signed in like a person (or not at all); sends what a page's script sends, and what no page would."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.http = httpx.Client(base_url=url, timeout=60, trust_env=False)

    def sign_in(self, username: str, password: str) -> Caller:
        page = self.http.get("/masuk")
        found = TOKEN.search(page.text)
        assert found
        form = {"login": username, "password": password, "csrfmiddlewaretoken": found[1]}
        answer = self.http.post("/masuk", data=form, headers={"origin": self.url, "referer": self.url + "/masuk"})
        assert answer.status_code in (302, 303), answer.text[:300]
        return self

    def csrf(self) -> str:
        """Django's token, for addresses that are not the front's."""
        return self.http.cookies.get("satuatap_csrf") or ""

    def post(
        self, address: str, values: Any = None, *, raw: bytes | None = None, origin: str | None = "", **headers: str
    ) -> httpx.Response:
        """A write as a script of this site sends it; ``origin=None`` sends none."""
        sent = {**JSON, **{name.replace("_", "-"): value for name, value in headers.items()}}
        if origin is not None:
            sent["origin"] = origin or self.url
        return self.http.post(
            address, content=json.dumps(values).encode() if raw is None else raw, headers=bytes_of(sent)
        )

    def take(self, *services: str) -> dict[str, Any]:
        answer = self.post("/langsung/ambil", {"key": str(uuid4()), "services": list(services)})
        assert answer.status_code == 201, answer.text
        values: dict[str, Any] = answer.json()
        return values

    def press(self, desk: int, what: str, **values: Any) -> dict[str, Any]:
        answer = self.post(f"/langsung/loket/{desk}/{what}", {"key": str(uuid4()), **values})
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.json()
        return told


def signing_in(url: str, home: Path) -> Callable[[str], Caller]:
    """Everybody of the demo by name; who has a desk finds it open. Each signs in once."""
    rows = {r["username"]: r for r in json.loads((home / "accounts.json").read_text())["accounts"]}
    known: dict[str, Caller] = {}

    def find(name: str) -> Caller:
        if name not in known:
            known[name] = Caller(url)
            if rows[name].get("link"):
                known[name].http.get(rows[name]["link"])
            else:
                known[name].sign_in(name, rows[name]["password"])
            if desk := rows[name]["desk"]:
                words = {"idempotency_key": str(uuid4()), "x_csrftoken": known[name].csrf()}
                opened = known[name].post(f"/loket/{desk}/buka", {}, **words)
                assert opened.status_code == 200, opened.text
        return known[name]

    return find


class Stream(threading.Thread):
    """One open event stream; its events in the order in which they came."""

    def __init__(self, caller: Caller, address: str, **headers: str) -> None:
        super().__init__(daemon=True)
        self.events: queue.Queue[tuple[int, str, dict[str, Any]]] = queue.Queue()
        self.over = threading.Event()
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        self._http = httpx.Client(
            base_url=caller.url, cookies=caller.http.cookies, timeout=httpx.Timeout(60), trust_env=False
        )
        self._ask = self._http.build_request("GET", address, headers=sent)
        self._answer: httpx.Response | None = None

    def __enter__(self) -> Stream:
        self._answer = self._http.send(self._ask, stream=True)
        assert self._answer.status_code == 200, self._answer.read()[:300]
        assert self._answer.headers["content-type"].startswith("text/event-stream")
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    def run(self) -> None:
        assert self._answer is not None
        position, event, data = 0, "", {}
        with suppress(httpx.HTTPError, RuntimeError, OSError, ValueError):
            for line in self._answer.iter_lines():
                if line.startswith("id: "):
                    position = int(line[4:])
                elif line.startswith("event: "):
                    event = line[7:]
                elif line.startswith("data: "):
                    data = json.loads(line[6:])
                elif not line and event:
                    self.events.put((position, event, data))
                    event = ""
        self.over.set()

    def until(self, event: str, within: float = 30.0, **said: Any) -> tuple[int, dict[str, Any]]:
        """The next event of that name that says so; what comes before it is passed over."""
        end, heard = time.monotonic() + within, []
        while (left := end - time.monotonic()) > 0:
            with suppress(queue.Empty):
                position, name, data = self.events.get(timeout=left)
                heard.append(name)
                if name == event and all(data.get(key) == value for key, value in said.items()):
                    return position, data
        raise AssertionError(f"no {event} {said} within {within} s, but {heard}")

    def up_to(self, event: str, within: float = 30.0) -> list[tuple[int, str, dict[str, Any]]]:
        """Everything that comes, the first event of that name included."""
        end, found = time.monotonic() + within, []
        while (left := end - time.monotonic()) > 0:
            with suppress(queue.Empty):
                found.append(self.events.get(timeout=left))
                if found[-1][1] == event:
                    return found
        raise AssertionError(f"no {event} within {within} s, but {found}")

    def now(self) -> list[tuple[int, str, dict[str, Any]]]:
        """What has come up to now and a moment."""
        time.sleep(0.4)
        found = []
        with suppress(queue.Empty):
            while True:
                found.append(self.events.get_nowait())
        return found
