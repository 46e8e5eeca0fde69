"""The shapes of what a program sends. What is not named here is refused."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from ninja import Field, Header, Schema
from pydantic import ConfigDict

from satuatap.features.commons.states import Event

Key = Annotated[
    UUID, Header(alias="Idempotency-Key", description="a fresh UUID for each action; the same again is one action")
]
Result = Literal[
    "done", "done_pickup", "documents_missing", "other_authority", "central_outage", "signer_absent", "not_eligible",
    "not_recorded",
]  # fmt: skip
TransferReason = Literal["wrong_service", "needs_other_first", "special_case", "equipment"]
Code = Annotated[str, Field(max_length=60, pattern=r"^[a-zA-Z0-9_-]+$")]


class Ask(Schema):
    model_config = ConfigDict(extra="forbid", from_attributes=True)


class NewTicket(Ask):
    services: list[Code] = Field(min_length=1, max_length=15)
    priority: Literal[0, 1] = Field(0, alias="class", description="1: elderly, pregnant, disabled, with an infant")


class Finish(Ask):
    result: Result
    visit: int = Field(ge=1, le=2**62, description="the visit that stands at the desk")
    seq: int = Field(ge=0, le=14, description="its errand that ends")


class Transfer(Ask):
    service: Code
    reason: TransferReason


class Pause(Ask):
    reason: Literal["break", "trouble"] = "break"


class NewWebhook(Ask):
    target: str = Field(max_length=500)
    events: list[Event] = Field(min_length=1, max_length=20)
