"""The tags escape what they are given, the icons exist, and nothing in the kit breaks the content security policy."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from satuatap.plumbing.assets.icons import names_in
from satuatap.web import components

KIT = Path(components.__file__).parent
ROOT = KIT.parents[3]
USED = re.compile(r'{%\s*icon\s+"([\w-]+)"')


def render(source: str, **values: object) -> str:
    request = RequestFactory().get("/komponen?a=1")
    return Template("{% load satuatap %}" + source).render(Context({"request": request} | values))


def test_tags_escape_what_they_show():
    for source in ("{% synthetic_tag x %}", '{% state_pill "ok" x %}', "{% icon x %}", "{% mark x %}"):
        assert "<script>" not in render(source, x="<script>alert(1)</script>")


def test_an_unknown_state_is_idle():
    assert "state--idle" in render('{% state_pill "ok\\" onclick" "Siap" %}')


def test_the_reason_of_a_tag_is_one_tap_away():
    assert "<details" in render('{% synthetic_tag "karena" %}')
    assert "<details" not in render("{% synthetic_tag %}")
    with translation.override("en"):
        assert "sample data" in render("{% synthetic_tag %}")


def test_every_form_has_a_key_of_its_own():
    first, second = render("{% key_field %}"), render("{% key_field %}")
    assert first != second
    assert re.search(r'value="[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-', first)


def test_names_follow_the_language():
    row = type("Row", (), {"name": "Akta", "name_en": "Certificate", "note": "x", "note_en": ""})()
    assert render('{{ row|local:"name" }}', row=row) == "Akta"
    with translation.override("en"):
        assert render('{{ row|local:"name" }} {{ row|local:"note" }}', row=row) == "Certificate x"


def test_every_icon_that_is_used_is_in_the_list():
    listed = set(names_in(KIT / "icons.txt"))
    used = {name for path in KIT.parent.rglob("*.html") for name in USED.findall(path.read_text())}
    for sheet in (ROOT / "data").rglob("*.csv"):
        with sheet.open(newline="") as file:
            used |= {row["icon"] for row in csv.DictReader(file) if row.get("icon")}
    assert used
    assert used - listed == set()


@pytest.mark.parametrize("path", sorted(KIT.parent.rglob("*.html")), ids=lambda path: path.name)
def test_no_page_breaks_the_policy(path):
    text = path.read_text()
    assert not re.search(r"\sstyle\s*=", text), "inline style"
    assert not re.search(r"\son\w+\s*=\s*[\"']", text), "handler in the page"
    assert not re.search(r"<style|javascript:", text)
    for script in re.findall(r"<script([^>]*)>([^<]*)</script>", text):
        assert "src=" in script[0]
        assert not script[1].strip()


@pytest.mark.django_db
def test_the_gallery_opens_in_both_languages(client):
    page = client.get("/komponen")
    assert page.status_code == 200
    assert "Panggil berikutnya" in page.content.decode()
    client.post("/bahasa", {"language": "en"})
    assert "Call next" in client.get("/komponen").content.decode()


def test_scripts_are_small():
    for path in KIT.parent.rglob("static/**/*.js"):
        assert len(path.read_text().splitlines()) < 150, path
