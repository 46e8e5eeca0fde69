"""What programs get: pages, ETags, one action for one key, limits, and a problem for everything that is refused."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import httpx
import psycopg
import pytest

from tests.web.api.conftest import (
    ALL,
    DESK,
    MALL,
    OTHER_DESK,
    OTHER_SERVICE,
    SERVICE,
    Make,
    Program,
    command,
    problem,
)

pytestmark = pytest.mark.database
TICKETS = f"/malls/{MALL}/tickets"


@pytest.mark.parametrize("address", ["/services", "/agencies", f"/malls/{MALL}/booths", f"/malls/{MALL}/desks"])
def test_pages_hold_every_row_once_in_a_stable_order(program: Program, address: str) -> None:
    whole = program.get(f"{address}?limit=200").json()
    assert whole["next"] is None
    rows, cursor = [], ""
    for _page in range(200):
        page = program.get(f"{address}?limit=7{cursor}").json()
        assert len(page["items"]) <= 7
        rows += page["items"]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    assert rows == whole["items"]
    assert len(rows) > 7


@pytest.mark.parametrize("cursor", ["x", "azE=", "a", "....", "k1", "%C3%BF", "azAx"])
def test_a_cursor_of_somebody_elses_is_refused(program: Program, cursor: str) -> None:
    assert problem(program.get(f"/services?cursor={cursor}"), 400)["code"] == "bad_cursor"


def test_the_catalogue_is_read_again_only_when_it_changed(program: Program) -> None:
    for address in ("/services", f"/services/{SERVICE}", "/agencies", "/malls"):
        first = program.get(address)
        again = program.get(address, **{"if-none-match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert program.get(address, **{"if-none-match": '"other"'}).status_code == 200
        assert "private" in first.headers["cache-control"]


def test_a_service_comes_with_its_standard_and_its_sources(program: Program) -> None:
    said = program.get(f"/services/{SERVICE}").json()
    texts = [text for component in said["components"] for text in component["texts"]]
    assert texts
    assert all(text["source"] for text in texts if text["text"] and text["basis"] != "unknown")
    assert said["agency"] == "dukcapil"
    found = program.get("/search?q=ktp+hilang").json()["items"]
    assert SERVICE in [one["code"] for one in found]


def test_a_number_is_taken_followed_called_and_served(program: Program) -> None:
    taken = program.take(SERVICE)
    visit = program.get(f"/visits/{taken['token']}").json()
    assert (visit["number"], visit["state"], visit["stops"][0]["service"]) == (taken["number"], "waiting", SERVICE)
    assert program.post(f"/desks/{DESK}/open").json() == {"ok": True}
    called = program.post(f"/desks/{DESK}/call").json()["called"]
    state = program.get(f"/desks/{DESK}").json()
    assert (state["state"], state["number"], state["visit"]) == ("called", called["number"], called["visit"])
    assert problem(program.post(f"/desks/{DESK}/recall"), 409)["code"]
    assert program.post(f"/desks/{DESK}/start").json()["started"]["visit"] == called["visit"]
    assert program.post(f"/desks/{DESK}/undo").json() == {"ok": True}
    board = program.get(f"/malls/{MALL}/board").json()["calls"]
    assert called["number"] in [call["number"] for call in board]
    ended = {"result": "done", "visit": called["visit"], "seq": called["seq"]}
    assert program.post(f"/desks/{DESK}/finish", ended).json()["finished"]["result"] == "done"
    assert program.get(f"/malls/{MALL}/report").json()["finished"] >= 1


def test_one_idempotency_key_is_one_number(program: Program, database: psycopg.Connection[Any]) -> None:
    key, body = str(uuid4()), {"services": [SERVICE]}
    first, again = program.post(TICKETS, body, key=key), program.post(TICKETS, body, key=key)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert problem(program.post(TICKETS, {"services": [SERVICE], "class": 1}, key=key), 422)["code"] == "key_used"
    rows = database.execute("select who, fact->>'channel' from journal_entry where request = %s", [key]).fetchall()
    assert [(who.partition(":")[0], channel) for who, channel in rows] == [("client", "api")]


@pytest.mark.parametrize("key", ["", "1", "x" * 300])
def test_a_write_without_a_good_key_is_refused(program: Program, key: str) -> None:
    for address in (TICKETS, f"/desks/{DESK}/call"):
        answer = program.http.post(address, json={"services": [SERVICE]}, headers={"idempotency-key": key})
        problem(answer, 400)
    answer = program.http.post(f"/desks/{DESK}/open", headers={"idempotency-key": key})
    assert "Idempotency-Key" in problem(answer, 422)["detail"]


def test_everything_refused_is_a_problem_in_the_language_asked_for(program: Program, served: Any) -> None:
    http = program.http
    key = {"idempotency-key": str(uuid4())}
    problem(http.get("/tidak-ada"), 404)
    problem(httpx.get(served.url + "/api/v2/x", trust_env=False), 404)
    problem(http.get("/malls/tidak-ada"), 404)
    problem(http.post("/malls/tidak-ada/tickets", json={"services": [SERVICE]}, headers=key), 404)
    problem(http.get("/visits/" + "x" * 22), 404)
    for method, address in (("PUT", "/services"), ("GET", TICKETS), ("DELETE", f"/desks/{DESK}/call")):
        answer = http.request(method, address)
        assert problem(answer, 405)
        assert answer.headers["allow"]
    problem(http.get("/services?limit=0"), 422)
    assert "limit" in http.get("/services?limit=0").json()["detail"]
    problem(http.get("/services?agency=%00"), 400)
    problem(http.post(f"/desks/{DESK}/pause", content=b"{", headers={**key, "content-type": "application/json"}), 400)
    problem(http.post(TICKETS, content=b"{", headers={**key, "content-type": "application/json"}), 400)
    problem(http.post(TICKETS, content=b"x" * 20_000, headers=key), 413)
    problem(http.post("/desks/40000/call", headers=key), 400)
    problem(http.post("/desks/9999/call", headers=key), 404)
    said = [http.get("/tidak-ada", headers={"accept-language": lang}).json()["title"] for lang in ("en-GB", "id", "")]
    assert said == ["Not found", "Tidak ditemukan", "Tidak ditemukan"]
    front = [
        http.post(TICKETS, headers={"accept-language": lang}).json()["title"] for lang in ("en", "id")
    ]  # answered by the front, not by Django
    assert front == ["The request can't be read", "Permintaan tidak terbaca"]


def test_who_asks_too_often_waits_as_long_as_it_is_told(client: Make) -> None:
    """Thirty at once, and one more every two seconds: a slow machine is let through a few more times."""
    slow = client(*ALL, per_minute=30)
    taken, refusal = until_refused(lambda n: slow.get("/me") if n % 2 else slow.post(TICKETS, {"services": []}))
    assert taken >= 30
    assert problem(refusal, 429)["code"] == "too_many_requests"
    assert 1 <= int(refusal.headers["retry-after"]) <= 3
    taken, refusal = until_refused(lambda _n: slow.post(f"/desks/{DESK}/call"))
    assert taken < 15, "the front counts in the same bucket"
    wait = int(refusal.headers["retry-after"])
    assert 1 <= wait <= 3
    time.sleep(wait)
    assert slow.get("/me").status_code == 200


def until_refused(ask: Callable[[int], httpx.Response]) -> tuple[int, httpx.Response]:
    """How many were let through before the one that came too often, and that one's answer."""
    for number in range(300):
        answer = ask(number)
        if answer.status_code == 429:
            return number, answer
    raise AssertionError("nobody was told to wait")


