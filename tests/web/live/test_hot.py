"""The hot endpoints of the running server: who may, what is refused with a sentence, and one key is one action."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.project.server import Served
from tests.web.live.caller import Caller

pytestmark = pytest.mark.database

People = Callable[[str], Caller]
Facts = Callable[[], int]
DESK, OTHER = 1, 19  # of the booths dukcapil-ktp and dinkes; their officers are loket1 and loket19
WRITES = ("/langsung/ambil", f"/langsung/loket/{DESK}/panggil", f"/langsung/loket/{DESK}/mulai",
          f"/langsung/loket/{DESK}/selesai")  # fmt: skip
HERE = "ktp-el-ganti"


def body(**values: Any) -> dict[str, Any]:
    return {"key": str(uuid4()), **values}


def refused(answer: httpx.Response, *statuses: int) -> str:
    """A 4xx with a code and a sentence to read; returns the code."""
    assert answer.status_code in statuses, (answer.status_code, answer.text[:300])
    said = answer.json()
    assert said["code"] and len(said["sentence"]) > 20 and said["sentence"].rstrip().endswith((".", "?")), said
    return str(said["code"])


def test_health_says_that_everything_serves(served: Served, anonymous: Caller) -> None:
    answer = anonymous.http.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"ready": True})
    assert 400 <= anonymous.post("/healthz", {}).status_code < 500


@pytest.mark.parametrize("address", WRITES)
def test_nobody_writes_without_a_session(anonymous: Caller, facts: Facts, address: str) -> None:
    before = facts()
    assert refused(anonymous.post(address, body(services=[HERE], result="done")), 401) == "sign_in"
    for cookie in ("x" * 32, "ÿ" * 16, "a;b", "0" * 5000):
        answer = anonymous.post(address, body(services=[HERE]), cookie=f"satuatap_session={cookie}")
        assert answer.status_code in (400, 401, 431), answer.text[:200]
    assert facts() == before


@pytest.mark.parametrize("address", WRITES)
@pytest.mark.parametrize("origin", [None, "https://example.org", "null"])
def test_another_site_cannot_write_for_her(signed_in: People, facts: Facts, address: str, origin: str | None) -> None:
    before = facts()
    who = signed_in("anjungan" if address.endswith("ambil") else "loket1")
    answer = who.post(address, body(services=[HERE], result="done"), origin=origin)
    assert refused(answer, 403) == "not_our_page"
    assert facts() == before


@pytest.mark.parametrize("address", WRITES)
def test_a_form_without_its_token_is_refused_too(signed_in: People, facts: Facts, address: str) -> None:
    before = facts()
    who = signed_in("anjungan" if address.endswith("ambil") else "loket1")
    for origin in (who.url, "https://example.org"):
        answer = who.http.post(
            address, data={"key": str(uuid4()), "services": HERE, "result": "done"}, headers={"origin": origin}
        )
        assert answer.status_code == 403
        assert "<html" in answer.text
    assert facts() == before


UNREADABLE = [
    (b"", 400), (b"{", 400), (b"[]", 400), (b'"x"', 400), (b"null", 400), (b"\xff\xfe", 400), (b"[" * 15_000, 400),
    (b"1" * 9_000, 400), (b'{"key": NaN}', 400), (b"{}" + b" " * 17_000, 413), (b'{"services": "' + b"x" * 16_384, 413),
]  # fmt: skip


@pytest.mark.parametrize("address", WRITES)
def test_an_unreadable_body_writes_nothing(signed_in: People, facts: Facts, address: str) -> None:
    before = facts()
    who = signed_in("anjungan" if address.endswith("ambil") else "loket1")
    for raw, status in UNREADABLE:
        refused(who.post(address, raw=raw), status)
        refused(who.post(address, raw=raw, content_type="application/x-www-form-urlencoded"), status)
    for key in (None, "", "1", "x" * 36, [str(uuid4())], "\ud800", {"a": 1}, True):
        refused(who.post(address, {"key": key, "services": [HERE], "result": "done"}), 400)
    assert facts() == before


@pytest.mark.parametrize(
    "values",
    [
        {}, {"services": []}, {"services": None}, {"services": {}}, {"services": [None]}, {"services": [[HERE]]},
        {"services": ["tidak-ada"]}, {"services": [HERE, "tidak-ada"]}, {"services": ["x" * 61]},
        {"services": ["\x00"]}, {"services": ["\ud800"]}, {"services": ["'; drop table visits_visit; --"]},
        {"services": [f"{HERE}{n}" for n in range(40)]}, {"services": [HERE], "class": 2},
        {"services": [HERE], "class": -1}, {"services": [HERE], "class": "x"}, {"services": [HERE], "class": True},
        {"services": [HERE], "class": 1e308}, {"services": [HERE], "class": []},
    ],
)  # fmt: skip
def test_no_number_for_what_cannot_be(signed_in: People, facts: Facts, values: dict[str, Any]) -> None:
    before = facts()
    refused(signed_in("anjungan").post("/langsung/ambil", body(**values)), 400, 404, 409, 422)
    assert facts() == before


@pytest.mark.parametrize("values", [
    {"services": 5}, {"services": {"nib": 1}}, {"services": [None]}, {"services": [["nib"]]}, {"services": "nib"},
    {"services": ["a\x00"]}, {"services": ["n" * 61]}, {"services": [HERE], "class": "x"},
    {"services": [HERE], "class": 2}, {"services": [HERE], "class": True}, {"services": [HERE], "class": [1]},
])  # fmt: skip
def test_the_help_desk_gives_no_number_for_what_cannot_be(
    signed_in: People, facts: Facts, values: dict[str, Any]
) -> None:
    desk, before = signed_in("informasi"), facts()
    refused(desk.post("/bantuan/ambil", body(**values), x_csrftoken=desk.csrf()), 400, 422)
    assert facts() == before


def test_nobody_loses_priority_to_a_word_that_is_no_class(signed_in: People, facts: Facts) -> None:
    desk = signed_in("informasi")
    words = {"x_csrftoken": desk.csrf()}
    given = desk.post("/bantuan/ambil", body(services=[HERE], **{"class": 1}), **words)
    assert given.status_code == 201
    visit, before = given.json()["visit"], facts()
    for wrong in ({}, {"class": "x"}, {"class": ""}, {"class": "true"}):
        refused(desk.post("/bantuan/kelas", body(visit=visit, **wrong), **words), 400)
    assert facts() == before
    called = signed_in("loket1").press(DESK, "panggil")["called"]
    signed_in("loket1").press(DESK, "selesai", result="done", visit=called["visit"], seq=called["seq"])


def test_numbers_are_given_at_kiosk_and_help_desk_only(signed_in: People, facts: Facts) -> None:
    before = facts()
    for name in ("loket1", "manajer", "pengelola", "koordinator-dinkes"):
        assert refused(signed_in(name).post("/langsung/ambil", body(services=[HERE])), 403) == "not_yours"
    assert facts() == before


@pytest.mark.parametrize("what", ["panggil", "mulai", "selesai"])
def test_a_desk_is_its_own_booths(signed_in: People, facts: Facts, what: str) -> None:
    before = facts()
    for name in ("loket19", "manajer", "informasi", "anjungan", "koordinator-dinkes"):
        answer = signed_in(name).post(f"/langsung/loket/{DESK}/{what}", body(result="done"))
        assert refused(answer, 403) == "not_yours"
    officer = signed_in("loket1")
    assert refused(officer.post(f"/langsung/loket/{OTHER}/{what}", body(result="done")), 403) == "not_yours"
    for desk in ("0", "999", "32768", "99999"):
        refused(officer.post(f"/langsung/loket/{desk}/{what}", body(result="done")), 400, 404)
    for desk in ("100000", "-1", "x", "1.0", "%00", "9" * 300):
        assert officer.post(f"/langsung/loket/{desk}/{what}", body(result="done")).status_code in (400, 403, 404)
    assert facts() == before


def test_what_does_not_fit_the_desk_is_said(signed_in: People, facts: Facts) -> None:
    officer, before = signed_in("loket2"), facts()
    address = "/langsung/loket/2"
    assert officer.press(2, "panggil") == {"called": None}
    refused(officer.post(f"{address}/mulai", body()), 409)
    refused(officer.post(f"{address}/selesai", body(result="done")), 409)
    for result in ("", "unserved", "x", None, 7, ["done"], "\ud800"):
        refused(officer.post(f"{address}/selesai", body(result=result)), 400, 409, 422)
    for more in ({"visit": "x", "seq": 0}, {"visit": 1}, {"visit": 1, "seq": 99}, {"visit": -1, "seq": 0},
                 {"visit": 2**80, "seq": 0}, {"visit": {}, "seq": 0}, {"visit": 999_999, "seq": 0}):  # fmt: skip
        refused(officer.post(f"{address}/selesai", body(result="done", **more)), 400, 404, 409, 422)
    assert facts() == before


def test_the_sentence_is_in_the_language_of_the_reader(anonymous: Caller) -> None:
    indonesian = anonymous.post(WRITES[0], body()).json()["sentence"]
    english = anonymous.post(WRITES[0], body(), cookie="satuatap_bahasa=en").json()["sentence"]
    assert "Masuk" in indonesian
    assert "ign in" in english


def test_one_key_is_one_action_from_the_kiosk_to_the_end(signed_in: People, facts: Facts) -> None:
    kiosk, officer, before = signed_in("anjungan"), signed_in("loket1"), facts()
    asked = body(services=[HERE])
    first, again = kiosk.post("/langsung/ambil", asked), kiosk.post("/langsung/ambil", asked)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    visit = first.json()["visit"]
    presses: list[tuple[str, dict[str, Any]]] = [("panggil", {}), ("mulai", {}), ("selesai", {"result": "done"})]
    for number, (what, values) in enumerate(presses, start=2):
        address, values = f"/langsung/loket/{DESK}/{what}", body(**values)
        one, two = officer.post(address, values), officer.post(address, values)
        assert one.status_code == two.status_code == 200, (one.text, two.text)
        assert one.json() == two.json()
        assert next(iter(one.json().values()))["visit"] == visit
        header = officer.post(address, {**values, "key": "ignored"}, idempotency_key=values["key"])
        assert header.json() == one.json()
        assert facts() == before + number


def test_a_used_key_never_answers_for_something_else(signed_in: People, facts: Facts) -> None:
    kiosk, officer = signed_in("anjungan"), signed_in("loket1")
    asked = body(services=[HERE])
    visit = kiosk.post("/langsung/ambil", asked).json()["visit"]
    before = facts()
    assert refused(kiosk.post("/langsung/ambil", {**asked, "services": ["paspor-baru"]}), 422) == "key_used"
    for what, values in (("panggil", {}), ("mulai", {}), ("selesai", {"result": "done"})):
        answer = officer.post(f"/langsung/loket/{DESK}/{what}", {**values, "key": asked["key"]})
        assert refused(answer, 422, 409) in ("key_used", "nobody_at_desk")
    assert facts() == before
    called = officer.press(DESK, "panggil")["called"]
    assert called["visit"] == visit
    ended = body(result="done", visit=visit, seq=0)
    assert officer.post(f"/langsung/loket/{DESK}/selesai", ended).status_code == 200
    other = officer.post(f"/langsung/loket/{DESK}/selesai", {**ended, "result": "not_eligible"})
    assert refused(other, 422) == "key_used"


def test_finish_and_call_pressed_twice_calls_one_person(signed_in: People, facts: Facts) -> None:
    kiosk, officer = signed_in("anjungan"), signed_in("loket1")
    first, second, third = (kiosk.take(HERE)["visit"] for _ in range(3))
    assert officer.press(DESK, "panggil")["called"]["visit"] == first
    form = {"result": "done", "visit": first, "seq": 0, "then": "call", "key": str(uuid4())}
    headers = {"origin": officer.url, "x-csrftoken": officer.csrf()}
    before = facts()
    pages = [officer.http.post(f"/langsung/loket/{DESK}/selesai", data=form, headers=headers) for _ in range(2)]
    assert [page.status_code for page in pages] == [303, 303], pages[1].text[:300]
    assert facts() == before + 2
    for visit in (second, third):
        if visit == third:
            officer.press(DESK, "panggil")
        officer.press(DESK, "selesai", result="done", visit=visit, seq=0)


def test_a_crowd_of_presses_with_one_key_is_one_number(served: Served, signed_in: People, facts: Facts) -> None:
    before, asked, answers = facts(), body(services=[HERE]), []
    cookies = signed_in("anjungan").http.cookies
    gate = threading.Barrier(8, timeout=60)

    def press() -> None:
        with httpx.Client(base_url=served.url, cookies=cookies, timeout=60, trust_env=False) as http:
            gate.wait()
            headers = {"accept": "application/json", "content-type": "application/json", "origin": served.url}
            answers.append(http.post("/langsung/ambil", content=json.dumps(asked), headers=headers))

    threads = [threading.Thread(target=press) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(a.status_code for a in answers) == [200] * 7 + [201]
    assert len({json.dumps(a.json(), sort_keys=True) for a in answers}) == 1
    assert facts() == before + 1
    called = signed_in("loket1").press(DESK, "panggil")["called"]
    assert called["visit"] == answers[0].json()["visit"]
    signed_in("loket1").press(DESK, "selesai", result="done", visit=called["visit"], seq=called["seq"])


def test_the_result_belongs_to_whom_the_officer_saw(signed_in: People, facts: Facts) -> None:
    kiosk, officer = signed_in("anjungan"), signed_in("loket1")
    visit = kiosk.take(HERE)["visit"]
    called = officer.press(DESK, "panggil")["called"]
    assert called["visit"] == visit
    before = facts()
    refused(officer.post(f"/langsung/loket/{DESK}/selesai", body(result="done", visit=visit - 1, seq=0)), 409)
    busy = officer.post(f"/langsung/loket/{DESK}/panggil", body())
    assert refused(busy, 409) == "result_needed"
    assert facts() == before
    officer.press(DESK, "selesai", result="done", visit=visit, seq=called["seq"])
