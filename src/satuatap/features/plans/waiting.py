"""What is known of the waits under a version, and whether it may go on with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from satuatap.features.plans import hall, refusals
from satuatap.features.plans.models import Minutes, Version
from satuatap.features.plans.rules import Content
from satuatap.features.plans.states import MinutesLife


@dataclass(frozen=True, slots=True)
class MinutesView:
    """The newest computation of a version's waits; ``found`` as ``study.judge_hall`` gives it."""

    life: MinutesLife
    asked_at: datetime
    ended_at: datetime | None
    found: Mapping[str, Any] | None
    holds: bool | None
    trouble: str

    @property
    def pending(self) -> bool:
        return self.life in (MinutesLife.QUEUED, MinutesLife.RUNNING)

    @property
    def can_mend(self) -> bool:
        """Whether each broken promise has a remedy."""
        broken = [one for one in (self.found or {}).get("lines", ()) if not one["holds"]]
        return bool(broken) and all(one["remedies"] for one in broken)


def minutes_of(version: int) -> MinutesView | None:
    """The newest computation of a version, by its number in the house."""
    row = Minutes.objects.filter(version=version).order_by("-asked_at", "-pk").first()
    if row is None:
        return None
    return MinutesView(MinutesLife(row.life), row.asked_at, row.ended_at, row.found, row.holds, row.trouble)


def minutes_of_plan(plan: str, number: int) -> MinutesView | None:
    """The newest computation of a plan's version."""
    key = Version.objects.filter(plan__code=plan, number=number).values_list("pk", flat=True).first()
    return None if key is None else minutes_of(key)


def waiting_minutes() -> bool:
    """Whether any computation waits for a process."""
    return Minutes.objects.filter(life=MinutesLife.QUEUED).exists()


def must_hold(version: Version) -> None:
    """Raise why a version may not go on: its waits are unknown, out of date, or break a promise of the hall.

    A version that brings nobody into a hall needs none.
    """
    now = hall.hall_of(Content.from_json(version.content))
    if now is None:
        return
    view = minutes_of(version.pk)
    if view is None:
        raise refusals.MinutesUnknown()
    if view.pending:
        raise refusals.MinutesPending()
    if view.found is None:
        raise refusals.MinutesFailed(view.trouble)
    if view.found["digest"] != now.digest:
        raise refusals.MinutesOld()
    if not view.holds:
        raise refusals.PromiseBroken(sentences(view.found))


def sentences(found: Mapping[str, Any]) -> list[str]:
    """Each broken promise with its minutes and the cheapest remedy."""
    return [f"{_broken(one)} {remedy_words(one)}" for one in found["lines"] if not one["holds"]]


def _broken(line: Mapping[str, Any]) -> str:
    if line["p90"] is None:
        return _("%(name)s belum punya loket di sana.") % {"name": line["name"]}
    values = {"name": line["name"], "minutes": whole(line["p90"]), "promised": whole(line["promised"])}
    return _("%(name)s: 9 dari 10 warga menunggu sampai %(minutes)s menit, janjinya %(promised)s menit.") % values


def remedy_words(line: Mapping[str, Any]) -> str:
    """The cheapest remedy of a line in one sentence."""
    best = next(iter(line["remedies"]), None)
    if best is None:
        return _("Tidak ada obat sampai 50 loket atau 6 jam lagi; kurangi yang pindah ke sana.")
    return _("Obat termurah: %(what)s.") % {"what": what_words(best)}


def what_words(remedy: Mapping[str, Any]) -> str:
    """A remedy as a phrase: what, its price, and what the wait becomes."""
    if remedy["desks"]:
        what = ngettext("%(n)s loket lagi", "%(n)s loket lagi", remedy["desks"]) % {"n": remedy["desks"]}
    else:
        what = ngettext("buka %(n)s jam lebih lama", "buka %(n)s jam lebih lama", remedy["hours"])
        what %= {"n": remedy["hours"]}
    values = {"what": what, "price": rupiah(remedy["yearly"]), "minutes": whole(remedy["p90"])}
    return _("%(what)s, jam kerja petugas %(price)s setahun, menjadi %(minutes)s menit") % values


def whole(minutes: float) -> str:
    """Minutes rounded up: a promise is never kept by rounding."""
    return str(int(-(-minutes // 1)))


def rupiah(value: int) -> str:
    return "Rp" + f"{value:,}".replace(",", ".")
