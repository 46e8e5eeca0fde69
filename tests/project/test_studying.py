"""A process waits for the study that somebody is about to ask: one at a time, and no second is begun beside it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import psycopg
import pytest
from django.db import connection

from satuatap.features.estate import actions
from satuatap.features.estate.models import Study
from satuatap.project import studies, studying
from tests.features.plans import town
from tests.features.plans.town import BY

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> list[Sequence[str]]:
    """No solver runs and no process is begun; the commands that would have been are kept."""
    begun: list[Sequence[str]] = []

    def run(number: UUID, server: int | None = None) -> None:
        actions.fail_study(study=number, trouble="uji")

    monkeypatch.setattr(studying, "run", run)
    monkeypatch.setattr(studying.study_questions, "warm_up", lambda: None)
    monkeypatch.setattr(studies, "_begin", begun.append)
    monkeypatch.setattr(studies, "_study_at", [float("-inf")])
    town.build()
    return begun


def test_what_is_asked_is_run_and_the_process_ends_when_nobody_asks() -> None:
    number = actions.ask_study(by=BY, seconds=5)
    assert studying.work_soon(0.1) == 1
    assert Study.objects.get(pk=number).trouble == "uji"
    assert studying.work_soon(0.1) == 0


def test_while_one_waits_no_second_is_begun(quick: list[Sequence[str]]) -> None:
    values = connection.get_connection_params()
    words = {key: values[key] for key in ("dbname", "user", "password", "host", "port") if values.get(key)}
    with psycopg.connect(**words) as other:
        other.execute("select pg_advisory_lock(%s)", [studies.STUDY_LOCK])
        actions.ask_study(by=BY, seconds=5)
        assert studying.work_soon(0.1) == 0
        studies.expect_studies()
        studies.start_worker()
        assert quick == []
        # given back by hand: a connection that only ends leaves its lock until the server has noticed
        other.execute("select pg_advisory_unlock(%s)", [studies.STUDY_LOCK])
    studies.start_worker()
    assert quick == [studies.COMMAND]


def test_a_process_of_another_city_in_the_same_server_does_not_keep_ours(quick: list[Sequence[str]]) -> None:
    values = connection.get_connection_params()
    words = {key: values[key] for key in ("user", "password", "host", "port") if values.get(key)}
    with psycopg.connect(**words, dbname="postgres") as other:
        other.execute("select pg_advisory_lock(%s)", [studies.STUDY_LOCK])
        studies.start_worker()
    assert quick == [studies.COMMAND]


def test_a_reader_begins_one_at_most_every_half_minute(quick: list[Sequence[str]]) -> None:
    studies.expect_studies()
    studies.expect_studies()
    assert quick == [(*studies.COMMAND, "--stays", studies.STUDY_STAYS)]
