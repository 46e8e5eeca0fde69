"""What screens may ask of visits: the hall as it is, a desk as its officer sees it, a visit as its holder sees it."""

from satuatap.features.visits.contact_words import as_dialled
from satuatap.features.visits.policies import weights_of
from satuatap.features.visits.queries.closures import (
    STALE_S,
    closed_booths,
    closed_steps,
    early_ends,
    forget_closures,
    kept_closed_steps,
)
from satuatap.features.visits.queries.contacts import (
    contact_id,
    contact_of,
    contacts_by_phone,
    held_about,
    visit_of_contact,
    visits_of_slip,
)
from satuatap.features.visits.queries.desk import desk_mall, desk_view, skills_of
from satuatap.features.visits.queries.hall import hall
from satuatap.features.visits.queries.picture import step_names
from satuatap.features.visits.queries.rows import visit_by_number, visit_by_token, visit_here, visit_of_today
from satuatap.features.visits.queries.visit import holder_view, holder_views, why_before

__all__ = [
    "STALE_S",
    "as_dialled",
    "closed_booths",
    "closed_steps",
    "contact_id",
    "contact_of",
    "contacts_by_phone",
    "desk_mall",
    "desk_view",
    "early_ends",
    "forget_closures",
    "hall",
    "held_about",
    "holder_view",
    "holder_views",
    "kept_closed_steps",
    "skills_of",
    "step_names",
    "visit_by_number",
    "visit_by_token",
    "visit_here",
    "visit_of_contact",
    "visit_of_today",
    "visits_of_slip",
    "weights_of",
    "why_before",
]
