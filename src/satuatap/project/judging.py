"""The waits under versions, one after the other; imported by the command line alone, since it loads numba."""

from __future__ import annotations

import logging

from django.utils.translation import gettext as _

from satuatap.basics.actor import Actor
from satuatap.features.plans import actions, hall, study

log = logging.getLogger(__name__)
BY = Actor.system("minutes")


def work_off() -> int:
    """Judge every version that waits; returns how many. Whatever goes wrong is kept beside it."""
    count = 0
    while (taken := actions.begin_minutes()) is not None:
        number, content = taken
        count += 1
        try:
            found = hall.hall_of(content)
            if found is None or not found.day:
                actions.fail_minutes(number=number, trouble=_("Aula itu tidak punya jam layanan."))
                continue
            actions.end_minutes(by=BY, number=number, found=study.judge_hall(found, content.measures))
        except study.RosterFault as fault:
            actions.fail_minutes(number=number, trouble=str(fault))
        except Exception:
            log.exception("minutes %s", number)
            actions.fail_minutes(number=number, trouble=_("Perhitungan berhenti karena galat."))
    return count
