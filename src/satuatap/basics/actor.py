"""Who did something, as a code that names no person."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """The one who acts: an account, a device or a part of the system; never a person's name.

    ``code`` is what the journal keeps, e.g. ``account:12``, ``desk:7``, ``system:city``.
    """

    code: str

    @classmethod
    def account(cls, account_id: int) -> Actor:
        return cls(f"account:{account_id}")

    @classmethod
    def device(cls, device_id: int) -> Actor:
        return cls(f"device:{device_id}")

    @classmethod
    def client(cls, client_id: int) -> Actor:
        """A program that asks through the API."""
        return cls(f"client:{client_id}")

    @classmethod
    def system(cls, name: str) -> Actor:
        return cls(f"system:{name}")

    def __str__(self) -> str:
        return self.code
