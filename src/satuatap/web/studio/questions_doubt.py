"""How sure is it? Per building how often it is freed, the saving's interval, and the figures worth finding first."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from satuatap.basics.refusal import Refusal
from satuatap.features.estate import queries as estate
from satuatap.features.estate.questions import actions, queries
from satuatap.features.estate.questions.queries import City, QuestionView
from satuatap.features.estate.questions.weighing import Picture, told, weighed
from satuatap.features.estate.states import Ask
from satuatap.web.answers import SeeOther
from satuatap.web.components import formats
from satuatap.web.guards import actor_of, grants_of, role_required
from satuatap.web.inputs import key_of, text_of, whole_of
from satuatap.web.studio.questions import WRITERS, base_of, expect_questions, is_seen, seen_of
from satuatap.web.studio.questions_figures import Found, choices_of, found_of
from satuatap.web.studio.shared import page
from satuatap.web.studio.study_words import language, money
from satuatap.web.studio.views import READERS

FIRST = 3  # figures that are asked for
SURE, NEVER = 0.995, 0.005
KEYS = {"norms": "key"}  # column by which a row is known; the code in other sheets


class BadFigure(Refusal):
    """What was typed is no number, or one that nobody thought possible."""

    code = "bad_figure"
    status = 422
    text = gettext_lazy("Angka itu tidak terbaca atau di luar rentangnya (%(low)s sampai %(high)s %(unit)s). Periksa.")

    def __init__(self, one: Found) -> None:
        values = {"low": shown(one.low), "high": shown(one.high), "unit": one.unit}
        super().__init__(str(self.text) % values)


class NeedsSource(Refusal):
    """A figure for the inventory without its source."""

    code = "needs_source"
    status = 422
    text = gettext_lazy("Angka untuk inventaris memerlukan sumber dan tahunnya. Tanpa itu ia tetap pengandaian.")


class NotYourFigure(Refusal):
    """A norm that another house keeps."""

    code = "not_your_norm"
    status = 403
    text = gettext_lazy("Norma ini dijaga dinas lain: harga oleh BPKAD, selain itu oleh Bappeda. Mintalah mereka.")


class NotKept(Refusal):
    """The inventory does not take the figure."""

    code = "not_kept"
    status = 422
    text = gettext_lazy("Angka belum dicatat. %(why)s")

    def __init__(self, why: Iterable[str]) -> None:
        super().__init__(str(self.text) % {"why": " ".join(why)})


def shown(number: float) -> str:
    """A figure as a hint: 1.234; 13,2; 0,45."""
    if abs(number) >= 100 or number == int(number):
        return formats.whole(number, language())
    return formats.decimal(number, 2 if abs(number) < 10 else 1, language())


def number_of(text: str) -> float | None:
    """A number as people here type it: 1.234,5 or 1234.5."""
    plain = text.strip().replace(" ", "")
    if "," in plain or plain.count(".") > 1 or (plain.count(".") == 1 and len(plain.rsplit(".", 1)[1]) == 3):
        plain = plain.replace(".", "").replace(",", ".")
    try:
        number = float(plain)
    except ValueError:
        return None
    return number if abs(number) < 1e15 else None


def _doubt(view: estate.StudyView, study: UUID) -> tuple[dict[str, Any] | None, QuestionView | None]:
    """The study's own draws, else those that were asked for afterwards, and the question that brings them."""
    if view.doubt:
        return view.doubt, None
    asked = queries.question_about(study, Ask.DOUBT, {"values": {}})
    return (asked.answer if asked and asked.is_answered else None), asked


def figures_first(doubt: dict[str, Any], city: City) -> list[tuple[Found, dict[str, Any]]]:
    """The figures worth finding first, those of one bill as one; with what the engine says of each.

    What the city decides is none of them: nobody can find it.
    """
    rows = estate.sheet_rows({"buildings", "units", "norms"})
    known = {f"{sheet}/{row[KEYS.get(sheet, 'code')]}": row for sheet, some in rows.items() for row in some}
    found: dict[str, tuple[Found, dict[str, Any]]] = {}
    for worth in doubt["worth"]:
        if worth["moves"] > 1.0:
            one = found_of(worth["figure"], city, doubt["draws"]["figures"], known)
            if not one.is_choice:
                found.setdefault(one.key, (one, worth))
        if len(found) == FIRST:
            break
    return list(found.values())


