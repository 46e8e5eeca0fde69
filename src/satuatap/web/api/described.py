"""What the front's hot endpoints answer, so that one description covers all; Django itself never answers these."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _
from ninja import Schema

from satuatap.basics.refusal import Refusal


class FrontAnswers(Refusal):
    """Reached only where Django runs without its front."""

    code = "front_answers"
    status = 421
    text = _("Alamat ini dijawab oleh bagian depan satuatap, yang tidak berjalan di sini.")


class TicketTaken(Schema):
    visit: int
    number: int
    token: str
    code: str


class DeskStep(Schema):
    """What was just written: the visit, when, and those of the others that this step has."""

    visit: int
    at: datetime
    number: int | None = None
    seq: int | None = None
    step: int | None = None
    result: str | None = None
    left: int | None = None


class CalledStep(Schema):
    called: DeskStep | None


class StartedStep(Schema):
    started: DeskStep


class FinishedStep(Schema):
    finished: DeskStep
