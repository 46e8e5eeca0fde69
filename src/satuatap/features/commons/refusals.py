"""Why commons may say no."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from satuatap.basics.refusal import Refusal


class NoSuchClient(Refusal):
    code = "no_such_client"
    status = 404
    text = _("Klien itu tidak ada. Lihat daftarnya dengan satuatap api client list.")


class NameTaken(Refusal):
    code = "client_name_taken"
    text = _("Sudah ada klien dengan nama itu. Pilih nama lain, atau perbarui kunci klien yang ada.")


class ClientIsBlocked(Refusal):
    code = "client_is_blocked"
    text = _("Klien ini diblokir. Buat klien baru bila ia boleh masuk lagi.")


class ScopesUnknown(Refusal):
    code = "scopes_unknown"
    status = 422
    text = _("Ada cakupan yang tidak dikenal, atau tidak satu pun. Pilih dari daftar cakupan di docs/api.md.")


class EndUnreadable(Refusal):
    code = "end_unreadable"
    status = 422
    text = _("Masa berlaku kunci harus 1 sampai 730 hari.")


class RateUnreadable(Refusal):
    code = "rate_unreadable"
    status = 422
    text = _("Batas per menit harus 1 sampai 100.000.")


class NoSuchWebhook(Refusal):
    code = "no_such_webhook"
    status = 404
    text = _("Webhook itu tidak ada atau bukan milik klien ini. Minta daftar webhook, lalu pilih dari sana.")


class NoSuchDelivery(Refusal):
    code = "no_such_delivery"
    status = 404
    text = _("Kiriman itu tidak ada, atau bukan kiriman yang gagal. Minta daftar kiriman, lalu pilih dari sana.")


class EventsUnknown(Refusal):
    code = "events_unknown"
    status = 422
    text = _("Ada peristiwa yang tidak dikenal, atau tidak satu pun. Pilih dari daftar peristiwa di dokumentasi API.")


class AddressRefused(Refusal):
    code = "address_refused"
    status = 422
    text = _("Alamat webhook ini tidak boleh dipakai. Pakai alamat https yang dapat dijangkau dari internet, "
             "tanpa sandi di dalamnya.")  # fmt: skip


class TooManyWebhooks(Refusal):
    code = "too_many_webhooks"
    text = _("Klien ini sudah punya sepuluh webhook. Akhiri satu yang tidak dipakai, lalu coba lagi.")
