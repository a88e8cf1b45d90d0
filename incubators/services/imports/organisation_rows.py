"""One row of `organisations.csv`, or of the platform's own export, as a checked candidate, or what is wrong with it.

A column that the file does not have says nothing: what the registry holds there stays. An empty cell says "empty".
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from incubators.enums import NameKind, OrganisationKind
from incubators.listing_values import DESCRIPTIONS, FIRST_YEAR, LONGEST_DESCRIPTION, latest_founding_year
from incubators.models import Country, Language, Sector
from incubators.names import LONGEST_NAME, language_of, skeleton
from incubators.services.imports.cells import (
    CellError,
    Reading,
    RowError,
    check_text,
    code_of,
    country_of,
    goals_of,
    languages_of,
    lines_of,
    offered,
    overflow_in,
    sectors_of,
    website_of,
)
from incubators.services.imports.sentences import Sentence, filled
from incubators.services.names import Name
from network_platform.languages import WORKING_LANGUAGES

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
    "sdgs",
    "languages",
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
    **dict.fromkeys(DESCRIPTIONS, LONGEST_DESCRIPTION),
    "source_url": 500,
}
_CODED = re.compile(r"([a-z]{2,3}):\s*(.*)")


@dataclass
class Candidate:
    """A row that may become an organisation. `key` finds it again in the next import, `uid` if the file has one.

    `given` are the columns that the file has; `names`, `columns`, `sectors`, `goals` and `city` hold only what they
    say.
    """

    row: int
    iso2: str
    names: list[Name]
    city: str
    columns: dict[str, Any]
    sectors: frozenset[str]
    goals: frozenset[int]
    given: frozenset[str]
    uid: str = ""
    key: str = ""
    note: Sentence = ""

    @property
    def title(self) -> str:
        return self.names[0].text

    @property
    def name_column(self) -> str:
        """The column of the name that is shown first."""
        first = self.names[0]
        if first.language in WORKING_LANGUAGES:
            return f"name_{first.language}"
        return next((column for column in ("name_local", "names", "other_names") if column in self.given), "name_en")


def candidate_of(
    number: int,
    cells: dict[str, str],
    *,
    countries: Mapping[str, Country],
    sectors: Mapping[str, Sector],
    languages: Mapping[str, Language],
) -> Candidate:
    """The checked row; `countries` are those that the importer serves. Countries and languages are words by
    code, sectors by word. Raises RowError with all mistakes.
    """
    reading = Reading()
    for column, text in cells.items():
        reading.read(check_text, column, text, LONGEST)
    iso2 = reading.read(country_of, cells.get("country_iso2", ""), countries)
    names = reading.read(_names, cells, iso2 or "")
    columns = _columns(cells, reading, languages)
    named_sectors = reading.read(sectors_of, cells.get("sectors", ""), sectors)
    goals = reading.read(goals_of, cells.get("sdgs", ""))
    if reading.mistakes:
        raise RowError(list(reading.mistakes.values()))
    found = Candidate(
        row=number,
        iso2=iso2,
        names=names,
        city=" ".join(cells.get("city", "").split()),
        columns=columns,
        sectors=named_sectors,
        goals=goals,
        given=frozenset(cells),
        uid=cells.get("uid", "").lower(),
        note=overflow_in(cells),
    )
    found.key = skeleton(found.title)[:64]
    return found


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
        raise CellError(
            "other_names", filled(_("The text is longer than %(most)s characters."), {"most": LONGEST_NAME})
        )
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
        raise CellError("names", filled(_("The text is longer than %(most)s characters."), {"most": LONGEST_NAME}))
    return found


def _columns(cells: dict[str, str], reading: Reading, languages: Mapping[str, Language]) -> dict[str, Any]:
    """The columns that the file has, and none of the others."""
    read: dict[str, Callable[[str], Any]] = {
        "website": website_of,
        "founded_year": _year,
        "languages": lambda text: list(languages_of("languages", text, languages)),
        "source_url": str,
        **dict.fromkeys((*DESCRIPTIONS, "source_note"), lines_of),
    }
    found = {name: reading.read(of, cells[name]) for name, of in read.items() if name in cells}
    return {"kind": reading.read(_kind, cells.get("type", "")), **found}


def _kind(text: str) -> str:
    kind = code_of(OrganisationKind, text)
    if kind is None:
        words = _("“%(kind)s” is not a kind of organisation. Write one of: %(codes)s.")
        raise CellError("type", filled(words, {"kind": text[:40], "codes": offered(dict(OrganisationKind.choices))}))
    return kind


def _year(text: str) -> int | None:
    if not text:
        return None
    if len(text) != 4 or not text.isascii() or not text.isdigit():
        raise CellError("founded_year", _("The year must be written with four digits, such as 2018."))
    if int(text) < FIRST_YEAR:
        words = _("The year of foundation is %(first)s at the earliest.")
        raise CellError("founded_year", filled(words, {"first": FIRST_YEAR}))
    if int(text) > latest_founding_year():
        raise CellError("founded_year", _("The year of foundation is this year at the latest."))
    return int(text)
