"""The house says no: a refusal becomes a page, a part of a page, or JSON, with its sentence and its status."""

from __future__ import annotations

import logging
import secrets
import sys
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import BadRequest, DisallowedHost, RequestDataTooBig, SuspiciousOperation, TooManyFieldsSent
from django.db.utils import DataError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.http.multipartparser import MultiPartParserError
from django.http.request import UnreadablePostError
from django.middleware.csrf import get_token
from django.template import TemplateDoesNotExist
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from satuatap.basics.refusal import Refusal
from satuatap.web import problems
from satuatap.web.answers import wants_fragment, wants_json
from satuatap.web.hosts import UnknownAddress, note_unknown
from satuatap.web.inputs import BadInput
from satuatap.web.outages import Outage, outage_of

log = logging.getLogger(__name__)

PAGE = "components/refusal.html"
FRAGMENT = "components/refusal_fragment.html"
OUTAGE = "components/outage.html"  # asks nothing of the database
# Screens of the house go on at their own start; a form of kiosk or desk holds codes only and may be sent again.
KIOSK = "/anjungan"
STARTS = (KIOSK, "/papan", "/loket", "/bantuan", "/pantauan", "/pengelolaan")
SENT_AGAIN = ("/langsung/", "/loket/")


class NotFound(Refusal):
    code = "not_found"
    status = 404
    text = gettext_lazy("Halaman ini tidak ada. Periksa alamatnya, atau mulai lagi dari halaman depan.")


class Defect(Refusal):
    code = "defect"
    status = 500
    text = gettext_lazy("Ada yang rusak di sistem ini. Yang sudah tersimpan aman. Coba lagi sebentar lagi, "
                        "atau beri tahu pengelola sistem.")  # fmt: skip


class TooBig(Refusal):
    code = "too_big"
    status = 413
    text = gettext_lazy("Kiriman terlalu besar. Tidak ada yang berubah. Kurangi isinya, lalu kirim lagi.")


class NoCsrf(Refusal):
    """The form's own seal is missing: cookies are off, the page is old, or another site sent it."""

    code = "csrf"
    status = 403
    text = gettext_lazy("Formulir ini sudah kedaluwarsa atau kuki ditolak. Tidak ada yang berubah. Muat ulang halaman, "
                        "lalu kirim lagi.")  # fmt: skip


class Forbidden(Refusal):
    code = "forbidden"
    status = 403
    text = gettext_lazy("Anda tidak berwenang di sini. Minta pengelola sistem bila ini keliru.")


class WrongMethod(Refusal):
    code = "wrong_method"
    status = 405
    text = gettext_lazy("Alamat ini tidak menerima cara itu. Mulai lagi dari halaman sebelumnya.")


