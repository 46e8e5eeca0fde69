"""The city's own sheets on screen: choose once which of their columns is which of ours, see rows before and after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from satuatap.basics.refusal import Refusal
from satuatap.features.estate import actions as estate_actions
from satuatap.features.estate import queries as estate
from satuatap.features.estate.mapping import (
    FIXED,
    Numbers,
    Rule,
    heading_row,
    headings_of,
    normal,
    recognised,
    words_of,
)
from satuatap.features.estate.queries import ColumnsView
from satuatap.plumbing.sheets.cells import shown
from satuatap.plumbing.sheets.schema import Column, Kind, Sheet
from satuatap.web.answers import SeeOther
from satuatap.web.estate.imports import start_page
from satuatap.web.estate.shared import IMPORT, KEEP, attempt, page, sheet_of
from satuatap.web.guards import actor_of, role_required
from satuatap.web.inputs import BadInput, key_of, text_of, whole
from satuatap.web.refusals import NotFound
from satuatap.web.sheets import city, titled

START = "/studio/kolom"
FIRST = ("buildings", "units", "placements", "meters", "bills", "support_staff", "upkeep", "leases")
MOST_WORDS, MOST_SHOWN, MOST_HEADS, MOST_HEADED = 40, 5, 15, 12
FIGURES = (Kind.INT, Kind.DECIMAL, Kind.RUPIAH)
TIMES = ("1", "1000", "1000000", "10000", "12")


@dataclass(frozen=True, slots=True)
class Word:
    """One of their words and ours for it."""

    field: str
    theirs: str
    ours: str
    choices: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One column of ours on the form: its rule, and how that came about."""

    column: Column
    label: str
    rule: Rule
    numeric: bool
    words: tuple[Word, ...]
    same: bool  # proposed, because the heading is the same


@dataclass(frozen=True, slots=True)
class Setting:
    """What is being read: which page, heading row and sheet, and what the headings are."""

    file: Any
    pages: Sequence[str]
    place: int
    pick: Any
    sheet: Sheet
    headings: Sequence[str]
    sure: bool  # a row looked like headings, or a person chose one

    @property
    def rows(self) -> Any:
        return self.file.pages[self.pick.page]

    @property
    def under(self) -> Any:
        return [row for row in self.rows if row[0] >= self.pick.heading + self.pick.depth]


@role_required(*KEEP)
@require_POST
def take(request: HttpRequest) -> HttpResponseBase:
    """Keep a file of the city's own; its columns are chosen on the next page."""
    key_of(request)
    some = request.FILES.getlist("file")
    if len(some) != 1:
        raise BadInput()
    try:
        number = city().take_foreign(upload=city().Upload(str(some[0].name), some[0].read()))
    except Refusal as refusal:
        return start_page(request, refusal)
    return SeeOther(f"{START}/{number}")


@role_required(*KEEP)
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest, upload: UUID) -> HttpResponseBase:
    """The form of the columns; POST shows rows before and after, or brings them to the check of the import."""
    file = city().foreign_file(upload)
    if not file.pages:
        raise NotFound()
    saved = estate.saved_columns()
    if request.method != "POST":
        known = _known(request, file, saved)
        setting = _setting(request.GET, file, known)
        rules = _proposed(setting, known)
        return _form(request, upload, setting, rules, known=known, name=known.name if known else "")
    setting = _setting(request.POST, file, None)
    rules, name = _typed(request.POST, setting), text_of(request.POST, "name", longest=80, default="")
    try:
        if request.POST.get("do") != "bring":
            return _form(request, upload, setting, rules, name=name, look=True)
        key = key_of(request)
        if name:
            estate_actions.save_columns(
                by=actor_of(request), name=name, sheet=setting.sheet.key, rules=rules, request=key
            )
        draft = city().bring_foreign(
            by=actor_of(request), number=upload, sheet=setting.sheet, rules=rules, pick=setting.pick
        )
    except Refusal as refusal:
        return _form(request, upload, setting, rules, name=name, look=True, problem=refusal)
    return SeeOther(f"{IMPORT}/{draft.id}")


