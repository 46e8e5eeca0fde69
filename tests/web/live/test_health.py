"""Alive, ready, figures and request numbers of a served front; nobody's data in any of them."""

from __future__ import annotations

import asyncio
import re
import time
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from satuatap.web.live import metrics, watched
from satuatap.web.live.metrics import EDGES, Counts, may_ask
from satuatap.web.live.watched import Watched
from tests.web.live.caller import Caller


def figures(text: str) -> dict[str, float]:
    return {
        sample.name + "".join(f"|{value}" for _name, value in sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_alive_ready_and_figures(anonymous: Caller):
    assert anonymous.http.get("/livez").json() == {"live": True}
    assert anonymous.http.get("/readyz").json() == {"ready": True}
    before = figures(anonymous.http.get("/metrics").text)
    assert anonymous.http.get("/no-such-page").status_code == 404
    anonymous.http.get("/livez")
    until = time.monotonic() + 30
    wanted = before.get("satuatap_requests_total|pages|4xx", 0) + 1
    while True:  # a page is counted when its thread has ended, a moment after its last byte
        answer = anonymous.http.get("/metrics")
        after = figures(answer.text)
        if after.get("satuatap_requests_total|pages|4xx") == wanted or time.monotonic() > until:
            break
    assert after["satuatap_requests_total|live|2xx"] == before["satuatap_requests_total|live|2xx"] + 1
    assert after["satuatap_requests_total|pages|4xx"] == wanted
    assert after["satuatap_seconds_count|live"] == after["satuatap_requests_total|live|2xx"]
    assert after["satuatap_disk_free_bytes"] > 0 and after["satuatap_memory_bytes"] > 1_000_000
    assert after["satuatap_ready"] == 1
    assert "no-such-page" not in answer.text, "addresses may hold somebody's secret"


def test_every_answer_has_its_number_and_a_stranger_cannot_choose_it(anonymous: Caller):
    first, second = (anonymous.http.get(path).headers["x-request-id"] for path in ("/livez", "/masuk"))
    assert first != second and all(re.fullmatch("[0-9a-f]{16}", one) for one in (first, second))
    chosen = {"x-request-id": "chosen-by-a-proxy"}
    assert anonymous.http.get("/livez", headers=chosen).headers["x-request-id"] != "chosen-by-a-proxy"


@pytest.mark.parametrize(
    ("proxies", "given", "kept"),
    [(1, "chosen-by-a-proxy", True), (0, "chosen-by-a-stranger", False), (1, "a b\tc", False), (1, "x" * 65, False)],
)
def test_a_trusted_proxy_may_name_the_request(settings: Any, proxies: int, given: str, kept: bool):
    settings.TRUSTED_PROXIES = proxies
    told: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        told.append(message)

    one = Watched({"headers": [(b"x-request-id", given.encode())]}, send)
    asyncio.run(one.send({"type": "http.response.start", "status": 200}))
    assert (dict(told[0]["headers"])[b"x-request-id"].decode() == given) is kept


@pytest.mark.parametrize(
    ("client", "headers", "may"),
    [
        (("127.0.0.1", 5), {}, True),
        (("::1", 5), {}, True),
        (("192.0.2.7", 5), {}, False),
        (("127.0.0.1", 5), {"x-forwarded-for": "192.0.2.7"}, False),  # through the proxy on this machine
        (("127.0.0.1", 5), {"forwarded": "for=192.0.2.7"}, False),
        (("192.0.2.7", 5), {"authorization": "Bearer long-token"}, True),
        (("192.0.2.7", 5), {"authorization": "Bearer wrong"}, False),
        (("192.0.2.7", 5), {"authorization": "Bearer "}, False),
        (None, {}, False),
        (("unix", 0), {}, False),
    ],
)
def test_who_may_ask_for_figures(
    monkeypatch: pytest.MonkeyPatch, client: tuple[str, int] | None, headers: dict[str, str], may: bool
):
    monkeypatch.setenv(metrics.TOKEN, "long-token")
    scope = {"client": client, "headers": [(k.encode(), v.encode()) for k, v in headers.items()]}
    assert may_ask(scope) is may
    monkeypatch.delenv(metrics.TOKEN)
    if "authorization" in headers:
        assert may_ask(scope) is False, "without a token set, none is right"


def test_a_stream_counts_but_has_no_time(monkeypatch: pytest.MonkeyPatch):
    mine = Counts()
    monkeypatch.setattr(watched, "counts", mine)
    mine.count("board", 200, None)
    mine.count("issue", 201, 0.003)
    mine.count("issue", 201, 99.0)
    assert mine.requests == {("board", 2): 1, ("issue", 2): 2}
    assert "board" not in mine.times
    assert sum(mine.times["issue"]) == 2 and mine.times["issue"][len(EDGES)] == 1
