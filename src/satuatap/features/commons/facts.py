"""What can happen to clients and webhooks. Never a key, a secret or an address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from satuatap.basics.facts import Fact


@dataclass(frozen=True)
class ClientMade(Fact):
    """A program may ask the API, within these limits, until that moment."""

    kind: ClassVar[str] = "client_made"
    client: int
    scopes: list[str]
    agency: str | None
    ends_at: str


@dataclass(frozen=True)
class ClientRenewed(Fact):
    """It got a new key; its older ones end soon."""

    kind: ClassVar[str] = "client_renewed"
    client: int
    ends_at: str


@dataclass(frozen=True)
class ClientBlocked(Fact):
    """Its keys open nothing any more."""

    kind: ClassVar[str] = "client_blocked"
    client: int


@dataclass(frozen=True)
class WebhookMade(Fact):
    """A client asked to be told of some events."""

    kind: ClassVar[str] = "webhook_made"
    client: int
    webhook: str
    events: list[str]


@dataclass(frozen=True)
class WebhookEnded(Fact):
    """It is told no more: the client or the keeper ended it (``why`` is asked), or its receiver said 410."""

    kind: ClassVar[str] = "webhook_ended"
    client: int
    webhook: str
    why: str


@dataclass(frozen=True)
class DeliverySentAgain(Fact):
    """Somebody asked for a dead delivery to be tried again."""

    kind: ClassVar[str] = "delivery_sent_again"
    webhook: str
    delivery: str
