"""The keeper's page of programs: a key is shown once, limits are kept, what ends ends, dead letters go again."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.http import HttpResponse

from satuatap.basics.actor import Actor
from satuatap.features.commons import actions, queries
from satuatap.features.commons.models import Delivery, Key, Webhook
from satuatap.features.commons.states import DeliveryState
from satuatap.features.journal.actions import number_entries
from satuatap.plumbing import outbound
from tests.web.office.conftest import City

pytestmark = pytest.mark.django_db

HOME = "/pengelolaan/program"
Post = Callable[..., HttpResponse]


def make(post: Post, **more: object) -> tuple[str, int, str]:
    """A new program: its name, its number and its key."""
    name = f"SIAK {uuid4()}"
    values = {"name": name, "scope": ["queue:read"], "per_minute": 60, "days": 30, "mall": "", "agency": "dukcapil"}
    answer = post(HOME, "keeper", **{**values, **more})
    page = answer.content.decode()
    assert answer.status_code == 200, page[:2000]
    found = re.search(r'id="secret">([^<]+)<', page)
    assert found is not None
    return name, queries.client_named(name), found[1]


def test_a_key_is_shown_once_and_opens_what_was_ticked(city: City, post: Post) -> None:
    form = uuid4()
    name, number, key = make(post, key=form)
    held = queries.client_of_key(key, datetime.now(UTC))
    assert held is not None and (held.id, held.scopes, held.per_minute) == (number, {"queue:read"}, 60)
    assert held.agency_code == "dukcapil"
    keeper = city.client("keeper")
    for address in (HOME, f"{HOME}/{number}"):
        page = keeper.get(address).content.decode()
        assert name in page and key not in page
    again = post(HOME, "keeper", key=form, name=name, scope=["queue:read"], per_minute=60, days=30, agency="dukcapil")
    assert "tidak bisa ditampilkan lagi" in again.content.decode()
    assert Key.objects.filter(client=number).count() == 1, "one form is one key"
    number_entries()
    assert f"Program {name} dibuat" in keeper.get("/pengelolaan/riwayat?bagian=programs").content.decode()


def test_a_new_key_lets_the_old_one_go_on_for_a_day_and_an_ended_program_opens_nothing(city: City, post: Post) -> None:
    _name, number, old = make(post)
    page = post(f"{HOME}/{number}/kunci", "keeper", days=90).content.decode()
    new = re.search(r'id="secret">([^<]+)<', page)
    assert new is not None and new[1] != old
    assert all(queries.client_of_key(key, datetime.now(UTC)) for key in (old, new[1]))
    assert post(f"{HOME}/{number}/akhiri", "keeper").status_code == 303
    assert not any(queries.client_of_key(key, datetime.now(UTC)) for key in (old, new[1]))
    page = city.client("keeper").get(f"{HOME}/{number}").content.decode()
    assert "diakhiri" in page and f"{HOME}/{number}/kunci" not in page
    assert post(f"{HOME}/{number}/kunci", "keeper", days=90).status_code == 409


@pytest.mark.parametrize(
    ("values", "status", "code"),
    [
        ({"scope": []}, 422, "scopes_unknown"),
        ({"scope": ["all"]}, 422, "scopes_unknown"),
        ({"days": 0}, 422, "end_unreadable"),
        ({"days": "x"}, 400, "bad_number"),
        ({"per_minute": 0}, 422, "rate_unreadable"),
        ({"mall": "tidak-ada"}, 404, "no_such_mall"),
        ({"agency": "tidak-ada"}, 422, "no_such_agency"),
        ({"name": " "}, 409, "client_name_taken"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence_and_what_was_typed_stays(refused, values, status, code) -> None:
    good = {"name": f"x {uuid4()}", "scope": ["queue:read"], "per_minute": 60, "days": 30}
    refused(HOME, status, f'data-code="{code}"', who="keeper", **{**good, **values})


def test_a_webhook_tells_its_secret_lists_what_it_sent_and_sends_again_what_failed(
    city: City, post: Post, settings
) -> None:
    settings.WEBHOOK_NETWORKS = outbound.networks_of("127.0.0.0/8")
    _name, number, _key = make(post)
    made = post(f"{HOME}/{number}/webhook", "keeper", target="http://127.0.0.1:9/x", event=["ticket.issued"])
    assert 'id="secret">whsec_' in made.content.decode(), made.content.decode()[:1500]
    hook = Webhook.objects.get(client=number)
    dead = [Delivery.objects.create(webhook=hook, position=10**12 + n, event="ticket.issued", tries=10,
                                    state=DeliveryState.DEAD, status=500) for n in range(2)]  # fmt: skip
    page = city.client("keeper").get(f"{HOME}/{number}").content.decode()
    assert page.count("penerima menjawab 500") == 2 and "2 kiriman gagal" in page
    assert post(f"/pengelolaan/kiriman/{dead[0].pk}/kirim-lagi", "keeper").status_code == 303
    assert post(f"/pengelolaan/kiriman/{dead[0].pk}/kirim-lagi", "keeper").status_code == 404, "it waits already"
    assert post(f"/pengelolaan/webhook/{hook.pk}/kirim-lagi", "keeper").status_code == 303
    assert set(Delivery.objects.filter(webhook=hook).values_list("state", "tries")) == {(DeliveryState.WAITING, 0)}
    assert post(f"/pengelolaan/webhook/{hook.pk}/akhiri", "keeper").status_code == 303
    assert queries.webhook(hook.pk).ended_at is not None
    assert post(f"/pengelolaan/webhook/{uuid4()}/akhiri", "keeper").status_code == 404


def test_an_address_that_the_city_does_not_allow_is_refused(post: Post) -> None:
    _name, number, _key = make(post)
    for target in ("http://127.0.0.1/x", "ftp://example.org", "https://u:p@example.org/"):
        answer = post(f"{HOME}/{number}/webhook", "keeper", target=target, event=["ticket.issued"])
        assert (answer.status_code, "address_refused" in answer.content.decode()) == (422, True)


def test_the_history_names_the_program_that_acted(city: City, post: Post) -> None:
    name, number, _key = make(post)
    actions.renew_client(by=Actor.client(number), client=number, days=9, overlap_hours=1, now=datetime.now(UTC))
    number_entries()
    page = city.client("keeper").get("/pengelolaan/riwayat?bagian=programs").content.decode()
    assert f"program {name}" in page


def test_a_manager_sees_neither_programs_nor_system_nor_data(city: City) -> None:
    for address in (HOME, "/pengelolaan/sistem", "/pengelolaan/data-warga"):
        assert city.client("manager").get(address).status_code == 403
    assert "/pengelolaan/sistem" not in city.client("manager").get("/pengelolaan").content.decode()