@role_required(*KEEP)
@require_POST
def drop(request: HttpRequest, columns: int) -> HttpResponseBase:
    """Forget a kept way to read a sheet; what was imported by it stays."""

    def never(refusal: Refusal) -> HttpResponse:
        raise refusal

    return attempt(
        request, lambda: estate_actions.drop_columns(by=actor_of(request), columns=columns, request=key_of(request)),
        _("Cara baca itu dihapus; yang sudah diimpor tetap."), IMPORT, never,
    )  # fmt: skip


# ------------------------------------------------------------------ what is read
def _known(request: HttpRequest, file: Any, saved: Sequence[ColumnsView]) -> ColumnsView | None:
    """The kept way that was asked for, or the first that finds all its headings somewhere near the top of a page."""
    asked = request.GET.get("pakai", "")
    if asked:
        return next((one for one in saved if str(one.id) == asked), None)
    if request.GET:
        return None
    return next((one for one in saved if _found(one, file) is not None), None)


def _found(one: ColumnsView, file: Any) -> tuple[int, int, int] | None:
    """Page, row and depth at which all headings of a kept way stand."""
    for place, rows in enumerate(file.pages.values()):
        for number, _cells in rows[:MOST_HEADS]:
            for depth in (1, 2):
                if recognised(one.headings, headings_of(rows[: MOST_HEADS + 2], number, depth)):
                    return place, number, depth
    return None


def _setting(values: Mapping[str, Any], file: Any, known: ColumnsView | None) -> Setting:
    pages = list(file.pages)
    found = _found(known, file) if known else None
    place = found[0] if found else whole(values.get("halaman", "0"), largest=len(pages) - 1)
    rows = file.pages[pages[place]]
    asked = values.get("judul")
    likely = heading_row(rows)
    if found:
        heading, depth = found[1], found[2]
    else:
        heading = whole(asked, largest=100_000) if asked else (likely or 0)
        depth = whole(values.get("tinggi", "1"), smallest=1, largest=2) if heading else 0
    name = known.sheet if known else text_of(values, "isi", longest=60, default="buildings")
    pick = city().Pick(pages[place], heading, depth)
    headings = headings_of(rows, heading, depth)
    return Setting(file, pages, place, pick, sheet_of(name), headings, bool(asked) or likely is not None)


def _proposed(setting: Setting, known: ColumnsView | None) -> list[Rule]:
    """The kept rules, or a heading that is the same as ours, shown as such; nothing else is proposed."""
    kept = {rule.column: rule for rule in known.rules} if known else {}
    here = {normal(heading): heading for heading in setting.headings}
    rules = []
    for column in city().columns_to_choose(setting.sheet):
        same = here.get(normal(column.key)) or here.get(normal(column.label)) or ""
        rules.append(kept.get(column.key) or Rule(column.key, "" if known else same))
    return rules


def _typed(values: Mapping[str, Any], setting: Setting) -> list[Rule]:
    """The rules as the form carries them."""
    return [_rule(values, setting, column) for column in city().columns_to_choose(setting.sheet)]


def _rule(values: Mapping[str, Any], setting: Setting, column: Column) -> Rule:
    key = column.key
    taken = text_of(values, f"from-{key}", longest=500, default="")
    if taken not in ("", FIXED, *setting.headings):
        taken = ""  # of another heading row: chosen anew
    try:
        numbers = Numbers(text_of(values, f"numbers-{key}", longest=20, default=Numbers.AS_WRITTEN.value))
    except ValueError:
        raise BadInput() from None
    times = text_of(values, f"times-{key}", longest=10, default="1")
    if times not in TIMES:
        raise BadInput()
    rule = Rule(
        key, taken, text_of(values, f"fixed-{key}", longest=600, default=""), numbers, float(times),
        makes_code=values.get(f"code-{key}") == "1",
    )  # fmt: skip
    codes = {}
    for place, theirs in enumerate(_their_words(setting, rule)):
        ours = text_of(values, f"word-{key}-{place}", longest=200, default="")
        if ours:
            codes[theirs] = ours
    return Rule(key, taken, rule.fixed, numbers, rule.times, codes, rule.makes_code)


def _their_words(setting: Setting, rule: Rule) -> list[str]:
    column = setting.sheet.column(rule.column)
    if rule.taken in ("", FIXED) or rule.makes_code or not _has_words(setting.sheet, column):
        return []
    return words_of(rule, setting.headings, setting.under, MOST_WORDS)


