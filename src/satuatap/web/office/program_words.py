"""What a program may do, what it is told, and what became of a message, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from satuatap.features.commons.queries import DeliveryView
from satuatap.features.commons.states import ApiScope, Event

KINDS = (
    "client_made", "client_renewed", "client_blocked", "webhook_made", "webhook_ended", "delivery_sent_again",
)  # fmt: skip


def scope_names() -> dict[str, str]:
    """What each scope opens."""
    return {
        ApiScope.CATALOGUE: _("membaca layanan, instansi, dan jam"),
        ApiScope.QUEUE: _("membaca antrean dan panggilan"),
        ApiScope.VISITS: _("membaca satu kunjungan, dengan alamat pada struknya"),
        ApiScope.REPORTS: _("membaca hari ini dalam angka"),
        ApiScope.TICKETS: _("mengambil nomor"),
        ApiScope.DESKS: _("memanggil dan menyelesaikan di loket"),
        ApiScope.WEBHOOKS: _("mengatur webhook miliknya sendiri"),
    }


def event_names() -> dict[str, str]:
    """What a webhook may tell."""
    return {
        Event.TICKET_ISSUED: _("nomor diambil"),
        Event.CALLED: _("dipanggil"),
        Event.RECALLED: _("dipanggil ulang"),
        Event.STARTED: _("mulai dilayani"),
        Event.FINISHED: _("selesai dilayani"),
        Event.MISSED: _("terlewat"),
        Event.TRANSFERRED: _("dialihkan"),
        Event.UNDONE: _("langkah dibatalkan"),
        Event.DESK_OPENED: _("loket dibuka"),
        Event.DESK_CLOSED: _("loket ditutup"),
        Event.DAY_OPENED: _("hari dimulai"),
        Event.DAY_CLOSED: _("hari ditutup"),
    }


def problem_of(view: DeliveryView) -> str:
    """Why a message did not arrive, as far as is known."""
    if view.state == "delivered" or not view.tries:
        return ""
    if view.status is not None:
        return _("penerima menjawab %(status)s") % {"status": view.status}
    return _("tidak terkirim (%(code)s)") % {"code": view.problem} if view.problem else ""


def of_programs(kind: str, fact: Mapping[str, Any], names: Mapping[Any, str]) -> str:
    """A fact of commons as one sentence; a program by its name, never by a key."""
    number = fact.get("client")
    known, hook = scope_names(), str(fact.get("webhook", ""))[:8]
    values = {
        "program": names.get(f"client:{number}") or str(number or ""),
        "scopes": ", ".join(known.get(one, str(one)) for one in fact.get("scopes", ())),
        "hook": hook,
        "why": _("penerimanya menolak") if fact.get("why") == "gone" else _("diminta"),
    }
    sentences = {
        "client_made": _("Program %(program)s dibuat: %(scopes)s."),
        "client_renewed": _("Program %(program)s diberi kunci baru."),
        "client_blocked": _("Program %(program)s diakhiri."),
        "webhook_made": _("Webhook %(hook)s dibuat untuk program %(program)s."),
        "webhook_ended": _("Webhook %(hook)s milik program %(program)s berakhir: %(why)s."),
        "delivery_sent_again": _("Kiriman yang gagal dari webhook %(hook)s dicoba lagi."),
    }
    return sentences[kind] % values if kind in sentences else ""
