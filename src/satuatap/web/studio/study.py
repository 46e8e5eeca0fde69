"""Studies: their list, one that runs with its picture, one that is over with its plan, and plans made of it by hand."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from satuatap.basics.refusal import Refusal
from satuatap.features.estate import actions, pricing
from satuatap.features.estate import queries as estate
from satuatap.features.estate.refusals import NoProblemKept
from satuatap.features.estate.states import OVER, StudyLife
from satuatap.features.malls import queries as malls
from satuatap.features.plans.states import WHO, Act
from satuatap.web.answers import SeeOther
from satuatap.web.components import formats
from satuatap.web.guards import NotAllowed, actor_of, has_role, role_required
from satuatap.web.inputs import BadNumber, key_of, whole_of
from satuatap.web.studio.questions import expect_studies
from satuatap.web.studio.shared import attempt, may, page, zone
from satuatap.web.studio.study_charts import progress
from satuatap.web.studio.study_page import values_of
from satuatap.web.studio.study_scenario import Scenario, prices_of, scenario_of
from satuatap.web.studio.study_words import LIVES, finding, gap_words, language, money

READERS, WRITERS = (tuple(sorted(WHO[act])) for act in (Act.READ, Act.WRITE))
LEAST_SECONDS, SECONDS, MOST_SECONDS, MOST_DRAWS = 5, 60, 3600, 1000
PICTURE = (640.0, 220.0)


class BadSeconds(Refusal):
    """A search of a length that is no number or beyond its limits."""

    code = "bad_seconds"
    status = 422
    text = gettext_lazy("Lama mencari dari %(low)s sampai %(high)s detik.")

    def __init__(self) -> None:
        super().__init__(str(self.text) % {"low": LEAST_SECONDS, "high": MOST_SECONDS})


def _seconds(request: HttpRequest) -> int:
    try:
        return whole_of(request.POST, "seconds", smallest=LEAST_SECONDS, largest=MOST_SECONDS)
    except BadNumber:
        raise BadSeconds() from None


@role_required(*READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def studies_page(request: HttpRequest) -> HttpResponseBase:
    """The studies; a planner starts one from the inventory as it stands, perhaps at other prices."""
    if request.method != "POST":
        if has_role(request, *WRITERS):
            expect_studies()
        return _list(request)
    if not has_role(request, *WRITERS):
        raise NotAllowed(WRITERS)
    begun: list[UUID] = []

    def act() -> None:
        begun.append(actions.ask_study(
            by=actor_of(request), seconds=_seconds(request),
            draws=whole_of(request.POST, "draws", largest=MOST_DRAWS), prices=prices_of(request.POST),
            request=key_of(request),
        ))  # fmt: skip

    try:
        act()
    except Refusal as refusal:
        return _list(request, refusal)
    return SeeOther(f"/studio/kajian/{begun[0]}")


def _list(request: HttpRequest, problem: Refusal | None = None) -> HttpResponse:
    rows = [
        (
            one,
            *LIVES[one.life],
            money(one.cash[0] - one.cash[1]) if one.cash else "",
            gap_words(one.gap, proved=False) if one.gap is not None else "",
        )
        for one in estate.study_lines()
    ]
    return page(
        request,
        "studio/studies.html",
        {"rows": rows, "seconds": SECONDS, "typed": request.POST},
        problem,
    )


@role_required(*READERS)
@require_safe
def study_page(request: HttpRequest, study: UUID) -> HttpResponseBase:
    """One study: while it runs its picture; then its plan, or what the address makes of it."""
    view = estate.study(study)
    if view.life not in OVER or not view.best_plan:
        return page(request, "studio/study_runs.html", {"view": view, **_now(request, view)})
    case = _case(study)
    if case is None:
        return page(request, "studio/study_runs.html", {"view": view, **_now(request, view)})
    problem: Refusal | None = None
    try:
        found = scenario_of(request.GET, case, view.best_plan)
    except Refusal as refusal:
        found, problem = Scenario(), refusal
    if problem is None and request.GET.get("unit"):
        return SeeOther(request.path + found.query())  # a choice by the form becomes a part of the address
    try:
        values = values_of(view, case, found)
    except Refusal as refusal:
        problem, values = refusal, values_of(view, case, Scenario())
    shown = {"view": view, "life": LIVES[view.life], "day": _day(view), "here": request.path}
    return page(request, "studio/study.html", shown | values, problem)


def _day(view: estate.StudyView) -> str:
    """27 November: the pill beside the title has no room for more."""
    day = malls.local(view.made_at, zone()).date()
    return " ".join(formats.long_date(day, language()).split(", ")[-1].split()[:2])


def _case(study: UUID) -> pricing.Case | None:
    try:
        return pricing.case_of(study)
    except NoProblemKept:
        return None


@role_required(*READERS)
@require_safe
def study_now(request: HttpRequest, study: UUID) -> HttpResponse:
    """The part of the page that changes while a study runs."""
    view = estate.study(study)
    return render(request, "studio/study_now.html", {"view": view, **_now(request, view)})


def _now(request: HttpRequest, view: estate.StudyView) -> dict[str, Any]:
    moved = freed = None
    case = _case(view.id) if view.best_plan else None
    if case is not None and view.best_plan:
        before, after = set(case.present.values()), set(view.best_plan.values())
        moved = sum(place != view.best_plan[unit] for unit, place in case.present.items())
        freed = len(before - after)
    title, made_up = _title(view, moved, freed), case is not None and case.problem.synthetic
    return {
        "title": title, "made_up": made_up, "life": LIVES[view.life], "picture": progress(view.points, *PICTURE),
        "runs": view.life not in OVER, "can_stop": may(request, Act.WRITE) and view.life in (
            StudyLife.QUEUED, StudyLife.RUNNING),
        "best": None if view.best is None else money(view.best),
        "bound": None if view.bound is None else money(view.bound),
        "present": None if view.present is None else money(view.present),
        "gap": gap_words(view.gap, proved=False) if view.best is not None else "",
        "spent": view.points[-1][0] if view.points else 0.0, "seconds": SECONDS,
    }  # fmt: skip


def _title(view: estate.StudyView, moved: int | None, freed: int | None) -> str:
    if view.life is StudyLife.FAILED:
        return _("Kajian ini berhenti sebelum menemukan rencana.")
    if moved is not None and freed is not None:
        return _("Sejauh ini: %(finding)s") % {"finding": finding(moved, freed).lower()}
    if view.life is StudyLife.QUEUED:
        return _("Kajian ini menunggu giliran.")
    return _("Belum ditemukan rencana.") if view.life in OVER else _("Mencari rencana pertama.")


@role_required(*WRITERS)
@require_POST
def stop(request: HttpRequest, study: UUID) -> HttpResponseBase:
    """Ask a study to end; it keeps its best."""
    here = f"/studio/kajian/{study}"

    def again(problem: Refusal) -> HttpResponse:
        view = estate.study(study)
        return page(request, "studio/study_runs.html", {"view": view, **_now(request, view)}, problem)

    return attempt(
        request, lambda: actions.stop_study(by=actor_of(request), study=study, request=key_of(request)),
        _("Kajian dihentikan; rencana terbaiknya tersimpan."), here, again,
    )  # fmt: skip
