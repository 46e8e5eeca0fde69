"""Why is this unit not in that building? Asked, answered by the process with the solvers, and forced if wanted."""

from __future__ import annotations

from importlib import import_module
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from satuatap.basics.refusal import Refusal
from satuatap.features.estate import queries as estate
from satuatap.features.estate.questions import actions, queries
from satuatap.features.estate.questions.queries import City, QuestionView
from satuatap.features.estate.states import OVER, Ask
from satuatap.features.plans.states import WHO, Act
from satuatap.web.answers import SeeOther
from satuatap.web.guards import actor_of, role_required
from satuatap.web.inputs import key_of, text_of, uuid
from satuatap.web.studio.questions_words import bars_of, displaced, room_words, rule_words
from satuatap.web.studio.shared import page
from satuatap.web.studio.study_words import money
from satuatap.web.studio.views import READERS

WRITERS = tuple(sorted(WHO[Act.WRITE]))
MOST_RULES = 8


def expect_questions() -> None:
    """The process that answers is begun while somebody still reads; nothing where no server runs jobs."""
    if settings.STUDIES:
        import_module(settings.STUDIES).expect_questions()


def expect_studies() -> None:
    """So with the process of studies, while somebody who may begin one looks at their list."""
    if settings.STUDIES:
        import_module(settings.STUDIES).expect_studies()


def seen_of(*asked: QuestionView | None) -> str:
    """What of these questions a page shows; it changes when there is more to show."""
    return "-".join(
        f"{one.life.value}{len((one.answer or {}).get('points', ()))}" if one is not None else "" for one in asked
    )


def is_seen(request: HttpRequest, *asked: QuestionView | None) -> bool:
    """Whether a page that waits only asks if there is more to show, and there is not: then it gets an empty answer."""
    return request.headers.get("X-Seen") == seen_of(*asked)


def base_of(study: UUID) -> dict[str, Any]:
    """What every page about a study needs."""
    view, city = estate.study(study), queries.city_of(study)
    return {
        "study": view, "city": city, "ready": view.life in OVER and view.best_plan is not None,
        "here": f"/studio/kajian/{study}",
        "units": sorted(city.units.values(), key=lambda one: str(one.get("name"))),
        "houses": sorted(city.buildings.values(), key=lambda one: str(one.get("name"))),
    }  # fmt: skip


