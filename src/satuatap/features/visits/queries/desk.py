"""A desk as its officer sees it: the person, her errands, who waits, and what may be taken back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from satuatap.features.visits import refusals
from satuatap.features.visits.models import Desk, Visit
from satuatap.features.visits.policies import weights_of
from satuatap.features.visits.queries.hall import desk_now, person_of
from satuatap.features.visits.queries.picture import Picture, shared_picture
from satuatap.features.visits.queries.visit import services_of, wait_near
from satuatap.features.visits.snapshot import ErrandNow
from satuatap.features.visits.states import LEAVING, ErrandState, PriorityClass
from satuatap.features.visits.views import DeskView, Person

UNDOABLE = ("called", "started", *LEAVING)


def desk_mall(desk: int) -> int:
    """The mall of a desk."""
    row = Desk.objects.filter(pk=desk).values_list("mall", flat=True).first()
    if row is None:
        raise refusals.NoSuchDesk()
    return int(row)


def skills_of(desk: int) -> tuple[int, ...]:
    """What a desk can do now."""
    row = Desk.objects.filter(pk=desk).first()
    if row is None:
        raise refusals.NoSuchDesk()
    return tuple(row.skills)


def desk_view(desk: int) -> DeskView:
    """One desk with whom it serves and whom it may call, in the order of the policy."""
    p = shared_picture(desk_mall(desk))
    row = next(d for d in p.desks if d.pk == desk)
    if desk not in p.places:
        raise refusals.NoSuchDesk()
    load = p.load
    mine = [e for e in p.errands if e.visit == row.visit_id] if row.visit_id else []
    current = next((e for e in mine if e.seq == row.seq), None)
    numbers = weights_of(p.mall).numbers
    recall_in = None
    if current is not None and current.state == ErrandState.CALLED:
        last = current.recalled_at or current.called_at or p.now
        recall_in = max(0.0, (last + timedelta(minutes=numbers["recall_gap_minutes"]) - p.now).total_seconds())
    people = _people(p, row)
    near = wait_near(p, load, [e for e in mine if e.state in (ErrandState.READY, ErrandState.BLOCKED)])
    return DeskView(
        desk=desk_now(p, row), now=p.now, visit=row.visit_id, seq=row.seq,
        services=services_of(p, mine, load) if mine else (),
        people=tuple(x for x in people if x.state == "waiting"),
        elsewhere=tuple(x for x in people if x.state == "elsewhere"),
        wait_zone=near.zone if near else None, can_recall_in_s=recall_in,
        can_miss=bool(current and current.state == ErrandState.CALLED
                      and current.recalls >= numbers["recalls_before_missed"]),
        undo=_undo(p, row, numbers["undo_minutes"]), last_at=row.last_at,
        priority=bool(current and current.priority_class == PriorityClass.PRIORITY),
        started_at=current.started_at if current else None,
        last_number=next((e.number for e in p.errands if e.visit == row.last_visit), None),
    )  # fmt: skip


def _people(p: Picture, desk: Desk) -> Sequence[Person]:
    """Each visit in this desk's lines once, as its best errand here, in the order of the policy."""
    best: dict[int, ErrandNow] = {}
    for errand in p.errands:
        if errand.waits and errand.step in desk.skills and errand.key is not None:
            now = best.get(errand.visit)
            if now is None or now.key is None or errand.key < now.key:
                best[errand.visit] = errand
    return [person_of(p, e) for e in sorted(best.values(), key=lambda e: (e.key or 0, e.visit, e.seq))]


def _undo(p: Picture, desk: Desk, minutes: float) -> str | None:
    if desk.last_kind not in UNDOABLE or desk.last_at is None or desk.last_visit is None:
        return None
    if p.now > desk.last_at + timedelta(minutes=minutes):
        return None
    if desk.last_kind in LEAVING and desk.visit_id is not None:
        return None
    same = Visit.objects.filter(pk=desk.last_visit, rev=desk.last_rev).exists()
    return desk.last_kind if same else None
