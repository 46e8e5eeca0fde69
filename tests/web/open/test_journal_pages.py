"""Roots and proofs for anyone, without a person in them; the sealed bytes for the keeper; the day's sheet."""

from __future__ import annotations

import json

import pytest
from django.conf import settings
from django.test import Client

from satuatap.basics import merkle
from satuatap.features.journal import queries, roots
from satuatap.features.journal.actions import number_entries, seal
from satuatap.features.journal.models import Entry
from satuatap.features.malls import queries as malls
from satuatap.features.people.states import Role
from satuatap.features.visits import queries as visits
from satuatap.web.open import sheet
from tests.factories.floors import BY
from tests.factories.people import make_account
from tests.web.world import World, make_world

pytestmark = pytest.mark.django_db(transaction=True)


def signed_in(role: Role, **place: int) -> Client:
    client = Client()
    client.force_login(make_account(f"akun.{role}", role, **place), backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


def test_the_roots_are_a_file_that_verify_reads_and_the_same_as_json(client: Client, sealed: list[int]) -> None:
    answer = client.get("/terbuka/jurnal/akar")
    assert answer["Content-Type"].startswith("text/plain")
    read = roots.read(answer.content.decode())
    assert [root.size for root in read] == sealed
    for how in ({"headers": {"Accept": "application/json"}}, {"query_params": {"bentuk": "json"}}):
        found = client.get("/terbuka/jurnal/akar", **how).json()  # type: ignore[arg-type]
        assert [root["root"] for root in found["roots"]] == [root.root.hex() for root in read]
    later = client.get(f"/terbuka/jurnal/akar?sesudah={sealed[0]}").content.decode()
    assert [root.size for root in roots.read(later)] == sealed[1:]


def test_a_proof_can_be_checked_by_anyone_and_shows_no_content(client: Client, sealed: list[int]) -> None:
    found = client.get(f"/terbuka/jurnal/bukti?posisi=7&ukuran={sealed[0]}").json()
    assert set(found) == {
        "position", "index", "kind", "time", "leaf", "proof", "seal", "entry_is_as_sealed", "holds"
    }  # fmt: skip
    assert merkle.verify_inclusion(
        bytes.fromhex(found["leaf"]), found["index"], found["seal"]["size"],
        [bytes.fromhex(one) for one in found["proof"]], bytes.fromhex(found["seal"]["root"]),
    )  # fmt: skip
    row = Entry.objects.get(place__position=7)
    text = json.dumps(found)
    assert str(row.salt) not in text and row.who not in text and found["kind"] == "day_opened"
    same = client.get(f"/terbuka/jurnal/bukti?catatan={row.pk}&ukuran={sealed[0]}").json()
    assert same == found


def test_the_seals_are_linked(client: Client, sealed: list[int]) -> None:
    found = client.get(f"/terbuka/jurnal/sambungan?dari={sealed[0]}&ke={sealed[1]}").json()
    assert found["holds"] and merkle.verify_consistency(
        sealed[0], sealed[1], bytes.fromhex(found["old"]["root"]), bytes.fromhex(found["new"]["root"]),
        [bytes.fromhex(one) for one in found["proof"]],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("bukti", 404),
        ("bukti?posisi=0", 404),
        ("bukti?posisi=999999", 404),
        ("bukti?posisi=x", 400),
        ("bukti?posisi=99999999999999999999999", 400),
        ("bukti?posisi=1&ukuran=17", 404),
        ("bukti?catatan=999999", 404),
        ("sambungan?dari=17", 404),
        ("sambungan?dari=342&ke=300", 404),
        ("akar?sesudah=-5", 400),
    ],
)
def test_what_is_not_there_gets_a_sentence(client: Client, sealed: list[int], address: str, status: int) -> None:
    answer = client.get(f"/terbuka/jurnal/{address}", headers={"Accept": "application/json"})
    assert answer.status_code == status and answer.json()["sentence"]


