"""How much of the service standard is known, and whose word it is: ``satuatap city quality``."""

from __future__ import annotations

from collections import Counter
from typing import Any

from satuatap.features.catalogue import queries as catalogue
from satuatap.features.catalogue.states import PUBLIC, Basis, Component

# Services whose public standard must be nearly complete before a city opens its doors.
PRIORITY = (
    "kk-baru", "kk-tambah", "ktp-el-baru", "ktp-el-ganti", "akta-lahir", "kis-apbd", "kis-reaktivasi", "kis-darurat",
    "nib", "skck", "paspor-baru",
)  # fmt: skip
ENOUGH = 5
ORDER = (Basis.PALEMBANG, Basis.NATIONAL, Basis.OTHER_OFFICE)


def _best(bases: list[str]) -> str:
    return next((b.value for b in ORDER if b in bases), Basis.UNKNOWN.value)


def measure() -> dict[str, Any]:
    """Per component and per service, the best basis; the priority services that fall short."""
    found = catalogue.quality()
    components: dict[str, dict[str, int]] = {}
    for component in Component:
        counted = Counter(_best(per[component]) for per in found.values())
        components[str(int(component))] = {b.value: counted[b.value] for b in Basis}
    services = {code: {str(n): _best(bases) for n, bases in per.items()} for code, per in found.items()}
    failing = {
        code: [int(c) for c in PUBLIC if _best(found[code][c]) == Basis.UNKNOWN]
        for code in PRIORITY
        if code in found and sum(_best(found[code][c]) != Basis.UNKNOWN for c in PUBLIC) < ENOUGH
    }
    missing = [code for code in PRIORITY if code not in found]
    return {"services": services, "components": components, "failing": failing, "missing": missing}
