"""Why plans may say no."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from satuatap.basics.refusal import Refusal


class NoSuchRegrouping(Refusal):
    code = "no_such_regrouping"
    status = 404
    text = _("Rencana itu tidak ada, atau belum dibuka untuk umum. Lihat daftar rencana.")


class CodeTaken(Refusal):
    code = "plan_code_taken"
    text = _("Sudah ada rencana dengan kode itu. Pilih kode lain: alamat halaman umumnya tetap selamanya.")


class CodeUnreadable(Refusal):
    code = "plan_code_unreadable"
    status = 422
    text = _("Kode rencana 3 sampai 40 tanda: huruf kecil, angka, dan tanda hubung. Judulnya juga harus diisi.")


class StepNotNow(Refusal):
    """The plan stands elsewhere, perhaps since a moment ago."""

    code = "plan_step_not_now"
    text = _("Langkah itu tidak dapat dilakukan: rencana sudah di tahap lain. Muat ulang halaman dan lihat tahapnya.")


class AlreadyDecided(Refusal):
    code = "plan_already_decided"
    text = _("Rencana ini baru saja diputuskan oleh orang lain. Keputusan Anda tidak disimpan; lihat yang berlaku.")


class NoVersion(Refusal):
    code = "plan_without_version"
    status = 422
    text = _("Rencana ini belum punya versi. Simpan satu versi dengan paling sedikit satu pindah lebih dulu.")


class NotPriced(Refusal):
    """A working paper is the price's own; a version that no study priced has none."""

    code = "plan_not_priced"
    text = _("Versi ini tidak dihargai oleh kajian, jadi belum punya kertas kerja. Susun versi dari satu kajian dulu.")


class NoHall(Refusal):
    code = "plan_without_hall"
    status = 422
    text = _("Versi ini tidak membawa unit yang melayani warga ke aula mal, jadi tidak ada menit yang dihitung.")


class MinutesUnknown(Refusal):
    code = "minutes_unknown"
    text = _("Versi ini membawa layanan ke aula mal, tetapi lama menunggunya belum dihitung. Tekan Hitung menitnya.")


class MinutesPending(Refusal):
    code = "minutes_pending"
    text = _("Lama menunggu di aula sedang dihitung. Tunggu sebentar, muat ulang halaman, lalu coba lagi.")


class MinutesFailed(Refusal):
    """The computation ended in a fault; what it was is said."""

    code = "minutes_failed"
    text = _("Lama menunggu di aula belum dapat dihitung. %(trouble)s Perbaiki, lalu tekan Hitung menitnya.")

    def __init__(self, trouble: str = "") -> None:
        super().__init__(self.text % {"trouble": trouble})


class MinutesOld(Refusal):
    code = "minutes_old"
    text = _(
        "Loket, beban, jam, atau janji di aula berubah sejak menitnya dihitung. Tekan Hitung menitnya, lalu ulangi."
    )


class PromiseBroken(Refusal):
    """Citizens would wait longer than the mall promises; the minutes and the cheapest remedy are said."""

    code = "promise_broken"
    text = _("Rencana ini melanggar janji menunggu. %(lines)s Terima obatnya, atau ubah siapa yang pindah.")

    def __init__(self, lines: Sequence[str], most: int = 3) -> None:
        super().__init__(self.text % {"lines": " ".join(lines[:most])})
        self.lines = list(lines)


class RemedyInDraft(Refusal):
    code = "remedy_in_draft"
    text = _("Obat diterima dalam versi baru, jadi hanya selama rencana masih draf. Kembalikan ke draf dulu.")


class NothingToMend(Refusal):
    code = "nothing_to_mend"
    text = _("Tidak ada janji yang dilanggar, atau menitnya belum dihitung. Muat ulang halaman.")


class NoRemedy(Refusal):
    code = "no_remedy"
    text = _("Salah satu loket tidak tertolong oleh 50 loket atau 6 jam lagi. Kurangi unit yang pindah ke aula itu.")


class ContentWrong(Refusal):
    """What a version says doesn't hold together; each fault a sentence."""

    code = "plan_content_wrong"
    status = 422
    text = _("Versi belum dapat disimpan. %(faults)s")

    def __init__(self, faults: Sequence[str], most: int = 5) -> None:
        super().__init__(self.text % {"faults": " ".join(faults[:most])})
        self.faults = list(faults)


class ReviewerIsAuthor(Refusal):
    code = "reviewer_is_author"
    status = 422
    text = _("Peninjau tidak boleh orang yang menyusun rencana ini. Pilih akun lain.")


class ReviewsOwnStudy(Refusal):
    code = "reviews_own_study"
    status = 422
    text = _("Inspektorat tidak meninjau rencana yang disusunnya sendiri. Pilih peninjau dari instansi lain.")


