"""Files uploaded in the office: what they are, what is wrong where, what they would change, applied as it was shown."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from uuid import uuid4

import pytest

from satuatap.basics.actor import Actor
from satuatap.features.catalogue import queries as catalogue
from satuatap.features.catalogue.models import Service
from satuatap.features.journal.models import Entry
from satuatap.features.malls import actions as malls_actions
from satuatap.features.malls import changes as kept
from satuatap.features.malls import queries as malls
from satuatap.features.malls.models import CityChange
from satuatap.features.malls.refusals import ChangeAlreadyApplied, NoSuchChange
from satuatap.features.people.models import Account
from satuatap.project.city import uploads
from satuatap.project.city.changing import CityMoved, HasProblems, apply_draft, compare_again, undo_change
from satuatap.project.city.export import city_files, export_city
from satuatap.project.city.opening import open_city
from satuatap.project.city.uploads import NotAnImport, Upload, look_at
from tests.factories.cities import PALEMBANG, TANJUNG, as_workbook, change, copy_of, put

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database15]
BY = Actor.account(7)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SATUATAP_HOME", str(tmp_path / "home"))
    malls.forget()
    catalogue.forget()


def csv_files(folder: Path, *names: str) -> list[Upload]:
    paths = [path for path in sorted(folder.glob("*.csv")) if not names or path.stem in names]
    return [Upload(path.name, path.read_bytes()) for path in paths]


def zipped(files: dict[str, bytes]) -> Upload:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return Upload("kota.zip", out.getvalue())


@pytest.mark.parametrize("city", [PALEMBANG, TANJUNG], ids=["palembang", "tanjung"])
def test_the_files_of_the_city_as_it_is_change_nothing(city: Path, tmp_path: Path) -> None:
    """In every form: as people wrote them, as exported, as a workbook, as an archive."""
    assert open_city(city).problems == []
    export_city(tmp_path / "out")
    export_city(tmp_path / "book", xlsx=True)
    book = (tmp_path / "book" / "kota.xlsx").read_bytes()
    files = {f"dalam/{path.name}": path.read_bytes() for path in (tmp_path / "out").iterdir()}
    for some in (csv_files(city), csv_files(tmp_path / "out"), [Upload("k.xlsx", book)], [zipped(files)]):
        draft = look_at(by=BY, uploads=some)
        assert (draft.problems, draft.rows) == ([], ())


def test_a_change_is_shown_applied_as_shown_and_taken_back(tmp_path: Path) -> None:
    city = copy_of(tmp_path)
    assert open_city(city).problems == []
    files = city_files()
    put(city, "services", 4, "name", "NIB perseorangan")
    change(
        city, "agencies", lambda rows: rows.append(["baru", "Dinas Baru", "", "", "opd", *[""] * (len(rows[0]) - 5)])
    )
    draft = look_at(by=BY, uploads=csv_files(city, "services", "agencies"))
    assert {(row.sheet, row.before is None) for row in draft.rows} == {("services", False), ("agencies", True)}
    assert city_files() == files and not Entry.objects.filter(kind="city_changed").exists()
    request = uuid4()
    apply_draft(by=BY, draft=draft.id, request=request)
    assert Service.objects.get(code="nib").name == "NIB perseorangan"
    assert apply_draft(by=BY, draft=draft.id, request=request) == draft.id
    with pytest.raises(ChangeAlreadyApplied):
        apply_draft(by=BY, draft=draft.id, request=uuid4())
    assert Entry.objects.filter(kind="city_changed").count() == 1
    undo_change(by=BY, change=draft.id, request=uuid4())
    assert city_files() == files


def test_a_stale_draft_is_refused_then_compared_again(tmp_path: Path) -> None:
    city = copy_of(tmp_path)
    assert open_city(city).problems == []
    put(city, "services", 4, "name", "Nama dari impor")
    draft = look_at(by=BY, uploads=csv_files(city, "services"))
    put(city, "services", 4, "name", "Nama dari orang lain")
    assert open_city(city).problems == []
    with pytest.raises(CityMoved, match="nib"):
        apply_draft(by=BY, draft=draft.id, request=uuid4())
    assert Service.objects.get(code="nib").name == "Nama dari orang lain"
    fresh = compare_again(by=BY, draft=draft.id)
    (row,) = fresh.rows
    assert row.before and row.after
    assert (row.before["name"], row.after["name"]) == ("Nama dari orang lain", "Nama dari impor")
    apply_draft(by=BY, draft=fresh.id, request=uuid4())
    assert Service.objects.get(code="nib").name == "Nama dari impor"


def test_every_problem_has_sheet_row_and_column_and_nothing_is_applied(tmp_path: Path) -> None:
    city = copy_of(tmp_path)
    assert open_city(city).problems == []
    files = city_files()
    put(city, "services", 3, "expected_minutes", "lama")
    put(city, "services", 4, "agency", "tidak-ada")
    put(city, "hours", 2, "opens", "23:00")
    for some in (
        csv_files(city, "services", "hours"),
        [Upload("a.xlsx", as_workbook(city, tmp_path / "a").read_bytes())],
    ):
        draft = look_at(by=BY, uploads=some)
        places = {(problem[0], problem[1], problem[2]) for problem in draft.problems}
        assert {("services", 3, "expected_minutes"), ("services", 4, "agency"), ("hours", 2, "opens")} <= places
        assert all(problem[4] for problem in draft.problems)
        with pytest.raises(HasProblems):
            apply_draft(by=BY, draft=draft.id, request=uuid4())
    assert city_files() == files


def test_what_others_point_to_does_not_go(tmp_path: Path) -> None:
    """Only the agencies are uploaded, without one that has a booth: the booth is named."""
    city = copy_of(tmp_path)
    assert open_city(city).problems == []
    change(city, "agencies", lambda rows: rows.pop(2))
    draft = look_at(by=BY, uploads=csv_files(city, "agencies"))
    assert ("booths", None, "agency") in {tuple(problem[:3]) for problem in draft.problems}


def test_persons_are_not_read(tmp_path: Path) -> None:
    assert open_city(TANJUNG).problems == []
    before = list(Account.objects.values())
    data = (TANJUNG / "staff.csv").read_bytes() + b"penyusup,keeper,,,,Penyusup,,,,,\n"
    draft = look_at(by=BY, uploads=[Upload("staff.csv", data)])
    assert draft.rows == () and "Penyusup" not in str(CityChange.objects.values())
    assert any("petugas" in note for note in draft.notes)
    assert list(Account.objects.values()) == before


def _bomb() -> bytes:
    return zipped({f"services{n}.csv": b"0" * 30_000_000 for n in range(2)}).data


def _lying_bomb() -> bytes:
    """Says that it unfolds to nothing."""
    data = bytearray(zipped({"services.csv": b"code\n" + b"0" * 60_000_000}).data)
    at = data.index(b"PK\x01\x02")
    data[at + 24 : at + 28] = (10).to_bytes(4, "little")
    return bytes(data)


UPLOADS = [
    ([], "Belum ada berkas"),
    ([Upload("a.xls", b"\xd0\xcf\x11\xe0" + b"\x00" * 600)], "xlsx"),
    ([Upload("services.csv", b"%PDF-1.7 x")], "tidak dikenal"),
    ([Upload("services.csv", b"\x89PNG\r\n\x1a\n\x00\x00")], "tidak dikenal"),
    ([Upload("a.zip", b"PK\x03\x04 broken")], "rusak"),
    ([Upload("services.csv", b"code\n"), Upload("services.csv", b"code\n")], "dua berkas"),
    ([Upload("services.csv", b"a" * 20_000_001)], "terlalu besar"),
    ([Upload("a.zip", _bomb())], "terlalu besar"),
    ([Upload("a.zip", _lying_bomb())], "rusak"),
    ([zipped({f"a{n}.csv": b"a" for n in range(70)})], "terlalu besar"),
]


@pytest.mark.parametrize(("some", "word"), UPLOADS, ids=[str(n) for n in range(len(UPLOADS))])
def test_what_is_no_import_gets_a_sentence(some: list[Upload], word: str) -> None:
    assert open_city(TANJUNG).problems == []
    with pytest.raises(NotAnImport, match=word):
        look_at(by=BY, uploads=some)
    assert not CityChange.objects.exists()


def test_names_never_leave_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "in" / "here"
    folder.mkdir(parents=True)
    up = zipped({"../../evil.csv": b"a", "/etc/x.csv": b"b", "a/b/services.csv": b"c", "x.txt": b"d"})
    assert uploads._unfold([up], folder) == ["x.txt"]
    assert sorted(path.name for path in folder.iterdir()) == ["evil.csv", "services.csv", "x.csv"]
    assert [path.name for path in tmp_path.iterdir()] == ["in"]


def test_a_draft_ends(tmp_path: Path) -> None:
    city = copy_of(tmp_path)
    assert open_city(city).problems == []
    put(city, "services", 4, "name", "NIB perseorangan")
    draft = look_at(by=BY, uploads=csv_files(city, "services"))
    CityChange.objects.update(ends_at="2026-01-01T00:00Z")
    with pytest.raises(NoSuchChange):
        kept.change(draft.id)
    malls_actions.drop_old_drafts()
    assert not CityChange.objects.exists()
