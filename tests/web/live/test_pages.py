"""Pages and plain forms of the running server: bad input is a sentence and nothing written; nobody sees another's."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import httpx
import psycopg
import pytest

from tests.project.server import Served
from tests.web.live.caller import TOKEN, Caller

pytestmark = pytest.mark.database

People = Callable[[str], Caller]
Facts = Callable[[], int]
MAIN = re.compile(r"<main[^>]*>(.*)</main>", re.S)
SELECT = re.compile(r"<select.*?</select>", re.S)
KEYS = re.compile(r"[\w-]{36,}")
HTML = {"accept": "text/html", "sec-fetch-site": "same-origin"}


def words(answer: httpx.Response) -> str:
    """What a person reads in the page's main part."""
    found = MAIN.search(answer.text)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", found[1] if found else answer.text))


def form(caller: Caller, address: str, page: str = "", **values: Any) -> httpx.Response:
    """A plain form as a browser sends it, with the token of the page that holds it."""
    caller.http.get(page or "/masuk/sandi")
    token = TOKEN.search(caller.http.get(page).text) if page else None
    sent = {"csrfmiddlewaretoken": token[1] if token else caller.csrf(), **values}
    return caller.http.post(address, data=sent, headers={**HTML, "origin": caller.url, "referer": caller.url + page})


@pytest.mark.parametrize(
    "address",
    ["/layanan/tidak-ada", "/peristiwa/tidak-ada", "/rencana/ZZZZZZ", "/kunjungan/" + "x" * 22, "/rencana?u=tidak-ada",
     "/cari?q=" + "a" * 3000, "/layanan/%00", "/tidak/ada", "/rencana/' OR 1=1", "/cari?q=<script>alert(1)</script>"],
)  # fmt: skip
def test_an_address_that_leads_nowhere_is_a_page_with_a_way_back(anonymous: Caller, address: str) -> None:
    answer = anonymous.http.get(address, headers=HTML)
    assert answer.status_code < 500
    assert "<script>alert" not in answer.text
    assert "Traceback" not in answer.text
    assert "<main" in answer.text
    assert len(words(answer)) > 30
    assert re.search(r'href="/[a-z]*"', answer.text)


def test_every_page_of_a_citizen_speaks_english_when_asked(served: Served) -> None:
    caller = Caller(served.url)
    token = TOKEN.search(caller.http.get("/masuk").text)
    assert token
    chosen = caller.http.post(
        "/bahasa", data={"csrfmiddlewaretoken": token[1], "language": "en", "next": "/"},
        headers={**HTML, "origin": served.url, "referer": served.url + "/masuk"},
    )  # fmt: skip
    assert chosen.status_code in (302, 303), chosen.text[:200]
    for address, said in (
        ("/", "What do you"), ("/layanan/kis-apbd", "Put"), ("/kunjungan", "number"), ("/rencana", "plan"),
        ("/tentang", "About"), ("/papan", "called"), ("/masuk", "Sign in"),
    ):  # fmt: skip
        page = caller.http.get(address)
        assert 'lang="en"' in page.text, address
        assert said.lower() in words(page).lower(), (address, words(page)[:300])


def test_a_slip_that_is_wrong_is_refused_alike_and_only_so_often(served: Served, signed_in: People) -> None:
    ticket = signed_in("informasi").take("kk-baru")
    caller = Caller(served.url)
    right = f"{ticket['number']} {ticket['code']}"
    found = form(caller, "/kunjungan", "/kunjungan", slip=right)
    assert found.headers["location"] == f"/kunjungan/{ticket['token']}"
    other = "2222" if ticket["code"] != "2222" else "3333"
    wrong_code = form(caller, "/kunjungan", "/kunjungan", slip=f"{ticket['number']} {other}")
    wrong_number = form(caller, "/kunjungan", "/kunjungan", slip=f"9876 {ticket['code']}")
    assert wrong_code.status_code == wrong_number.status_code == 404
    said = [re.sub(r"value=.*?>", "", MAIN.findall(page.text)[0]) for page in (wrong_code, wrong_number)]
    assert KEYS.sub("", said[0]) == KEYS.sub("", said[1])
    assert "aria-invalid" in wrong_code.text
    for text in ("", "abc", "0 AAAA", "99999 AAAA", "١٢٣ AAAA"):
        assert 400 <= form(caller, "/kunjungan", "/kunjungan", slip=text).status_code < 500
    statuses = [
        form(caller, "/kunjungan", "/kunjungan", slip=f"{ticket['number']} {other}").status_code for _ in range(9)
    ]
    assert statuses[-1] == 429


