"""Why people may say no: what happened, what is safe, what to do."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from satuatap.basics.refusal import Refusal


class NoSuchAccount(Refusal):
    code = "no_such_account"
    status = 404
    text = _("Akun itu tidak ada. Muat ulang daftar akun, lalu pilih lagi.")


class NoSuchGrant(Refusal):
    code = "no_such_grant"
    status = 404
    text = _("Peran itu tidak ada atau sudah berakhir. Muat ulang halaman untuk melihat keadaan terbaru.")


class NoSuchAgency(Refusal):
    code = "no_such_agency"
    status = 422
    text = _("Instansi itu tidak dikenal. Pilih instansi dari daftar.")


class UsernameTaken(Refusal):
    code = "username_taken"
    text = _("Nama pengguna itu sudah dipakai. Pilih nama pengguna lain; isian lainnya tetap.")


class UsernameNotFit(Refusal):
    code = "username_not_fit"
    status = 422
    text = _("Nama pengguna terdiri dari 3 sampai 60 huruf kecil, angka, titik, garis bawah atau tanda hubung.")


class NotInThisState(Refusal):
    code = "not_in_this_state"
    text = _("Keadaan akun ini sudah berubah, jadi langkah itu tidak bisa dilakukan. Muat ulang halaman.")


class PlaceDoesNotFit(Refusal):
    code = "place_does_not_fit"
    status = 422
    text = _("Tempat tidak cocok dengan perannya. Petugas dan koordinator perlu gerai; petugas informasi, manajer dan "
             "anjungan perlu mal; pengelola sistem tanpa batas tempat.")  # fmt: skip


class TimesDoNotFit(Refusal):
    code = "times_do_not_fit"
    status = 422
    text = _("Tanggal akhir peran lebih awal daripada tanggal mulainya. Perbaiki salah satunya.")


class LastKeeper(Refusal):
    code = "last_keeper"
    text = _("Ini pengelola sistem yang terakhir. Beri peran itu kepada akun lain lebih dulu.")


class PasswordTooWeak(Refusal):
    code = "password_too_weak"
    status = 422
    text = _("Kata sandi ini terlalu mudah ditebak. Pakai sedikitnya 10 huruf atau angka yang tidak umum.")


class NotADevice(Refusal):
    code = "not_a_device"
    status = 422
    text = _("Akun ini bukan perangkat anjungan, jadi tidak bisa diberi tautan pengaktifan.")


class UnknownLanguage(Refusal):
    code = "unknown_language"
    status = 422
    text = _("Bahasa itu belum tersedia. Pilih Bahasa Indonesia atau Inggris.")
