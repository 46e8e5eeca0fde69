"""Numbers, times and money as people read them here: pure text, Indonesian first."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

DAYS = {
    "id": ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
MONTHS = {
    "id": ("Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober",
           "November", "Desember"),
    "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December"),
}  # fmt: skip


def whole(value: float, language: str = "id") -> str:
    """A whole number with its thousands: 10.250.000, in English 10,250,000."""
    text = f"{round(value):,}"
    return text if language == "en" else text.replace(",", ".")


def rupiah(value: int, language: str = "id") -> str:
    """Rp10.250.000; below zero with the sign in front."""
    return ("-" if value < 0 else "") + "Rp" + whole(abs(value), language)


def decimal(value: float, places: int = 1, language: str = "id") -> str:
    """8,5 in Indonesian, 8.5 in English."""
    text = f"{value:,.{places}f}"
    return text if language == "en" else text.translate(str.maketrans(",.", ".,"))


def percent(share: float, language: str = "id") -> str:
    """82%: without a space."""
    return f"{whole(share * 100, language)}%"


def clock_time(moment: datetime, zone: str = "", language: str = "id") -> str:
    """08.30 in the mall's zone; English writes 08:30."""
    local = moment.astimezone(ZoneInfo(zone)) if zone else moment
    return local.strftime("%H:%M" if language == "en" else "%H.%M")


def long_date(day: date, language: str = "id", zone: str = "") -> str:
    """Selasa, 24 November 2026; in English Tuesday, 24 November 2026."""
    if isinstance(day, datetime) and zone:
        day = day.astimezone(ZoneInfo(zone))
    language = language if language in DAYS else "id"
    return f"{DAYS[language][day.weekday()]}, {day.day} {MONTHS[language][day.month - 1]} {day.year}"


def minutes_range(low: float | None, high: float | None, language: str = "id") -> str:
    """12 sampai 20 menit; one figure where both are the same; without figures, that there are too few."""
    if low is None or high is None:
        return "not enough data yet" if language == "en" else "belum cukup data"
    first, last = max(0, round(low)), max(0, round(high))
    unit, to = ("minutes", "to") if language == "en" else ("menit", "sampai")
    if first == last:
        return f"{last} {'minute' if language == 'en' and last == 1 else unit}"
    return f"{min(first, last)} {to} {max(first, last)} {unit}"


def spoken(number: int) -> str:
    """A number digit by digit, with spaces: screen readers say it like the hall's voice does."""
    return " ".join(str(number))
