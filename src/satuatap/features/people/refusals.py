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


class IsADevice(Refusal):
    code = "is_a_device"
    text = _("Akun ini perangkat: ia masuk dengan tautan, bukan kata sandi. Tidak ada yang berubah. Buat tautan baru "
             "di halaman akunnya.")  # fmt: skip


class OnlyADevice(Refusal):
    code = "only_a_device"
    text = _("Akun ini perangkat: siapa pun yang memegang tautannya bisa memakainya, jadi ia tidak diberi peran orang. "
             "Buat akun sendiri untuk orangnya.")  # fmt: skip


class UnknownLanguage(Refusal):
    code = "unknown_language"
    status = 422
    text = _("Bahasa itu belum tersedia. Pilih Bahasa Indonesia atau Inggris.")


class NoSuchSession(Refusal):
    code = "no_such_session"
    status = 404
    text = _("Sesi itu sudah berakhir. Muat ulang daftar sesi.")


class NoSuchFactor(Refusal):
    code = "no_such_factor"
    status = 404
    text = _("Cara masuk itu sudah tidak ada. Muat ulang halaman keamanan akun.")


class FactorNeeded(Refusal):
    code = "factor_needed"
    text = _("Peran Anda wajib memakai faktor kedua. Tambahkan yang baru lebih dulu, lalu hapus yang ini.")


class FactorThere(Refusal):
    code = "factor_there"
    text = _("Aplikasi kode sudah terpasang di akun ini. Hapus dulu yang lama, lalu pasang yang baru.")


class CodeWrong(Refusal):
    code = "code_wrong"
    status = 422
    text = _("Kode itu tidak cocok atau sudah dipakai. Tunggu kode berikutnya di aplikasi, lalu ketik lagi; bila terus "
             "gagal, periksa jam ponsel Anda.")  # fmt: skip


class PinNotFit(Refusal):
    code = "pin_not_fit"
    status = 422
    text = _("PIN terdiri dari 6 angka.")


class PinTooWeak(Refusal):
    code = "pin_too_weak"
    status = 422
    text = _("PIN ini mudah ditebak: semua sama, berurutan, atau berulang. Pilih 6 angka lain.")


class PinsDiffer(Refusal):
    code = "pins_differ"
    status = 422
    text = _("Kedua PIN tidak sama. Ketik ulang keduanya.")


class PinNotHere(Refusal):
    code = "pin_not_here"
    status = 403
    text = _("PIN hanya untuk petugas dan koordinator di gerainya sendiri. Masuk dengan kata sandi.")


class PinRests(Refusal):
    code = "pin_rests"
    text = _("PIN ini belum berlaku di komputer ini hari ini. Masuk sekali dengan kata sandi, lalu PIN berlaku sampai "
             "hari ini berakhir.")  # fmt: skip


class PinIsLocked(Refusal):
    code = "pin_locked"
    status = 429
    text = _("PIN ini dikunci sesudah lima kali salah. Masuk dengan kata sandi untuk membukanya lagi.")


class PinWrong(Refusal):
    code = "pin_wrong"
    status = 422
    text = _("PIN tidak cocok. Ketik lagi; sesudah lima kali salah PIN dikunci.")


class CityLoginTaken(Refusal):
    code = "city_login_taken"
    text = _("Nama di masuk kota itu sudah dipakai akun lain. Periksa penulisannya.")