class NotAReviewer(Refusal):
    code = "not_a_reviewer"
    status = 422
    text = _("Akun itu tidak berwenang meninjau. Pilih akun Bappeda, BPKAD, Bagian Organisasi, atau Inspektorat.")


class NotTheReviewer(Refusal):
    code = "not_the_reviewer"
    status = 403
    text = _("Hanya peninjau rencana ini yang dapat menulis tinjauan. Minta penyusun memilih Anda bila ini keliru.")


class NotReviewed(Refusal):
    code = "plan_not_reviewed"
    text = _("Versi ini belum disetujui peninjaunya, jadi belum dapat dibuka untuk tanggapan. Minta tinjauannya dulu.")


class InventoryChanged(Refusal):
    """What the plan was built on has changed; what changed is said."""

    code = "inventory_changed"
    text = _("Inventaris berubah sesudah versi ini disimpan: %(changes)s Simpan versi baru, atau centang bahwa "
             "perubahan itu sudah dipertimbangkan.")  # fmt: skip

    def __init__(self, changes: Sequence[str], most: int = 5) -> None:
        super().__init__(self.text % {"changes": " ".join(changes[:most])})
        self.changes = list(changes)


class DecreeUnreadable(Refusal):
    code = "decree_unreadable"
    status = 422
    text = _("Keputusan perlu nomor dan tanggal, dan tanggalnya tidak di masa depan. Isi keduanya.")


class ClaimUnreadable(Refusal):
    code = "claim_unreadable"
    status = 422
    text = _("Klaim perlu angka rupiah lebih dari nol, sumber, dan tanggal; batas atas tidak di bawah batas bawah.")


class CommentEmpty(Refusal):
    code = "comment_empty"
    status = 422
    text = _("Tanggapan masih kosong. Tulis paling sedikit tiga huruf.")


class CommentNamesSomeone(Refusal):
    """Numbers or addresses that belong to a person."""

    code = "comment_names_someone"
    status = 422
    text = _("Tanggapan memuat NIK, nomor telepon, atau surel. Halaman ini untuk umum: hapus itu, lalu kirim lagi.")


class NotOpenForComments(Refusal):
    code = "not_open_for_comments"
    text = _("Masa tanggapan rencana ini sudah ditutup. Tanggapan Anda tidak disimpan.")


class InvitationOver(Refusal):
    code = "invitation_over"
    status = 404
    text = _("Tautan ini tidak berlaku atau sudah lewat. Minta tautan baru kepada perencana kota.")


class NoSuchMove(Refusal):
    code = "no_such_move"
    status = 404
    text = _("Pindah itu tidak ada. Lihat daftar pindah di rencananya.")


class MoveIsOver(Refusal):
    code = "move_is_over"
    text = _("Pindah ini sudah selesai atau dibatalkan bersama keputusannya. Tidak ada yang berubah.")


class UnitHasMoved(Refusal):
    """The unit no longer sits where the move starts."""

    code = "unit_has_moved"
    text = _("%(unit)s tidak lagi di %(origin)s; menurut inventaris sekarang di %(now)s. Pindah ini tidak dijalankan. "
             "Perbaiki inventaris atau buat rencana baru.")  # fmt: skip

    def __init__(self, unit: str, origin: str, now: str) -> None:
        super().__init__(self.text % {"unit": unit, "origin": origin, "now": now})


class PapersMissing(Refusal):
    """The checklist doesn't hold; what is missing is named."""

    code = "papers_missing"
    text = _("Belum bisa dinyatakan pindah. Yang belum ada: %(missing)s. Lengkapi dulu, lalu coba lagi.")

    def __init__(self, missing: Sequence[str]) -> None:
        super().__init__(self.text % {"missing": ", ".join(missing)})
        self.missing = list(missing)


class PaperUnreadable(Refusal):
    code = "paper_unreadable"
    status = 422
    text = _("Isi nomor, tanggal yang tidak di masa depan, penanggung jawab, dan berkasnya; atau alasan tidak perlu.")


class HandoverFirst(Refusal):
    code = "handover_first"
    text = _("Berita acara serah terima (BAST) belum ada. Catat BAST dulu, baru status penggunaan dan gedung kosong.")


class TooEarly(Refusal):
    code = "move_too_early"
    text = _("Tanggal pindahnya belum tiba. Nyatakan selesai pada hari itu atau sesudahnya.")


class HoursMissingBefore(Refusal):
    code = "hours_missing_before"
    text = _("Unit ini belum pernah menjawab pertanyaan jam bulanan. Sekali sebelum pindah wajib, agar ada pembanding. "
             "Kirimi unit itu tautannya.")  # fmt: skip


class HoursUnreadable(Refusal):
    code = "hours_unreadable"
    status = 422
    text = _("Jam sebulan ditulis 0 sampai 5.000 untuk tiap pertanyaan. Periksa angkanya, lalu kirim lagi.")
