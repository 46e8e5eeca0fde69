"""A term of a study's cost opened: its formula by name, each part with its numbers, norms and lists behind it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from satuatap.features.estate import queries as estate
from satuatap.features.estate import terms
from satuatap.features.estate.refusals import NoProblemKept
from satuatap.features.estate.states import Standing
from satuatap.features.estate.terms import Way
from satuatap.web.components import formats
from satuatap.web.estate.shared import LISTS, READ, page
from satuatap.web.estate.templatetags.estate import number
from satuatap.web.guards import role_required
from satuatap.web.refusals import NotFound
from satuatap.web.sheets import city

ROOM_LISTS = ("bills", "upkeep", "support_staff", "leases")  # costs, each with its kode rekening
COLUMN_OF = {"bills": "amount", "meters": "kva", "upkeep": "amount", "support_staff": "people", "leases": "yearly",
             "trips": "monthly", "visits": "yearly", "units": "headcount"}  # fmt: skip


def _names() -> dict[str, str]:
    return {
        "electricity": _("Listrik"), "water": _("Air"), "upkeep": _("Pemeliharaan"), "guards": _("Penjagaan"),
        "support": _("Tenaga pendukung"), "posts_cleaner": _("Kebersihan"),
        "posts_cleaner_own": _("Kebersihan, pegawai sendiri"), "lease": _("Sewa"), "trips": _("Perjalanan koordinasi"),
        "trip_hours": _("Jam perjalanan koordinasi"), "empty_upkeep": _("Jaga gedung kosong"),
        "freed_income": _("Pendapatan gedung kosong"), "one_off_spread": _("Biaya pindah, dibagi tahun"),
        terms.CITIZENS: _("Jarak perjalanan warga"),
    }  # fmt: skip


def _formulas() -> dict[str, str]:
    """The formula of each kind of term, as docs/engines/regroup.md has it, in words."""
    bill = _(
        "12 kali rekening sebulan. Pemakaian sebulan = bagian tetap + pemakaian setiap m2 kali m2 terpakai + pemakaian "
        "setiap orang kali orang; rekening = pemakaian kali harga satuannya, menurut jenjang tarif bila ada."
    )
    own = _("Biaya setahun setiap gedung selama dibuka; kontrak tetap dibayar sampai berakhir.")
    return {
        "electricity": bill, "water": bill, "upkeep": own, "guards": own, "support": own,
        "lease": _("Sewa setahun, selama gedung dibuka dan sampai kontraknya berakhir."),
        "posts": _("Pos = m2 terpakai dibagi norma m2 setiap pos, dibulatkan ke atas di setiap gedung; kali biaya "
                   "setahun satu pos."),
        "empty_upkeep": _("Biaya setahun setiap gedung yang kosong: dijaga dan dirawat seperlunya."),
        "freed_income": _("Dikurangi: pendapatan setahun gedung kosong kali bagian yang boleh dihitung."),
        "one_off_spread": _("(Orang kali biaya pindah + m2 kali biaya pindah dan menata ruang + biaya mengosongkan "
                            "gedung) dibagi tahun."),
        "trips": _("Perjalanan sebulan kali 12 kali pulang pergi kali km antargedung kali biaya setiap km."),
        "trip_hours": _("Perjalanan sebulan kali 12 kali pulang pergi kali km dibagi laju, kali orang, kali nilai satu "
                        "jam. Kapasitas, bukan belanja: gaji tetap dibayar."),
        terms.CITIZENS: _("Kunjungan warga setahun dari setiap kecamatan kali km pulang pergi. Bukan rupiah siapa "
                          "pun."),
    }  # fmt: skip


def _counted(way: Way | None) -> str:
    """How one amount was counted, with its numbers."""
    if way is None:
        return ""
    words = {
        "bill": _("12 x %(use)s x Rp%(price)s"), "open": _("Rp%(yearly)s selama dibuka"),
        "per_m2": _("%(m2)s m2 x Rp%(each)s"), "per_person": _("%(people)s orang x Rp%(each)s"),
        "due": _("Rp%(yearly)s setahun"), "empty": _("Rp%(yearly)s bila kosong"),
        "income": _("Rp%(income)s x %(share)s"),
        "posts": _("%(m2)s m2 / %(norm)s = %(posts)s pos x Rp%(yearly)s"),
        "move": _("(%(people)s orang x Rp%(each)s + %(m2)s m2 x (Rp%(moved)s + Rp%(fit)s)) / %(years)s"),
        "close": _("Rp%(once)s / %(years)s"),
        "trips": _("%(trips)s x 12 x 2 x %(km)s km x Rp%(each)s"),
        "hours": _("%(trips)s x 12 x 2 x %(km)s km / %(speed)s x %(people)s orang x Rp%(hour)s"),
        "citizens": _("%(visits)s kunjungan"),
    }  # fmt: skip
    return words[way.name] % {name: number(figure) for name, figure in way.numbers.items()}


@role_required(*READ)
@require_safe
def term_page(request: HttpRequest, study: UUID, term: str) -> HttpResponse:
    """One term of a study: today's and the plan's amount, each piece of both, and the figures behind them."""
    task = estate.study_task(study)
    if task.problem is None:
        raise NoProblemKept()
    plan = task.plan or terms.present_of(task.problem)
    every = [*terms.terms_of(task.problem, plan)]
    if term not in every:
        raise NotFound()
    rows = estate.sheet_rows()
    found = terms.pieces(task.problem, plan, term)
    names = _owners(task.problem)
    kind = _kind(term, task.problem)
    values = {
        "study": study, "term": term, "name": _name(term), "formula": _formulas().get(terms.family(term), ""),
        "today": _amount(kind, sum(one.today.amount for one in found if one.today)),
        "planned": _amount(kind, sum(one.planned.amount for one in found if one.planned)),
        "pieces": [_piece(one, names, kind, rows, term) for one in found], "kind": kind,
        "terms": [(code, _name(code)) for code in every], "norms": _norms(task.problem, rows, term),
        "lists": _lists(rows, term), "codes": _codes(rows, term), "has_plan": bool(task.plan),
    }  # fmt: skip
    return page(request, "studies", "term", values)


def _kind(term: str, problem: Any) -> str:
    """cash, capacity or travel: three that are never added."""
    if term == terms.CITIZENS:
        return "travel"
    posts = {f"posts_{post['name']}" for post in problem.get("posts", ()) if not post.get("cash", True)}
    return "capacity" if term in terms.CAPACITY_TERMS or term in posts else "cash"


def _name(term: str) -> str:
    return _names().get(term, term.replace("_", " "))


def _amount(kind: str, amount: float) -> str:
    language = "en" if (get_language() or "").startswith("en") else "id"
    if kind == "travel":
        return f"{formats.whole(amount, language)} km"
    return formats.rupiah(round(amount), language)


def _owners(problem: Any) -> dict[str, str]:
    return {row["id"]: row.get("name") or row["id"] for name in ("buildings", "units") for row in problem[name]}


def _piece(one: Any, names: Mapping[str, str], kind: str, rows: Any, term: str) -> dict[str, Any]:
    owner = names.get(one.owner, one.owner)
    return {
        "owner": f"{owner}, {names.get(one.other, one.other)}" if one.other else owner,
        "today": _amount(kind, one.today.amount) if one.today else "", "how_today": _counted(one.today),
        "planned": _amount(kind, one.planned.amount) if one.planned else "", "how_planned": _counted(one.planned),
        "known": _known(one.owner, rows, term),
        "address": f"/studio/gedung/{one.owner}" if any(b["code"] == one.owner for b in rows["buildings"]) else "",
    }  # fmt: skip


def _known(owner: str, rows: Any, term: str) -> Standing:
    """How well the lists know this owner's part now: as its worst row; without a row it came from norms."""
    meters = {row["code"]: row["building"] for row in rows["meters"]}
    for name in terms.lists_of(term):
        own = [row for row in rows[name] if _is_of(row, owner, meters)]
        if own and COLUMN_OF[name] != "kva":
            found = {estate.standing(row, COLUMN_OF[name]) for row in own}
            order = (Standing.SYNTHETIC, Standing.UNSOURCED, Standing.NORM)
            return next((how for how in order if how in found), Standing.SOURCED)
    return Standing.NORM


