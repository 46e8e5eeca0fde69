"""How an account signs in: sessions, second factors, PINs, the city's single sign-on."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from satuatap.features.people import rules
from satuatap.features.people.models import Account, Pin, SignIn, Try
from satuatap.features.people.rules import Grant
from satuatap.features.people.states import AccountLife, Factor, How, WhyEnded
from satuatap.features.people.trying import Counted, waits

HOW_NAMES: Mapping[How, Any] = {
    How.PASSWORD: gettext_lazy("Kata sandi"),
    How.PASSKEY: gettext_lazy("Kunci sandi"),
    How.CITY: gettext_lazy("Masuk kota"),
    How.PIN: gettext_lazy("PIN di komputer bersama"),
    How.LINK: gettext_lazy("Tautan perangkat"),
}

FACTOR_NAMES: Mapping[Factor, Any] = {
    Factor.TOTP: gettext_lazy("aplikasi kode"),
    Factor.PASSKEY: gettext_lazy("kunci sandi"),
    Factor.RECOVERY: gettext_lazy("kode cadangan"),
}


@dataclass(frozen=True, slots=True)
class SessionView:
    """One session of an account, as its holder sees it."""

    id: UUID
    session_key: str
    account: int
    how: How
    pc: UUID | None
    browser: str
    opened_at: datetime
    seen_at: datetime
    factor: Factor | None

    @property
    def how_name(self) -> str:
        """How it was really opened, with the second factor that was shown."""
        if self.factor is None:
            return str(HOW_NAMES[self.how])
        return _("%(how)s dengan %(factor)s") % {"how": HOW_NAMES[self.how], "factor": FACTOR_NAMES[self.factor]}

    def why_over(self, grants: Iterable[Grant], now: datetime) -> WhyEnded | None:
        """Why it has ended by itself; ``None``: it goes on."""
        return rules.why_over(self.opened_at, self.seen_at, rules.limits_of(grant.role for grant in grants), now)

    def wants_touch(self, now: datetime) -> bool:
        """Whether it is time to write down a sign of life."""
        return rules.touches(self.seen_at, now)


def session_of(session_key: str) -> SessionView | None:
    """The session under this key, once it was noted."""
    row = SignIn.objects.filter(session_key=session_key).first()
    return None if row is None else _session(row)


def sessions_of(account_id: int) -> list[SessionView]:
    """Every session of an account, newest first."""
    return [_session(row) for row in SignIn.objects.filter(account=account_id).order_by("-opened_at")]


def _session(row: SignIn) -> SessionView:
    return SessionView(
        row.pk, row.session_key, row.account_id, How(row.how), row.pc, row.browser, row.opened_at, row.seen_at,
        Factor(row.factor) if row.factor else None,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class FactorView:
    """One second factor, never its secret."""

    id: int
    factor: Factor
    name: str
    made_at: datetime
    used_at: datetime | None


def factors_of(account_id: int) -> list[FactorView]:
    """What an account may show besides its password, oldest first."""
    rows = Authenticator.objects.filter(user=account_id).order_by("pk")
    return [
        FactorView(row.pk, Factor(row.type), str(row.data.get("name", "")), row.created_at, row.last_used_at)
        for row in rows
    ]


def has_factor(account_id: int) -> bool:
    """Whether it has one (recovery codes alone are none)."""
    return Authenticator.objects.filter(user=account_id).exclude(type=Factor.RECOVERY).exists()


def grants_need_factor(grants: Iterable[Grant], real_malls: Collection[int]) -> bool:
    """Whether these grants ask for a second factor, where ``real_malls`` are the malls that are no demo."""
    return rules.needs_factor(grants, real_malls, bool(real_malls))


@dataclass(frozen=True, slots=True)
class PinView:
    """An officer who has set a PIN on a PC: whether it counts now, and if not, whether it is locked."""

    account: int
    name: str
    counts: bool
    locked: bool


def pins_at(pc: UUID, booth: int, today: date) -> list[PinView]:
    """The officers of this booth with a PIN on this PC, by name."""
    rows = Pin.objects.filter(pc=pc, booth_id=booth, account__life=AccountLife.ACTIVE).select_related("account")
    found = [
        PinView(
            row.account_id, row.account.display_name or row.account.username,
            rules.pin_counts(row.signed_in_on, row.wrong, today), row.wrong >= rules.PIN_TRIES,
        )
        for row in rows
    ]  # fmt: skip
    return sorted(found, key=lambda view: view.name.lower())


def city_account(provider: str, number: str) -> Account | None:
    """The account that was linked to this number at the city's single sign-on."""
    found = SocialAccount.objects.filter(provider=provider, uid=number).select_related("user").first()
    return None if found is None else found.user


def own_pins(pc: UUID, account_id: int) -> dict[int, bool]:
    """The booths for which an account has a PIN on this PC, and whether it is locked."""
    rows = Pin.objects.filter(pc=pc, account=account_id).values_list("booth_id", "wrong")
    return {booth: wrong >= rules.PIN_TRIES for booth, wrong in rows}


def waits_of_tries(tried: Sequence[Counted]) -> list[float]:
    """How many seconds each of these keys has to wait now; 0: it may go on."""
    return waits(tried)


def tries_of(owners: Sequence[str]) -> list[tuple[str, str]]:
    """What has been tried in vain under these owners' names: the scopes and keys, each once."""
    return list(Try.objects.filter(owner__in=owners).values_list("scope", "key").distinct())


def may_have_pin(grants: Iterable[Grant], mall: int, booth: int) -> bool:
    """Whether these grants let an account be opened by PIN at this booth."""
    return rules.pin_opens(grants, mall, booth)


def locked_pins() -> dict[int, int]:
    """Accounts with PINs that rest after too many wrong tries, and how many of them."""
    counted: dict[int, int] = {}
    for number in Pin.objects.filter(wrong__gte=rules.PIN_TRIES).values_list("account_id", flat=True):
        counted[number] = counted.get(number, 0) + 1
    return counted
