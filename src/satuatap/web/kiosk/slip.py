"""What stands on a ticket: the number, where to go first, every stop with its minutes, the code to follow it by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO

import segno
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from satuatap.features.catalogue import queries as catalogue
from satuatap.features.catalogue.views import PaperView
from satuatap.features.malls import queries as malls
from satuatap.features.malls.queries import MallView, ZonePlan
from satuatap.features.visits.queries import holder_view, visit_by_token
from satuatap.features.visits.views import VisitView


@dataclass(frozen=True, slots=True)
class Slip:
    """A ticket, ready to be shown and printed."""

    visit: VisitView
    mall: MallView
    address: str
    qr: SafeString
    zone: ZonePlan | None
    desks: str
    called_from: datetime | None
    called_until: datetime | None
    papers: tuple[PaperView, ...]

    @property
    def short_address(self) -> str:
        """What somebody without a camera types."""
        return self.address.split("://", 1)[-1].rsplit("/", 1)[0]


def slip_of(token: str, public_url: str) -> Slip | None:
    """The slip of the visit behind an unguessable address."""
    row = visit_by_token(token)
    if row is None:
        return None
    visit = holder_view(row)
    following = visit.next_stop
    wait = following.range if following else None
    address = f"{public_url}/kunjungan/{visit.token}"
    return Slip(
        visit=visit,
        mall=malls.mall(visit.mall),
        address=address,
        qr=qr_svg(address),
        zone=malls.hall_plan(visit.mall).zone(visit.wait_zone) if visit.wait_zone else None,
        desks=desks_in_words(following.desks) if following else "",
        called_from=visit.now + timedelta(minutes=wait.low) if wait else None,
        called_until=visit.now + timedelta(minutes=wait.high) if wait else None,
        papers=tuple(p for p in catalogue.plan([s.code for s in visit.services]).papers if p.always),
    )


def desks_in_words(signs: tuple[str, ...]) -> str:
    """ "Loket 10 sampai 13", or "Loket 10, 12"."""
    if not signs:
        return ""
    numbers = sorted(int(sign) for sign in signs if sign.isdigit())
    if len(numbers) == len(signs) > 2 and numbers[-1] - numbers[0] == len(numbers) - 1:
        return _("Loket %(first)d sampai %(last)d") % {"first": numbers[0], "last": numbers[-1]}
    return _("Loket %(numbers)s") % {"numbers": ", ".join(map(str, numbers or signs))}


def qr_svg(address: str) -> SafeString:
    """A QR code as one SVG path, without a style of its own."""
    out = BytesIO()
    segno.make(address, error="m", micro=False).save(
        out, kind="svg", xmldecl=False, svgns=True, nl=False, border=2, omitsize=True, svgclass="qr", lineclass=None
    )
    return mark_safe(out.getvalue().decode())  # noqa: S308  (made here, from an address of ours)
