"""The register of processing activities, written from the declarations: one activity is one purpose.

UU 27/2022 asks for a record of all processing (Pasal 31; ``register`` in data/law/personal-data.csv says how well that
article is sourced).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

from satuatap.plumbing.personal import PersonalField
from satuatap.plumbing.sheets.cells import escaped

SUBJECTS = {"citizen": "warga", "staff": "petugas"}
SAMPLES = {"name": "Siti Aminah", "phone": "081234567890", "nik": "1671014105900001"}
HEAD = (
    "kegiatan", "purpose", "subjek", "data", "dasar", "sumber_dasar", "dibaca_oleh", "disimpan_sampai", "kept_until",
    "terenkripsi", "bentuk_tersamar", "penerima_lain", "ke_luar_negeri", "diminta",
)  # fmt: skip
UNSOURCED = "belum bersumber"
NOBODY = "tidak ada"  # the system sends a personal field to nobody and nowhere


@dataclass(frozen=True, slots=True)
class Activity:
    """One purpose and the fields that serve it."""

    fields: tuple[PersonalField, ...]

    def row(self) -> dict[str, str]:
        """The activity as one line of the register."""
        one = self.fields[0]
        names = [f"{field.model}.{field.field}" for field in self.fields]
        values = (
            one.purpose, one.purpose_en, SUBJECTS[one.subject], ", ".join(names),
            f"{one.basis.name}: {one.basis.regulation} {one.basis.article}", one.basis.source or UNSOURCED,
            ", ".join(one.readers), one.end.words, one.end.words_en, "ya" if one.encrypted else "tidak",
            ", ".join(_masked(field) for field in self.fields), NOBODY, NOBODY, "ya" if one.asked else "tidak",
        )  # fmt: skip
        return dict(zip(HEAD, values, strict=True))


def _masked(field: PersonalField) -> str:
    sample = SAMPLES.get(field.field, "contoh")
    shown = field.masked(sample)
    return "tampil utuh kepada yang boleh" if shown == sample else shown or "tidak ditampilkan"


def activities(fields: Iterable[PersonalField]) -> list[Activity]:
    """Fields with one purpose, basis, end, readers and protection are one activity, in the order of declaration."""

    def alike(field: PersonalField) -> tuple[object, ...]:
        return (field.subject, field.purpose, field.basis, field.end, field.readers, field.encrypted, field.asked)

    return [Activity(tuple(some)) for _key, some in groupby(fields, key=alike)]


def as_csv(fields: Iterable[PersonalField]) -> str:
    """The register as a sheet; a cell that a spreadsheet would run is made text."""
    out = io.StringIO()
    rows = csv.DictWriter(out, HEAD)  # its own end of lines: with another, a lone CR in a cell would go unquoted
    rows.writeheader()
    for activity in activities(fields):
        rows.writerow({name: escaped(value) for name, value in activity.row().items()})
    return out.getvalue()


def as_markdown(fields: Iterable[PersonalField], *, city: str, law: Mapping[str, str]) -> str:
    """The register to print and sign: one part an activity. ``law`` is the row of the register's own article."""
    known = law.get("source") or UNSOURCED
    lines = [
        f"# Catatan kegiatan pemrosesan data pribadi: {city}",
        "",
        f"Disusun dari deklarasi di dalam sistem. Dasar pencatatan: {law['regulation']} {law['article']} ({known}).",
        "",
    ]
    for number, activity in enumerate(activities(fields), 1):
        row = activity.row()
        lines += [f"## {number}. {row['kegiatan']}", "", f"*{row['purpose']}*", ""]
        lines += [f"- **{name.replace('_', ' ')}**: {row[name]}" for name in HEAD[2:]]
        lines.append("")
    lines.append("Pengendali data, pejabat pelindungan data, dan tanda tangan: diisi kota.")
    return "\n".join(lines) + "\n"
