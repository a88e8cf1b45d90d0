"""One row of `organisations.csv`, or of the platform's own export, as a checked candidate, or what is wrong with it.

A column that the file does not have says nothing: what the registry holds there stays. An empty cell says "empty".
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _
from django.utils.translation import override

from incubators.enums import NameKind, OrganisationKind
from incubators.names import LONGEST_NAME, language_of, skeleton
from incubators.services.entries import DESCRIBED_IN, FIRST_YEAR, last_year
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
NAMES = ("name_en", "name_ru", "name_local", "names", "other_names")
NEEDED = (NAMES, "type", "country_iso2")
# What the export calls otherwise. Its `names` ("kk: …; ky: …") and `uid` are read as well.
ALIASES = {"kind": "type"}
LONGEST = {
    "name_en": LONGEST_NAME,
    "name_ru": LONGEST_NAME,
    "name_local": LONGEST_NAME,
    "uid": 40,
    "city": 80,
    "website": 300,
    "description_en": 2000,
    "description_ru": 2000,
    "source_url": 500,
}
LONGEST_OTHER = 4000
# U+FFFD stands where a kept file had a NUL.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffd]")
_BARE_DOMAIN = re.compile(r"[^\s:/@]+\.[^\s:/@.]{2,}(/\S*)?")
_CODED = re.compile(r"([a-z]{2,3}):\s*(.*)")


@dataclass(frozen=True)
class Mistake:
    """What is wrong, and in which column."""

    column: str
    reason: str


class CellError(Exception):
    """One cell cannot be read."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(reason)
        self.mistake = Mistake(column, reason)


class RowError(Exception):
    """Everything that is wrong with a row, in the order in which it was looked at."""

    def __init__(self, mistakes: list[Mistake]) -> None:
        super().__init__("; ".join(each.reason for each in mistakes))
        self.mistakes = mistakes


class Reading:
    """Reads the cells of one row one after the other, and remembers what is wrong with each; one mistake a column."""

    def __init__(self) -> None:
        self.mistakes: dict[str, Mistake] = {}

    def read(self, read: Callable[..., Any], *args: Any) -> Any:
        """What the reader makes of the cell, None if it is a mistake."""
        try:
            return read(*args)
        except CellError as error:
            self.mistakes.setdefault(error.mistake.column, error.mistake)
            return None


@dataclass
class Candidate:
    """A row that may become an organisation. `key` finds it again in the next import, `uid` if the file has one.

    `given` are the columns that the file has; `names`, `columns`, `sectors` and `city` hold only what they say.
    """

    row: int
    iso2: str
    names: list[Name]
    city: str
    columns: dict[str, Any]
    sectors: frozenset[str]
    given: frozenset[str]
    uid: str = ""
    key: str = ""
    note: str = ""

    @property
    def title(self) -> str:
        return self.names[0].text

    @property
    def name_column(self) -> str:
        """The column of the name that is shown first."""
        first = self.names[0]
        if first.language in ("en", "ru"):
            return f"name_{first.language}"
        return next((column for column in ("name_local", "names", "other_names") if column in self.given), "name_en")


def candidate_of(
    number: int, cells: dict[str, str], *, countries: frozenset[str], sectors: frozenset[str]
) -> Candidate:
    """The checked row; `countries` are those that the importer serves. Raises RowError with all mistakes."""
    reading = Reading()
    for column, text in cells.items():
        reading.read(_check_text, column, text)
    iso2 = reading.read(_country, cells.get("country_iso2", ""), countries)
    names = reading.read(_names, cells, iso2 or "")
    columns = _columns(cells, reading)
    named_sectors = reading.read(_sectors, cells.get("sectors", ""), sectors)
    if reading.mistakes:
        raise RowError(list(reading.mistakes.values()))
    found = Candidate(
        row=number,
        iso2=iso2,
        names=names,
        city=" ".join(cells.get("city", "").split()),
        columns=columns,
        sectors=named_sectors,
        given=frozenset(cells),
        uid=cells.get("uid", "").lower(),
        note=cells.get(OVERFLOW, ""),
    )
    found.key = skeleton(found.title)[:64]
    return found


def _check_text(column: str, text: str) -> None:
    if _CONTROL.search(text):
        raise CellError(column, _("The cell holds a character that is no text."))
    if text[:1] in ("=", "@"):
        raise CellError(column, _("The cell holds a formula. Write its value instead."))
    most = LONGEST.get(column, LONGEST_OTHER)
    if len(text) > most:
        raise CellError(column, _("The text is longer than %(most)s characters.") % {"most": most})


