"""Why the journal may say no."""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from satuatap.basics.refusal import Refusal


class KeyUsedOtherwise(Refusal):
    """The same key twice is one action with one answer; it is never the answer to another action."""

    code = "key_used"
    status = 422
    text = _("Kunci permintaan ini sudah dipakai untuk langkah lain, jadi langkah ini belum tercatat. "
             "Muat ulang halaman, lalu ulangi.")  # fmt: skip


class SealsDisagree(Refusal):
    """What is sealed already was changed: a new seal would bury that, so none is made."""

    code = "seals_disagree"
    status = 409

    def __init__(self, size: int) -> None:
        super().__init__(
            gettext("Segel jurnal sampai posisi %(size)d tidak cocok lagi dengan dirinya sendiri, jadi segel baru "
                    "tidak dibuat. Jalankan: satuatap journal verify.") % {"size": size}
        )  # fmt: skip


class EntryIsGone(Refusal):
    """A numbered entry that was not sealed yet is missing."""

    code = "entry_gone"
    status = 409

    def __init__(self, position: int) -> None:
        super().__init__(
            gettext("Catatan jurnal di posisi %(position)d hilang, jadi segel baru tidak dibuat. "
                    "Jalankan: satuatap journal verify.") % {"position": position}
        )  # fmt: skip


class NotSealed(Refusal):
    """A proof is asked for something that no seal holds (yet)."""

    code = "not_sealed"
    status = 404
    text = _("Posisi ini belum tersegel atau tidak ada. Segel dibuat setiap sepuluh menit; coba lagi nanti.")


class NoSuchSeal(Refusal):
    """A size that no seal has."""

    code = "no_such_seal"
    status = 404
    text = _("Tidak ada segel dengan ukuran itu. Lihat daftar akar untuk ukuran yang ada.")
