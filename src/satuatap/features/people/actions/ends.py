"""Sessions that end with something else that is done to their account."""

from __future__ import annotations

from django.contrib.sessions.models import Session
from django.db.models import QuerySet

from satuatap.basics.actor import Actor
from satuatap.features.journal.actions import announce
from satuatap.features.people.facts import SessionsEnded
from satuatap.features.people.models import SignIn
from satuatap.features.people.states import WhyEnded


def drop(rows: QuerySet[SignIn]) -> int:
    """The sessions themselves with their rows; how many."""
    keys = list(rows.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    SignIn.objects.filter(session_key__in=keys).delete()
    return len(keys)


def end_sessions(*, by: Actor, account: int, why: WhyEnded, keep: str = "") -> None:
    """Every session of the account but the one under ``keep``, and one fact that says how many and why.

    Inside the caller's transaction, which has ended them by the account's seal; where nobody was signed in, no fact.
    """
    gone = drop(SignIn.objects.filter(account=account).exclude(session_key=keep))
    if gone:
        announce(SessionsEnded(account, why.value, gone), by=by)