# ------------------------------------------------------------------ why not there
@role_required(*READERS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def why_page(request: HttpRequest, study: UUID) -> HttpResponseBase:
    """A unit and a building are chosen, the question is asked, and its answer stands here from then on."""
    if request.method != "POST":
        return _why(request, study)
    unit, building = (text_of(request.POST, name, longest=100, default="") for name in ("unit", "gedung"))
    try:
        asked = {"unit": unit, "building": building}
        actions.ask_question(by=actor_of(request), study=study, kind=Ask.WHY, asked=asked, request=key_of(request))
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        return _why(request, study, refusal)
    expect_questions()
    return SeeOther(f"/studio/kajian/{study}/kenapa?unit={unit}&gedung={building}#jawaban")


def _why(request: HttpRequest, study: UUID, problem: Refusal | None = None) -> HttpResponse:
    typed = request.POST if problem else request.GET
    unit, building = (text_of(typed, name, longest=100, default="") for name in ("unit", "gedung"))
    asked = queries.question_about(study, Ask.WHY, {"unit": unit, "building": building})
    about_rules = queries.question_about(study, Ask.RELAX, {})
    if is_seen(request, asked, about_rules):
        return HttpResponse(status=204)
    values = base_of(study)
    city: City = values["city"]
    values |= {
        "unit": unit, "building": building, "unit_name": city.name(unit), "building_name": city.name(building),
        "asked": asked, "answer": _answer(asked, city), "earlier": _earlier(study, city),
        "rules": _rules(about_rules, city), "seen": seen_of(asked, about_rules),
        "has_rules": bool(city.rules), "tab": "kenapa",
    }  # fmt: skip
    if values["ready"]:
        expect_questions()
    return page(request, "studio/why.html", values, problem)


def _answer(asked: QuestionView | None, city: City) -> dict[str, Any] | None:
    """The answer in words and bars."""
    if asked is None or not asked.is_answered or asked.answer is None:
        return None
    told, unit = asked.answer, asked.asked["unit"]
    found: dict[str, Any] = {"told": told, "room": room_words(told["room"])}
    if told.get("already"):
        return {**found, "kind": "already"}
    if told["hard"]:
        clash = [rule_words(rule, city) for rule in told["clash"]]
        return {**found, "kind": "hard", "clash": clash}
    if not told.get("plan"):
        return {**found, "kind": "unknown", "low": None if told["low"] is None else money(told["low"])}
    return {
        **found, "kind": "soft", "price": money(told["cash_yearly"], sign=True),
        "dearer": told["cash_yearly"] > 0, "more": money(abs(told["cash_yearly"])), "bars": bars_of(told["cash"]),
        "capacity": money(told["capacity_yearly"], sign=True), "once": money(told["one_off"], sign=True),
        "has_once": abs(told["one_off"]) >= 1, "interval": _interval(told), "displaced": displaced(told, city, unit),
    }  # fmt: skip


def _interval(told: dict[str, Any]) -> str:
    """What is proved of the price of forcing, in the weighed sum that plans are compared by."""
    low, high = told["low"], told["high"]
    if low is None or high is None:
        return _("Batas harganya belum terbukti.")
    if high - low < 1.0:
        return _("Terbukti persis: nilai rencana naik %(amount)s setahun.") % {"amount": money(high)}
    values = {"low": money(low), "high": money(high)}
    words = _("Terbukti antara %(low)s dan %(high)s setahun, dalam nilai rencana.") % values
    if high - low > 2 * abs(told["cash_yearly"]):
        words += " " + _("Selebar itu karena kajiannya sendiri belum terbukti sampai habis.")
    return words


def _earlier(study: UUID, city: City) -> list[tuple[QuestionView, str, str]]:
    found = queries.questions_of(study, Ask.WHY)[:6]
    return [(one, city.name(one.asked["unit"]), city.name(one.asked["building"])) for one in found]


# ------------------------------------------------------------------ forced, relaxed
@role_required(*WRITERS)
@require_POST
def force(request: HttpRequest, study: UUID) -> HttpResponseBase:
    """A study with the choice forced; it is compared with the one that was asked."""
    try:
        asked = uuid(request.POST.get("question"))
        forced = actions.ask_forced_study(by=actor_of(request), question=asked, request=key_of(request))
    except Refusal as refusal:
        return _why(request, study, refusal)
    return SeeOther(f"/studio/bandingkan?a={study}&b={forced}")


@role_required(*READERS)
@require_POST
def relax(request: HttpRequest, study: UUID) -> HttpResponseBase:
    """Which single rule, left out, would change the plan most."""
    back = text_of(request.POST, "back", longest=250, default="")
    try:
        actions.ask_question(by=actor_of(request), study=study, kind=Ask.RELAX, asked={}, request=key_of(request))
    except Refusal as refusal:
        return _why(request, study, refusal)
    expect_questions()
    return SeeOther(f"/studio/kajian/{study}/kenapa{back if back.startswith('?') else ''}#aturan")


def _rules(asked: QuestionView | None, city: City) -> dict[str, Any] | None:
    """The rules by what each costs, the dearest first."""
    if asked is None:
        return None
    rows = (asked.answer or {}).get("rules", []) if asked.is_answered else []
    told = [
        {
            "rule": rule_words(row["rule"], city), "gain": None if row["gain"] is None else money(row["gain"]),
            "gives_a_plan": row["gain"] is None, "nothing": row["gain"] == 0,
            "high": None if row["high"] is None else money(row["high"]),
            "moved": len(row["moved"]), "freed": [city.name(code) for code in row["freed"]],
            "kept": [city.name(code) for code in row["kept"]],
        }
        for row in rows[:MOST_RULES]
    ]  # fmt: skip
    return {"asked": asked, "rows": told, "more": max(0, len(rows) - MOST_RULES)}
