"""Why the office may say no."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from satuatap.basics.refusal import Refusal
from satuatap.web.inputs import BadInput


class NotInYourMall(Refusal):
    code = "not_in_your_mall"
    status = 403
    next = "/pengelolaan"
    text = _("Akun, loket, atau peran ini bukan bagian mal Anda. Minta pengelola sistem bila ini keliru.")


class OwnAccount(Refusal):
    code = "own_account"
    text = _("Ini akun Anda sendiri. Ubah cara masuk Anda di halaman Keamanan akun.")


class NoSuchRole(Refusal):
    code = "no_such_role"
    status = 422
    text = _("Peran itu tidak dikenal. Pilih peran dari daftar.")


class HoursMissing(Refusal):
    code = "hours_missing"
    status = 422
    text = _("Jam khusus perlu jam buka dan jam tutup. Isi keduanya, misalnya 08.00 dan 12.00.")


class BadTime(BadInput):
    code = "bad_time"
    text = _("Jam itu tidak sah. Tulis dari 00.00 sampai 23.59, misalnya 08.00, lalu kirim lagi.")


class ReasonMissing(Refusal):
    code = "reason_missing"
    status = 422
    text = _("Sebutkan alasannya: warga membacanya di halaman jam layanan.")
