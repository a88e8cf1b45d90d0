"""Time zones that people choose from: the region's first, then enough of the world's."""

from collections.abc import Iterable
from datetime import UTC, datetime

from network_platform.zones import known, zone_name

REGION = (
    "Asia/Kabul",
    "Asia/Baku",
    "Asia/Almaty",
    "Asia/Bishkek",
    "Asia/Dushanbe",
    "Asia/Ashgabat",
    "Asia/Tashkent",
)
WORLD = (
    "America/Los_Angeles",
    "America/New_York",
    "America/Sao_Paulo",
    "Europe/London",
    "Europe/Zurich",
    "Europe/Istanbul",
    "Europe/Moscow",
    "Asia/Tbilisi",
    "Asia/Dubai",
    "Asia/Karachi",
    "Asia/Kolkata",
    "Asia/Bangkok",
    "Asia/Shanghai",
    "Asia/Tokyo",
    "Australia/Sydney",
    "UTC",
)


def clean_zone(name: str) -> str:
    """The zone's name if the time zone database has it, else ''."""
    return name if known(name) else ""


def zone_choices(current: str, own: str = "") -> list[tuple[str, str]]:
    """The region, then the world, each with its distance from UTC now; zones in use are choices as well."""
    return [(name, zone_name(name, datetime.now(UTC))) for name in unique((*REGION, *WORLD, current, own))]


def unique(names: Iterable[str]) -> list[str]:
    return [name for name in dict.fromkeys(names) if clean_zone(name)]