class RefusalMiddleware:
    """Turns refusals and unreadable input into plain answers; the transaction was undone, nothing is half-written."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if "%00" in request.META.get("QUERY_STRING", "") or "\x00" in request.path:
            return answer(request, BadInput())
        response = self.get_response(request)
        if response.status_code == 405 and (problems.is_api(request.path) or not getattr(response, "content", b"")):
            allowed = response.headers.get("Allow", "")
            response = answer(request, WrongMethod())
            response.headers["Allow"] = allowed
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponseBase | None:
        refusal = refusal_of(error)
        return None if refusal is None else answer(request, refusal)


def refusal_of(error: BaseException) -> Refusal | None:
    """The refusal that explains this exception; ``None`` for a defect."""
    if isinstance(error, Refusal):
        return error
    if isinstance(error, RequestDataTooBig | TooManyFieldsSent):
        return TooBig()
    if isinstance(error, DisallowedHost):
        return UnknownAddress()
    if isinstance(error, SuspiciousOperation | BadRequest | MultiPartParserError | UnreadablePostError | UnicodeError):
        return BadInput()
    if isinstance(error, DataError) or (isinstance(error, ValueError) and "NUL" in str(error)):
        log.warning("a value reached the database that it cannot hold: %s", type(error).__name__)
        return BadInput()
    if isinstance(error, OperationalError | InterfaceError):
        log.exception("the database is away")
        return outage_of(error)
    return None


def answer(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """The refusal in the form that the asker reads."""
    if problems.is_api(request.path):
        return problems.answer(refusal)
    code, sentence = refusal.code, str(refusal.text or _("Permintaan ini ditolak."))
    status = refusal.status
    where = getattr(refusal, "next", "/")
    response: HttpResponse
    if wants_json(request):
        response = JsonResponse({"code": code, "sentence": sentence, "next": where}, status=status)
    else:
        values = {"code": code, "sentence": sentence, "next": where, "status": status}
        template = FRAGMENT if wants_fragment(request) else PAGE
        if isinstance(refusal, Outage) and template == PAGE:
            response = _outage(request, values)
        else:
            response = HttpResponse(_rendered(request, template, values), status=status)
    if (wait := getattr(refusal, "retry_after", None)) is not None:
        response.headers["Retry-After"] = str(int(wait) + 1)
    response.headers["Cache-Control"] = "no-store"
    return response


def _outage(request: HttpRequest, values: dict[str, Any]) -> HttpResponse:
    """A page that comes back by itself, each at a moment of its own; a form is offered once more with the same key."""
    before = urlsplit(request.headers.get("Referer", "")).path
    start = next((one for path in (request.path, before) for one in STARTS if f"{path}/".startswith(f"{one}/")), "/")
    reads = request.method in ("GET", "HEAD")
    again = []
    if not reads and request.path.startswith(SENT_AGAIN) and request.POST.get("key"):
        again = [(name, value) for name, some in request.POST.lists() for value in some if not name.startswith("csrf")]
    more = {
        "next": start, "reads": reads, "again": again, "address": request.get_full_path(), "request": request,
        "csrf_token": get_token(request),
    }  # fmt: skip
    response = HttpResponse(render_to_string(OUTAGE, {**values, **more}), status=values["status"])
    if reads:
        response.headers["Refresh"] = str(4 + secrets.randbelow(5))
    elif start == KIOSK:  # the next citizen finds the start, whatever this one did
        response.headers["Refresh"] = f"60; url={start}"
    return response


def _rendered(request: HttpRequest, template: str, values: dict[str, Any]) -> str:
    try:
        return render_to_string(template, values, request)
    except TemplateDoesNotExist:
        pass
    except Exception:  # a broken page must still say the sentence
        log.exception("the page of a refusal failed")
    if template == FRAGMENT:
        return f'<p class="refusal" role="alert" data-code="{escape(values["code"])}">{escape(values["sentence"])}</p>'
    return (
        f'<!doctype html><html lang="id"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{escape(values['sentence'])}</title><main><p role=alert>{escape(values['sentence'])}</p>"
        f'<p><a href="{escape(values["next"])}">{escape(_("Ke halaman depan"))}</a></p></main></html>'
    )


def bad_request(request: HttpRequest, exception: BaseException | None = None) -> HttpResponse:
    """Django's handler400."""
    if isinstance(exception, DisallowedHost):
        note_unknown(request)
    return answer(request, refusal_of(exception or BadInput()) or BadInput())


def forbidden(request: HttpRequest, exception: BaseException | None = None) -> HttpResponse:
    """Django's handler403."""
    return answer(request, Forbidden())


def not_found(request: HttpRequest, exception: BaseException | None = None) -> HttpResponse:
    """Django's handler404."""
    return answer(request, NotFound())


def defect(request: HttpRequest) -> HttpResponse:
    """Django's handler500; a database that went away before a view began (a session, a guard) is no defect."""
    error = sys.exception()
    refusal = refusal_of(error) if isinstance(error, OperationalError | InterfaceError) else None
    return answer(request, refusal or Defect())


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's CSRF_FAILURE_VIEW, in plain words."""
    return answer(request, NoCsrf())
