"""The house says no, and says what to do next."""

from __future__ import annotations

from typing import Any


class Refusal(Exception):
    """A refusal explains itself: what happened, what is safe, what to do. Everything else that goes wrong is a defect.

    ``code`` is stable and machine-readable; ``text`` is a translated sentence (it may be lazy); ``status`` is the
    HTTP status a screen answers with.
    """

    code: str = "refused"
    status: int = 409
    text: Any = ""

    def __init__(self, text: Any = None, *, code: str | None = None, status: int | None = None) -> None:
        if text is not None:
            self.text = text
        if code is not None:
            self.code = code
        if status is not None:
            self.status = status
        super().__init__(self.code)

    def __str__(self) -> str:
        return str(self.text) or self.code
