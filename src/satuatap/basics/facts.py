"""What a fact is: something that happened, said once, in the past tense."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, ClassVar, TypeVar

F = TypeVar("F", bound="Fact")


@dataclass(frozen=True)
class Fact:
    """Base of all facts. A fact holds numbers and codes only: no name, no phone, no free text.

    Subclasses are frozen dataclasses with a class attribute ``kind``; their fields are JSON values.
    """

    kind: ClassVar[str]

    def as_json(self) -> dict[str, Any]:
        """The fields as plain JSON values."""
        return {f.name: _plain(getattr(self, f.name)) for f in fields(self)}

    @classmethod
    def from_json(cls: type[F], values: dict[str, Any]) -> F:
        """The fact that a journal row holds; unknown keys are ignored, so old readers survive new fields."""
        known = {f.name for f in fields(cls)}
        return cls(**{name: value for name, value in values.items() if name in known})


def _plain(value: Any) -> Any:
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    return value
