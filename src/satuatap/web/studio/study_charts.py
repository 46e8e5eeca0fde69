"""Pictures of a study as numbers for SVG: best and bound over time, and where the saving comes from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from satuatap.features.estate.pricing import Price
from satuatap.web.components import formats
from satuatap.web.studio.study_words import language, money, span_words, term_name

Points = Sequence[tuple[float, float | None, float | None]]
MOST_POINTS = 160  # of a line: more than the screen can show
MOST_BARS = 6  # terms with a bar of their own; the smallest become one
ALMOST_NOTHING = 0.5  # Rupiah


# ------------------------------------------------------------------ best and bound
@dataclass(frozen=True, slots=True)
class Progress:
    """Lines on a sheet of ``width`` x ``height`` px; empty where nothing was found yet."""

    width: float
    height: float
    best: str
    bound: str
    between: str
    rows: list[tuple[float, float | None, float | None]]  # what a table shows


def progress(points: Points, width: float, height: float) -> Progress:
    """The picture of a search: what it found falls in steps, what it proves rises."""
    rows = _spread(points)
    best = [(t, b) for t, b, _l in rows if b is not None]
    bound = [(t, low) for t, _b, low in rows if low is not None]
    if not best:
        return Progress(width, height, "", "", "", rows)
    end = max(rows[-1][0], 1e-9)
    top, last = max(b for _t, b in best), best[-1][1]
    lowest = bound[-1][1] if bound else last
    deep = max(1.6 * (top - last), 2.2 * (last - lowest), abs(last) * 0.002, 1.0)
    floor = last - deep

    def at(t: float, amount: float) -> tuple[float, float]:
        share = (amount - floor) / max(top - floor, 1e-9)
        return round(2 + (width - 4) * t / end, 1), round(height - 2 - (height - 4) * min(max(share, 0.0), 1.0), 1)

    upper = _steps([at(*one) for one in best], width - 2)
    lower = _steps([at(*one) for one in bound], width - 2)
    between = "M" + "L".join(f"{x} {y}" for x, y in [*upper, *reversed(lower)]) + "Z" if lower else ""
    return Progress(width, height, _line(upper), _line(lower), between, rows)


def _spread(points: Points) -> list[tuple[float, float | None, float | None]]:
    step = max(1, len(points) // MOST_POINTS)
    return [*points[:-1:step], points[-1]] if points else []


def _steps(at: Sequence[tuple[float, float]], end: float) -> list[tuple[float, float]]:
    """A line that stays until the next value is found, and goes on to the end."""
    found: list[tuple[float, float]] = []
    for x, y in at:
        if found and found[-1][1] != y:
            found.append((x, found[-1][1]))
        if not found or found[-1] != (x, y):
            found.append((x, y))
    if found and found[-1][0] < end:
        found.append((end, found[-1][1]))
    return found


def _line(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x} {y}" for x, y in points) if points else ""


# ------------------------------------------------------------------ where the saving comes from
WIDE, TALL, TOP, BASE = 684.0, 292.0, 44.0, 236.0


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its place, what is written over and under it, and its interval as two heights."""

    x: float
    y: float
    w: float
    h: float
    kind: str  # "save", "cost", "net"
    amount: str
    names: list[str]
    said_y: float
    whisker: tuple[float, float] | None
    link: float | None  # height of the dotted line to the next bar

    @property
    def middle(self) -> float:
        return round(self.x + self.w / 2, 1)

    @property
    def left(self) -> float:
        """Where the short strokes of the interval begin."""
        return round(self.middle - 5, 1)


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """A published figure beside ours."""

    y: float
    said: str


@dataclass(frozen=True, slots=True)
class TermRow:
    """One term in the table under the picture."""

    code: str
    name: str
    today: str
    planned: str
    saved: str
    span: str


@dataclass(frozen=True, slots=True)
class Waterfall:
    """Cash alone, from term to net; ``unit`` is what the figures over the bars count."""

    bars: list[Bar]
    base: float
    unit: str
    claim: ClaimLine | None
    rows: list[TermRow]  # of the table
    apart: list[TermRow]  # the same of capacity, which is in no bar
    has_spans: bool


@dataclass(frozen=True, slots=True)
class Claimed:
    """A published figure, Rupiah a year, and how it is told."""

    amount: float
    said: str


