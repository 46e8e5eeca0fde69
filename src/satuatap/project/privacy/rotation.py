"""A new key for personal fields or their index: add it, bring every row to it, drop the old one when nothing needs it.

Each step leaves everything readable, so it may be killed anywhere and run again: more than one key of a purpose means
that an earlier run did not end, and this one goes on instead of making another key.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings

from satuatap.features.people import actions as people
from satuatap.features.visits import actions as visits
from satuatap.plumbing import keyring


@dataclass(frozen=True, slots=True)
class Moved:
    """Of one kind of sealed things: how many were brought under the new key, and how many do not open."""

    changed: int = 0
    broken: int = 0

    def then(self, changed: int, broken: int) -> Moved:
        """After one more round: changes add up, what does not open is counted anew in each."""
        return Moved(self.changed + changed, broken)


@dataclass(frozen=True, slots=True)
class Rotated:
    """What a rotation did, by kind: what visitors left, and second factors of accounts (never under ``index``).

    ``kept``: older keys that something still needs, because it does not open.
    """

    key: str
    resumed: bool
    contacts: Moved
    factors: Moved
    dropped: tuple[str, ...]
    kept: tuple[str, ...]

    @property
    def changed(self) -> int:
        """All together."""
        return self.contacts.changed + self.factors.changed

    @property
    def broken(self) -> int:
        """All that do not open."""
        return self.contacts.broken + self.factors.broken


def rotate(kind: str) -> Rotated:
    """Change the key of ``fields`` or ``index``; raises ``KeyTrouble`` when the file of keys can't be read."""
    before = len(keyring.load(settings.HOME).of(kind))
    visits.change_keys(lambda: _add(kind))
    contacts, factors = _reseal(kind)
    dropped: list[str] = []
    visits.change_keys(lambda: dropped.extend(_drop(kind)))
    ring = keyring.load(settings.HOME)
    kept = tuple(key.id for key in ring.of(kind)[:-1])
    return Rotated(ring.current(kind).id, before > 1, contacts, factors, tuple(dropped), kept)


def _add(kind: str) -> None:
    ring = keyring.load(settings.HOME)
    if len(ring.of(kind)) == 1:
        keyring.save(settings.HOME, ring.with_new(kind))


def _reseal(kind: str) -> tuple[Moved, Moved]:
    """Two rounds: what was given with the old key while the first one ran is met by the second."""
    contacts, factors = Moved(), Moved()
    for _round in range(2):
        contacts = contacts.then(*_reseal_contacts(kind))
        if kind == "fields":
            factors = factors.then(*people.reseal_factors())
    return contacts, factors


def _reseal_contacts(kind: str) -> tuple[int, int]:
    changed, broken, after, more = 0, 0, None, True
    while more:
        done, unread, after = visits.reseal_contacts(kind, after=after)
        changed, broken, more = changed + done, broken + unread, after is not None
    return changed, broken


def _drop(kind: str) -> list[str]:
    """Under the lock: nothing is sealed meanwhile. Keys that something stands under stay."""
    ring = keyring.load(settings.HOME)
    used = visits.keys_in_use(kind) | (people.factor_keys() if kind == "fields" else set())
    old = [key.id for key in ring.of(kind)[:-1] if key.id not in used]
    for key_id in old:
        ring = ring.without(key_id)
    if old:
        keyring.save(settings.HOME, ring)
    return old