def test_a_kiosk_link_that_is_wrong_signs_nobody_in(served: Served) -> None:
    caller = Caller(served.url)
    assert caller.http.get("/anjungan/aktifkan/" + "x" * 43, headers=HTML).status_code == 404
    assert caller.http.get("/anjungan", headers=HTML).status_code in (302, 303)
    assert caller.post("/langsung/ambil", {"key": str(uuid4()), "services": ["kk-baru"]}).status_code == 401


@pytest.mark.parametrize(
    "values",
    [{}, {"services": "tidak-ada"}, {"services": ["kk-baru", "x" * 300]}, {"services": ["' or 1=1"]},
     {"services": [f"s{n}" for n in range(60)]}],
)  # fmt: skip
def test_a_kiosk_form_that_cannot_be_is_a_sentence(signed_in: People, facts: Facts, values: dict[str, Any]) -> None:
    before, kiosk = facts(), signed_in("anjungan")
    answer = form(kiosk, "/langsung/ambil", "/anjungan/pilih?layanan=kk-baru", key=str(uuid4()), **values)
    assert 400 <= answer.status_code < 500
    assert len(words(answer)) > 40
    assert facts() == before


def test_a_form_pressed_twice_is_one_number_and_one_without_its_key_is_none(signed_in: People, facts: Facts) -> None:
    kiosk, key, before = signed_in("anjungan"), str(uuid4()), facts()
    page = "/anjungan/pilih?layanan=bphtb"
    first = form(kiosk, "/langsung/ambil", page, key=key, services="bphtb")
    again = form(kiosk, "/langsung/ambil", page, key=key, services="bphtb")
    assert first.status_code == again.status_code == 303
    assert first.headers["location"] == again.headers["location"]
    assert facts() == before + 1
    assert form(kiosk, "/langsung/ambil", page, services="bphtb").status_code == 400
    assert kiosk.http.post("/langsung/ambil", data={"key": str(uuid4()), "services": "bphtb"}).status_code == 403
    assert facts() == before + 1


def test_the_next_citizen_finds_the_kiosk_in_indonesian_and_at_its_height(signed_in: People) -> None:
    kiosk = signed_in("anjungan")
    form(kiosk, "/bahasa", "/anjungan", language="en", next="/anjungan")
    form(kiosk, "/anjungan/layar", "/anjungan", next="/anjungan")
    left = kiosk.http.get("/anjungan", headers=HTML).text
    assert 'lang="en" class="place-kiosk lowered' in left
    assert kiosk.http.get("/anjungan?baru=1", headers=HTML).status_code == 303
    assert 'lang="id" class="place-kiosk"' in kiosk.http.get("/anjungan", headers=HTML).text


def test_a_need_that_this_mall_does_not_serve_is_named_at_the_kiosk(signed_in: People) -> None:
    kiosk = signed_in("anjungan")
    kept = form(kiosk, "/rencana", "/rencana?u=npwp&u=kk-baru", key=str(uuid4()), u=["npwp", "kk-baru"])
    code = kept.headers["location"].rsplit("/", 1)[-1]
    to = kiosk.http.get(f"/anjungan/rencana?kode={code}", headers=HTML).headers["location"]
    chosen = kiosk.http.get(to, headers=HTML)
    assert "1 urusan, 1 nomor" in words(chosen)
    assert "tidak diambilkan nomor di sini: Bikin NPWP" in words(chosen)
    assert "/anjungan/di-mana/npwp?layanan=kk-baru" in chosen.text.replace("&amp;", "&")
    elsewhere = kiosk.http.get("/anjungan/di-mana/npwp?layanan=kk-baru", headers=HTML).text
    assert "/anjungan/pilih?layanan=kk-baru" in elsewhere