def waterfall(price: Price, doubt: Mapping[str, Any] | None, claim: Claimed | None = None) -> Waterfall:
    """``doubt``: the intervals of this very plan; ``None`` where it was changed or nothing was drawn."""
    spans = (doubt or {}).get("terms") or {}
    terms = [(t.code, t.saved) for t in price.terms if not t.capacity and abs(t.saved) > ALMOST_NOTHING]
    parts = _parts(terms, spans)
    net = price.cash
    net_span = (doubt or {}).get("cash")
    level, highest, lowest = 0.0, max(0.0, net), min(0.0, net)
    for _name, amount, span in parts:
        ends = [level + amount] + ([level + span["low"], level + span["high"]] if span else [])
        highest, lowest = max(highest, *ends), min(lowest, *ends)
        level += amount
    if net_span:
        highest, lowest = max(highest, net_span["high"]), min(lowest, net_span["low"])
    shown = claim if claim is not None and claim.amount <= 1.6 * max(highest, 1.0) else None
    if shown:
        highest = max(highest, shown.amount)
    scale = (BASE - TOP) / max(highest - lowest, 1.0)
    zero = BASE + lowest * scale
    big = max(abs(highest), abs(lowest)) >= 1e9
    size = 1e9 if big else 1e6
    bars = _bars(parts, net, net_span, zero, scale, size)
    line = ClaimLine(round(zero - shown.amount * scale, 1), shown.said) if shown else None
    return Waterfall(bars, round(zero, 1), _("miliar rupiah setahun") if big else _("juta rupiah setahun"), line,
                     _rows(price, spans, False), _rows(price, spans, True), bool(spans))  # fmt: skip


Part = tuple[list[str], float, Mapping[str, float] | None]


def _parts(terms: Sequence[tuple[str, float]], spans: Mapping[str, Any]) -> list[Part]:
    """Savings from the largest, then costs from the smallest; what is too small for a bar of its own is added up."""
    order = sorted(terms, key=lambda one: -abs(one[1]))
    alone, rest = order[:MOST_BARS], order[MOST_BARS:]
    parts: list[Part] = [(_two_lines(term_name(code)), saved, spans.get(code)) for code, saved in alone]
    if rest:
        parts.append(([_("Lain-lain")], sum(saved for _code, saved in rest), None))
    return sorted(parts, key=lambda part: (part[1] < 0, -part[1]))


def _bars(
    parts: Sequence[Part], net: float, net_span: Mapping[str, float] | None, zero: float, scale: float, size: float
) -> list[Bar]:
    step = (WIDE - 114) / max(len(parts), 1)
    wide = min(54.0, step * 0.66)
    found, level = [], 0.0
    for n, (names, amount, span) in enumerate(parts):
        x = round(14 + n * step, 1)
        a, b = zero - level * scale, zero - (level + amount) * scale
        whisker = None
        if span:
            whisker = (round(zero - (level + span["high"]) * scale, 1), round(zero - (level + span["low"]) * scale, 1))
        level += amount
        top = min([a, b, *(whisker or ())])
        kind, said = "save" if amount >= 0 else "cost", round(top - 7, 1)
        y, tall = round(min(a, b), 1), round(max(abs(a - b), 1.0), 1)
        found.append(
            Bar(x, y, round(wide, 1), tall, kind, _over(amount, size, True), names, said, whisker, round(b, 1))
        )
    y = zero - max(net, 0.0) * scale
    whisker = None
    names = [_("Bersih")]
    if net_span:
        whisker = (round(zero - net_span["high"] * scale, 1), round(zero - net_span["low"] * scale, 1))
        names.append(_("%(low)s sampai %(high)s") % {
            "low": _over(net_span["low"], size), "high": _over(net_span["high"], size),
        })  # fmt: skip
    tall = round(max(abs(net) * scale, 1.0), 1)
    said = round(min([y, *(whisker or ())]) - 7, 1)
    found.append(Bar(WIDE - 92, round(y, 1), 72.0, tall, "net", _over(net, size), names, said, whisker, None))
    return found


def _over(amount: float, size: float, sign: bool = False) -> str:
    value = amount / size
    places = 2 if abs(value) < 10 else 1 if abs(value) < 100 else 0
    text = formats.decimal(abs(value), places, language())
    return ("-" if amount < 0 else "+" if sign else "") + text


def _two_lines(name: str) -> list[str]:
    """A name under a bar: split near its middle when it is long."""
    words = name.split()
    if len(name) < 12 or len(words) < 2:
        return [name]
    cut = min(range(1, len(words)), key=lambda n: abs(len(" ".join(words[:n])) - len(name) / 2))
    return [" ".join(words[:cut]), " ".join(words[cut:])]


def _rows(price: Price, spans: Mapping[str, Any], capacity: bool) -> list[TermRow]:
    found = []
    for term in price.terms:
        if term.capacity is not capacity or not (term.today or term.planned):
            continue
        span = spans.get(term.code)
        ends = span_words(span["low"], span["high"]) if span else "-"
        row = (term_name(term.code), money(term.today), money(term.planned), money(term.saved, True), ends)
        found.append(TermRow(term.code, *row))
    return found
