"""Look at a contact: masked until somebody says why; that it was seen, by whom and why is in the journal first."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from satuatap.basics.refusal import Refusal
from satuatap.features.people.states import Role
from satuatap.features.visits import actions
from satuatap.features.visits.queries import holder_view, visit_here
from satuatap.features.visits.states import CONTACT_FIELDS, WhyRead
from satuatap.web.guards import actor_of, role_required
from satuatap.web.helpdesk import views
from satuatap.web.inputs import BadInput, key_of, text_of, whole_of


class NoReason(Refusal):
    code = "no_reason"
    status = 422
    text = _("Pilih alasan melihat kontak ini, lalu tekan lagi. Belum ada yang ditampilkan.")


@require_POST
@never_cache
@role_required(Role.HELP_DESK)
def reveal(request: HttpRequest) -> HttpResponseBase:
    """The page again with the one clear value on it; the address holds nothing of it."""
    wanted = whole_of(request.POST, "visit", smallest=1, largest=views.BIGINT)
    visit = visit_here(views.own_mall(request), wanted)
    shown: dict[str, str] = {}
    problem: Refusal | None = None
    try:
        field, reason = _asked(request)
        shown[field] = actions.read_contact(
            by=actor_of(request), visit=visit.pk, field=field, reason=reason, request=key_of(request)
        )
    except Refusal as refusal:
        problem = refusal
    return views.page(request, [], priority=False, problem=problem, visit=holder_view(visit), shown=shown)


def _asked(request: HttpRequest) -> tuple[str, Any]:
    field = text_of(request.POST, "field", longest=20, default="")
    if field not in CONTACT_FIELDS:
        raise BadInput()
    try:
        return field, WhyRead(text_of(request.POST, "reason", longest=30, default=""))
    except ValueError:
        raise NoReason() from None
