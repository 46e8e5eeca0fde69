"""Every night the whole journal is checked against its seals and every root that is kept; what came out is a fact."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from satuatap.features.journal import queries
from satuatap.features.journal.actions import number_entries
from satuatap.features.journal.reactions import check_and_tell, outside_of, roots_folder, seal_and_publish
from satuatap.project import tasks
from satuatap.project.cli.journal import checked_sentence
from tests.features.journal.test_verify import forge_the_seals, live, rewrite

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def sealed(settings: Any, tmp_path: Path) -> None:
    """An installation with two seals, whose roots stand in its folder."""
    settings.HOME = tmp_path
    for count in (30, 20):
        live(count)
        seal_and_publish()
    number_entries()


def night() -> dict[str, Any]:
    """The job as it runs at night; the fact that it leaves."""
    tasks.verify(timestamp=0)
    number_entries()
    line = queries.last_of("journal_checked")
    assert line is not None
    return line.fact


def test_a_whole_journal_is_told_to_be_whole() -> None:
    fact = night()
    assert (fact["wrong"], fact["unread"], fact["entries"], fact["sealed"], fact["outside"]) == ("", 0, 52, 51, 2)
    assert checked_sentence(fact) is None
    assert night()["entries"] == 53, "a check is an entry as any other"


def test_what_was_altered_is_told_with_its_position_and_what_to_do(caplog: pytest.LogCaptureFixture) -> None:
    rewrite(7)
    fact = night()
    assert (fact["wrong"], fact["first"], fact["last"]) == ("altered", 7, 7)
    said = checked_sentence(fact)
    assert said is not None and "posisi 7 " in said[0] and "Remove nothing" in said[1]
    assert "satuatap journal verify" in caplog.text


def test_seals_forged_inside_are_told_by_the_roots_in_the_folder() -> None:
    rewrite(40)
    forge_the_seals()
    fact = night()
    assert (fact["wrong"], fact["first"], fact["last"], fact["root_size"]) == ("outside", 31, 51, 51)
    said = checked_sentence(fact)
    assert said is not None and fact["root_made"] in said[0]


def test_the_second_place_is_asked_when_the_own_folder_was_forged_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "disk"
    shutil.copytree(roots_folder(), place / "roots")
    rewrite(40)
    forge_the_seals()
    shutil.rmtree(roots_folder())
    seal_and_publish()
    assert night()["wrong"] == ""
    monkeypatch.setenv("SATUATAP_BACKUP_TO", f"{tmp_path / 'not-mounted'}:{place}")
    assert night()["wrong"] == "outside"


def test_a_file_of_roots_that_is_none_is_told_and_the_rest_is_checked(tmp_path: Path) -> None:
    bad = tmp_path / "bad"
    bad.mkdir()
    (bad / "akar-2026-11.txt").write_text("satuatap-akar-1 what\n")
    check = check_and_tell([roots_folder(), bad])
    assert (check.wrong, check.unread, check.outside) == ("", 1, 2)
    said = checked_sentence(check.as_json())
    assert said is not None and "never delete" in said[1]


def test_a_list_that_says_nothing_new_is_not_checked_again(tmp_path: Path) -> None:
    (file,) = roots_folder().glob("*.txt")
    for name, lines in (("same", 3), ("shorter", 2)):
        (tmp_path / name).mkdir()
        (tmp_path / name / file.name).write_text("".join(file.read_text().splitlines(keepends=True)[:lines]))
    kept, unread = outside_of([tmp_path / "shorter", roots_folder(), tmp_path / "same", tmp_path / "gone"])
    assert [len(one) for one in kept] == [2] and unread == 0
