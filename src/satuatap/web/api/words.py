"""What each operation does, in a sentence: for the description and for the page that people read."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

TITLE = "satuatap"
ABOUT = _("Layanan mal untuk program lain: katalog, antrean, papan panggilan, kunjungan, loket, dan webhook. Setiap "
          "permintaan membawa kunci klien; setiap tindakan membawa Idempotency-Key; setiap penolakan adalah "
          "application/problem+json dengan kalimat dan apa yang harus dilakukan.")  # fmt: skip

TAGS = {
    "catalogue": _("Katalog"),
    "floor": _("Mal dan antrean"),
    "tickets": _("Nomor dan kunjungan"),
    "desks": _("Loket"),
    "webhooks": _("Webhook"),
}

OPERATIONS = {
    "me": _("Siapa kunci ini: cakupan, batas, dan sampai kapan berlaku."),
    "agencies": _("Semua instansi di kota ini, dengan sumbernya."),
    "services": _("Semua layanan, atau layanan satu instansi."),
    "search": _("Cari layanan dengan kata sehari-hari; yang paling cocok di depan."),
    "service": _("Satu layanan: komponen standar pelayanan, syarat, langkah, masing-masing dengan sumbernya."),
    "list_malls": _("Mal yang boleh dilihat kunci ini."),
    "mall": _("Satu mal."),
    "booths": _("Gerai di satu mal."),
    "desks": _("Loket di satu mal; nomornya dipakai di alamat loket."),
    "hours": _("Jam buka mal, hari demi hari, dengan sumbernya."),
    "queue": _("Antrean sekarang: yang menunggu, loket yang buka, dan rentang menit sampai dipanggil, tiap langkah."),
    "board": _("Panggilan terakhir seperti di papan."),
    "report": _("Hari ini dalam angka, seluruh mal."),
    "take_ticket": _("Ambil satu nomor untuk semua urusan sekaligus."),
    "visit": _("Ikuti satu kunjungan dengan token dari struknya."),
    "desk": _("Keadaan satu loket: siapa yang dilayani, berapa yang menunggu, apa yang boleh dilakukan."),
    "call": _("Panggil urusan terbaik yang warganya bebas; called kosong bila tidak ada."),
    "start": _("Warga sudah duduk: waktu layanan mulai dihitung."),
    "finish": _("Akhiri urusan di loket dengan satu hasil."),
    "open_desk": _("Buka loket, atau akhiri istirahat."),
    "close_desk": _("Tutup loket."),
    "pause": _("Istirahat atau gangguan; bila ada warga, berlaku sesudahnya."),
    "recall": _("Panggil nomor yang sama sekali lagi, paling cepat semenit sesudah panggilan terakhir."),
    "miss": _("Sesudah dua panggilan ulang: tandai terlewat."),
    "transfer": _("Alihkan urusan ke layanan lain di mal ini, dengan alasan dari daftar."),
    "undo": _("Batalkan langkah terakhir loket ini, paling lama dua menit sesudahnya."),
    "webhooks": _("Webhook klien ini."),
    "make_webhook": _("Minta diberi tahu tentang peristiwa di alamat ini. Jawabannya memuat rahasia tanda tangan."),
    "end_webhook": _("Akhiri satu webhook."),
    "deliveries": _("Kiriman satu webhook, dengan percobaan dan keadaannya."),
    "resend": _("Kirim lagi satu kiriman yang gagal."),
}
