"""The contact page: optional, calm, without script; bad values come back with a sentence beside their field."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from satuatap.features.visits import actions
from satuatap.features.visits.models import Contact, Visit
from satuatap.web.portal.contact import CHANGES, WRONG_CODES
from tests.factories.floors import BY
from tests.web.world import make_world

pytestmark = pytest.mark.django_db(transaction=True)
NAME, PHONE = "Sulastri Handayani", "0812 7991 2345"


@pytest.fixture
def visit(tmp_path: Path, settings: Any) -> Visit:
    settings.HOME = tmp_path
    CHANGES.clear()
    WRONG_CODES.clear()
    mall = int(make_world().names["mall"])
    return actions.issue_ticket(by=BY, mall=mall, steps=[1], after=[[]], request=uuid4())


def send(visit: Visit, **values: str) -> Any:
    said = {"name": NAME, "phone": PHONE, "consent": "1", "key": str(uuid4()), **values}
    return Client().post(f"/kunjungan/{visit.token}/kontak", said)


def page(visit: Visit, query: str = "") -> str:
    return Client().get(f"/kunjungan/{visit.token}/kontak{query}").content.decode()


def test_the_live_page_has_a_quiet_way_there_and_no_field(visit: Visit):
    live = Client().get(f"/kunjungan/{visit.token}").content.decode()
    assert f"/kunjungan/{visit.token}/kontak" in live
    assert 'name="phone"' not in live
    assert "Tidak wajib." in page(visit)


def test_given_seen_masked_changed_and_taken_back(visit: Visit):
    assert send(visit).status_code == 303
    seen = page(visit, "?sudah=simpan")
    assert "S••• H•••" in seen and "0812•••••345" in seen and "tersimpan" in seen
    assert NAME not in seen and "79912345" not in seen
    assert send(visit, name="", phone="0813 0000 1111").status_code == 303
    assert "0813•••••111" in page(visit) and "S••• H•••" in page(visit)
    done = Client().post(f"/kunjungan/{visit.token}/kontak/tarik", {"key": str(uuid4())})
    assert done.status_code == 303 and not Contact.objects.exists()
    assert "sudah dihapus" in page(visit, "?sudah=tarik")


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"phone": "12"}, "Nomor telepon ini tidak terbaca"),
        ({"phone": "0" * 500}, "terlalu panjang"),
        ({"name": "77"}, "Nama ini tidak terbaca"),
        ({"consent": ""}, "Beri tanda setuju"),
        ({"name": "", "phone": ""}, "dua-duanya kosong"),
    ],
)
def test_a_bad_value_is_a_sentence_and_what_was_typed_stays(visit: Visit, values: dict[str, str], sentence: str):
    answer = send(visit, **values)
    said = answer.content.decode()
    assert answer.status_code in (400, 422)
    assert sentence in said and 'id="c-error"' in said
    typed = {"name": NAME, "phone": PHONE, **values}
    assert f'value="{typed["name"]}"' in said and f'value="{typed["phone"][:200]}"' in said
    assert not Contact.objects.exists()


def test_the_copy_needs_the_code_of_the_slip(visit: Visit):
    send(visit)
    address = f"/kunjungan/{visit.token}/kontak/salinan"
    wrong = Client().post(address, {"code": "XXXX" if visit.code != "XXXX" else "YYYY"})
    assert wrong.status_code == 422 and "Kode ini tidak cocok" in wrong.content.decode()
    assert NAME not in wrong.content.decode()
    right = Client().post(address, {"code": f" {visit.code.lower()} "})
    held = json.loads(right.content)
    assert held["contact"]["name"] == NAME and held["contact"]["phone"] == "+6281279912345"
    assert right.headers["Content-Disposition"].startswith("attachment")
    for _ in range(8):
        Client().post(address, {"code": "??"})
    assert Client().post(address, {"code": visit.code}).status_code == 429


def test_another_address_finds_nothing(visit: Visit):
    for where in ("kontak", "kontak/tarik", "kontak/salinan"):
        answer = Client().post(f"/kunjungan/{'x' * 22}/{where}", {"key": str(uuid4()), "code": visit.code})
        assert answer.status_code == 404


def test_a_broken_keyring_says_so_and_the_visit_goes_on(visit: Visit, settings: Any):
    (Path(settings.HOME) / "keys.json").write_text("{")
    answer = send(visit)
    assert answer.status_code == 503 and "Layanan lain tetap jalan" in answer.content.decode()
    assert Client().get(f"/kunjungan/{visit.token}").status_code == 200
