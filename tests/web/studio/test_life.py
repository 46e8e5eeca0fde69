"""A plan through its screens: drafted, reviewed, opened, commented, decided, a move refused and carried out."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from satuatap.features.journal.actions import number_entries
from satuatap.features.journal.queries import latest
from satuatap.features.malls import queries as malls
from satuatap.features.people.models import Account
from satuatap.features.people.states import Role
from satuatap.features.plans import actions, inventory, queries
from satuatap.features.plans.states import Check, MoveLife, PlanLife
from satuatap.project import judging
from satuatap.project.wiring import WIRING
from satuatap.web.studio.public import COMMENTS
from tests.factories.palembang import open_palembang, take_ticket
from tests.factories.people import BY, make_account

pytestmark = pytest.mark.django_db(transaction=True)
CODE = "uji-2026"


@pytest.fixture(autouse=True)
def _city(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    open_palembang(tmp_path, monkeypatch)
    COMMENTS.clear()
    yield
    malls.forget()


def browser(account: Account | None = None) -> Client:
    client = Client()
    if account is not None:
        client.force_login(account, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


def send(client: Client, path: str, status: int = 303, **values: Any) -> str:
    answer = client.post(path, {"key": str(uuid4()), **values})
    assert answer.status_code == status, answer.content.decode()[:3000]
    return answer.content.decode()


def test_from_the_draft_to_the_citizens_new_address() -> None:
    place = f"/studio/rencana/{CODE}"
    planner, mayor, sekda = (browser(make_account(role=r)) for r in (Role.PLANNER, Role.MAYOR, Role.SECRETARY))
    reviewer_account, asset = make_account(role=Role.INSPECTORATE), browser(make_account(role=Role.ASSET))
    reviewer, citizen = browser(reviewer_account), browser()
    day = malls.today(malls.malls()[0].id).isoformat()

    send(planner, "/studio", code=CODE, title="Rencana uji")
    assert "Unit mana pindah" in planner.get(f"{place}/versi").content.decode()
    assert "Pilih paling sedikit satu unit" in send(planner, f"{place}/versi", 422, on=day)
    send(planner, f"{place}/versi", **{"on": day, "ke-dukcapil": "mpp"})
    author = queries.regrouping(CODE).author
    assert "Peninjau tidak boleh orang" in send(planner, f"{place}/peninjau", 422, reviewer=author)
    send(planner, f"{place}/peninjau", reviewer=reviewer_account.pk)
    _mended(planner, place)
    send(planner, f"{place}/bandingkan")
    assert "belum disetujui peninjaunya" in send(sekda, f"{place}/buka", 409)
    send(reviewer, f"{place}/tinjau", verdict="agrees", text="Baik")
    assert citizen.get(f"/penataan/{CODE}").status_code == 404
    send(sekda, f"{place}/buka")
    send(planner, f"{place}/klaim", low="10000000000", more_than="1", yearly="1", on=day, source="https://x.example/a")

    page = citizen.get(f"/penataan/{CODE}").content.decode()
    assert "Rencana uji" in page and "Rp10.000.000.000" in page and "belum dicocokkan" in page
    send(citizen, f"/penataan/{CODE}", text="Terlalu jauh dari rumah kami")
    named = send(citizen, f"/penataan/{CODE}", 422, text="Nomor saya 081234567890")
    assert "Tanggapan memuat NIK" in named and "081234567890" in named  # what was typed is not lost
    secret = queries.invitation("voice", {"plan": CODE, "agency": "dukcapil"})
    send(citizen, f"/penataan/{CODE}/instansi/{secret}", text="Kami siap pindah")
    assert citizen.get(f"/penataan/lain/instansi/{secret}").status_code == 404
    assert "Terlalu jauh" in citizen.get(f"/penataan/{CODE}").content.decode()

    assert planner.post(f"{place}/putuskan", {"decree": "1", "on": day}).status_code == 403
    send(mayor, f"{place}/putuskan", decree="101/2026", on=day)
    assert planner.post(f"{place}/tarik", {"why": "x", "key": str(uuid4())}).status_code == 403
    rows = list(csv.DictReader(io.StringIO(citizen.get(f"/penataan/{CODE}/unduh").content.decode())))
    assert [(row["versi"], row["tanggal"]) for row in rows] == [("2", day)]

    _move(asset, citizen, day)


def _mended(planner: Client, place: str) -> None:
    """Dukcapil's citizens would break the hall's promise: refused with the minutes, mended by the remedy."""
    assert "sedang dihitung" in send(planner, f"{place}/bandingkan", 409)
    judging.work_off()
    refused = send(planner, f"{place}/bandingkan", 409)
    assert "janjinya 30 menit" in refused and "Obat termurah" in refused and "Erlang C" in refused
    send(planner, f"{place}/obat")
    judging.work_off()
    shown = planner.get(place).content.decode()
    assert "janji menunggu ditepati" in shown and "bukan uang kas" in shown
    send(planner, f"{place}/menit")
    judging.work_off()


def _move(asset: Client, citizen: Client, day: str) -> None:
    """Refused without its BAST and without the unit's answer, then carried out."""
    move = queries.moves(CODE)[0]
    here = f"/studio/pindah/{move.id}"
    for check in Check:
        if check is not Check.HANDOVER and not queries.move(move.id).papers[list(Check).index(check)].waits:
            send(asset, f"{here}/berkas", check=check, number="1", on=day, owner="Bagian Hukum", file=_file())
    assert "BAST" in send(asset, f"{here}/selesai", 409) and inventory.now().places["dukcapil"] != "mpp"
    send(asset, f"{here}/berkas", check=Check.HANDOVER, number="2", on=day, owner="Dukcapil", file=_file())
    send(asset, f"{here}/berkas", check=Check.USE, why="Belum ada penetapan lama")
    send(asset, f"{here}/berkas", check=Check.IDLE, number="3", on=day, owner="Sekda", file=_file())
    assert "belum pernah menjawab" in send(asset, f"{here}/selesai", 409)
    hours = "/jam-kerja/" + queries.invitation("hours", {"unit": "dukcapil", "month": "2026-10"})
    assert "Sudah dicatat" in send(citizen, hours, 200, upkeep="20", errands="12", coordination="30")
    send(asset, f"{here}/selesai")
    assert queries.move(move.id).life is MoveLife.CARRIED_OUT
    assert queries.regrouping(CODE).life is PlanLife.CARRIED_OUT
    assert "62" in asset.get(here).content.decode()

    number_entries()
    for line in latest(["unit_moved"]):
        WIRING[line.kind][0](line)
    ticket = take_ticket(malls.malls()[0].id, "ktp-el-baru")
    for address in ("/layanan/ktp-el-baru", f"/kunjungan/{ticket.token}"):
        shown = citizen.get(address).content.decode()
        assert move.target_address in shown and move.origin_address in shown, address

    paper = asset.get(f"{here}/pemberitahuan")
    assert paper.headers["Content-Type"] == "application/pdf" and paper.content.startswith(b"%PDF")


