"""A row changed in the office, an import, and taking either back: one way, one fact, no newer work lost."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID, uuid4

import pytest

from satuatap.basics.actor import Actor
from satuatap.features.catalogue import queries as catalogue
from satuatap.features.catalogue.models import Service, Standard
from satuatap.features.journal.models import Entry
from satuatap.features.malls import changes as kept
from satuatap.features.malls import queries as malls
from satuatap.features.malls.changes import digest_of
from satuatap.features.malls.models import CalendarDay
from satuatap.features.malls.refusals import ChangeUndone
from satuatap.features.people.models import Agency
from satuatap.project.city.changing import NewerStands, NothingChanged, undo_change
from satuatap.project.city.editing import Faults, RowMoved, remove_row, save_row, sheet_of, version_of
from satuatap.project.city.export import city_files
from satuatap.project.city.opening import open_city
from satuatap.project.city.state import Texts, name_of, read_state
from tests.factories.cities import TANJUNG

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database15]
BY = Actor.account(7)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SATUATAP_HOME", str(tmp_path / "home"))
    malls.forget()
    catalogue.forget()
    assert open_city(TANJUNG).problems == []


def find(sheet: str, name: str) -> tuple[str, Texts]:
    rows = read_state()[sheet]
    return next((key, texts) for key, texts in rows.items() if name_of(sheet_of(sheet), texts) == name)


def save(sheet: str, row: str | None, /, then: Texts | None = None, request: UUID | None = None, **fields: str) -> UUID:
    key, now = find(sheet, row) if row else (None, {})
    old = now if then is None else then
    return save_row(
        by=BY, sheet=sheet_of(sheet), key=key, typed={**old, **fields}, then=old if row else None,
        request=request or uuid4(),
    )  # fmt: skip


def test_a_row_is_changed_told_once_and_taken_back() -> None:
    files = city_files()
    request = uuid4()
    change = save(
        "agencies", "dukcapil", request=request, phone="+62 431 1", source="https://contoh.id", source_year="2026"
    )
    assert Agency.objects.get(code="dukcapil").phone == "+62 431 1"
    entry = Entry.objects.get(kind="city_changed")
    assert (entry.who, entry.request, entry.fact["change"]) == ("account:7", request, str(change))
    assert entry.fact["counts"] == {"agencies": {"added": 0, "changed": 1, "removed": 0}}
    assert entry.fact["digest"] == digest_of(kept.change(change).rows) and "+62" not in str(entry.fact)
    (seen,) = kept.changes_of("agencies", find("agencies", "dukcapil")[0])
    assert seen.rows[0].before and seen.rows[0].after and seen.rows[0].after["phone"] == "'+62 431 1"
    undone = undo_change(by=BY, change=change, request=uuid4())
    assert city_files() == files and kept.change(change).undone
    assert kept.change(undone).undoes == change
    with pytest.raises(ChangeUndone):
        undo_change(by=BY, change=change, request=uuid4())


def test_the_same_key_twice_is_one_change() -> None:
    request, then = uuid4(), find("agencies", "dukcapil")[1]
    first = save("agencies", "dukcapil", request=request, phone="1")
    with pytest.raises(RowMoved):  # a repeat with the old form: the row is another
        save("agencies", "dukcapil", then, request=uuid4(), phone="1")
    undo = uuid4()
    taken = undo_change(by=BY, change=first, request=undo)
    assert undo_change(by=BY, change=first, request=undo) == taken
    assert Entry.objects.filter(kind="city_changed").count() == 2


def test_two_who_edit_the_second_is_told_what_changed() -> None:
    then = find("services", "nib")[1]
    save("services", "nib", summary="Dari orang pertama")
    with pytest.raises(RowMoved) as told:
        save("services", "nib", then, summary="Dari orang kedua")
    assert told.value.now == {"summary": "Dari orang pertama"} and "Ringkasan" in str(told.value)
    assert Service.objects.get(code="nib").summary == "Dari orang pertama"


def test_undo_is_refused_once_something_newer_stands() -> None:
    first = save("services", "nib", summary="Satu")
    save("services", "nib", summary="Dua")
    with pytest.raises(NewerStands, match="nib"):
        undo_change(by=BY, change=first, request=uuid4())
    assert Service.objects.get(code="nib").summary == "Dua"


@pytest.mark.parametrize(
    ("sheet", "name", "fields", "column", "word"),
    [
        ("services", "nib", {"expected_minutes": "lama"}, "expected_minutes", "Bukan angka"),
        ("services", "nib", {"name": ""}, "name", "Kosong"),
        ("services", "nib", {"agency": "tidak-ada"}, "agency", "tidak ada di lembar agencies"),
        ("services", "nib", {"summary": "=1+1"}, "summary", "Rumus"),
        ("services", "nib", {"source_year": "20260"}, "source_year", "Antara 1945 dan 2100"),
        ("agencies", None, {"code": "dukcapil", "name": "Dua", "kind": "opd"}, "", "kunci yang sama"),
        ("calendar", None, {"date": "2027-05-01", "kind": "special_hours", "name": "Hari"}, "opens", "Kosong"),
    ],
)  # fmt: skip
def test_what_is_wrong_stands_beside_its_field(
    sheet: str, name: str | None, fields: dict[str, str], column: str, word: str
) -> None:
    files, entries = city_files(), Entry.objects.count()
    with pytest.raises(Faults) as told:
        save(sheet, name, **fields)
    assert word in told.value.by_column[column]
    assert city_files() == files and Entry.objects.count() == entries


def test_what_others_need_is_not_taken_out() -> None:
    key, texts = find("agencies", "dukcapil")
    with pytest.raises(Faults) as told:
        remove_row(by=BY, sheet=sheet_of("agencies"), key=key, version=version_of(texts), request=uuid4())
    assert "tidak ada di lembar agencies" in told.value.by_column[""]
    assert Agency.objects.get(code="dukcapil").listed


def test_a_standard_among_several_goes_and_comes_back() -> None:
    save("standards", None, service="nib", component="3", text="Satu hari", basis="national", source="https://a.id")
    save("standards", None, service="nib", component="3", text="Dua hari", basis="other_office", office="MPP B")
    files = city_files()
    key = next(k for k, t in read_state()["standards"].items() if t["text"] == "Satu hari")
    version = version_of(read_state()["standards"][key])
    change = remove_row(by=BY, sheet=sheet_of("standards"), key=key, version=version, request=uuid4())
    texts = list(Standard.objects.filter(service__code="nib", component=3).values_list("text", flat=True))
    assert "Satu hari" not in texts and "Dua hari" in texts
    undo_change(by=BY, change=change, request=uuid4())
    assert city_files() == files


def test_a_closure_of_the_office_stays_when_the_files_are_read_again() -> None:
    save("calendar", None, date="2027-05-03", kind="closure", name="Pemeliharaan", source="Surat edaran 1")
    assert CalendarDay.objects.get(name="Pemeliharaan").by_hand
    assert not open_city(TANJUNG).changed
    change = save("calendar", "2027-05-03 / closure / Pemeliharaan", name="Perbaikan")
    assert set(CalendarDay.objects.filter(by_hand=True).values_list("name", flat=True)) == {"Perbaikan"}
    undo_change(by=BY, change=change, request=uuid4())
    assert CalendarDay.objects.get(name="Pemeliharaan").by_hand


def test_nothing_changed_is_said() -> None:
    with pytest.raises(NothingChanged):
        save("services", "nib")