def _country(text: str, served: frozenset[str]) -> str:
    iso2 = text.upper()
    if iso2 not in served:
        raise CellError("country_iso2", _("“%(iso2)s” is not a country that you serve.") % {"iso2": iso2[:10]})
    return iso2


def title_in(cells: dict[str, str]) -> str:
    """What the row calls the organisation, right or wrong: for the report."""
    return next((text for column in NAMES if (text := " ".join(cells.get(column, "").split()))), "")[:LONGEST_NAME]


def _names(cells: dict[str, str], iso2: str) -> list[Name]:
    """All names of the row, the one that is shown first in front; any one suffices."""
    english = " ".join(cells.get("name_en", "").split())
    russian = " ".join(cells.get("name_ru", "").split())
    local = " ".join(cells.get("name_local", "").split())
    labels = [
        *([Name(english, NameKind.LABEL, "en")] if english else []),
        *([Name(russian, NameKind.LABEL, "ru")] if russian else []),
        *([Name(local, NameKind.LABEL, language_of(local, iso2))] if local else []),
        *_coded(cells.get("names", "")),
    ]
    others = [" ".join(text.split()) for text in cells.get("other_names", "").split(";")]
    if any(len(text) > LONGEST_NAME for text in others):
        raise CellError("other_names", _("The text is longer than %(most)s characters.") % {"most": LONGEST_NAME})
    kinds = [(text, NameKind.ACRONYM if text.isupper() and len(text) < 9 else NameKind.ALIAS) for text in others]
    names = [*labels, *(Name(text, kind) for text, kind in kinds if text)]
    if not names or not skeleton(names[0].text):
        raise CellError(next(column for column in NAMES if column in cells), _("The name is missing."))
    return [Name(names[0].text, NameKind.DISPLAY, names[0].language or "en"), *names[1:]]


def _coded(text: str) -> list[Name]:
    """Names as the export writes them: `kk: …; ky: …`. A semicolon inside a name does not part it."""
    found: list[Name] = []
    for part in filter(None, (" ".join(part.split()) for part in text.split(";"))):
        coded = _CODED.fullmatch(part)
        if coded is None and not found:
            raise CellError("names", _("Write each name after the code of its language, such as “kk: Астана хаб”."))
        if coded is None:
            found[-1] = Name(f"{found[-1].text}; {part}", NameKind.LABEL, found[-1].language)
        elif coded[2]:
            found.append(Name(coded[2], NameKind.LABEL, coded[1]))
    if any(len(name.text) > LONGEST_NAME for name in found):
        raise CellError("names", _("The text is longer than %(most)s characters.") % {"most": LONGEST_NAME})
    return found


def _columns(cells: dict[str, str], reading: Reading) -> dict[str, Any]:
    """The columns that the file has, and none of the others."""
    read = {
        "website": _website,
        "founded_year": _year,
        **dict.fromkeys((*(f"description_{code}" for code in DESCRIBED_IN), "source_url", "source_note"), str),
    }
    found = {name: reading.read(of, cells[name]) for name, of in read.items() if name in cells}
    return {"kind": reading.read(_kind, cells.get("type", "")), **found}


def _kind(text: str) -> str:
    kind = _kinds().get(" ".join(text.split()).casefold())
    if kind is None:
        raise CellError("type", _("“%(kind)s” is not a kind of organisation.") % {"kind": text[:40]})
    return kind


@cache
def _kinds() -> dict[str, str]:
    """Codes and their labels in English and Russian, in small letters, to codes."""
    found = {}
    for language in ("ru", "en"):
        with override(language):
            found |= {str(kind.label).casefold(): kind.value for kind in OrganisationKind}
    return found | {kind.value: kind.value for kind in OrganisationKind}


def _website(text: str) -> str:
    if not text:
        return ""
    if _BARE_DOMAIN.fullmatch(text):
        text = f"https://{text}"
    try:
        parts = urlsplit(text)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or "." not in (parts.hostname or "") or " " in text:
        raise CellError("website", _("The address must begin with https:// or http://."))
    return text


def _year(text: str) -> int | None:
    if not text:
        return None
    if len(text) != 4 or not text.isascii() or not text.isdigit() or int(text) < FIRST_YEAR:
        raise CellError("founded_year", _("The year must be written with four digits, such as 2018."))
    if int(text) > last_year():
        raise CellError("founded_year", _("The year of foundation is this year at the latest."))
    return int(text)


def _sectors(text: str, known: frozenset[str]) -> frozenset[str]:
    codes = frozenset(filter(None, (code.strip().lower() for code in text.split(";"))))
    if unknown := sorted(codes - known):
        raise CellError("sectors", _("These sectors are not known: %(codes)s.") % {"codes": ", ".join(unknown)[:200]})
    return codes
