"""Why the catalogue may say no."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from satuatap.basics.refusal import Refusal


class NoSuchService(Refusal):
    code = "no_such_service"
    status = 404
    text = _("Layanan itu tidak ada dalam daftar. Cari lagi dengan kata lain, atau tanya petugas informasi.")


class UnknownServiceWanted(Refusal):
    code = "unknown_service"
    status = 422
    text = _("Salah satu urusan yang dipilih tidak ada dalam daftar. Pilih lagi urusannya.")


class NoSuchEvent(Refusal):
    code = "no_such_event"
    status = 404
    text = _("Peristiwa itu tidak ada dalam daftar. Kembali ke halaman depan, lalu pilih lagi.")


class GoingInCircles(Refusal):
    code = "going_in_circles"
    status = 422
    text = _("Urusan ini saling menunggu dan tidak bisa diurutkan. Tanya petugas informasi.")


class TooManyServices(Refusal):
    code = "too_many_services"
    status = 422
    text = _("Satu kunjungan memuat paling banyak 15 langkah urusan. Kurangi pilihan Anda.")


class NoSuchPlan(Refusal):
    code = "no_such_plan"
    status = 404
    text = _("Kode rencana itu tidak dikenal atau sudah lewat 14 hari. Periksa lagi, atau pilih urusan di sini.")


class BrokenCatalogue(Refusal):
    code = "broken_catalogue"
    status = 422
    text = _("Berkas katalog menyebut kode yang tidak ada.")
