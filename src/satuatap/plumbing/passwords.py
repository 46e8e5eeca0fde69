"""The password hash: argon2id, sized for a small machine."""

from __future__ import annotations

from django.contrib.auth.hashers import Argon2PasswordHasher


class SmallArgon2(Argon2PasswordHasher):
    """argon2id with 19 MiB, two passes, one lane: OWASP's first choice (Password Storage Cheat Sheet, 2025).

    Django's own setting takes 100 MiB and eight threads for each sign-in; thirty officers sign in at the same minute.
    """

    time_cost = 2
    memory_cost = 19456
    parallelism = 1
