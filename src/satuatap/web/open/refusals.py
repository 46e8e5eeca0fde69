"""Why what is open to all may still say no."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from satuatap.basics.refusal import Refusal
from satuatap.plumbing.limits import Limiter, Limits, Rate

# A proof costs some reads; a watcher who follows every seal needs one a few minutes.
PROOFS = Limits(Limiter(Rate(60, 60.0), Rate(1000, 3600.0)))


class TooManyProofs(Refusal):
    """One address asks for more proofs than a person reads."""

    code = "too_many_proofs"
    status = 429
    text = _("Terlalu banyak bukti diminta dari alamat Anda. Tunggu satu menit, lalu coba lagi.")

    def __init__(self, wait_seconds: float) -> None:
        self.retry_after = wait_seconds
        super().__init__()


class NoRootYet(Refusal):
    """Nothing was sealed so far."""

    code = "no_root_yet"
    status = 404
    text = _("Belum ada segel. Segel pertama dibuat paling lama sepuluh menit setelah jurnal mulai diisi.")


class NoSuchFloor(Refusal):
    """A sheet is asked for a mall that has no day to print."""

    code = "no_such_floor"
    status = 404
    text = _("Mal itu tidak ada atau belum pernah dibuka. Pilih mal lain.")