def test_a_session_or_a_cookie_opens_nothing_here(program: Program, served: Any) -> None:
    key = program.key or ""
    cookies = {"satuatap_session": "x" * 32}
    problem(httpx.get(served.url + "/api/v1/me", cookies=cookies, trust_env=False), 401)
    for header in (key, f"Basic {key}", f"Bearer {key}x", "Bearer", f"Bearer {key} {key}", "Bearer " + "x" * 3000):
        problem(httpx.get(served.url + "/api/v1/me", headers={"authorization": header}, trust_env=False), 401)
        asked = httpx.post(served.url + "/api/v1" + TICKETS, headers={"authorization": header}, trust_env=False)
        problem(asked, 401)
    # and a key opens no page of a person
    asked = httpx.post(
        f"{served.url}/langsung/loket/{DESK}/panggil", json={"key": str(uuid4())}, trust_env=False,
        headers={"authorization": f"Bearer {key}", "accept": "application/json", "origin": served.url},
    )  # fmt: skip
    assert asked.status_code == 401


def test_a_client_of_one_agency_never_sees_anothers_errands(client: Make, program: Program) -> None:
    mine, theirs = client(*ALL, agency="dukcapil"), client(*ALL, agency="dpmptsp")
    both = program.take(SERVICE, OTHER_SERVICE)
    own = mine.get(f"/visits/{both['token']}").json()
    assert {stop["service"] for stop in own["stops"]} == {SERVICE}
    assert {stop["service"] for stop in theirs.get(f"/visits/{both['token']}").json()["stops"]} == {OTHER_SERVICE}
    alone = program.take(OTHER_SERVICE)
    problem(mine.get(f"/visits/{alone['token']}"), 404)
    assert OTHER_SERVICE not in mine.get(f"/visits/{both['token']}").text
    assert mine.post(TICKETS, {"services": [SERVICE]}).status_code == 201
    for services in ([OTHER_SERVICE], [SERVICE, OTHER_SERVICE]):
        assert problem(mine.post(TICKETS, {"services": services}), 403)["code"] == "outside_limits"
    lines = mine.get(f"/malls/{MALL}/queue").json()["lines"]
    assert lines
    assert OTHER_SERVICE not in [line["service"] for line in lines]
    problem(mine.get(f"/malls/{MALL}/report"), 403)
    for what in ("call", "start", "open", "close", "recall", "miss", "undo"):
        assert problem(mine.post(f"/desks/{OTHER_DESK}/{what}"), 403)["code"] == "outside_limits"
    ended = {"result": "done", "visit": 1, "seq": 0}
    problem(mine.post(f"/desks/{OTHER_DESK}/finish", ended), 403)
    problem(mine.post(f"/desks/{OTHER_DESK}/transfer", {"service": SERVICE, "reason": "equipment"}), 403)
    problem(mine.get(f"/desks/{OTHER_DESK}"), 403)
    program.post(f"/desks/{OTHER_DESK}/open")
    called = program.post(f"/desks/{OTHER_DESK}/call").json()["called"]
    assert called
    desks = [call["desk"] for call in mine.get(f"/malls/{MALL}/board").json()["calls"]]
    assert OTHER_DESK not in desks