def _has_words(sheet: Sheet, column: Column) -> bool:
    pointed = any(one.columns[-1] == column.key for one in sheet.references)
    return pointed or column.kind in (Kind.CHOICE, Kind.BOOL)


# ------------------------------------------------------------------ the form
def _form(
    request: HttpRequest, upload: UUID, setting: Setting, rules: Sequence[Rule], *, name: str,
    known: ColumnsView | None = None, look: bool = False, problem: Refusal | None = None,
) -> HttpResponse:  # fmt: skip
    state = city().read_state(*(one.sheet for one in setting.sheet.references)) if setting.sheet.references else {}
    every = [*FIRST, *(one for one in city().ESTATE_SHEETS if one not in FIRST)]
    rows = setting.rows[:MOST_HEADS]
    values = {
        "upload": upload, "file": setting.file, "setting": setting, "known": known, "name": name,
        "choices": [_choice(setting, rule, state, known) for rule in rules],
        "sheets": [city().sheet_of(one) for one in every],
        "tops": [(number, " | ".join(shown(cell)[:24] for cell in cells[:6] if shown(cell))) for number, cells in rows],
        "first": [(number, [shown(cell) for cell in cells[:MOST_HEADED]]) for number, cells in setting.under[:3]],
        "heads": setting.headings[:MOST_HEADED], "count": len(setting.under), "fixed": FIXED,
        "numbers": _number_words(), "times": _times_words(),
        "looks": _looks(setting, rules) if look else (), "look": look,
    }  # fmt: skip
    return page(request, "houses", "columns", values, problem)


def _number_words() -> list[tuple[str, str]]:
    return [
        (Numbers.AS_WRITTEN.value, _("seperti tertulis")),
        (Numbers.INDONESIAN.value, _("1.234,5 (Indonesia)")),
        (Numbers.ENGLISH.value, _("1,234.5 (Inggris)")),
    ]


def _times_words() -> list[tuple[str, str]]:
    words = (_("apa adanya"), _("kali 1.000"), _("kali 1.000.000"), _("hektare ke m2"), _("kali 12 bulan"))
    return list(zip(TIMES, words, strict=True))


def _choice(setting: Setting, rule: Rule, state: Any, known: ColumnsView | None) -> Choice:
    column = setting.sheet.column(rule.column)
    same = not known and normal(rule.taken) in (normal(column.key), normal(column.label))
    return Choice(column, _(column.label), rule, column.kind in FIGURES, _words(setting, rule, column, state), same)


def _words(setting: Setting, rule: Rule, column: Column, state: Any) -> tuple[Word, ...]:
    """Their words beside ours; ours is chosen by a person, or is the very same word or name."""
    ours = _our_words(setting.sheet, column, state)
    exact = {normal(text): code for code, name in ours for text in (code, name, name.partition(": ")[2])}
    kept = {normal(theirs): code for theirs, code in rule.codes.items()}
    return tuple(
        Word(f"word-{column.key}-{place}", theirs, kept.get(normal(theirs)) or exact.get(normal(theirs), ""), ours)
        for place, theirs in enumerate(_their_words(setting, rule))
    )


def _our_words(sheet: Sheet, column: Column, state: Any) -> tuple[tuple[str, str], ...]:
    for reference in sheet.references:
        if reference.columns[-1] == column.key:
            rows = state.get(reference.sheet, {}).values()
            return tuple((row[reference.target[-1]], titled(row, reference.target[-1])) for row in rows)
    if column.kind is Kind.BOOL:
        return (("yes", _("ya")), ("no", _("tidak")))
    return tuple((word, word) for word in column.choices)


def _looks(setting: Setting, rules: Sequence[Rule]) -> list[tuple[Any, list[tuple[str, str, str]]]]:
    """The first rows: of each column that is taken what stood there and what it becomes."""
    used = [rule for rule in rules if rule.taken]
    places = {normal(heading): place for place, heading in enumerate(setting.headings)}
    cells = dict(setting.under)
    found = []
    for row in city().merged(setting.sheet, used, setting.pick, setting.file, MOST_SHOWN):
        theirs = cells[row.number]
        line = []
        for rule in used:
            place = places.get(normal(rule.taken))
            before = shown(theirs[place]) if place is not None and place < len(theirs) else ""
            line.append((_(setting.sheet.column(rule.column).label), before, row.texts.get(rule.column, "")))
        found.append((row, line))
    return found