def _is_of(row: Any, owner: str, meters: Mapping[str, str]) -> bool:
    places = (row.get("building"), row.get("unit"), row.get("one"), row.get("code") if "headcount" in row else None)
    return owner in places or meters.get(row.get("meter", "")) == owner


def _norms(problem: Any, rows: Any, term: str) -> list[tuple[Any, Standing, str, bool]]:
    """Norms behind a term; whether a price still is what the study computed with, where that can be told."""
    used = {one["id"]: terms.value(one["steps"][0]["price_per_unit"]) for one in problem.get("tariffs", ())}
    return [
        (row, estate.standing(row, "likely"), f"{LISTS}/norms/{city().row_key('norms', row)}",
         row["key"] in used and used[row["key"]] != row["likely"])
        for row in terms.norms_of(rows["norms"], term)
        if not row["key"].startswith(("tariff.", "water.")) or row["key"] in used or row["key"] == "water.per_person"
    ]  # fmt: skip


def _lists(rows: Any, term: str) -> list[tuple[Any, int, list[tuple[Standing, int]]]]:
    found = []
    for name in terms.lists_of(term):
        counts = Counter(estate.standing(row, COLUMN_OF[name]) for row in rows[name])
        found.append((city().sheet_of(name), len(rows[name]), [(how, counts[how]) for how in Standing if counts[how]]))
    return found


def _codes(rows: Any, term: str) -> Sequence[tuple[str, int]]:
    """Under which kode rekening the costs behind a term are booked; blank ones count as unsourced."""
    counts = Counter(
        row["budget_code"] for name in terms.lists_of(term) if name in ROOM_LISTS for row in rows[name]
    )  # fmt: skip
    return counts.most_common()
