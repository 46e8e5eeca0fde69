"""From three lists to a citizen's new address: a plan is found, doubted, forced, compared, refused for its minutes,
mended, reviewed, consulted, decided, and its first move carried out with its papers; all in a real browser.
"""

from __future__ import annotations

import io
import json
import re
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from tests.project.server import Served, copy, serving

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
pytestmark = [
    pytest.mark.journey,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium: apt-get install chromium"),
]
STAFF, PHONE = (1440, 900), (390, 844)
LONG = 600_000
UNIT, MALL = "Dinas Kependudukan dan Pencatatan Sipil", "Mal Pelayanan Publik Palembang"
PLAN = "penataan-uji"
FIRST_DAY = date(2026, 11, 24)  # on which a demo opens, however late it is in the world
MOVES_ON = (min(date.today(), FIRST_DAY) - timedelta(days=20)).isoformat()  # has come by any clock of the demo
THREE = ("buildings", "units", "placements")


@dataclass
class City:
    """The running demo and one signed-in browser for each role."""

    url: str
    browser: Browser
    accounts: dict[str, dict[str, Any]]
    errors: list[str] = field(default_factory=list)
    pages: dict[str, Page] = field(default_factory=dict)
    known: dict[str, str] = field(default_factory=dict)  # what one step leaves for the next

    def anybody(self, path: str, size: tuple[int, int] = PHONE) -> Page:
        page = self.browser.new_context(viewport={"width": size[0], "height": size[1]}).new_page()
        page.on("pageerror", lambda error: self.errors.append(f"{page.url}: {error}"))
        page.goto(self.url + path)
        return page

    def as_(self, who: str, path: str) -> Page:
        """The page of this account, at an address."""
        if who not in self.pages:
            page = self.pages[who] = self.anybody("/masuk", STAFF)
            page.fill("input[name=login]", who)
            page.fill("input[name=password]", self.accounts[who]["password"])
            page.press("input[name=password]", "Enter")
            page.wait_for_url(re.compile(r"^(?!.*/masuk)"))
        self.pages[who].goto(self.url + path)
        return self.pages[who]


