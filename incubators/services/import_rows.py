"""One row of `organisations.csv` as a checked candidate, or what is wrong with it."""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from incubators.enums import NameKind, OrganisationKind
from incubators.names import LONGEST_NAME, language_of, skeleton
from incubators.services.entries import DESCRIBED_IN, host_of
from incubators.services.names import Name
from incubators.tables import OVERFLOW

COLUMNS = (
    "name_en",
    "name_ru",
    "name_local",
    "other_names",
    "type",
    "country_iso2",
    "city",
    "website",
    "founded_year",
    "description_en",
    "description_ru",
    "sectors",
    "source_url",
    "source_note",
)
NEEDED = ("name_en", "type", "country_iso2")
LONGEST = {
    "name_en": LONGEST_NAME,
    "name_ru": LONGEST_NAME,
    "name_local": LONGEST_NAME,
    "city": 80,
    "website": 300,
    "description_en": 2000,
    "description_ru": 2000,
    "source_url": 500,
}
LONGEST_OTHER = 4000
FIRST_YEAR, LAST_YEAR = 1800, 2100
# U+FFFD stands where a kept file had a NUL.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffd]")
_KINDS = frozenset(OrganisationKind.values)


class RowError(Exception):
    """What is wrong, and in which column."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(reason)
        self.column, self.reason = column, reason


@dataclass
class Candidate:
    """A row that may become an organisation. `key` finds it again in the next import."""

    row: int
    iso2: str
    names: list[Name]
    city: str
    columns: dict[str, Any]
    sectors: frozenset[str]
    key: str = ""
    note: str = ""

    @property
    def title(self) -> str:
        return self.names[0].text


def candidate_of(
    number: int, cells: dict[str, str], *, countries: frozenset[str], sectors: frozenset[str]
) -> Candidate:
    """The checked row; `countries` are those that the importer serves. Raises RowError at the first mistake."""
    _check_text(cells)
    iso2 = cells.get("country_iso2", "").upper()
    if iso2 not in countries:
        raise RowError("country_iso2", _("“%(iso2)s” is not a country that you serve.") % {"iso2": iso2[:10]})
    names = _names(cells, iso2)
    found = Candidate(
        row=number,
        iso2=iso2,
        names=names,
        city=" ".join(cells.get("city", "").split()),
        columns=_columns(cells),
        sectors=_sectors(cells.get("sectors", ""), sectors),
        note=cells.get(OVERFLOW, ""),
    )
    found.key = skeleton(found.title)[:64]
    return found


def _check_text(cells: dict[str, str]) -> None:
    for column, text in cells.items():
        if _CONTROL.search(text):
            raise RowError(column, _("The cell holds a character that is no text."))
        if text[:1] in ("=", "@"):
            raise RowError(column, _("The cell holds a formula. Write its value instead."))
        if len(text) > LONGEST.get(column, LONGEST_OTHER):
            most = LONGEST.get(column, LONGEST_OTHER)
            raise RowError(column, _("The text is longer than %(most)s characters.") % {"most": most})


def _names(cells: dict[str, str], iso2: str) -> list[Name]:
    display = " ".join(cells.get("name_en", "").split())
    if not skeleton(display):
        raise RowError("name_en", _("The name is missing."))
    russian = " ".join(cells.get("name_ru", "").split())
    local = " ".join(cells.get("name_local", "").split())
    others = [" ".join(text.split()) for text in cells.get("other_names", "").split(";")]
    if any(len(text) > LONGEST_NAME for text in others):
        raise RowError("other_names", _("The text is longer than %(most)s characters.") % {"most": LONGEST_NAME})
    return [
        Name(display, NameKind.DISPLAY, "en"),
        *([Name(russian, NameKind.LABEL, "ru")] if russian else []),
        *([Name(local, NameKind.LABEL, language_of(local, iso2))] if local else []),
        *(
            Name(text, NameKind.ACRONYM if text.isupper() and len(text) < 9 else NameKind.ALIAS)
            for text in others
            if text
        ),
    ]


def _columns(cells: dict[str, str]) -> dict[str, Any]:
    kind = cells.get("type", "").lower()
    if kind not in _KINDS:
        raise RowError("type", _("“%(kind)s” is not a kind of organisation.") % {"kind": kind[:40]})
    website = _website(cells.get("website", ""))
    descriptions = {code: cells.get(f"description_{code}", "") for code in DESCRIBED_IN}
    return {
        "kind": kind,
        "website": website,
        "website_host": host_of(website),
        "founded_year": _year(cells.get("founded_year", "")),
        "descriptions": {code: text for code, text in descriptions.items() if text},
        "source_url": cells.get("source_url", ""),
        "source_note": cells.get("source_note", ""),
    }


def _website(text: str) -> str:
    if not text:
        return ""
    try:
        parts = urlsplit(text)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or "." not in (parts.hostname or "") or " " in text:
        raise RowError("website", _("The address must begin with https:// or http://."))
    return text


def _year(text: str) -> int | None:
    if not text:
        return None
    if len(text) != 4 or not text.isascii() or not text.isdigit() or not FIRST_YEAR <= int(text) <= LAST_YEAR:
        raise RowError("founded_year", _("The year must be written with four digits, such as 2018."))
    return int(text)


def _sectors(text: str, known: frozenset[str]) -> frozenset[str]:
    codes = frozenset(filter(None, (code.strip().lower() for code in text.split(";"))))
    if unknown := sorted(codes - known):
        raise RowError("sectors", _("These sectors are not known: %(codes)s.") % {"codes": ", ".join(unknown)[:200]})
    return codes
