"""The sealed journal for anyone: its roots, a proof for a position, a proof between two seals.

A person is never in the journal; still, the public sees of an entry only its position, kind, time and leaf hash. The
row and its salt are shown to the keeper alone (docs/journal-seals.md says what a proof reveals).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from satuatap.basics.merkle import inclusion_steps
from satuatap.features.journal import queries, roots
from satuatap.features.journal.queries import Consistency, Inclusion, SealView
from satuatap.features.journal.refusals import NotSealed
from satuatap.features.malls import queries as malls
from satuatap.features.people.states import Role
from satuatap.plumbing.limits import client_address
from satuatap.web.answers import wants_json
from satuatap.web.guards import has_role, public, role_required
from satuatap.web.inputs import text_of, whole
from satuatap.web.open.refusals import PROOFS, TooManyProofs

LARGEST = 10**15
SHOWN = 12  # seals on the page
A_PAGE = 5000  # lines of roots in one answer; the newest, or those after a size
HASH_LETTERS = 64


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a proof: two hashes and what they make together."""

    number: int
    left: str
    right: str
    made: str


def iso(moment: datetime) -> str:
    """A moment in UTC, as the roots write it."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _limited(request: HttpRequest) -> None:
    if (wait := PROOFS.take([client_address(request)])) > 0:
        raise TooManyProofs(wait)


def _number(request: HttpRequest, name: str) -> int | None:
    raw = text_of(request.GET, name, longest=20, default="")
    return whole(raw.replace(".", ""), largest=LARGEST) if raw else None


def seal_json(seal: SealView) -> dict[str, Any]:
    """A seal as others read it."""
    return {"size": seal.size, "root": seal.root.hex(), "previous": seal.previous.hex(), "made": iso(seal.made)}


def inclusion_values(found: Inclusion) -> dict[str, Any]:
    """A proof as others read it; ``index`` counts from 0, as RFC 9162 does."""
    return {
        "position": found.position,
        "index": found.position - 1,
        "kind": found.kind,
        "time": iso(found.at),
        "leaf": found.leaf.hex(),
        "proof": [one.hex() for one in found.proof],
        "seal": seal_json(found.seal),
        "entry_is_as_sealed": found.stands,
        "holds": found.holds,
    }


def consistency_values(found: Consistency) -> dict[str, Any]:
    """A proof between two seals as others read it."""
    return {
        "old": seal_json(found.old),
        "new": seal_json(found.new),
        "proof": [one.hex() for one in found.proof],
        "holds": found.holds,
    }


def _asked_inclusion(request: HttpRequest) -> Inclusion | None:
    position, entry = _number(request, "posisi"), _number(request, "catatan")
    if position is None and entry is None:
        return None
    _limited(request)
    if position is None and entry is not None:
        position = queries.position_of_entry(entry)
    if position is None:
        raise NotSealed()
    return queries.inclusion(position, _number(request, "ukuran"))


def _asked_consistency(request: HttpRequest) -> Consistency | None:
    old = _number(request, "dari")
    if old is None:
        return None
    _limited(request)
    return queries.consistency(old, _number(request, "ke"))


@public
@require_safe
def inclusion_json(request: HttpRequest) -> JsonResponse:
    """``?posisi=`` or ``?catatan=``, under the seal of ``?ukuran=`` or the newest."""
    found = _asked_inclusion(request)
    if found is None:
        raise NotSealed()
    return JsonResponse(inclusion_values(found))


@public
@require_safe
def consistency_json(request: HttpRequest) -> JsonResponse:
    """``?dari=`` one size ``&ke=`` another, or the newest."""
    found = _asked_consistency(request)
    if found is None:
        raise NotSealed()
    return JsonResponse(consistency_values(found))


@public
@require_safe
def roots_list(request: HttpRequest) -> HttpResponse:
    """The roots, one a line, the newest last: ``satuatap journal verify --root`` reads a copy of this.

    ``?sesudah=`` a size: those after it, in order. ``?bentuk=json``, or by the header Accept: as JSON.
    """
    _limited(request)
    after = _number(request, "sesudah")
    seals = queries.newest_seals(A_PAGE)[::-1] if after is None else queries.seals_after(after, A_PAGE)
    if wants_json(request) or text_of(request.GET, "bentuk", default="") == "json":
        return JsonResponse({"format": roots.WORD, "roots": [seal_json(seal) for seal in seals]})
    text = roots.HEAD + "".join(map(roots.line_of, seals))
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


@role_required(Role.KEEPER)
@require_safe
def leaf_bytes(request: HttpRequest, position: int) -> HttpResponse:
    """The very bytes that were sealed at a position, salt included: for the keeper alone."""
    if not 0 < position <= LARGEST:
        raise NotSealed()
    return HttpResponse(queries.sealed_row(position).leaf(), content_type="application/json; charset=utf-8")


@public
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """What the seals are, the newest of them, and a check of one position or of two seals, step by step."""
    found, between = _asked_inclusion(request), _asked_consistency(request)
    seals = queries.newest_seals(SHOWN)
    kept = text_of(request.GET, "akar", longest=400, default="").lower()
    known = malls.malls()
    values: dict[str, Any] = {
        "seals": seals,
        "found": found,
        "between": between,
        "steps": steps_of(found) if found else [],
        "asked": request.GET,
        "kept": kept,
        "kept_fits": found is not None and found.seal.root.hex() in kept.split(),
        "zone": known[0].zone_name if known else "UTC",
        "mall": known[0] if known else None,
        "keeper": request.user.is_authenticated and has_role(request, Role.KEEPER),
    }
    return render(request, "open/journal.html", values)


def steps_of(found: Inclusion) -> list[Step]:
    """Each step from the leaf to the root."""
    made = inclusion_steps(found.leaf, found.position - 1, found.seal.size, found.proof)
    return [Step(number, a.hex(), b.hex(), c.hex()) for number, (a, b, c) in enumerate(made, 1)]
