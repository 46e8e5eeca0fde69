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
_SESSION_END = End(1, "saat sesi berakhir, paling lama semalam", "when the session ends, at the latest that night")
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
    PersonalField(
        "people.Account", "city_login", "staff", "Mengenali pemilik akun pada masuk tunggal kota",
        "Recognising the holder at the city's single sign-on", PUBLIC_TASK, _END, _KEEPERS, False, shown,
    ),
    PersonalField(
        "socialaccount.SocialAccount", "uid", "staff", "Nomor pemilik akun pada masuk tunggal kota",
        "The holder's number at the city's single sign-on", PUBLIC_TASK, _END, ("tidak seorang pun; dipakai sistem",),
        False, hidden,
    ),
    PersonalField(
        "mfa.Authenticator", "data", "staff",
        "Faktor kedua: rahasia kode tersimpan terenkripsi; kunci publik dan nama kunci sandi",
        "Second factors: secrets of codes are sealed; public key and name of a passkey",
        PUBLIC_TASK, _END, ("yang bersangkutan",), True, hidden,
    ),
    PersonalField(
        "people.SignIn", "browser", "staff", "Mengenali sesi sendiri di daftar sesi",
        "Recognising one's own sessions in their list", PUBLIC_TASK, _SESSION_END, ("yang bersangkutan",), False, shown,
    ),
)  # fmt: skip
