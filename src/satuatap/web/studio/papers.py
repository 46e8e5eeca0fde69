"""A plan's papers: the telaahan staf as PDF/A-2b for staff and for everybody, its annexes and its working paper.

These are official papers: they are Indonesian whatever the reader's language (UU 24/2009).
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from satuatap.features.estate.workbook_words import term_name
from satuatap.features.malls import queries as malls
from satuatap.features.people import queries as people
from satuatap.features.people.states import Role
from satuatap.features.plans import papers, queries, waiting
from satuatap.features.plans.queries import ClaimView, PlanView, Term
from satuatap.features.plans.states import WHO, Act, Check, PlanLife
from satuatap.features.plans.wording import CHECK_NAMES, LIFE_NAMES
from satuatap.web.components import formats
from satuatap.web.guards import public, role_required
from satuatap.web.printing import printed, qr, workbook
from satuatap.web.studio.annexes import annexes
from satuatap.web.studio.papers_map import map_of

SOURCE = Path(__file__).with_name("telaahan.typ")
READERS = tuple(sorted(WHO[Act.READ]))
# Who puts a paraf on the way to the mayor.
PARAFS = (Role.PLANNER, Role.ASSET, Role.ORGANISATION, Role.SECRETARY)
STANDINGS = {
    "sourced": "bersumber", "synthetic": "data contoh", "norm": "diisi dari norma", "unsourced": "belum bersumber",
}  # fmt: skip


@role_required(*READERS)
@require_safe
def study_paper(request: HttpRequest, code: str) -> HttpResponse:
    """The telaahan staf with the draft of the decree."""
    return _printed(queries.regrouping(code), is_public=False)


@public
@never_cache
@require_safe
def public_paper(request: HttpRequest, code: str) -> HttpResponse:
    """The same analysis for everybody, without what is between offices."""
    return _printed(queries.regrouping(code, public=True), is_public=True)


@role_required(*READERS)
@require_safe
def annex_book(request: HttpRequest, code: str) -> HttpResponse:
    """The annexes: moves, buildings, units, terms, sources, norms."""
    with override("id"):
        return workbook(annexes(queries.regrouping(code)), f"lampiran-{code}")


@role_required(*READERS)
@require_safe
def working_paper(request: HttpRequest, code: str) -> HttpResponse:
    """The working paper with live formulas."""
    return workbook(papers.working_paper(queries.regrouping(code)), f"kertas-kerja-{code}")


@role_required(*READERS)
@require_safe
def study_book(request: HttpRequest, study: UUID) -> HttpResponse:
    """The working paper of a study's best plan, before there is a plan."""
    return workbook(papers.study_paper(study), f"kertas-kerja-{str(study)[:8]}")


def _printed(view: PlanView, *, is_public: bool) -> HttpResponse:
    with override("id"):
        values = values_of(view, is_public=is_public)
    version = view.shown
    at = version.made_at if version else datetime.now(UTC)
    name = f"{'ringkasan' if is_public else 'telaahan'}-{view.code}"
    return printed(SOURCE, values, name, archived=at.astimezone(UTC))


def values_of(view: PlanView, *, is_public: bool) -> dict[str, Any]:
    """Everything that stands on the paper, as text and numbers in text."""
    said = papers.report(view)
    content, version = said.version.content, said.version
    known = malls.malls()
    zone = known[0].zone_name if known else "UTC"
    address = f"{settings.PUBLIC_URL}/penataan/{view.code}"
    names = people.display_names([n for n in (view.author, view.reviewer) if n])
    return {
        "public": is_public,
        "city": _city(), "title": view.title, "code": view.code, "life": str(LIFE_NAMES[view.life]),
        "version": str(version.number), "hash": version.content_hash, "input_hash": version.input_hash,
        "date": formats.long_date(version.made_at, "id", zone).partition(", ")[2],
        "author": "" if is_public else names.get(view.author, ""),
        "reviewer": "" if is_public else names.get(view.reviewer or 0, ""),
        "made_up": content.made_up, "tag": _tag(said),
        "moves": [[one.unit, formats.whole(one.people), one.origin or "tanpa gedung", one.target, one.address,
                   formats.long_date(one.on).partition(", ")[2], formats.whole(one.services)] for one in said.moves],
        "houses": [_house(one) for one in said.houses],
        "counts": {
            "moves": formats.whole(len(said.moves)), "people": formats.whole(said.people),
            "freed": formats.whole(len(said.freed)), "freed_m2": formats.whole(sum(one.area_m2 for one in said.freed)),
            "units": formats.whole(said.all_units), "buildings": formats.whole(said.all_buildings),
            "services": formats.whole(sum(one.services for one in said.moves)),
        },
        "freed": [one.name for one in said.freed],
        **_money(said), "waits": _waits(view.code, version.number),
        "claims": [_claim(one) for one in view.claims],
        "comments": formats.whole(sum(not one.hidden_why for one in view.comments)),
        "review": "" if view.review is None else str(view.review[0].value),
        "review_text": "" if view.review is None or is_public else view.review[1],
        "decision": _decision(view), "is_withdrawn": view.life is PlanLife.WITHDRAWN,
        "announced": view.life is PlanLife.ANNOUNCED,
        "checks": [str(CHECK_NAMES[check]) for check in Check],
        "bases": [f"{rule} tentang {about}" for rule, about in papers.BASES],
        "parafs": [str(people.ROLE_NAMES[role]) for role in PARAFS],
        "map": map_of(view), "link": address if view.public else "", "qr": qr(address) if view.public else "",
    }  # fmt: skip


