"""A study's buildings floor by floor, its years, and what else could be chosen: pictures with their tables."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from satuatap.basics.refusal import Refusal
from satuatap.features.estate import pricing
from satuatap.features.estate.questions import actions, queries
from satuatap.features.estate.questions.queries import City, QuestionView
from satuatap.features.estate.states import Ask
from satuatap.features.plans import queries as plans
from satuatap.web.answers import SeeOther
from satuatap.web.guards import actor_of, role_required
from satuatap.web.inputs import key_of, text_of, whole_of
from satuatap.web.studio.pictures_front import Said, choices_of
from satuatap.web.studio.pictures_stack import legend, loads, stack_of
from satuatap.web.studio.pictures_years import finding as years_finding
from satuatap.web.studio.pictures_years import years_of
from satuatap.web.studio.questions import base_of, expect_questions, is_seen, seen_of
from satuatap.web.studio.shared import page
from satuatap.web.studio.study_words import finding
from satuatap.web.studio.views import READERS

WIDE, NARROW, HIGH = 860.0, 500.0, 372.0  # px of the drawings
MOST_YEARS, USUAL_YEARS = 10, 3
MILLION, MOST_BUDGET = 1_000_000, 10_000_000  # the budget is typed in millions of Rupiah
FRONT: dict[str, Any] = {"against": "one_off"}


@role_required(*READERS)
@never_cache
@require_safe
def buildings_page(request: HttpRequest, study: UUID) -> HttpResponse:
    """Floors of two buildings (``?g=..&h=..``), the years, the choices."""
    return _show(request, study)


def _show(request: HttpRequest, study: UUID, problem: Refusal | None = None) -> HttpResponse:
    years, front = _years(request, study), queries.question_about(study, Ask.FRONT, FRONT)
    if is_seen(request, years, front):
        return HttpResponse(status=204)
    values = base_of(study) | {"tab": "gedung", "legend": legend(), "seen": seen_of(years, front)}
    city, view = values["city"], values["study"]
    if not view.best_plan:
        return page(request, "studio/buildings.html", values, problem)
    plan = view.best_plan
    order = _by_coming(city, plan)
    shown = _chosen(request, city, order)
    freed = len((view.answer or {}).get("freed", ()))
    values |= {
        "stacks": [stack_of(city, plan, code, wide) for code, wide in zip(shown, (WIDE, NARROW), strict=False)],
        "order": [(code, city.name(code)) for code in order], "shown": shown,
        "houses": [_house(city, plan, code) for code in order],
        "title": finding(sum(plan[code] != unit["present"] for code, unit in city.units.items()), freed),
        "years": years, "typed": years.asked if years else {"years": USUAL_YEARS},
        "budget": (years.asked["budget_once"] or 0) // MILLION if years and years.asked["budget_once"] else "",
        "front": front, "waits": bool((years and years.waits) or (front and front.waits)),
    }  # fmt: skip
    if years is not None and years.is_answered and years.answer:
        if years.answer["years"]:
            picture = years_of(years.answer, years.asked, city, WIDE)
            values |= {"gantt": picture, "title": years_finding(picture, years.asked)}
        else:
            values |= {"no_way": [_limit(name, city) for name in years.answer["clash"]]}
    if front is not None and (front.answer or {}).get("points"):
        values["choices"] = choices_of(front.answer or {}, _marks(study, city, front), NARROW, HIGH)
    if values["ready"]:
        expect_questions()
    return page(request, "studio/buildings.html", values, problem)


def _by_coming(city: City, plan: dict[str, str]) -> list[str]:
    """Buildings in use, those that take in most first."""
    found = loads(city, plan)
    return sorted((code for code in found if found[code][1]), key=lambda code: (-found[code][0], -found[code][1], code))


def _chosen(request: HttpRequest, city: City, order: list[str]) -> list[str]:
    wanted = [text_of(request.GET, name, longest=100, default="") for name in ("g", "h")]
    kept = [code for code in wanted if code in city.buildings]
    return [*kept, *(code for code in order if code not in kept)][:2]


def _house(city: City, plan: dict[str, str], code: str) -> dict[str, Any]:
    """One building as a row of the table under the pictures."""
    one = stack_of(city, plan, code, WIDE)
    parts = [(block.name, block.amount, block.kind) for block in one.blocks]
    return {"stack": one, "parts": parts}


def _years(request: HttpRequest, study: UUID) -> QuestionView | None:
    """The question about years that the address names, else the newest."""
    found = queries.questions_of(study, Ask.PHASES)
    raw = text_of(request.GET, "tahap", longest=40, default="")
    return next((one for one in found if str(one.id) == raw), found[0] if found else None)


def _limit(name: str, city: City) -> str:
    """A limit that leaves no way; the engine names it by building or year."""
    words = name.split()
    code = next((word for word in words if word in city.buildings), "")
    return name.replace(code, city.name(code)) if code else name


def _marks(study: UUID, city: City, front: QuestionView) -> list[Said]:
    """The study's own plan, and the plans with versions as they would be in this city."""
    found = [Said(_("Rencana ini"), "plan", one["against"], one["yearly"]) for one in (front.answer or {})["marks"]]
    case = pricing.case_of(study)
    for line in plans.plans():
        version = plans.regrouping(line.code).shown
        targets = {} if version is None else {one.unit: one.target for one in version.content.moves}
        known = {u: b for u, b in targets.items() if u in city.units and b in city.buildings}
        if not known or len(found) > 3:
            continue
        priced = pricing.price(case, {**case.present, **known})
        spread = next((term.planned for term in priced.terms if term.code == "one_off_spread"), 0.0)
        kind = "broken" if priced.breaches else "said"
        found.append(Said(line.title, kind, sum(priced.once.values()), priced.score - spread))
    return found


@role_required(*READERS)
@require_POST
def ask(request: HttpRequest, study: UUID) -> HttpResponseBase:
    """The years with these limits, and the choices: both are computed by the process that answers."""
    try:
        budget = text_of(request.POST, "pagu", longest=12, default="")
        asked = {
            "years": whole_of(request.POST, "tahun", smallest=1, largest=MOST_YEARS),
            "budget_once": whole_of(request.POST, "pagu", largest=MOST_BUDGET) * MILLION if budget else None,
            "most_moves": None,
        }
        number = actions.ask_question(
            by=actor_of(request), study=study, kind=Ask.PHASES, asked=asked, request=key_of(request)
        )
        actions.ask_question(by=actor_of(request), study=study, kind=Ask.FRONT, asked=FRONT)
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        return _show(request, study, refusal)
    expect_questions()
    return SeeOther(f"/studio/kajian/{study}/gedung?{urlencode({'tahap': str(number)})}#tahap")
