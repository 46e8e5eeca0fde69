"""A refusal as the API tells it: application/problem+json (RFC 9457), the same from the front and from Django."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from satuatap.basics.refusal import Refusal

API = "/api/"
REFERENCE = "/api/v1/docs"
CONTENT_TYPE = "application/problem+json; charset=utf-8"

# status -> (title, what to do)
STATUSES = {
    400: (_("Permintaan tidak terbaca"),
          _("Periksa alamat, isi JSON, dan header Idempotency-Key (UUID) terhadap /api/v1/openapi.json.")),
    401: (_("Kunci diperlukan"),
          _("Kirim header Authorization: Bearer dengan kunci yang berlaku, dari pengelola sistem.")),
    403: (_("Di luar batas kunci ini"), _("Minta pengelola sistem memberi cakupan atau batas yang lebih luas.")),
    404: (_("Tidak ditemukan"), _("Periksa alamat dan kodenya terhadap daftar yang diberikan API ini.")),
    405: (_("Cara ini tidak diterima"), _("Pakai salah satu cara di header Allow.")),
    409: (_("Keadaannya lain"), _("Baca keadaan terbaru, lalu putuskan lagi dengan Idempotency-Key yang baru.")),
    413: (_("Terlalu besar"), _("Kirim lebih sedikit sekaligus.")),
    421: (_("Bukan di sini"), _("Jalankan server dengan satuatap serve, lalu ulangi.")),
    422: (_("Isian tidak sah"), _("Perbaiki isian yang disebut, lalu kirim lagi dengan Idempotency-Key yang baru.")),
    429: (_("Terlalu sering"), _("Tunggu sebanyak detik di header Retry-After, lalu lanjutkan lebih pelan.")),
    500: (_("Kerusakan sistem"), _("Ulangi dengan Idempotency-Key yang sama: tidak akan terjadi dua kali.")),
    503: (_("Sedang tidak siap"), _("Ulangi sebentar lagi dengan Idempotency-Key yang sama.")),
}  # fmt: skip


def is_api(path: str) -> bool:
    """Whether a program asks: everything of the API but its page for people."""
    return path.startswith(API) and path != REFERENCE


def language_of_header(accepted: str) -> str:
    """A program says its language in Accept-Language; Indonesian unless English comes first."""
    return "en" if accepted.strip().lower().startswith("en") else "id"


def problem_of(refusal: Refusal) -> dict[str, Any]:
    """The members of the problem, in the language that is active."""
    status = refusal.status
    title, what_to_do = STATUSES.get(status, STATUSES[409 if status < 500 else 500])
    return {
        "type": f"{settings.PUBLIC_URL}{REFERENCE}#problem-{status}",
        "title": str(title),
        "status": status,
        "detail": str(refusal.text),
        "code": refusal.code,
        "what_to_do": str(what_to_do),
    }


def headers_of(refusal: Refusal) -> dict[str, str]:
    """What belongs to the problem beside its body."""
    found = {"Cache-Control": "no-store"}
    if (wait := getattr(refusal, "retry_after", None)) is not None:
        found["Retry-After"] = str(int(wait) + 1)
    if refusal.status == 401:
        found["WWW-Authenticate"] = 'Bearer realm="satuatap"'
    return found


def answer(refusal: Refusal, **more: Any) -> HttpResponse:
    """Django's answer; ``more`` members explain what is wrong with an input."""
    body = json.dumps({**problem_of(refusal), **more}, ensure_ascii=False)
    return HttpResponse(body, status=refusal.status, content_type=CONTENT_TYPE, headers=headers_of(refusal))
