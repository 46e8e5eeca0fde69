"""The personal fields of staff, all in ``Account``; ``forget_account`` erases them."""

from __future__ import annotations

from satuatap.plumbing.personal import Basis, End, PersonalField, hidden, shown

# Which letter of Pasal 20 (2) a city's own staff fall under is the city's to say; (e) is our reading.
PUBLIC_TASK = Basis(
    key="basis.public_task",
    name="Tugas kepentingan umum dan pelayanan publik",
    name_en="A task in the public interest, public service",
    regulation="UU 27/2022",
    article="Pasal 20 ayat (2) huruf e",
    source="https://uupdp-info.id/pasal-20/",
)
# UU 27/2022 on personal data asks for a stated purpose and an end; it names no number of days, so 90 is this house's
# own choice: long enough to settle a complaint about a shift, and no longer.
KEPT_DAYS = 90
_END = End(
    KEPT_DAYS,
    f"{KEPT_DAYS} hari sesudah akun diblokir",
    f"{KEPT_DAYS} days after the account was blocked",
)
_STAFF = ("yang bersangkutan", "rekan satu mal", "Manajer MPP", "pengelola sistem")
_KEEPERS = ("Manajer MPP", "pengelola sistem")

PERSONAL_FIELDS: tuple[PersonalField, ...] = (
    PersonalField(
        "people.Account", "username", "staff", "Masuk ke sistem", "Signing in", PUBLIC_TASK, _END, _KEEPERS, False,
        shown,
    ),
    PersonalField(
        "people.Account", "display_name", "staff",
        "Ditampilkan kepada rekan dan Manajer MPP, tidak pernah kepada warga",
        "Shown to colleagues and to the manager, never to citizens",
        PUBLIC_TASK, _END, _STAFF, False, shown,
    ),
    PersonalField(
        "people.Account", "last_login", "staff", "Menemukan akun yang tidak dipakai lagi",
        "Finding accounts that nobody uses any more", PUBLIC_TASK, _END, _KEEPERS, False, shown,
    ),
    PersonalField(
        "people.Account", "password", "staff", "Memeriksa kata sandi saat masuk; hanya sidik Argon2 yang disimpan",
        "Checking the password at sign-in; only an Argon2 hash is kept", PUBLIC_TASK, _END,
        ("tidak seorang pun; dipakai sistem",), False, hidden,
    ),
)  # fmt: skip
