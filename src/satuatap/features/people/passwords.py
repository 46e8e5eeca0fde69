"""A password is not made of the words of this place: who knows the mall guesses those first (ASVS 5.0.0, 6.1.2)."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from satuatap.features.people.models import Agency

HOUSE = ("satuatap", "mal", "pelayanan", "publik", "mpp", "loket", "petugas", "anjungan", "pengelola", "sandi", "kota")
SHORTEST_WORD, FEWEST_OTHERS = 3, 4
_NO_LETTER = re.compile(r"[^a-z]+")


def words_of_this_place() -> set[str]:
    """Words of the house and of the names of the agencies under this roof, in small letters."""
    names = Agency.objects.values_list("code", "name", "short_name")
    found = {word for row in names for text in row for word in _NO_LETTER.split(text.casefold())}
    return {word for word in found if len(word) >= SHORTEST_WORD} | set(HOUSE)


class OwnWordsValidator:
    """Refuses a password that leaves fewer than four letters once the words of this place are taken out of it."""

    def validate(self, password: str, user: object = None) -> None:
        letters = _NO_LETTER.sub("", password.casefold())
        rest = letters
        for word in sorted(words_of_this_place(), key=len, reverse=True):
            rest = rest.replace(word, "")
        if len(rest) < min(FEWEST_OTHERS, len(letters)):
            raise ValidationError(self.get_help_text(), code="password_own_words")

    def get_help_text(self) -> str:
        return _("Jangan memakai nama kota, mal, atau instansi sebagai kata sandi.")
