"""The life of a session: opened, seen, ended. Signing in with the password on a PC lets a PIN there count today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.contrib.sessions.models import Session
from django.db import IntegrityError, transaction

from satuatap.basics.actor import Actor
from satuatap.features.journal.actions import announce
from satuatap.features.people.actions.accounts import locked
from satuatap.features.people.actions.ends import drop, end_sessions
from satuatap.features.people.facts import OtherSessionsEnded, SessionEnded, SignedIn
from satuatap.features.people.models import Pin, SignIn
from satuatap.features.people.refusals import NoSuchSession
from satuatap.features.people.states import SESSION_LIMITS, SIGNS_IN_ALONE, Factor, How, WhyEnded
from satuatap.plumbing.locking import lock


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """How and where a session begins."""

    session_key: str
    how: How
    factor: Factor | None = None
    pc: UUID | None = None
    browser: str = ""


def open_session(*, account: int, opening: Opening, now: datetime, today: date) -> SignIn:
    """A session begins; seen by two requests at once it is one. With the password on a PC, PINs there count today."""
    found = SignIn.objects.filter(session_key=opening.session_key).first()
    if found is not None:
        return found
    try:
        with transaction.atomic():
            row = SignIn.objects.create(
                account_id=account, session_key=opening.session_key, how=opening.how, factor=opening.factor or "",
                pc=opening.pc, browser=opening.browser[:60], opened_at=now, seen_at=now,
            )  # fmt: skip
            if opening.how in SIGNS_IN_ALONE and opening.pc is not None:
                Pin.objects.filter(pc=opening.pc, account=account).update(signed_in_on=today, wrong=0)
            factor = opening.factor.value if opening.factor else None
            announce(SignedIn(account, opening.how.value, factor), by=Actor.account(account))
    except IntegrityError:
        return SignIn.objects.get(session_key=opening.session_key)
    return row


def touch_session(*, session_key: str, now: datetime) -> None:
    """A sign of life; no fact, as nothing happened in the mall."""
    SignIn.objects.filter(session_key=session_key, seen_at__lt=now).update(seen_at=now)


def move_session(*, account: int, before: str, after: str, why: WhyEnded) -> None:
    """The account's seal changed (``why``): this session goes on under a new key, the others have ended."""
    with transaction.atomic():
        SignIn.objects.filter(session_key=before, account=account).update(session_key=after)
        end_sessions(by=Actor.account(account), account=account, why=why, keep=after)


def end_session(*, by: Actor, account: int, session: UUID, why: WhyEnded) -> str:
    """One session of an account ends, at once; returns its key, so that no memory keeps it."""
    with transaction.atomic():
        rows = lock(SignIn.objects.filter(pk=session, account=account))
        if not rows:
            raise NoSuchSession()
        key = str(rows[0].session_key)
        drop(SignIn.objects.filter(pk=session))
        announce(SessionEnded(account, why.value), by=by)
    return key


def end_other_sessions(*, by: Actor, account: int, keep: str) -> None:
    """Everywhere else she is signed out; the caller gives the session under ``keep`` the new seal."""
    with transaction.atomic():
        row = locked(account)
        row.session_epoch += 1
        row.save(update_fields=["session_epoch"])
        drop(SignIn.objects.filter(account=account).exclude(session_key=keep))
        announce(OtherSessionsEnded(account), by=by)


def forget_ended_sessions(*, now: datetime) -> int:
    """What is older than any session may be, or has no session any more, goes; it had ended before, so no fact."""
    longest = max(limits.absolute for limits in SESSION_LIMITS.values())
    live = Session.objects.filter(expire_date__gt=now).values("session_key")
    with transaction.atomic():
        old = drop(SignIn.objects.filter(opened_at__lt=now - longest))  # with its session: it must not begin anew
        # A session that opens at this very moment is written before its sign-in: give it a minute.
        gone, _kinds = (
            SignIn.objects.filter(opened_at__lt=now - timedelta(minutes=1)).exclude(session_key__in=live).delete()
        )
    return int(old + gone)