def test_a_client_of_another_mall_is_outside(client: Make, database: psycopg.Connection[Any]) -> None:
    row = database.execute(
        "insert into malls_mall (code, name, name_en, address, zone_name, demo, kiosk_note, active, building, source,"
        " synthetic, confidence, note) select 'dua', name, name_en, address, zone_name, false, kiosk_note, false,"
        " building, source, synthetic, confidence, note from malls_mall where code = %s"
        " on conflict (code) do update set code = 'dua' returning id",
        [MALL],
    ).fetchone()
    assert row is not None
    other = client(*ALL, mall=row[0])
    for address in (f"/malls/{MALL}", f"/malls/{MALL}/queue", f"/malls/{MALL}/board", f"/malls/{MALL}/report",
                    f"/desks/{DESK}"):  # fmt: skip
        assert problem(other.get(address), 403)["code"] == "outside_limits"
    problem(other.post(TICKETS, {"services": [SERVICE]}), 403)
    problem(other.post(f"/desks/{DESK}/call"), 403)
    assert other.get("/malls").json()["items"] == []


def test_a_block_counts_within_two_seconds_and_the_list_shows_no_key(client: Make, served: Any) -> None:
    blocked = client("queue:read")
    name = blocked.get("/me").json()["name"]
    listed = command(served, "client", "list")
    assert name in listed
    assert (blocked.key or "")[16:] not in listed
    command(served, "client", "block", name)
    time.sleep(2.1)
    problem(blocked.get("/me"), 401)


def test_a_clients_webhooks_are_its_own(client: Make, served: Any) -> None:
    mine, theirs = client("webhooks:write"), client("webhooks:write")
    wish = {"target": "https://127.0.0.1/masuk", "events": ["errand.called"]}
    assert problem(mine.post("/webhooks", wish), 422)["code"] == "address_refused"
    problem(mine.post("/webhooks", {**wish, "events": ["all"]}), 422)
    assert mine.get("/webhooks").json() == {"items": []}
    assert theirs.get("/webhooks").json() == {"items": []}


def test_the_page_for_people_has_no_script_and_says_everything(program: Program, served: Any) -> None:
    http = httpx.Client(base_url=served.url, trust_env=False)
    pages = {}
    for lang in ("id", "en"):
        http.cookies.set("satuatap_bahasa", lang)
        pages[lang] = http.get("/api/v1/docs").text
    paths = program.get("/openapi.json").json()["paths"]
    for page in pages.values():
        assert "<style" not in page
        assert "style=" not in page
        assert all(f"<code>{path}</code>" in page for path in paths)
        assert all(f'id="problem-{status}"' in page for status in (401, 403, 404, 409, 422, 429))
    assert "Call the same number once more" in pages["en"]
    assert "Panggil nomor yang sama" in pages["id"]
    assert http.get("/api/v1/openapi.json", headers={"accept-language": "en"}).json()["info"]["title"] == "satuatap"
