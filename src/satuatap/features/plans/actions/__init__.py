"""Every write of plans."""

from __future__ import annotations

from satuatap.features.plans.actions.decisions import decide_plan, withdraw_plan
from satuatap.features.plans.actions.minutes import (
    accept_remedy,
    ask_minutes,
    begin_minutes,
    end_minutes,
    fail_minutes,
)
from satuatap.features.plans.actions.moves import carry_out_move, note_paper
from satuatap.features.plans.actions.published import put_published
from satuatap.features.plans.actions.talk import hide_comment, note_claim, say_comment, say_hours
from satuatap.features.plans.actions.versions import (
    choose_reviewer,
    compare_plan,
    consult_plan,
    freeze_version,
    open_regrouping,
    review_plan,
    revise_plan,
)

__all__ = [
    "accept_remedy",
    "ask_minutes",
    "begin_minutes",
    "carry_out_move",
    "choose_reviewer",
    "compare_plan",
    "consult_plan",
    "decide_plan",
    "end_minutes",
    "fail_minutes",
    "freeze_version",
    "hide_comment",
    "note_claim",
    "note_paper",
    "open_regrouping",
    "put_published",
    "review_plan",
    "revise_plan",
    "say_comment",
    "say_hours",
    "withdraw_plan",
]
