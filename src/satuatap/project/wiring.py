"""Who reacts to what: one table, fact -> reactions. Plain data, like the list of addresses.

Reactions start from journal positions (their own cursor), run as jobs (``tasks``) outside the hot transactions, and
are safe to run twice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from satuatap.features.catalogue import reactions as catalogue
from satuatap.features.journal import reactions as journal
from satuatap.features.journal.queries import Line
from satuatap.features.plans import reactions as plans
from satuatap.features.visits import reactions as visits
from satuatap.project import minutes, studies
from satuatap.project.privacy import erasures

Reaction = Callable[[Line], None]

WIRING: Mapping[str, Sequence[Reaction]] = {
    "account_forgotten": [erasures.note_account],
    "contact_erased": [erasures.note_contact],
    "day_closed": [visits.end_waiting, journal.seal_the_day],
    "day_opened": [catalogue.drop_old_plans],
    "unit_moved": [plans.change_places],
    "plan_version_frozen": [minutes.begin_minutes],
    "plan_minutes_asked": [minutes.begin_minutes],
    "study_asked": [studies.begin_study],
    "study_ended": [studies.begin_answering],
    "question_asked": [studies.begin_answering],
}
