"""Every no is a sentence with a 4xx, as a page, a fragment or JSON; nothing is half-written."""

from __future__ import annotations

import html
import uuid

import pytest
from django.test import Client

from satuatap.features.people.models import Agency
from satuatap.web import hosts

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.web.probe_urls")]


@pytest.fixture
def client() -> Client:
    return Client(raise_request_exception=False)


@pytest.mark.parametrize(
    ("what", "status", "sentence"),
    [
        ("refusal", 409, "Tutup. Datang besok."),
        ("missing", 404, "Halaman ini tidak ada"),
        ("denied", 403, "tidak berwenang"),
        ("suspicious", 400, "Isian tidak terbaca"),
        ("bad", 400, "Isian tidak terbaca"),
        ("defect", 500, "Ada yang rusak"),
    ],
)
def test_three_forms_of_one_sentence(client, what, status, sentence):
    page = client.get(f"/galat/{what}")
    assert page.status_code == status
    assert sentence in page.content.decode()
    assert page.content.lower().startswith(b"<!doctype html>")
    assert "rahasia" not in page.content.decode()

    data = client.get(f"/galat/{what}", HTTP_ACCEPT="application/json")
    assert data.status_code == status
    assert sentence in data.json()["sentence"]
    assert set(data.json()) == {"code", "sentence", "next"}

    fragment = client.get(f"/galat/{what}", HTTP_HX_REQUEST="true")
    assert fragment.status_code == status
    assert sentence in fragment.content.decode()
    assert b"<html" not in fragment.content.lower()


def test_a_refusal_leaves_nothing_half_written(client):
    assert client.post("/setengah").status_code == 409
    assert not Agency.objects.exists()


def test_an_address_that_is_not_there(client):
    assert client.get("/tidak/ada").status_code == 404
    assert client.get("/tidak/ada", HTTP_ACCEPT="application/json").json()["code"] == "not_found"


@pytest.mark.parametrize("number", ["99999", "-1", "1e3", "", "٣", "9" * 400, "0x10", "NaN", "1.5", " "])
def test_numbers_that_do_not_fit(client, number):
    answer = client.get("/luap", {"n": number})
    assert answer.status_code == 400, answer.content
    assert "Tidak ada yang berubah" in answer.content.decode()


def test_a_number_that_fits(client):
    assert client.get("/luap", {"n": " 7 "}).content == b"muat"


def test_nul_signs_never_reach_the_database(client):
    assert client.post("/nul", {"code": "a\x00b"}).status_code == 400
    assert client.get("/?q=%00").status_code == 400
    assert client.get("/tidak%00ada").status_code in (400, 404)


@pytest.mark.parametrize(
    ("what", "values"),
    [
        ("text", {}),
        ("text", {"text": "x" * 11}),
        ("text", {"text": "a\x00"}),
        ("number", {"number": "101"}),
        ("number", {"number": "satu"}),
        ("key", {}),
        ("key", {"key": "bukan-uuid"}),
        ("day", {"day": "24-11-2026"}),
        ("day", {"day": "2026-02-30"}),
    ],
)
def test_fields_that_cannot_be_read(client, what, values):
    answer = client.post(f"/baca?what={what}", values, HTTP_ACCEPT="application/json")
    assert answer.status_code == 400
    assert answer.json()["sentence"]


def test_fields_that_can_be_read(client):
    key = str(uuid.uuid4())
    assert client.post("/baca?what=text", {"text": "  halo "}).content == b"halo"
    assert client.post("/baca?what=key", {"key": key}).content.decode() == key
    assert client.post("/baca?what=key", {}, HTTP_IDEMPOTENCY_KEY=key).content.decode() == key
    assert client.post("/baca?what=day", {"day": "2026-11-24"}).content == b"2026-11-24"


@pytest.mark.parametrize("body", [b"{", b"[]", b"3", b"\xff\xfe", b"nul", b"[" * 100_000, b'"x"'])
def test_json_that_cannot_be_read(client, body):
    answer = client.post("/baca?what=json", body, content_type="application/json", HTTP_ACCEPT="application/json")
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_json")


def test_too_large_a_body(client, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    answer = client.post("/baca?what=text", b"text=" + b"x" * 2000, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 413
    assert "terlalu besar" in answer.content.decode()


def test_a_broken_upload(client):
    answer = client.post("/baca?what=text", b"--x\r\nbroken", content_type="multipart/form-data; boundary=\x01")
    assert answer.status_code == 400


def test_refusals_are_not_kept_by_browsers(client):
    assert client.get("/galat/refusal")["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("public", "advice", "hidden"),
    [
        ("https://mpp.kota.test", "Buka https://mpp.kota.test.", "Tanyakan alamat"),
        ("http://127.0.0.1:8000", "Tanyakan alamat yang benar kepada pengelola", "127.0.0.1"),
    ],
)
def test_a_name_that_is_not_known_here(client, settings, caplog, public, advice, hidden):
    hosts.forget_noted()
    settings.ALLOWED_HOSTS, settings.PUBLIC_URL = ["dalam.kota.test"], public
    for _ in range(3):
        answer = client.get("/", HTTP_HOST="Salah.kota.test:8080")
    page = html.unescape(answer.content.decode())
    assert answer.status_code == 400 and "tidak dikenal di sini" in page and "PUBLIC_URL" in page
    assert advice in page and hidden not in page and "dalam.kota.test" not in page and "Isian" not in page
    assert [record.getMessage() for record in caplog.records if record.name == "satuatap.web.hosts"] == [
        "asked as Salah.kota.test:8080, which is no name of this server (dalam.kota.test): see PUBLIC_URL and HOST"
    ]
    data = client.get("/", HTTP_HOST="salah.kota.test", HTTP_ACCEPT="application/json").json()
    assert (data["code"], data["next"]) == ("unknown_address", public if "https" in public else "")


def test_the_log_takes_no_text_for_a_name_and_is_not_filled_by_names(client, settings, caplog):
    hosts.forget_noted()
    settings.ALLOWED_HOSTS = ["dalam.kota.test"]
    assert client.get("/", HTTP_HOST="a b=ibu siti").status_code == 400
    for number in range(30):
        client.get("/", HTTP_HOST=f"n{number}.test")
    said = [record.getMessage() for record in caplog.records if record.name == "satuatap.web.hosts"]
    assert said[0].startswith("asked as (no name),") and "siti" not in " ".join(said) and len(said) == 20