def _tag(said: papers.Report) -> str:
    """What a figure that rests on the lists must carry beside it."""
    if said.version.content.made_up:
        return "data contoh"
    if said.known.get("unsourced"):
        return "sebagian belum bersumber"
    return "sebagian dari norma" if said.norms else ""


def _city() -> str:
    rows = malls.sheet_rows()["city"]
    return next((str(row["value"]) for row in rows if row["key"] == "name"), "Kota")


def _house(one: papers.HouseLine) -> list[str]:
    return [
        one.name, one.address, formats.whole(one.area_m2), *map(formats.whole, one.units),
        *map(formats.whole, one.people), "dikosongkan" if one.is_freed else "",
    ]  # fmt: skip


def _terms(terms: tuple[Term, ...]) -> dict[str, Any]:
    """One table with its sums; cash and capacity each have their own."""
    ordered = sorted(terms, key=lambda one: -abs(one.saved))
    widest = max((max(abs(one.today), abs(one.planned)) for one in terms), default=0) or 1
    return {
        "rows": [[term_name(one.code), *map(formats.rupiah, (one.today, one.planned, one.saved))] for one in ordered],
        "bars": [[one.today / widest, one.planned / widest] for one in ordered],
        "sum": [formats.rupiah(sum(getattr(one, side) for one in terms)) for side in ("today", "planned", "saved")],
    }


def _money(said: papers.Report) -> dict[str, Any]:
    content = said.version.content
    doubt = said.doubt or {}
    return {
        "priced": bool(content.terms), "cash": _terms(said.cash), "capacity": _terms(said.capacity),
        "saved": formats.rupiah(content.cash), "saves": content.cash > 0,
        "freed_worth": formats.rupiah(content.capacity),
        "one_off": "" if said.one_off is None else formats.rupiah(round(said.one_off)),
        "score": "" if content.score is None else formats.rupiah(content.score),
        "bound": "" if content.bound is None else formats.rupiah(content.bound), "proved": content.proved,
        "gap": "" if content.gap is None else formats.decimal(content.gap * 100, 1) + "%",
        "draws": formats.whole(doubt["draws"]) if doubt else "",
        "doubt": {key: [formats.rupiah(round(doubt[key][end])) for end in ("low", "middle", "high")]
                  for key in ("cash", "capacity") if doubt.get(key)},
        "norms": formats.whole(said.norms),
        "known": [[STANDINGS.get(key, key), formats.whole(count)] for key, count in sorted(said.known.items())],
    }  # fmt: skip


def _waits(code: str, version: int) -> dict[str, Any]:
    """The wait of each line that gets more citizens, minutes rounded up; empty where nobody computed them."""
    view = waiting.minutes_of_plan(code, version)
    found = view.found if view else None
    if view is None or found is None:
        return {}
    return {
        "holds": bool(view.holds), "made_up": bool(found.get("synthetic")), "unknown": found.get("unknown", []),
        "rows": [
            [one["name"], *(_minutes(one[key]) for key in ("today_p90", "p90", "promised")),
             "" if one["holds"] else waiting.remedy_words(one)]
            for one in found["lines"]
        ],
    }  # fmt: skip


def _minutes(value: float | None) -> str:
    return "-" if value is None else waiting.whole(value)


def _claim(one: ClaimView) -> list[str]:
    amount = ("lebih dari " if one.more_than else "") + formats.rupiah(one.low)
    amount += f" sampai {formats.rupiah(one.high)}" if one.high else ""
    day = formats.long_date(one.on).partition(", ")[2]
    return [amount + (" setahun" if one.yearly else ""), day, one.source, one.note]


def _decision(view: PlanView) -> list[str]:
    one = view.decision
    return [one.decree, formats.long_date(one.on).partition(", ")[2]] if one else []
