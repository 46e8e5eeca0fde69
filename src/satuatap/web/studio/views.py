"""Plans for the staff: their list, one plan with its life, and the form of a version."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from satuatap.basics.refusal import Refusal
from satuatap.features.people import queries as people
from satuatap.features.plans import actions, drafting, inventory, queries
from satuatap.features.plans.published import picture_of
from satuatap.features.plans.queries import Content, Inventory, PlanView
from satuatap.features.plans.states import WHO, Act, PlanLife
from satuatap.features.plans.wording import CHECK_NAMES, LIFE_NAMES, sentence_of
from satuatap.web.guards import NotAllowed, actor_of, has_role, role_required
from satuatap.web.inputs import key_of, text_of
from satuatap.web.studio.came_picture import draw
from satuatap.web.studio.life import held, life_line, next_move
from satuatap.web.studio.shared import attempt, page, today
from satuatap.web.studio.study_words import breach_of
from satuatap.web.studio.waits import waits_of

READERS = tuple(sorted(WHO[Act.READ]))


@dataclass(frozen=True, slots=True)
class MoveRow:
    """One move of a version with names."""

    unit: str
    origin: str
    target: str
    address: str
    on: date


def rows_of(content: Content, known: Inventory) -> list[MoveRow]:
    """A version's moves as people read them, by the names that stood in its inventory."""
    nothing = ("", "", 0.0, "")
    return [
        MoveRow(
            known.units[one.unit][0], known.buildings.get(one.origin, nothing)[0] or one.origin,
            known.buildings[one.target][0], known.buildings[one.target][1], one.on,
        )
        for one in content.moves
    ]  # fmt: skip


def figures_of(view: PlanView) -> dict[str, Any]:
    """What a page says of the version that counts; nothing without one."""
    version = view.shown
    if version is None:
        return {"version": None}
    found = drafting.breaches(version.content)
    return {
        "version": version, "rows": rows_of(version.content, version.inventory), "terms": version.content.terms,
        "broken": [breach_of(one, found[0]) for one in found[1]] if found else [],
    }  # fmt: skip


@role_required(*READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def plans_page(request: HttpRequest) -> HttpResponseBase:
    """Every plan; a planner opens one."""
    if request.method != "POST":
        return _list(request)
    code = text_of(request.POST, "code", longest=60)

    def act() -> None:
        _need(request, Act.WRITE)
        title = text_of(request.POST, "title", longest=120)
        author = int(request.user.pk or 0)
        actions.open_regrouping(by=actor_of(request), code=code, title=title, author=author, request=key_of(request))

    return attempt(request, act, _("Rencana sudah dibuka."), f"/studio/rencana/{code}", lambda no: _list(request, no))


def _need(request: HttpRequest, act: Act) -> None:
    if not has_role(request, *WHO[act]):
        raise NotAllowed(sorted(WHO[act]))


def _list(request: HttpRequest, problem: Refusal | None = None) -> HttpResponse:
    rows = [(one, LIFE_NAMES[one.life]) for one in queries.plans()]
    return page(request, "studio/plans.html", {"rows": rows, "typed": request.POST}, problem)


@role_required(*READERS)
@require_safe
def plan_page(request: HttpRequest, code: str) -> HttpResponse:
    """One plan: where it stands, what it says, what changed under it, and what may be done now."""
    return show(request, code)


def show(request: HttpRequest, code: str, problem: Refusal | None = None) -> HttpResponse:
    """The plan's page, also after a step that was refused."""
    view, now = queries.regrouping(code), inventory.now()
    version = view.shown
    open_still = view.life in (PlanLife.DRAFT, PlanLife.COMPARED, PlanLife.CONSULTED)
    found = queries.changes(version.inventory, now) if version and open_still else []
    moves, day = queries.moves(code), today()
    values = {
        "view": view,
        "changed": [sentence_of(one, version.inventory, now) for one in found] if version else [],
        "moves": moves,
        "held": held(moves, day),
        "next": _next(moves, view),
        "others": _to_compare(view),
        **life_and_waits(view, moves),
        "reviewers": _reviewers(view),
        **_names(view),
        "today": day,
        "may_ask": _may_ask(request, view),
        "mine": request.user.pk == view.reviewer,
        "invitations": _invitations(view),
        **figures_of(view),
    }
    return page(request, "studio/plan.html", values, problem)


def _to_compare(view: PlanView) -> list[queries.PlanLine]:
    """A plan of the city is compared with what others published, a published one with the city's own."""
    others = [one for one in queries.plans() if one.code != view.code and one.versions]
    return [one for one in others if (one.life is PlanLife.ANNOUNCED) is not (view.life is PlanLife.ANNOUNCED)]


def _may_ask(request: HttpRequest, view: PlanView) -> bool:
    """Whether the button that computes the waits is shown: while the plan may still change, to who writes plans."""
    open_still = view.life in (PlanLife.DRAFT, PlanLife.COMPARED, PlanLife.CONSULTED)
    return open_still and view.version is not None and has_role(request, *WHO[Act.WRITE])


def life_and_waits(view: PlanView, moves: Sequence[queries.MoveView]) -> dict[str, Any]:
    """What staff and citizens read alike: the life, what was reported of a published plan, the waits in the hall."""
    picture = picture_of(view.code)
    found = waits_of(view)
    minutes = found["minutes"]
    draft = view.life is PlanLife.DRAFT
    return {
        "line": life_line(view, moves, picture), "picture": picture, "came": draw(picture) if picture else None,
        "can_mend": bool(minutes and minutes.can_mend and draft), **found,
    }  # fmt: skip


def _next(moves: Sequence[queries.MoveView], view: PlanView) -> dict[str, Any] | None:
    """The move that is to be done now, with its checklist."""
    found = next_move(moves) if view.life is PlanLife.DECIDED else None
    if found is None:
        return None
    place, move = found
    return {"place": place, "move": move, "papers": [(one, CHECK_NAMES[one.check]) for one in move.papers]}


def _names(view: PlanView) -> dict[str, str]:
    known = people.display_names([n for n in (view.author, view.reviewer) if n])
    return {"author_name": known.get(view.author, ""), "reviewer_name": known.get(view.reviewer or 0, "")}


def _invitations(view: PlanView) -> list[tuple[str, str]]:
    """Each agency's own link to comment."""
    if view.life is not PlanLife.CONSULTED:
        return []
    return [
        (
            one.name,
            f"/penataan/{view.code}/instansi/" + queries.invitation("voice", {"plan": view.code, "agency": one.code}),
        )
        for one in people.agencies()
    ]


def _reviewers(view: PlanView) -> list[tuple[int, str]]:
    """Accounts that may review, but the author's."""
    lines = people.accounts(datetime.now(UTC).date())
    return [
        (line.id, f"{line.display_name} ({', '.join(line.role_names)})")
        for line in lines
        if line.id != view.author and queries.may_act([grant.role for grant in line.grants], Act.REVIEW)
    ]