def _file() -> SimpleUploadedFile:
    return SimpleUploadedFile("berkas.pdf", b"isi berkas")


def test_what_changed_since_the_version_is_said_on_its_page() -> None:
    account = make_account(role=Role.PLANNER)
    actions.open_regrouping(by=BY, code=CODE, title="Uji", author=account.pk)
    page = browser(account).get(f"/studio/rencana/{CODE}").content.decode()
    assert "Belum ada versi" in page and "Inventaris berubah" not in page

    planner, place = browser(account), f"/studio/rencana/{CODE}/versi"
    own = {"ke-dukcapil": "mpp", "on-dukcapil": "2026-12-10", "layanan-dukcapil-ada": "1", "layanan-dukcapil": "kia"}
    send(planner, place, **{"on": "2026-12-01", "ke-kominfo": "mpp", **own})
    said = {one.unit: one for one in queries.regrouping(CODE).versions[0].content.moves}
    assert (said["dukcapil"].on.isoformat(), said["dukcapil"].services) == ("2026-12-10", ("kia",))
    assert (said["kominfo"].on.isoformat(), said["kominfo"].services) == ("2026-12-01", ())
    form = planner.get(place).content.decode()  # the next version goes on from this one
    assert 'value="2026-12-10"' in form and 'value="kia" checked' in form and 'value="kk-baru" checked' not in form


def test_the_published_plan_beside_what_was_reported_is_read_by_anybody() -> None:
    place = "/penataan/palembang-2025-11"
    page = browser().get(place).content.decode()
    assert "Rencana November 2025" in page and "Rp10.000.000.000" in page and "Rp55.000.000.000" in page
    for n, word in ((5, "sesuai rencana"), (1, "pindah tempat"), (3, "di luar rencana"), (12, "belum ada kabar")):
        assert f"<b>{n}</b> {word}" in page
    assert "<svg" in page and "tidak sedang dibuka" in page
    planner = browser(make_account(role=Role.PLANNER))
    staff = planner.get("/studio/rencana/palembang-2025-11").content.decode()
    assert "hanya dibaca" in staff and "Tarik rencana" not in staff
    assert send(planner, "/studio/rencana/palembang-2025-11/bandingkan", 409)
