"""Second factors of an account (allauth's ``Authenticator``): added, used, taken away; each with its fact."""

from __future__ import annotations

from typing import Any

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt, encrypt
from allauth.mfa.webauthn.internal.auth import WebAuthn
from django.db import transaction

from satuatap.basics.actor import Actor
from satuatap.features.journal.actions import announce
from satuatap.features.people.actions.accounts import locked
from satuatap.features.people.actions.ends import end_sessions
from satuatap.features.people.facts import (
    FactorAdded,
    FactorRemoved,
    FactorsReset,
    RecoveryCodesMade,
    RecoveryCodeUsed,
)
from satuatap.features.people.models import Account
from satuatap.features.people.refusals import CodeWrong, FactorNeeded, FactorThere, NoSuchFactor
from satuatap.features.people.states import Factor, WhyEnded
from satuatap.plumbing.fields import key_of
from satuatap.plumbing.keyring import KeyTrouble
from satuatap.plumbing.locking import hold_keys, lock

SEALED = ("secret", "seed")  # what is sealed inside ``Authenticator.data``
CLOCK_STEPS = 1  # a phone's clock may be half a minute off


def add_totp(*, by: Actor, account: int, secret: str, code: str, now: float) -> list[str]:
    """The app shows the right code: it counts from now on. Returns recovery codes the first time, shown this once."""
    counter = _counter_of(secret, code, after=0, now=now)
    if counter is None:
        raise CodeWrong()
    with transaction.atomic():
        hold_keys()
        row = locked(account)
        if _of(account, Factor.TOTP).exists():
            raise FactorThere()
        totp = TOTP.activate(row, secret).instance
        totp.data["last_counter"] = counter
        totp.save(update_fields=["data"])
        announce(FactorAdded(account, Factor.TOTP.value), by=by)
        return _first_codes(row, by)


def add_passkey(*, by: Actor, account: int, name: str, credential: dict[str, Any]) -> list[str]:
    """A passkey whose answer was checked. Returns new recovery codes, the first time; shown this once."""
    with transaction.atomic():
        hold_keys()
        row = locked(account)
        WebAuthn.add(row, name[:60], credential)
        announce(FactorAdded(account, Factor.PASSKEY.value), by=by)
        return _first_codes(row, by)


def drop_factor(*, by: Actor, account: int, factor: int, needed: bool) -> None:
    """The holder takes one away; the last one (with its recovery codes) only where her roles do not ask for it."""
    with transaction.atomic():
        locked(account)
        main = Authenticator.objects.filter(user=account).exclude(type=Factor.RECOVERY)
        row = main.filter(pk=factor).first()
        if row is None:
            raise NoSuchFactor()
        if needed and main.count() == 1:
            raise FactorNeeded()
        row.delete()
        if not main.exists():
            _of(account, Factor.RECOVERY).delete()
        announce(FactorRemoved(account, row.type), by=by)


def reset_factors(*, by: Actor, account: int) -> None:
    """Someone else takes all of them away (a lost phone): her sessions end, her password alone signs in."""
    with transaction.atomic():
        row = locked(account)
        Authenticator.objects.filter(user=account).delete()
        row.session_epoch += 1
        row.save(update_fields=["session_epoch"])
        announce(FactorsReset(account), by=by)
        end_sessions(by=by, account=account, why=WhyEnded.FACTORS)


def make_recovery_codes(*, by: Actor, account: int) -> list[str]:
    """New recovery codes, shown this once; the earlier ones stop."""
    with transaction.atomic():
        hold_keys()
        row = locked(account)
        if not Authenticator.objects.filter(user=account).exclude(type=Factor.RECOVERY).exists():
            raise NoSuchFactor()
        _of(account, Factor.RECOVERY).delete()
        codes = RecoveryCodes.activate(row).get_unused_codes()
        announce(RecoveryCodesMade(account), by=by)
    return codes


def use_code(*, account: int, code: str, now: float) -> Factor:
    """A code from the app, each once, or a recovery code; raises ``CodeWrong`` or ``KeyTrouble``."""
    with transaction.atomic():
        for row in lock(_of(account, Factor.TOTP)):
            counter = _counter_of(decrypt(row.data["secret"]), code, row.data.get("last_counter", 0), now)
            if counter is not None:
                row.data["last_counter"] = counter
                row.save(update_fields=["data"])
                row.record_usage()
                return Factor.TOTP
        for row in lock(_of(account, Factor.RECOVERY)):
            codes = RecoveryCodes(row)
            if codes.validate_code(code):
                fact = RecoveryCodeUsed(account, len(codes.get_unused_codes()))
                announce(fact, by=Actor.account(account))
                return Factor.RECOVERY
    raise CodeWrong()


def reseal_factors() -> tuple[int, int]:
    """Bring every sealed secret under the current key: how many were changed, and how many do not open."""
    changed = broken = 0
    for number in Authenticator.objects.order_by("pk").values_list("pk", flat=True):
        with transaction.atomic(durable=True):
            hold_keys()
            for row in lock(Authenticator.objects.filter(pk=number)):
                try:
                    changed += _reseal(row)
                except KeyTrouble:
                    broken += 1
    return changed, broken


def factor_keys() -> set[str]:
    """The ids of the keys that a factor's secret stands under."""
    rows = Authenticator.objects.values_list("data", flat=True)
    return {key_of(data[name]) for data in rows for name in SEALED if data.get(name)}


def _reseal(row: Authenticator) -> bool:
    sealed = {name: row.data[name] for name in SEALED if row.data.get(name)}
    fresh = {name: encrypt(decrypt(text)) for name, text in sealed.items()}
    if all(key_of(fresh[name]) == key_of(sealed[name]) for name in sealed):
        return False
    row.data.update(fresh)
    row.save(update_fields=["data"])
    return True


def _of(account: int, factor: Factor) -> Any:
    return Authenticator.objects.filter(user=account, type=factor.value)


def _first_codes(row: Account, by: Actor) -> list[str]:
    if _of(row.pk, Factor.RECOVERY).exists():
        return []
    codes: list[str] = RecoveryCodes.activate(row).get_unused_codes()
    announce(RecoveryCodesMade(row.pk), by=by)
    return codes


def _counter_of(secret: str, code: str, after: int, now: float) -> int | None:
    """The step of time that this code belongs to, if it is near now and later than the last one used (RFC 6238)."""
    step = int(now) // app_settings.TOTP_PERIOD
    for counter in range(step - CLOCK_STEPS, step + CLOCK_STEPS + 1):
        if counter > after and compare_user_code(actual=code, expected=format_hotp_value(hotp_value(secret, counter))):
            return counter
    return None
