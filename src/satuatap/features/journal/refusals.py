"""Why the journal may say no."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from satuatap.basics.refusal import Refusal


class KeyUsedOtherwise(Refusal):
    """The same key twice is one action with one answer; it is never the answer to another action."""

    code = "key_used"
    status = 422
    text = _("Kunci permintaan ini sudah dipakai untuk langkah lain, jadi langkah ini belum tercatat. "
             "Muat ulang halaman, lalu ulangi.")  # fmt: skip