def test_of_other_agencies_an_officer_sees_minutes_only(signed_in: People) -> None:
    """Her errand at the police is "another desk" to the permit office, while it is served there and after."""
    ticket = signed_in("informasi").take("nib", "skck")
    officer, police = signed_in("loket10"), signed_in("loket29")
    called = police.press(29, "panggil")["called"]
    assert called["visit"] == ticket["visit"]
    there = officer.http.get("/loket/10", headers=HTML)
    assert "sedang dilayani di loket lain" in words(there)
    police.press(29, "selesai", result="done", visit=called["visit"], seq=called["seq"])
    mine = officer.press(10, "panggil")["called"]
    assert mine["visit"] == ticket["visit"]
    here = officer.http.get("/loket/10", headers=HTML)
    assert "Loket lain" in words(here)
    for page in (there, here):
        for name in ("SKCK", "Kepolisian", "Polri", "Loket 29"):
            assert name not in SELECT.sub("", page.text)  # she may transfer to any service; that list names no person
    assert officer.http.get("/loket/29", headers=HTML).status_code == 403
    assert officer.http.get("/pantauan", headers=HTML).status_code == 403
    assert officer.http.get("/pengelolaan", headers=HTML).status_code == 403
    officer.press(10, "selesai", result="done", visit=mine["visit"], seq=mine["seq"])


def test_a_missed_number_keeps_its_first_arrival(signed_in: People, database: psycopg.Connection[Any]) -> None:
    helper, officer = signed_in("informasi"), signed_in("loket24")
    ticket = helper.take("bpjstk-daftar")
    called = officer.press(24, "panggil")["called"]
    assert called["visit"] == ticket["visit"]
    early = form(officer, "/loket/24/terlewat", "/loket/24", key=str(uuid4()))
    assert early.status_code == 409  # not before two more calls
    arrived = database.execute("select arrived_at from visits_visit where id = %s", [ticket["visit"]]).fetchone()
    refused = form(helper, "/bantuan/kembalikan", "/bantuan", key=str(uuid4()), visit=ticket["visit"], seq=0)
    assert refused.status_code == 409  # it was not missed
    officer.press(24, "selesai", result="done", visit=called["visit"], seq=called["seq"])
    assert (
        arrived == database.execute("select arrived_at from visits_visit where id = %s", [ticket["visit"]]).fetchone()
    )


@pytest.mark.parametrize(
    "values", [{"nomor": "abc"}, {"nomor": "0"}, {"nomor": "9999"}, {"nomor": "-1"}, {"nomor": "1e9"}]
)
def test_a_number_that_is_none_is_said_beside_the_field(signed_in: People, values: dict[str, str]) -> None:
    page = signed_in("informasi").http.get("/bantuan", params=values, headers=HTML)
    assert page.status_code < 500
    assert re.search(r'id="nomor-salah" role="alert"', page.text)


@pytest.mark.parametrize(
    ("address", "values"),
    [
        ("/loket/1/alihkan", {"service": "tidak-ada", "reason": "wrong_service"}),
        ("/loket/1/alihkan", {"service": "nib", "reason": "bosan"}),
        ("/langsung/loket/1/selesai", {"result": "mungkin", "visit": "1", "seq": "0"}),
        ("/langsung/loket/1/selesai", {"result": "done", "visit": "9" * 30, "seq": "0"}),
        ("/loket/1/ulang", {}),
        ("/bantuan/kelas", {"visit": "abc", "class": "1"}),
    ],
)
def test_a_write_that_cannot_be_is_a_sentence_and_no_fact(
    signed_in: People, facts: Facts, address: str, values: dict[str, str]
) -> None:
    who = signed_in("informasi" if address.startswith("/bantuan") else "loket1")
    before = facts()
    answer = form(
        who, address, "/bantuan" if address.startswith("/bantuan") else "/loket/1", key=str(uuid4()), **values
    )
    assert 400 <= answer.status_code < 500, answer.text[:200]
    assert len(words(answer)) > 40
    assert facts() == before
