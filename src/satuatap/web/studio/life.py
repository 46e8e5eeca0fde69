"""A plan's life as a line: each stage with its day, and what came of it in a few words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from satuatap.features.plans.published import Picture
from satuatap.features.plans.queries import MoveView, PlanView
from satuatap.features.plans.states import LINE, MoveLife, PlanLife, Verdict
from satuatap.features.plans.wording import LIFE_NAMES


@dataclass(frozen=True, slots=True)
class StageNow:
    """One stop of a plan's life. ``at`` is a moment, ``day`` a bare date where only that is known."""

    name: Any
    at: datetime | None
    state: str  # "done", "now", "later"
    note: str = ""
    day: date | None = None


def life_line(
    view: PlanView, moves: Sequence[MoveView] = (), picture: Picture | None = None
) -> list[StageNow]:  # fmt: skip
    """The five stages with their days; a withdrawn plan ends where it was taken back, a published one at its news."""
    if view.life is PlanLife.ANNOUNCED:
        return _published(picture)
    done = [one for one in moves if one.life is MoveLife.CARRIED_OUT]
    started = view.life is PlanLife.DECIDED and bool(done)
    line = []
    for life in LINE:
        now = life is (PlanLife.CARRIED_OUT if started else view.life)
        state = "now" if now else "done" if life in view.stages else "later"
        day = min((one.moved_on for one in done if one.moved_on), default=None) if _is_last(life) else None
        line.append(StageNow(LIFE_NAMES[life], view.stages.get(life), state, _note(view, life, moves, done), day))
    if view.life is PlanLife.WITHDRAWN:
        line.append(StageNow(LIFE_NAMES[view.life], view.stages.get(view.life), "now"))
    return line


def _is_last(life: PlanLife) -> bool:
    return life is PlanLife.CARRIED_OUT


def _published(picture: Picture | None) -> list[StageNow]:
    planned, reported = (picture.planned_on, picture.reported_on) if picture else (None, None)
    return [
        StageNow(LIFE_NAMES[PlanLife.ANNOUNCED], None, "done", _("rencana menurut berita"), planned),
        StageNow(_("Kabar terakhir"), None, "now", _("keadaan menurut berita"), reported),
    ]


def _note(view: PlanView, life: PlanLife, moves: Sequence[MoveView], done: Sequence[MoveView]) -> str:
    reached = life in view.stages
    if life is PlanLife.DRAFT and reached:
        return _("Perencana kota, %(n)s versi") % {"n": len(view.versions)}
    if life is PlanLife.COMPARED and reached:
        if view.review is None:
            return _("menunggu tinjauan")
        agrees = view.review[0] is Verdict.AGREES
        return _("disetujui peninjau") if agrees else _("ditolak peninjau")
    if life is PlanLife.CONSULTED and reached:
        agencies = sum(bool(one.agency) for one in view.comments)
        return _("%(agencies)s tanggapan instansi, %(citizens)s warga") % {
            "agencies": agencies, "citizens": len(view.comments) - agencies,
        }  # fmt: skip
    if life is PlanLife.DECIDED and view.decision:
        return _("Wali Kota, nomor %(decree)s") % {"decree": view.decision.decree}
    if life is PlanLife.CARRIED_OUT and moves and view.decision:
        return _("%(done)s dari %(all)s pindah selesai") % {"done": len(done), "all": len(moves)}
    return ""


@dataclass(frozen=True, slots=True)
class Held:
    """Moves whose day has gone by without their papers: how many, and the longest wait in days."""

    moves: int
    days: int


def held(moves: Sequence[MoveView], today: date) -> Held | None:
    """What is held up; ``None``: nothing is."""
    late = [(today - one.on).days for one in moves if one.life is MoveLife.PLANNED and one.on < today and one.missing]
    return Held(len(late), max(late)) if late else None


def next_move(moves: Sequence[MoveView]) -> tuple[int, MoveView] | None:
    """The first move that is not done, with its place among all."""
    return next(((n, one) for n, one in enumerate(moves, 1) if one.life is MoveLife.PLANNED), None)
