"""Every write of visits, by verb. One function, one transaction, one fact."""

from satuatap.features.visits.actions.calls import call_next, finish_errand, start_serving
from satuatap.features.visits.actions.contacts import (
    change_keys,
    erase_contact,
    erase_due_contacts,
    give_contact,
    keys_in_use,
    note_copy,
    read_contact,
    reseal_contacts,
    withdraw_contact,
)
from satuatap.features.visits.actions.day import (
    bound_steps,
    close_day,
    drop_waiting,
    end_overdue,
    miss_overdue,
    open_day,
)
from satuatap.features.visits.actions.desks import close_desk, open_desk, pause_desk, set_skills
from satuatap.features.visits.actions.layout import has_floor, lay_out, publish_policy, restamp
from satuatap.features.visits.actions.steps import mark_missed, recall, transfer_errand, undo_step
from satuatap.features.visits.actions.tickets import issue_ticket, put_back, reclass_visit

__all__ = [
    "bound_steps",
    "call_next",
    "change_keys",
    "close_day",
    "close_desk",
    "drop_waiting",
    "end_overdue",
    "erase_contact",
    "erase_due_contacts",
    "finish_errand",
    "give_contact",
    "has_floor",
    "issue_ticket",
    "keys_in_use",
    "lay_out",
    "mark_missed",
    "miss_overdue",
    "note_copy",
    "open_day",
    "open_desk",
    "pause_desk",
    "publish_policy",
    "put_back",
    "read_contact",
    "recall",
    "reclass_visit",
    "reseal_contacts",
    "restamp",
    "set_skills",
    "start_serving",
    "transfer_errand",
    "undo_step",
    "withdraw_contact",
]
