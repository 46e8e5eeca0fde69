"""What a client may do, what it may hear of, and the life of one delivery."""

from __future__ import annotations

from enum import IntEnum, StrEnum


class ApiScope(StrEnum):
    """What a key opens. Each operation of the API asks for exactly one."""

    CATALOGUE = "catalogue:read"  # services, agencies, malls, booths, desks, hours
    QUEUE = "queue:read"  # lines with their minutes, calls on the boards
    VISITS = "visits:read"  # one visit, by the address on its slip
    REPORTS = "reports:read"  # the day in numbers
    TICKETS = "tickets:write"  # take a number
    DESKS = "desks:write"  # call, start, finish and the other steps of a desk
    WEBHOOKS = "webhooks:write"  # the client's own webhooks


class Event(StrEnum):
    """What a webhook may tell, each from one kind of fact."""

    TICKET_ISSUED = "ticket.issued"
    CALLED = "errand.called"
    RECALLED = "errand.recalled"
    STARTED = "errand.started"
    FINISHED = "errand.finished"
    MISSED = "errand.missed"
    TRANSFERRED = "errand.transferred"
    UNDONE = "step.undone"
    DESK_OPENED = "desk.opened"
    DESK_CLOSED = "desk.closed"
    DAY_OPENED = "day.opened"
    DAY_CLOSED = "day.closed"


class DeliveryState(IntEnum):
    """One message to one address."""

    WAITING = 0
    DELIVERED = 1
    DEAD = 2  # every try failed; kept to be sent again by hand


# Seconds to wait after the first, second ... failed try (standardwebhooks.com names a schedule like it): with the last
# one a receiver that was away for three days has missed nothing.
PAUSES_S = (5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400)
