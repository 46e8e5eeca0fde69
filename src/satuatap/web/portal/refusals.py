"""Why the portal may say no."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from satuatap.basics.refusal import Refusal


class NoMallYet(Refusal):
    code = "no_mall_yet"
    status = 404
    text = _("Belum ada mal yang dibuka di sini. Pengelola membukanya dengan berkas kota.")


class TooManyLookups(Refusal):
    """Guessing a number with its code is slow on purpose."""

    code = "too_many_lookups"
    status = 429
    text = _("Terlalu banyak percobaan dengan nomor dan kode. Tunggu beberapa menit, lalu coba lagi.")


class SlipUnreadable(Refusal):
    code = "slip_unreadable"
    status = 422
    text = _("Tulis nomor dan kode seperti di struk, misalnya 147 7KQ2.")


class CodeWrong(Refusal):
    code = "code_wrong"
    status = 422
    text = _("Kode ini tidak cocok. Tulis empat tanda di samping nomor pada struk.")
