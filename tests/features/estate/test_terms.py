"""Each rupiah of a term has an owner and a formula, and together they are the engine's sum."""

from __future__ import annotations

import pytest

from satuatap.engines.regroup.cost import cost
from satuatap.features.estate import terms
from tests.features.estate.test_pricing import case, some_plan


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_pieces_add_up_to_the_engines_terms(seed: int) -> None:
    one = case(14, 8, seed)
    plan = some_plan(one, seed)
    before, after = cost(one.problem, one.present), cost(one.problem, plan)
    codes = set(terms.terms_of(one.raw, plan)) - {terms.CITIZENS}
    assert codes == {*before.cash, *after.cash, *before.capacity, *after.capacity}
    for code in codes:
        found = terms.pieces(one.raw, plan, code)
        for side, whole in (("today", before), ("planned", after)):
            together = sum(getattr(piece, side).amount for piece in found if getattr(piece, side))
            said = {**whole.cash, **whole.capacity}.get(code, 0.0)
            assert together == pytest.approx(said, rel=1e-9, abs=1e-6), (code, side)
    km = sum(piece.planned.amount for piece in terms.pieces(one.raw, plan, terms.CITIZENS) if piece.planned)
    assert km == pytest.approx(after.citizen_km, rel=1e-9)


def test_a_piece_says_how_it_was_counted() -> None:
    one = case(6, 4, 5)
    piece = terms.pieces(one.raw, one.present, "one_off_spread")
    assert piece == []  # nobody moves
    posts = next(code for code in terms.terms_of(one.raw, one.present) if code.startswith("posts_"))
    way = terms.pieces(one.raw, one.present, posts)[0].today
    assert way is not None and way.amount == way.numbers["posts"] * way.numbers["yearly"]
