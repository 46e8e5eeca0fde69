"""Why malls may say no."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from satuatap.basics.refusal import Refusal


class NoSuchMall(Refusal):
    code = "no_such_mall"
    status = 404
    text = _("Mal itu tidak ada. Periksa lagi alamatnya.")


class NoSuchPlace(Refusal):
    code = "no_such_place"
    status = 422
    text = _("Zona atau gerai yang disebut tidak ada di mal ini. Periksa kodenya.")


class ClockIsReal(Refusal):
    code = "clock_is_real"
    text = _("Jam mal ini adalah jam yang sebenarnya dan tidak dapat diatur. Hanya mal contoh yang boleh.")


class ClockNeverBack(Refusal):
    code = "clock_never_back"
    text = _("Jam mal tidak boleh mundur. Pilih waktu sesudah waktu mal sekarang.")


class HoursUpsideDown(Refusal):
    code = "hours_upside_down"
    status = 422
    text = _("Jam buka harus lebih awal daripada jam tutup. Periksa kedua jamnya.")


class DayInThePast(Refusal):
    code = "day_in_the_past"
    status = 422
    text = _("Tanggal itu sudah lewat. Pilih hari ini atau sesudahnya.")


class DayKnown(Refusal):
    code = "day_known"
    text = _("Aturan untuk tanggal itu sudah ada. Batalkan yang lama lebih dulu bila ingin menggantinya.")


class NotByHand(Refusal):
    code = "not_by_hand"
    text = _("Aturan ini berasal dari berkas kota dan diubah lewat berkas itu.")


class NoSuchChange(Refusal):
    code = "no_such_change"
    status = 404
    text = _("Perubahan atau impor itu tidak ada, atau masanya sudah habis. Unggah lagi berkasnya bila perlu.")


class ChangeAlreadyApplied(Refusal):
    code = "change_already_applied"
    text = _("Impor ini sudah diterapkan. Lihat riwayatnya, atau batalkan dari sana.")


class ChangeUndone(Refusal):
    code = "change_undone"
    text = _("Perubahan ini sudah dibatalkan sebelumnya. Tidak ada yang berubah.")