def test_proofs_are_limited_by_address(client: Client, sealed: list[int]) -> None:
    codes = [client.get("/terbuka/jurnal/bukti?posisi=1").status_code for _ in range(62)]
    assert codes[:60] == [200] * 60 and codes[60:] == [429, 429]


def test_the_page_works_without_script_and_says_who_computed(client: Client, sealed: list[int]) -> None:
    page = client.get(f"/terbuka/jurnal?posisi=7&ukuran={sealed[0]}").content.decode()
    assert "dihitung oleh server" in page and page.count("data-made") == 1 + len(queries.inclusion(7, sealed[0]).proof)
    kept = queries.seal_of(sealed[0])
    assert (
        "Akar yang Anda simpan sama"
        in client.get(f"/terbuka/jurnal?posisi=7&ukuran={kept.size}&akar={kept.root.hex()}").content.decode()
    )
    assert "tidak sama" in client.get("/terbuka/jurnal?posisi=7&akar=abc").content.decode()
    assert "tanpa perubahan" in client.get(f"/terbuka/jurnal?dari={sealed[0]}").content.decode()
    Entry.objects.filter(place__position=7).update(kind="called")
    assert "bukan lagi yang disegel" in client.get("/terbuka/jurnal?posisi=7").content.decode()


def test_an_empty_journal_has_a_page(client: Client) -> None:
    assert client.get("/terbuka/jurnal").status_code == 200
    assert client.get("/terbuka/jurnal/akar").content.decode() == roots.HEAD


def test_only_the_keeper_sees_the_sealed_bytes(client: Client, sealed: list[int]) -> None:
    assert client.get("/terbuka/jurnal/daun/7").status_code == 303
    assert signed_in(Role.MANAGER, mall=1).get("/terbuka/jurnal/daun/7").status_code == 403
    keeper = signed_in(Role.KEEPER)
    answer = keeper.get("/terbuka/jurnal/daun/7")
    assert merkle.leaf_hash(answer.content) == queries.inclusion(7).leaf
    assert keeper.get("/terbuka/jurnal/daun/99999").status_code == 404


class TestSheet:
    @pytest.fixture
    def world(self) -> World:
        world = make_world()
        number_entries()
        seal(by=BY)
        return world

    def of(self, world: World, name: str) -> Client:
        account, client = world.accounts[name], Client()
        assert account is not None
        client.force_login(account, backend=settings.AUTHENTICATION_BACKENDS[0])
        return client

    @pytest.mark.parametrize("language", ["id", "en"])
    def test_it_is_one_page_of_pdf(self, world: World, language: str) -> None:
        client = self.of(world, "manager")
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        answer = client.get("/terbuka/lembar-harian")
        assert answer.status_code == 200 and answer["Content-Type"] == "application/pdf"
        assert answer.content.startswith(b"%PDF-") and b"/Count 1" in answer.content

    def test_it_prints_the_last_root_in_groups(self, world: World) -> None:
        found = queries.last_seal()
        assert found is not None
        view = malls.mall("satu")
        values = sheet.sheet_values(view, visits.hall(view.id), found)
        assert "".join(values["root"]).replace(" ", "") == found.root.hex() and len(values["root"]) == 2
        assert values["address"].endswith(f"/terbuka/jurnal/akar?sesudah={found.after}") and "<svg" in values["qr"]

    def test_each_mall_is_its_managers(self, world: World) -> None:
        address = f"/terbuka/lembar-harian?mal={world.names['mall']}"
        assert self.of(world, "manager").get(address).status_code == 200
        assert self.of(world, "keeper").get(address).status_code == 200
        assert self.of(world, "manager_elsewhere").get(address).status_code == 403
        assert self.of(world, "officer").get(address).status_code == 403
        assert self.of(world, "keeper").get("/terbuka/lembar-harian?mal=77").status_code == 404

    def test_without_a_seal_there_is_none(self) -> None:
        assert self.of(make_world(), "manager").get("/terbuka/lembar-harian").status_code == 404