@pytest.fixture(scope="module")
def city(first_morning: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    home = copy(first_morning, tmp_path_factory.mktemp("regroup") / "home")
    with serving(home) as served, sync_playwright() as play:
        found = begin(served, home, play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"]))
        yield found
        found.browser.close()
        assert found.errors == []


def begin(served: Served, home: Path, browser: Browser) -> City:
    rows = json.loads((home / "accounts.json").read_text())["accounts"]
    return City(served.url, browser, {row["username"]: row for row in rows})


def three_lists(page: Page, city: City, headcount: object) -> bytes:
    """The three lists as they stand, with one cell changed."""
    book = load_workbook(io.BytesIO(page.request.get(f"{city.url}/studio/impor/isi/semua").body()))
    for sheet in book.worksheets:
        if sheet.title not in THREE:
            book.remove(sheet)
    row = next(row for row in book["units"].iter_rows() if any(cell.value == UNIT for cell in row))
    next(cell for cell in row if str(cell.value) == "66").value = headcount
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def upload(page: Page, city: City, headcount: object) -> None:
    data = three_lists(page, city, headcount)
    page.set_input_files("#files", {"name": "tiga.xlsx", "mimeType": "application/octet-stream", "buffer": data})
    page.get_by_role("button", name="Periksa dan tunjukkan perubahan").click()
    page.wait_for_url(re.compile(r"/studio/impor/[0-9a-f-]{36}"))


def test_three_lists_come_in_with_every_problem_beside_its_row(city: City) -> None:
    page = city.as_("perencana", "/studio/impor")
    upload(page, city, "enam puluh")
    expect(page.locator("h1")).to_contain_text("perlu diperbaiki")
    expect(page.locator("table.cellgrid")).to_contain_text("“enam puluh” bukan angka")
    page = city.as_("perencana", "/studio/impor")
    upload(page, city, 61)
    expect(page.locator("h1")).to_contain_text("1 baris akan berubah")
    expect(page.locator("table.changes")).to_contain_text("61")
    page.get_by_role("button", name=re.compile("^Terapkan 1")).click()
    page.goto(f"{city.url}/studio/unit")
    expect(page.locator("tr", has_text=UNIT)).to_contain_text("61")


def ended(page: Page) -> None:
    """Until the study at hand has ended: its page asks by itself."""
    expect(page.locator("[data-poll]")).to_have_count(0, timeout=LONG)
    expect(page.locator("h1")).to_contain_text("pindah")


def enough(page: Page) -> None:
    """Who has seen a plan need not wait for the last second of a study; it may have ended by itself meanwhile."""
    runs = "#now[data-poll]:has(h1:has-text('Sejauh ini')):has(.states:has-text('sedang dihitung'))"
    expect(page.locator(f"{runs}, main:not(:has([data-poll]))")).to_be_visible(timeout=LONG)
    with suppress(PlaywrightTimeout):
        page.get_by_role("button", name="Hentikan, simpan yang terbaik").click(timeout=5_000)
    ended(page)


def test_a_study_finds_a_plan_with_its_gap(city: City) -> None:
    page = city.as_("perencana", "/studio/kajian")
    page.fill("#seconds", "5")
    page.select_option("#draws", "50")
    page.get_by_role("button", name="Mulai kajian").click()
    page.wait_for_url(re.compile(r"/studio/kajian/[0-9a-f-]{36}$"))
    ended(page)
    expect(page.locator("body")).to_contain_text(re.compile(r"Terbukti paling banyak \d+(,\d+)?% di atas"))
    expect(page.locator("body")).to_contain_text("tidak dijumlahkan")
    expect(page.locator("svg").first).to_be_visible()
    city.known["study"] = page.url


def test_a_unit_is_dragged_to_another_building_and_priced_at_once(city: City) -> None:
    page = city.as_("perencana", city.known["study"].removeprefix(city.url))
    row = page.locator("tr[data-unit]").first
    target = page.locator("svg.map circle.stays[data-building]").first
    asked = f"pindah={row.get_attribute('data-unit')}%3A{target.get_attribute('data-building')}"
    row.drag_to(target)
    page.wait_for_url(re.compile(re.escape(asked)))
    expect(page.locator(".changed")).to_contain_text("Rencana ini diubah dengan tangan")
    page.goto(city.known["study"])
    many = page.locator("svg.map circle.receives[data-units*=' ']").first
    there = page.locator("svg.map circle.stays[data-building]").nth(1)
    page.locator("svg.map").first.scroll_into_view_if_needed()
    (x, y), (to_x, to_y) = (middle(one) for one in (many, there))  # nothing scrolls between the two
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(to_x, to_y, steps=4)
    page.mouse.up()
    expect(page.locator("#move select[name=ke]")).to_have_value(there.get_attribute("data-building") or "")
    expect(page.locator("#move select[name=unit]")).to_be_focused()  # of many she says which


def middle(circle: Locator) -> tuple[float, float]:
    box = circle.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def interval(page: Page) -> float:
    """The width of the saving's interval, in million Rupiah."""
    said = re.findall(r"Rp([\d.,]+) (miliar|juta)", page.locator(".q-beside > div p.small").first.inner_text())
    low, high = (float(n.replace(".", "").replace(",", ".")) * (1000 if w == "miliar" else 1) for n, w in said[:2])
    return high - low


def test_one_figure_narrows_the_doubt(city: City) -> None:
    page = city.as_("perencana", city.known["study"].removeprefix(city.url) + "/keraguan")
    before = interval(page)
    one = page.locator(".q-fields .field").first
    likely = re.search(r"dikira ([\d.,]+)", one.locator(".hint").inner_text())
    assert likely
    one.locator("input").fill(likely[1].rstrip("."))
    page.get_by_role("button", name="Pakai angka ini").click()
    expect(page.locator("#gambar")).to_contain_text(re.compile("ditimbang ulang|sudah dihitung ulang"))
    expect(page.locator("#gambar")).to_contain_text("semula")
    assert interval(page) < before


def test_why_not_there_and_forced(city: City) -> None:
    page = city.as_("perencana", city.known["study"].removeprefix(city.url) + "/kenapa")
    page.select_option("#unit", label=UNIT)
    page.select_option("#gedung", label=MALL)
    page.get_by_role("button", name="Tanyakan").click()
    answer = page.locator("#jawaban")
    button = page.get_by_role("button", name="Tetapkan lalu bandingkan")
    expect(button).to_be_visible(timeout=LONG)
    expect(answer).to_contain_text("per unsur")
    button.click()
    page.wait_for_url(re.compile(r"/studio/bandingkan"))
    forced = re.search(r"b=([0-9a-f-]{36})", page.url)
    assert forced
    city.known["forced"] = forced[1]
    page = city.as_("perencana", f"/studio/kajian/{forced[1]}")
    enough(page)
    page.goto(f"{city.url}/studio/bandingkan?a={city.known['study'][-36:]}&b={forced[1]}")
    expect(page.locator("main")).to_contain_text("tidak dijumlahkan")
    expect(page.locator("main")).to_contain_text(UNIT)


def test_a_version_is_made_of_it_and_stands_beside_the_published_plan(city: City) -> None:
    page = city.as_("perencana", "/studio")
    page.fill("#title", "Penataan uji")
    page.fill("#code", PLAN)
    page.get_by_role("button", name="Buka rencana").click()
    page.wait_for_url(re.compile(f"/studio/rencana/{PLAN}"))
    page.goto(f"{city.url}/studio/rencana/{PLAN}/versi?kajian={city.known['forced']}")
    page.fill("#on", MOVES_ON)
    page.get_by_role("button", name="Simpan versi").click()
    page.wait_for_url(re.compile(f"/studio/rencana/{PLAN}$"))
    expect(page.locator("table tr", has_text=UNIT).first).to_contain_text(MALL)
    page.get_by_role("link", name=re.compile("Bandingkan dengan Rencana November 2025")).click()
    page.wait_for_url(re.compile("/studio/bandingkan"))
    expect(page.locator("main")).to_contain_text(UNIT)


def test_a_plan_that_breaks_a_promise_is_refused_and_mended(city: City) -> None:
    page = city.as_("perencana", f"/studio/rencana/{PLAN}")
    expect(page.locator("main")).to_contain_text("melanggar janji menunggu", timeout=LONG)
    names = page.locator("#reviewer option").all_inner_texts()
    page.select_option("#reviewer", label=next(name for name in names if "Inspektorat" in name))
    page.get_by_role("button", name="Pilih peninjau").click()
    page.get_by_role("button", name="Siap ditinjau").click()
    refused = page.get_by_role("alert").first
    expect(refused).to_contain_text(re.compile(r"\d+ menit"))
    page.get_by_role("button", name="Terima obatnya dalam versi baru").click()
    page.goto(f"{city.url}/studio/rencana/{PLAN}")
    expect(page.locator("main")).to_contain_text("Obat dalam versi ini", timeout=LONG)
    expect(page.locator("main")).to_contain_text("janji menunggu ditepati", timeout=LONG)
    page.get_by_role("button", name="Siap ditinjau").click()
    expect(page.locator("main")).to_contain_text("Rencana siap ditinjau.")


def test_reviewed_consulted_and_commented(city: City) -> None:
    page = city.as_("inspektorat", f"/studio/rencana/{PLAN}")
    page.fill("#text", "Angkanya dapat ditelusuri.")
    page.get_by_role("button", name="Setuju", exact=True).click()
    expect(page.locator("main")).to_contain_text("disetujui peninjau")
    page = city.as_("sekda", f"/studio/rencana/{PLAN}")
    page.get_by_role("button", name="Buka untuk tanggapan").click()
    citizen = city.anybody(f"/penataan/{PLAN}")
    expect(citizen.locator("svg.map circle.receives").first).to_be_attached()
    expect(citizen.get_by_role("link", name="Beri tanggapan")).to_be_visible()
    expect(citizen.locator("body")).to_contain_text("data contoh")
    expect(citizen.locator("body")).to_contain_text(UNIT)
    citizen.fill("#text", "Apakah KTP anak saya masih bisa diurus di kecamatan?")
    citizen.get_by_role("button", name="Kirim tanggapan").click()
    expect(citizen.locator("body")).to_contain_text("KTP anak saya")
    citizen.context.close()


def test_the_mayor_decides(city: City) -> None:
    page = city.as_("walikota", f"/studio/rencana/{PLAN}")
    expect(page.locator("main")).to_contain_text("KTP anak saya")
    page.fill("#decree", "101/KPTS/2026")
    page.fill("#on", MOVES_ON)
    page.get_by_role("button", name="Putuskan").click()
    expect(page.locator("main")).to_contain_text("Keputusan Wali Kota nomor 101/KPTS/2026")


def note(page: Page, check: str, **said: str) -> None:
    """One paper of the move at hand."""
    form = page.locator(f"form:has(input[name=check][value={check}])")
    form.locator("xpath=ancestor::details[1]").locator("summary").click()
    for name, text in said.items():
        form.locator(f"[name={name}]").fill(text)
    paper = {"name": f"{check}.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 contoh " + check.encode()}
    form.locator("[name=file]").set_input_files(paper)
    form.get_by_role("button", name="Simpan").click()
    expect(page.locator("main")).to_contain_text("Berkas sudah dicatat.")


def test_the_first_move_waits_for_its_paper_and_her_ticket_tells_the_new_address(city: City) -> None:
    kiosk = city.anybody(city.accounts["anjungan"]["link"].removeprefix(city.url), (1080, 1920))
    kiosk.goto(f"{city.url}/anjungan/pilih?layanan=kk-baru")
    kiosk.get_by_role("button", name="Ambil nomor").click()
    kiosk.wait_for_url(re.compile(r"/anjungan/struk/"))
    ticket = city.anybody("/kunjungan/" + kiosk.url.split("/struk/")[1].split("?")[0])
    expect(ticket.get_by_text("Kantornya pindah sejak")).to_have_count(0)

    page = city.as_("aset", f"/studio/rencana/{PLAN}")
    page.get_by_role("link", name=UNIT, exact=True).click()
    link = page.locator("code", has_text="/jam-kerja/").text_content() or ""
    unit = city.anybody(link[link.index("/jam-kerja/") :])
    for name in ("upkeep", "errands", "coordination"):
        unit.fill(f"[name={name}]", "12")
    unit.get_by_role("button", name="Kirim").click()
    expect(unit.locator("body")).to_contain_text("Sudah dicatat. Terima kasih.")
    for check in ("decree", "utilities", "announced"):
        page.reload()
        note(page, check, number=f"{check}/1", on=MOVES_ON, owner="Disdukcapil")
    page.get_by_role("button", name="Nyatakan pindah selesai").click()
    expect(page.locator("main")).to_contain_text(re.compile("Berita acara serah terima"))
    expect(page.locator("main")).not_to_contain_text("Pindah selesai sejak")
    for check in ("handover", "use", "idle"):
        page.goto(page.url.removesuffix("/selesai").removesuffix("/berkas"))
        note(page, check, number=f"{check}/1", on=MOVES_ON, owner="BPKAD")
    page.get_by_role("button", name="Nyatakan pindah selesai").click()
    expect(page.locator("main")).to_contain_text("Pindah selesai sejak")

    ticket.reload()
    expect(ticket.locator("main")).to_contain_text("Kantornya pindah sejak")
    expect(ticket.locator("main")).to_contain_text(MALL)
    for one in (kiosk, ticket, unit):
        one.context.close()
