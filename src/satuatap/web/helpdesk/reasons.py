"""Why staff may look at a contact, in words: one is chosen before anything is shown."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from satuatap.features.visits.states import WhyRead

REASONS = {
    WhyRead.LEFT_BEHIND: _("barang atau berkas tertinggal"),
    WhyRead.DOCUMENT_READY: _("dokumen siap diambil"),
    WhyRead.CALL_AWAY: _("dipanggil, tetapi tidak ada di ruang tunggu"),
    WhyRead.OWN_REQUEST: _("diminta orangnya sendiri"),
}
