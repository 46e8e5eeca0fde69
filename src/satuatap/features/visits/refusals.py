"""Why visits may say no: what happened, what is safe, what to do."""

from __future__ import annotations

from django.utils.translation import gettext as _gettext
from django.utils.translation import gettext_lazy as _

from satuatap.basics.refusal import Refusal


class MallIsClosed(Refusal):
    code = "mall_closed"
    text = _("Pengambilan nomor sedang tutup. Lihat jam layanan di halaman depan, lalu datang pada jam buka.")


class BoothIsClosed(Refusal):
    code = "booth_closed"
    text = _("Gerai untuk salah satu urusan ini tutup hari ini. Hapus urusan itu, atau datang pada hari lain.")


class BoothHasEnded(Refusal):
    """A booth closes before the mall does."""

    code = "booth_ended"

    def __init__(self, until: str) -> None:
        text = _gettext(
            "Gerai untuk salah satu urusan ini memberi nomor sampai %(until)s hari ini. Hapus urusan itu, atau datang "
            "pada hari lain."
        )
        super().__init__(text % {"until": until})


class NotServedHere(Refusal):
    code = "not_served_here"
    status = 422
    text = _("Ada urusan yang tidak dilayani di mal ini. Pilih lagi urusannya, atau tanya petugas informasi.")


class TooManyErrands(Refusal):
    code = "too_many_errands"
    status = 422
    text = _("Satu nomor memuat paling banyak 15 langkah urusan. Kurangi pilihan, atau tanya petugas informasi.")


class NothingChosen(Refusal):
    code = "nothing_chosen"
    status = 422
    text = _("Belum ada urusan yang dipilih. Pilih sedikitnya satu urusan.")


class DeskIsClosed(Refusal):
    code = "desk_closed"
    text = _("Loket ini belum dibuka. Buka loket lebih dulu, lalu panggil.")


class DeskIsBusy(Refusal):
    code = "result_needed"
    text = _("Masih ada warga di loket ini. Pilih dulu hasil urusannya, lalu panggil berikutnya.")


class NobodyAtDesk(Refusal):
    code = "nobody_at_desk"
    text = _("Tidak ada warga di loket ini. Tekan Panggil berikutnya.")


class NotCalled(Refusal):
    code = "not_called"
    text = _("Warga ini sudah mulai dilayani. Pilih hasil urusannya bila selesai.")


class AlreadyStarted(Refusal):
    code = "already_started"
    text = _("Pelayanan sudah dimulai. Pilih hasil urusannya bila selesai.")


class TooSoonToRecall(Refusal):
    code = "too_soon"
    text = _("Panggilan terakhir belum satu menit yang lalu. Tunggu sebentar, lalu panggil ulang.")


class RecallFirst(Refusal):
    code = "recall_first"
    text = _("Nomor ini belum dipanggil ulang dua kali. Panggil ulang dulu, baru tandai terlewat.")


class NothingToUndo(Refusal):
    code = "nothing_to_undo"
    text = _("Tidak ada langkah yang bisa dibatalkan di loket ini.")


class TooLateToUndo(Refusal):
    code = "too_late_to_undo"
    text = _("Langkah terakhir sudah lewat dua menit. Catat perbaikannya lewat petugas informasi.")


class CalledElsewhere(Refusal):
    code = "called_elsewhere"
    text = _("Warga ini sudah berlanjut ke langkah lain, jadi langkah tadi tidak bisa dibatalkan.")


class DeskHasMovedOn(Refusal):
    code = "desk_moved_on"
    text = _("Loket ini sudah melayani warga lain, jadi langkah tadi tidak bisa dibatalkan.")


class NotMissed(Refusal):
    code = "not_missed"
    text = _("Urusan ini tidak berstatus terlewat. Muat ulang halaman untuk melihat keadaan terbaru.")


class ReturnTooLate(Refusal):
    code = "return_too_late"
    text = _("Sudah lebih dari 30 menit sejak terlewat. Ambilkan nomor baru untuk warga ini.")


class CannotTransfer(Refusal):
    code = "cannot_transfer"
    status = 422
    text = _("Urusan tidak bisa dialihkan ke sana. Pilih layanan lain yang dilayani di mal ini.")


class VisitIsOver(Refusal):
    code = "visit_over"
    text = _("Kunjungan ini sudah selesai. Ambil nomor baru bila ada urusan lain.")


class NoSuchVisit(Refusal):
    code = "no_such_visit"
    status = 404
    text = _("Nomor dan kode itu tidak cocok dengan kunjungan hari ini. Periksa lagi struk Anda.")


class UnknownResult(Refusal):
    code = "unknown_result"
    status = 422
    text = _("Hasil urusan itu tidak dikenal. Pilih salah satu hasil yang tertera.")


class NoSuchDesk(Refusal):
    code = "no_such_desk"
    status = 404
    text = _("Loket itu tidak ada di mal ini. Pilih loket dari daftar.")


class DayIsClosed(Refusal):
    code = "day_closed"
    text = _("Layanan hari ini sudah ditutup. Loket dapat dibuka lagi pada hari kerja berikutnya.")


class PhoneUnreadable(Refusal):
    code = "phone_unreadable"
    status = 422
    text = _("Nomor telepon ini tidak terbaca. Tulis seperti 0812 3456 7890, atau kosongkan.")


class NameUnreadable(Refusal):
    code = "name_unreadable"
    status = 422
    text = _("Nama ini tidak terbaca. Tulis dengan huruf, paling panjang 80 tanda, atau kosongkan.")


class NothingToKeep(Refusal):
    code = "nothing_to_keep"
    status = 422
    text = _("Nama dan nomor telepon dua-duanya kosong, jadi tidak ada yang disimpan. Anda tetap dilayani.")


class NoConsent(Refusal):
    code = "no_consent"
    status = 422
    text = _("Beri tanda setuju bila ingin menitipkan kontak. Tanpa kontak pun Anda tetap dilayani.")


class ContactTimeIsOver(Refusal):
    code = "contact_time_over"
    text = _("Kunjungan ini sudah lewat, jadi kontak tidak dititipkan lagi. Tidak ada yang disimpan.")


class NoContact(Refusal):
    code = "no_contact"
    status = 404
    text = _("Tidak ada kontak pada kunjungan ini: tidak dititipkan, atau sudah dihapus.")


class ContactUnreadable(Refusal):
    """The key is missing or another one; everything else in the mall goes on."""

    code = "contact_unreadable"
    status = 503
    text = _("Kontak ini terkunci dan kuncinya tidak cocok. Layanan lain tetap jalan. Beri tahu pengelola sistem.")
