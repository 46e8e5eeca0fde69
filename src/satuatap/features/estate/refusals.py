"""Why the estate may say no."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext_lazy as _

from satuatap.basics.refusal import Refusal


class BrokenInventory(Refusal):
    """A row points to what is not in the inventory."""

    code = "broken_inventory"
    status = 422
    text = _("Ada baris inventaris yang menunjuk gedung, unit, atau meter yang tidak ada. Periksa kodenya.")


class SitsElsewhere(Refusal):
    """A unit that is to be moved sits in another building by now, or in none."""

    code = "sits_elsewhere"
    text = _("Menurut inventaris unit ini tidak lagi di gedung asalnya. Muat ulang halaman, lalu periksa rencananya.")


class SeatedLater(Refusal):
    """A move's day lies before the unit came to where it sits."""

    code = "seated_later"
    text = _("Menurut inventaris unit ini baru di gedung asalnya sejak %(since)s, sesudah hari pindah. Betulkan dulu.")

    def __init__(self, since: date) -> None:
        super().__init__(self.text % {"since": since.strftime("%d-%m-%Y")})


class NothingToStudy(Refusal):
    """There are no buildings or nobody sits in them."""

    code = "nothing_to_study"
    status = 422
    text = _("Belum ada yang dapat dihitung: isi dulu tiga daftar, yaitu gedung, unit kerja, dan siapa di mana.")


class NotReadyToStudy(Refusal):
    """What the three lists lack and no norm fills, or what the engine finds wrong."""

    code = "not_ready_to_study"
    status = 422
    text = _("Kajian belum dapat dihitung: %(faults)s")

    def __init__(self, faults: Sequence[str], most: int = 5) -> None:
        super().__init__(self.text % {"faults": " ".join(faults[:most])})
        self.faults = list(faults)


class NoSuchStudy(Refusal):
    code = "no_such_study"
    status = 404
    text = _("Kajian itu tidak ada. Lihat daftar kajian.")


class NoProblemKept(Refusal):
    """A study that never began keeps no problem, so no plan can be priced with it."""

    code = "no_problem_kept"
    text = _("Kajian ini belum punya hitungan. Tunggu sampai mulai, atau mulai kajian baru.")


class SumsDiffer(Refusal):
    """Two ways of counting say two things; neither is shown."""

    code = "sums_differ"
    text = _("Dua cara hitung tidak sama untuk pilihan ini, jadi harganya disembunyikan. Laporkan ke pengelola sistem.")


class BadPrices(Refusal):
    """A price to be tried is no number, or far from what it means."""

    code = "bad_prices"
    status = 422
    text = _("Ada harga yang di luar batas: %(names)s. Betulkan angkanya; yang lain tetap.")

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(self.text % {"names": ", ".join(str(name) for name in names)})


class StudyIsOver(Refusal):
    code = "study_is_over"
    text = _("Kajian ini sudah selesai; hasil terbaiknya tersimpan.")


class NoSuchImport(Refusal):
    """Rows of an upload that are no longer kept."""

    code = "no_such_import"
    status = 404
    text = _("Impor itu tidak lagi tersimpan. Unggah lagi berkasnya.")


class NothingToAsk(Refusal):
    """A study that still runs, or that found no plan."""

    code = "nothing_to_ask"
    text = _("Kajian ini belum punya rencana untuk ditanyai. Tunggu sampai selesai, atau mulai kajian baru.")


class NoSuchQuestion(Refusal):
    code = "no_such_question"
    status = 404
    text = _("Pertanyaan itu tidak ada. Buka kajiannya, lalu tanyakan lagi.")


class NotInStudy(Refusal):
    """A unit, a building or a figure that the study did not compute with."""

    code = "not_in_study"
    status = 422
    text = _("Unit, gedung, atau angka itu tidak ada di kajian ini. Pilih dari daftarnya.")


class NotForced(Refusal):
    """A forced choice without an answer that has a plan."""

    code = "not_forced"
    text = _("Pilihan itu belum terbukti mungkin, maka belum ada rencana yang dapat ditetapkan. Tanyakan dulu.")


class NotYourNorm(Refusal):
    """A norm that another house keeps."""

    code = "not_your_norm"
    status = 403
    text = _(
        "Harga (norma dalam rupiah) diubah BPKAD, norma lain oleh Bappeda. Yang bukan bagian Anda: %(names)s. "
        "Tidak ada yang berubah."
    )

    def __init__(self, names: Sequence[str], most: int = 5) -> None:
        super().__init__(self.text % {"names": ", ".join(names[:most]) + (" ..." if len(names) > most else "")})


class NothingMapped(Refusal):
    """A way to read a sheet that has no name, or takes no column."""

    code = "nothing_mapped"
    status = 422
    text = _("Belum disimpan: pilih paling sedikit satu kolom dari berkas, dan beri nama.")


class NotASheet(Refusal):
    """A file in which no rows can be seen."""

    code = "not_a_sheet"
    status = 422
    text = _("Berkas ini tidak berisi baris yang dapat dibaca. Simpan sebagai XLSX atau CSV, lalu unggah lagi.")
