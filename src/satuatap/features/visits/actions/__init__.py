"""Every write of visits, by verb. One function, one transaction, one fact."""

from satuatap.features.visits.actions.calls import call_next, finish_errand, start_serving
from satuatap.features.visits.actions.day import close_day, drop_waiting, end_overdue, miss_overdue, open_day
from satuatap.features.visits.actions.desks import close_desk, open_desk, pause_desk, set_skills
from satuatap.features.visits.actions.layout import has_floor, lay_out, publish_policy, restamp
from satuatap.features.visits.actions.steps import mark_missed, recall, transfer_errand, undo_step
from satuatap.features.visits.actions.tickets import issue_ticket, put_back, reclass_visit

__all__ = [
    "call_next",
    "close_day",
    "close_desk",
    "drop_waiting",
    "end_overdue",
    "finish_errand",
    "has_floor",
    "issue_ticket",
    "lay_out",
    "mark_missed",
    "miss_overdue",
    "open_day",
    "open_desk",
    "pause_desk",
    "publish_policy",
    "put_back",
    "recall",
    "reclass_visit",
    "restamp",
    "set_skills",
    "start_serving",
    "transfer_errand",
    "undo_step",
]
