"""Addresses of tests only: each guard and each kind of trouble once, beside the real sign-in."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.db import connection, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import include, path

from satuatap.basics.refusal import Refusal
from satuatap.features.people.models import Agency
from satuatap.features.people.states import Role
from satuatap.web.guards import actor_of, places_of, public, require_place, role_required
from satuatap.web.inputs import day_of, json_of, key_of, text_of, whole_of


class Closed(Refusal):
    code = "closed"
    text = "Tutup. Datang besok."


@public
def open_to_all(request: HttpRequest) -> HttpResponse:
    return HttpResponse("terbuka")


def unguarded(request: HttpRequest) -> HttpResponse:
    return HttpResponse("isi rahasia")


@role_required(Role.MANAGER, Role.KEEPER)
def for_managers(request: HttpRequest) -> HttpResponse:
    return HttpResponse(actor_of(request).code)


@role_required(Role.OFFICER)
def desk(request: HttpRequest, mall: int, booth: int) -> HttpResponse:
    require_place(request, Role.OFFICER, mall=mall, booth=booth)
    return HttpResponse(f"{len(places_of(request, Role.OFFICER))} tempat")


@public
def raises(request: HttpRequest, what: str) -> HttpResponse:
    errors: dict[str, Exception] = {
        "refusal": Closed(),
        "missing": Http404(),
        "denied": PermissionDenied(),
        "suspicious": SuspiciousOperation(),
        "bad": BadRequest(),
        "defect": RuntimeError("rahasia dalam"),
    }
    raise errors[what]


@public
def half(request: HttpRequest) -> HttpResponse:
    """Writes, then refuses: nothing may be left."""
    with transaction.atomic():
        Agency.objects.create(code="setengah", name="Setengah", kind="opd")
        raise Closed()


@public
def overflow(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("select %s::smallint", [whole_of(request.GET, "n", largest=10**12)])
    return HttpResponse("muat")


@public
def nul(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(Agency.objects.filter(code=request.POST["code"]).exists()))


@public
def reads(request: HttpRequest) -> HttpResponse:
    values: dict[str, Any] = {
        "text": lambda: text_of(request.POST, "text", longest=10),
        "number": lambda: whole_of(request.POST, "number", largest=100),
        "key": lambda: key_of(request),
        "day": lambda: day_of(request.POST, "day"),
        "json": lambda: sorted(json_of(request)),
    }
    return HttpResponse(str(values[request.GET["what"]]()))


urlpatterns = [
    path("", open_to_all),
    path("bocor", unguarded),
    path("manajer", for_managers),
    path("meja/<int:mall>/<int:booth>", desk),
    path("galat/<what>", raises),
    path("setengah", half),
    path("luap", overflow),
    path("nul", nul),
    path("baca", reads),
    path("", include("satuatap.web.signin.urls")),
]

handler400 = "satuatap.web.refusals.bad_request"
handler403 = "satuatap.web.refusals.forbidden"
handler404 = "satuatap.web.refusals.not_found"
handler500 = "satuatap.web.refusals.defect"
