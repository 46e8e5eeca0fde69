"""A plan that was made of a study by hand, on its way into the form of a version."""

from __future__ import annotations

from uuid import UUID

from django.http import QueryDict

from satuatap.basics.refusal import Refusal
from satuatap.features.estate import pricing
from satuatap.web.studio.study_scenario import scenario_of
from satuatap.web.studio.study_words import breach_of


def handed_on(values: QueryDict, study: UUID, best: dict[str, str]) -> tuple[dict[str, str], list[str]]:
    """Unit -> building of the study's plan with the changes in the address, and what it breaks in words.

    An address that names what the study does not know is taken for the study's own plan: the form shows every unit's
    building before anything is kept.
    """
    try:
        case = pricing.case_of(study)
        plan = scenario_of(values, case, best).plan(best)
        return plan, [breach_of(one, case) for one in pricing.price(case, plan).breaches]
    except Refusal:
        return best, []
