"""A service's standard as a poster to print: all 14 components, what is not laid down said so, a QR to its page.

The poster is Indonesian whatever the reader's language. It holds what binds this office: its own
word, and the nation's.
Other offices' figures and what nobody has published stay on the service's page, with whose word they are.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import override
from django.views.decorators.http import require_safe

from satuatap.features.catalogue import queries as catalogue
from satuatap.features.catalogue.states import PUBLIC, Basis, CanFinish, Component, PlaceKind
from satuatap.features.catalogue.views import PlaceView, RequirementView, ServicePage
from satuatap.features.malls import queries as malls
from satuatap.features.plans import queries as regroupings
from satuatap.features.plans.queries import MovedService
from satuatap.web.components import formats
from satuatap.web.guards import public
from satuatap.web.printing import printed, qr

SOURCE = Path(__file__).with_name("poster.typ")
SIZES = ("a4", "a3")
BINDING = (Basis.PALEMBANG, Basis.NATIONAL)
# UU 25/2009 Pasal 21; the split in 6 and 8 is PermenPANRB 15/2014 (data/law/service-standard.csv).
NAMES = {
    Component.REQUIREMENTS: "Persyaratan",
    Component.PROCEDURE: "Sistem, mekanisme, dan prosedur",
    Component.TIME: "Jangka waktu penyelesaian",
    Component.COST: "Biaya atau tarif",
    Component.PRODUCT: "Produk pelayanan",
    Component.COMPLAINTS: "Pengaduan, saran, dan masukan",
    Component.LEGAL_BASIS: "Dasar hukum",
    Component.FACILITIES: "Sarana, prasarana, atau fasilitas",
    Component.COMPETENCE: "Kompetensi pelaksana",
    Component.SUPERVISION: "Pengawasan internal",
    Component.STAFF: "Jumlah pelaksana",
    Component.SERVICE_GUARANTEE: "Jaminan pelayanan",
    Component.SAFETY_GUARANTEE: "Jaminan keamanan dan keselamatan",
    Component.EVALUATION: "Evaluasi kinerja pelaksana",
}
FORMS = {"copy": "fotokopi", "original": "asli", "data": "cukup datanya"}
IN_PERSON = (PlaceKind.MALL, PlaceKind.AGENCY_OFFICE, PlaceKind.OFFICE, PlaceKind.DISTRICT_OFFICE, PlaceKind.FACILITY)
NOTE = (
    "Yang tertulis adalah ketetapan kota ini atau aturan nasional. Belum ditetapkan berarti isinya belum kami temukan "
    "dalam sumber yang diumumkan; tidak ada yang kami karang."
)


@public
@require_safe
def standard(request: HttpRequest, code: str) -> HttpResponse:
    """The poster as PDF; ``ukuran=a3`` for the large one."""
    page = catalogue.service(code)
    size = "a3" if request.GET.get("ukuran") == "a3" else "a4"
    with override("id"):
        values = poster_values(page, regroupings.moved_services([code]).get(code), size)
    return printed(SOURCE, values, f"standar-{code}-{size}")


def poster_values(page: ServicePage, moved: MovedService | None, size: str = "a4") -> dict[str, Any]:
    """Everything that stands on the poster, as text."""
    address = f"{settings.PUBLIC_URL}/layanan/{page.card.code}"
    parts = [{"number": str(part.value), "name": NAMES[part], "texts": texts_of(page, part)} for part in Component]
    return {
        "size": size, "service": page.card.name, "everyday": page.card.everyday_name, "agency": page.card.agency,
        "public": [one for one, part in zip(parts, Component, strict=True) if part in PUBLIC],
        "inside": [one for one, part in zip(parts, Component, strict=True) if part not in PUBLIC],
        "places": [words for place in page.places if (words := place_words(place))],
        "moved": moved_words(moved), "link": address, "qr": qr(address), "note": NOTE,
    }  # fmt: skip


def texts_of(page: ServicePage, part: Component) -> list[str]:
    """What binds this office in one component; empty where nothing is laid down."""
    found = [need_words(need) for need in page.requirements if need.basis in BINDING] if part == 1 else []
    return found + [text.text for text in page.components.get(part, []) if text.basis in BINDING and text.text]


def need_words(need: RequirementView) -> str:
    """A paper to bring, with its form and its condition."""
    words = need.document.name + (f", {FORMS[need.form]}" if need.form in FORMS else "")
    return words if need.always else f"{words} (hanya bila {need.condition})"


def place_words(place: PlaceView) -> str:
    """A place where it can be finished by coming there; the mall's address is the mall's own."""
    if place.kind not in IN_PERSON or place.can_finish not in (CanFinish.YES, CanFinish.PARTLY):
        return ""
    address = place.address
    if place.kind == PlaceKind.MALL and not address:
        known = malls.malls()
        address = known[0].address if known else ""
    return ", ".join(part for part in (place.name, address) if part)


def moved_words(moved: MovedService | None) -> dict[str, str]:
    """The old and the new address of a service whose office moved."""
    if moved is None:
        return {}
    return {
        "since": formats.long_date(moved.on).partition(", ")[2],
        "new": f"{moved.new_name}, {moved.new_address}",
        "old": f"{moved.old_name}, {moved.old_address}",
    }
