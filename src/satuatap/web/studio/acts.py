"""The steps of a plan, each one form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from satuatap.features.people import queries as people
from satuatap.features.people.states import Role
from satuatap.features.plans import actions, inventory, queries
from satuatap.features.plans.states import WHO, Act, Verdict
from satuatap.web.guards import NotAllowed, actor_of, has_role, role_required
from satuatap.web.identity import grants_now
from satuatap.web.inputs import BadInput, day_of, flag_of, key_of, text_of, whole_of
from satuatap.web.studio.shared import attempt, today
from satuatap.web.studio.views import show

LARGEST = 10**14  # Rupiah


def _who(act: Act) -> Callable[[Any], Any]:
    return role_required(*sorted(WHO[act]))


def _go(request: HttpRequest, code: str, act: Callable[[], Any], done: str) -> HttpResponseBase:
    return attempt(request, act, done, f"/studio/rencana/{code}", lambda problem: show(request, code, problem))


def _simple(request: HttpRequest, code: str, action: Callable[..., Any], done: str) -> HttpResponseBase:
    return _go(request, code, lambda: action(by=actor_of(request), plan=code, request=key_of(request)), done)


@_who(Act.WRITE)
@require_POST
def choose(request: HttpRequest, code: str) -> HttpResponseBase:
    """The author's side chooses who reviews."""

    def act() -> None:
        reviewer = whole_of(request.POST, "reviewer", smallest=1)
        author = queries.regrouping(code).author
        known = people.account(reviewer) is not None
        actions.choose_reviewer(
            by=actor_of(request), plan=code, reviewer=reviewer,
            roles={grant.role for grant in grants_now(reviewer)} if known else set(),
            author_roles={grant.role for grant in grants_now(author)}, request=key_of(request),
        )  # fmt: skip

    return _go(request, code, act, _("Peninjau sudah dipilih."))


@_who(Act.WRITE)
@require_POST
def compare(request: HttpRequest, code: str) -> HttpResponseBase:
    """Ready to be reviewed."""
    return _simple(request, code, actions.compare_plan, _("Rencana siap ditinjau."))


@_who(Act.WRITE)
@require_POST
def minutes(request: HttpRequest, code: str) -> HttpResponseBase:
    """Compute the waits in the hall (again)."""
    return _simple(request, code, actions.ask_minutes, _("Menit menunggu sedang dihitung."))


@_who(Act.WRITE)
@require_POST
def remedy(request: HttpRequest, code: str) -> HttpResponseBase:
    """Take the remedy of each broken promise into a new version."""

    def act() -> None:
        chosen = {
            name.removeprefix("obat-"): whole_of(request.POST, name, smallest=0, largest=9)
            for name in request.POST
            if name.startswith("obat-")
        }
        actions.accept_remedy(by=actor_of(request), plan=code, chosen=chosen, request=key_of(request))

    return _go(request, code, act, _("Obatnya masuk ke versi baru; menitnya sedang dihitung lagi."))


@_who(Act.WRITE)
@require_POST
def revise(request: HttpRequest, code: str) -> HttpResponseBase:
    """Back to the draft."""
    return _simple(request, code, actions.revise_plan, _("Rencana kembali menjadi draf. Simpan versi barunya."))


@_who(Act.CONSULT)
@require_POST
def consult(request: HttpRequest, code: str) -> HttpResponseBase:
    """Open its public page."""
    return _simple(request, code, actions.consult_plan, _("Halaman umum sudah dibuka untuk tanggapan."))


@_who(Act.REVIEW)
@require_POST
def review(request: HttpRequest, code: str) -> HttpResponseBase:
    """The reviewer agrees or objects."""

    def act() -> None:
        try:
            verdict = Verdict(text_of(request.POST, "verdict", longest=10))
        except ValueError:
            raise BadInput() from None
        text = text_of(request.POST, "text", longest=2000, default="")
        account = int(request.user.pk or 0)
        actions.review_plan(
            by=actor_of(request), plan=code, account=account, verdict=verdict, text=text, request=key_of(request)
        )

    return _go(request, code, act, _("Tinjauan sudah disimpan."))


@_who(Act.DECIDE)
@require_POST
def decide(request: HttpRequest, code: str) -> HttpResponseBase:
    """The mayor decides."""

    def act() -> None:
        actions.decide_plan(
            by=actor_of(request), plan=code, decree=text_of(request.POST, "decree", longest=80),
            on=day_of(request.POST, "on"), today=today(), now=inventory.now(),
            known=flag_of(request.POST, "known", default=False), request=key_of(request),
        )  # fmt: skip

    return _go(request, code, act, _("Rencana sudah diputuskan. Tiap pindah kini punya daftar berkas."))


@_who(Act.WITHDRAW)
@require_POST
def withdraw(request: HttpRequest, code: str) -> HttpResponseBase:
    """Take it back; a decided plan only by the mayor."""

    def act() -> None:
        if queries.regrouping(code).decision and not has_role(request, Role.MAYOR):
            raise NotAllowed([Role.MAYOR])
        why = text_of(request.POST, "why", longest=300)
        actions.withdraw_plan(by=actor_of(request), plan=code, why=why, request=key_of(request))

    return _go(request, code, act, _("Rencana sudah ditarik. Riwayatnya tetap dapat dibaca."))


@_who(Act.WRITE)
@require_POST
def claim(request: HttpRequest, code: str) -> HttpResponseBase:
    """A published figure beside ours."""

    def act() -> None:
        high = text_of(request.POST, "high", longest=20, default="")
        said = queries.ClaimView(
            whole_of(request.POST, "low", smallest=1, largest=LARGEST),
            whole_of(request.POST, "high", smallest=1, largest=LARGEST) if high else None,
            flag_of(request.POST, "more_than", default=False), flag_of(request.POST, "yearly", default=False),
            day_of(request.POST, "on"), text_of(request.POST, "source", longest=300),
            text_of(request.POST, "note", longest=300, default=""),
        )  # fmt: skip
        actions.note_claim(by=actor_of(request), plan=code, claim=said, today=today(), request=key_of(request))

    return _go(request, code, act, _("Klaim sudah dicatat di samping angka rencana."))


HIDDEN = gettext_lazy("Tanggapan sudah disembunyikan dan isinya dihapus.")


@_who(Act.MODERATE)
@require_POST
def hide(request: HttpRequest, code: str, comment: int) -> HttpResponseBase:
    """Erase a comment that harms somebody."""

    def act() -> None:
        why = text_of(request.POST, "why", longest=200)
        actions.hide_comment(by=actor_of(request), plan=code, comment=comment, why=why, request=key_of(request))

    return _go(request, code, act, str(HIDDEN))