@role_required(*READERS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def doubt_page(request: HttpRequest, study: UUID) -> HttpResponseBase:
    """The picture; a figure that is typed narrows it at once, and the draws are made anew behind it."""
    if request.method != "POST":
        return _show(request, study)
    try:
        view, city = estate.study(study), queries.city_of(study)
        doubt, _asked = _doubt(view, study)
        typed = _typed(request, doubt, city) if doubt else {}
        values = {path: v for one, number in typed.values() for path, v in one.values(number).items()}
        number = actions.ask_question(
            by=actor_of(request), study=study, kind=Ask.DOUBT, asked={"values": values}, request=key_of(request)
        )
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        return _show(request, study, refusal)
    expect_questions()
    words = {"hitung": str(number), **{key: repr(number) for key, (_one, number) in typed.items()}}
    return SeeOther(f"/studio/kajian/{study}/keraguan?{urlencode(words)}#gambar")


def _typed(request: HttpRequest, doubt: dict[str, Any], city: City) -> dict[str, tuple[Found, float]]:
    """What was typed beside the figures; refused where it lies outside of what was thought possible."""
    found = {}
    for n, (one, _worth) in enumerate(figures_first(doubt, city)):
        text = text_of(request.POST, f"angka-{n}", longest=40, default="")
        if not text:
            continue
        number = number_of(text)
        if number is None or not one.takes(number):
            raise BadFigure(one)
        found[f"angka-{n}"] = (one, number)
    return found


def _show(request: HttpRequest, study: UUID, problem: Refusal | None = None) -> HttpResponse:
    again = _again(request, study)
    about = (again, queries.question_about(study, Ask.DOUBT, {"values": {}}))
    if is_seen(request, *about):
        return HttpResponse(status=204)
    values = base_of(study)
    city: City = values["city"]
    doubt, first_asked = _doubt(values["study"], study)
    values |= {"tab": "keraguan", "seen": seen_of(*about), "doubt": doubt, "first_asked": first_asked}
    if doubt is None or doubt.get("impossible"):
        return page(request, "studio/doubt.html", values, problem)
    figures = figures_first(doubt, city)
    given = again.asked["values"] if again else {}
    was = told(doubt["summary"])
    now, state = was, "asli"
    if again is not None and again.is_answered and again.answer and not again.answer.get("impossible"):
        now, state = told(again.answer["summary"]), "dihitung"
    elif again is not None:
        now, state = weighed(doubt["draws"], given), "ditimbang"
    values |= {
        "again": again, "state": state, "was": was, "now": now, "changed": state != "asli",
        "impossible": bool(again and (again.answer or {}).get("impossible")),
        "saving": _saving(now), "saving_was": _saving(was), "narrower": _narrower(was, now),
        "rows": _rows(was, now, city), "fields": _fields(request, figures, doubt, city, given),
        "breaks": round(100 * now.plan_breaks), "no_plan": round(100 * now.without_plan),
        "effective": round(now.effective), "choices": _choices(city, doubt),
    }  # fmt: skip
    if values["ready"]:
        expect_questions()
    return page(request, "studio/doubt.html", values, problem)


def _again(request: HttpRequest, study: UUID) -> QuestionView | None:
    """The question that this page speaks of, if its address names one of this study."""
    raw = text_of(request.GET, "hitung", longest=40, default="")
    found = [one for one in queries.questions_of(study, Ask.DOUBT) if str(one.id) == raw and one.asked["values"]]
    return found[0] if found else None


def _choices(city: City, doubt: dict[str, Any]) -> list[tuple[str, str, bool]]:
    """What the city decided: its name, its value in words, whether this study drew it all the same."""
    found = choices_of(city, doubt["draws"]["figures"])
    return [(one.name, f"{shown(one.value)} {one.unit}".strip(), one.is_drawn) for one in found]


def _is_yours(request: HttpRequest, one: Found) -> bool:
    """Whether this account may put the figure where the inventory keeps it."""
    if one.place is None or one.place.sheet != "norms":
        return one.place is not None
    return estate.may_change_norm({grant.role for grant in grants_of(request)}, one.unit)


def _saving(picture: Picture) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in ("cash", "capacity"):
        one = picture.sums[name]
        found[name] = (
            None if one is None else {"low": money(one.low), "mid": money(one.middle), "high": money(one.high)}
        )
    return found


def _narrower(was: Picture, now: Picture) -> int | None:
    """By how many percent the interval of the cash saving shrank."""
    before, after = was.sums["cash"], now.sums["cash"]
    if before is None or after is None or before.width <= 0:
        return None
    return round(100 * (1 - after.width / before.width))


def _rows(was: Picture, now: Picture, city: City) -> list[dict[str, Any]]:
    """Buildings by how often they are freed; those that never are stand apart."""
    found = []
    for code, share in sorted(now.freed.items(), key=lambda x: (-x[1], city.name(x[0]))):
        before = was.freed.get(code, 0.0)
        word = _("selalu") if share > SURE else _("tidak pernah") if share < NEVER else ""
        found.append({
            "name": city.name(code), "percent": round(100 * share), "width": round(300 * share, 1),
            "before": round(300 * before, 1), "before_percent": round(100 * before), "word": word,
            "never": share < NEVER and before < NEVER,
        })  # fmt: skip
    return found


def _fields(
    request: HttpRequest, figures: list[tuple[Found, dict[str, Any]]], doubt: dict[str, Any], city: City,
    given: dict[str, float],
) -> list[dict[str, Any]]:  # fmt: skip
    """A field for each figure worth finding, with what finding it is worth."""
    found = []
    for n, (one, worth) in enumerate(figures):
        path, share = next(iter(one.paths.items()))
        known = given.get(path)
        typed = request.POST.get(f"angka-{n}", "")
        found.append({
            "name": f"angka-{n}", "one": one, "moves": money(worth["moves"]), "low": shown(one.low),
            "likely": shown(one.likely), "high": shown(one.high),
            "value": typed or ("" if known is None else shown(known / share)),
            "changes": [city.name(code) for code in worth["changes"]], "kept": _is_yours(request, one),
            "known": None if known is None else known / share,
        })  # fmt: skip
    return found


# ------------------------------------------------------------------ into the inventory
@role_required(*WRITERS)
@require_POST
def keep_figure(request: HttpRequest, study: UUID) -> HttpResponseBase:
    """A figure with its source goes into the inventory as every change of the office does; it can be taken back."""
    try:
        city = queries.city_of(study)
        doubt, _asked = _doubt(estate.study(study), study)
        number = whole_of(request.POST, "urutan", largest=FIRST - 1)
        figures = figures_first(doubt, city) if doubt else []
        one = figures[number][0] if number < len(figures) else None
        value = number_of(text_of(request.POST, "angka", longest=40, default=""))
        source, year = (text_of(request.POST, name, longest=300, default="") for name in ("sumber", "tahun"))
        if one is None or one.place is None:
            raise NeedsSource()
        if not _is_yours(request, one):
            raise NotYourFigure()
        if value is None or value <= 0:
            raise BadFigure(one)
        if not source or not (year.isascii() and year.isdecimal() and len(year) == 4):
            raise NeedsSource()
        _keep(request, one, value, source, year)
    except Refusal as refusal:
        return _show(request, study, refusal)
    messages.success(request, _("Angka sudah dicatat di inventaris dengan sumbernya. Kajian baru akan memakainya."))
    return SeeOther(f"/studio/kajian/{study}/keraguan")


def _keep(request: HttpRequest, one: Found, value: float, source: str, year: str) -> None:
    """The row with this figure; what was made up of it is no longer."""
    assert one.place is not None
    sheets: Any = import_module(settings.CITY_SHEETS)
    sheet = sheets.sheet_of(one.place.sheet)
    state = sheets.read_state(sheet.key)
    column = KEYS.get(sheet.key, "code")
    key, row = next((key, row) for key, row in state[sheet.key].items() if row[column] == one.place.code)
    made_up = [name for name in row.get("made_up", "").split(";") if name and name != one.place.column]
    columns = ("low", "likely", "high") if sheet.key == "norms" else (one.place.column,)  # no range is left of it
    typed = {**row, **dict.fromkeys(columns, f"{value:.12g}"), "source": source, "source_year": year, "synthetic": "no"}
    if "made_up" in row:
        typed["made_up"] = ";".join(made_up)
    try:
        sheets.save_row(by=actor_of(request), sheet=sheet, key=key, typed=typed, then=row, request=key_of(request))
    except sheets.Faults as faults:
        raise NotKept(faults.by_column.values()) from None
