"""The daily sheet: one printed page with the counts of the day and the last root, which so leaves on paper."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import segno
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from satuatap.features.journal.queries import SealView, last_seal
from satuatap.features.malls import queries as malls
from satuatap.features.malls.queries import MallView
from satuatap.features.people.states import Role
from satuatap.features.visits import queries as visits
from satuatap.features.visits.views import Hall
from satuatap.plumbing import papers
from satuatap.web.components import formats
from satuatap.web.guards import places_of, require_place, role_required
from satuatap.web.inputs import text_of, whole
from satuatap.web.open.refusals import NoRootYet, NoSuchFloor

SOURCE = Path(__file__).with_name("sheet.typ")
GROUP, GROUPS_A_LINE = 8, 4
SMALLEST_ID, LARGEST_ID = 1, 32_767


@role_required(Role.MANAGER, Role.KEEPER)
@require_safe
def daily_sheet(request: HttpRequest) -> HttpResponse:
    """The sheet of the mall's day as PDF; ``?mal=`` one of several malls."""
    mall = _mall_of(request)
    require_place(request, (Role.MANAGER, Role.KEEPER), mall=mall.id)
    seal = last_seal()
    if seal is None:
        raise NoRootYet()
    try:
        hall = visits.hall(mall.id, fresh=True)
    except ObjectDoesNotExist:
        raise NoSuchFloor() from None
    found = finders.find("vendor/font.woff2")
    made = papers.pdf(
        SOURCE.read_text(),
        sheet_values(mall, hall, seal),
        font=Path(found) if isinstance(found, str) else None,
        kept=Path(settings.HOME) / "fonts",
    )
    answer = HttpResponse(made, content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="lembar-harian-{hall.day.isoformat()}.pdf"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _mall_of(request: HttpRequest) -> MallView:
    raw = text_of(request.GET, "mal", longest=6, default="")
    known = {view.id: view for view in malls.malls()}
    own = [grant.mall_id for grant in places_of(request, Role.MANAGER) if grant.mall_id in known]
    number = whole(raw, smallest=SMALLEST_ID, largest=LARGEST_ID) if raw else next(iter([*own, *known]), 0)
    if number not in known:
        raise NoSuchFloor()
    return known[number]


def sheet_values(mall: MallView, hall: Hall, seal: SealView) -> dict[str, Any]:
    """Everything that stands on the sheet, as text."""
    language = "en" if (get_language() or "id").startswith("en") else "id"
    address = f"{settings.PUBLIC_URL}/terbuka/jurnal/akar?sesudah={seal.after}"
    return {
        "language": language,
        "title": _("Lembar harian"),
        "mall": mall.name,
        "example": _("Mal contoh: jamnya dapat diatur, angkanya bukan milik mal yang sungguh.") if mall.demo else "",
        "date": formats.long_date(hall.day, language),
        "state": _("Hari sudah ditutup.") if hall.closed else _("Hari belum ditutup: angka ini masih berubah."),
        "counts": [
            [_("Kunjungan"), formats.whole(hall.visits, language)],
            [_("Urusan selesai"), formats.whole(hall.finished, language)],
            [_("Tidak terlayani"), formats.whole(hall.unserved, language)],
            [_("Masih di dalam mal"), formats.whole(hall.in_mall, language)],
        ],
        "seal_title": _("Akar jurnal"),
        "seal_words": _(
            "Akar ini mewakili %(size)s catatan jurnal sampai %(time)s. Simpan lembar ini di luar mesin: bila satu "
            "catatan pun ditulis ulang, akarnya tidak cocok lagi."
        ) % {"size": formats.whole(seal.size, language), "time": moment_of(seal, mall, language)},
        "root": in_groups(seal.root.hex()),
        "size_words": _("Ukuran %(size)d") % {"size": seal.size},
        "address_words": _("Bandingkan dengan yang diumumkan:"),
        "address": address,
        "qr": qr_svg(address),
        "signed": _("Dicetak dan disimpan oleh"),
    }  # fmt: skip


def moment_of(seal: SealView, mall: MallView, language: str) -> str:
    """When the seal was made, in the mall's zone: the world's time, not a demo's."""
    day = formats.long_date(seal.made, language, mall.zone_name)
    return f"{day}, {formats.clock_time(seal.made, mall.zone_name, language)}"


def in_groups(root: str) -> list[str]:
    """64 letters in lines of groups that a person can compare."""
    groups = [root[at : at + GROUP] for at in range(0, len(root), GROUP)]
    return ["  ".join(groups[at : at + GROUPS_A_LINE]) for at in range(0, len(groups), GROUPS_A_LINE)]


def qr_svg(address: str) -> str:
    """The address as a QR code."""
    out = BytesIO()
    segno.make(address, error="m", micro=False).save(out, kind="svg", border=2, xmldecl=False, nl=False)
    return out.getvalue().decode()
