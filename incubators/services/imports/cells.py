"""Reading the cells of a row of any import: each reader gives a value, or says what is wrong and in which column."""

import datetime
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from incubators.models import Country, Language, Sector
from incubators.services.imports.sentences import Sentence, filled
from incubators.tables import OVERFLOW
from network_platform.numbers import read_whole_number
from network_platform.typed import whole_number

LONGEST_OTHER = 4000
LONGEST_WEBSITE = 300  # with its scheme
# U+FFFD stands where another program lost a letter.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffd]")
_BARE_DOMAIN = re.compile(r"[^\s:/@]+\.[^\s:/@.]{2,}(/\S*)?")
_DAY = re.compile(
    r"(?P<y>\d{4})([-/.])(?P<m>\d{1,2})\2(?P<d>\d{1,2})|(?P<d2>\d{1,2})([-/.])(?P<m2>\d{1,2})\6(?P<y2>\d{4})"
)
_DAY_IN_WORDS = re.compile(r"(\d{1,2})\s+([^\W\d_]+)\.?,?\s+(\d{4})(?:\s*г\.?)?")
_MONTHS = (
    "jan янв",
    "feb фев",
    "mar мар",
    "apr апр",
    "may май мая",
    "jun июн",
    "jul июл",
    "aug авг",
    "sep сен",
    "oct окт",
    "nov ноя",
    "dec дек",
)


@dataclass(frozen=True)
class Mistake:
    """What is wrong, and in which column."""

    column: str
    reason: Sentence


class CellError(Exception):
    """One cell cannot be read."""

    def __init__(self, column: str, reason: Sentence) -> None:
        super().__init__(reason)
        self.mistake = Mistake(column, reason)


class RowError(Exception):
    """Everything that is wrong with a row, in the order in which it was looked at."""

    def __init__(self, mistakes: list[Mistake]) -> None:
        super().__init__(*(each.reason for each in mistakes))
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


def check_text(column: str, text: str, longest: Mapping[str, int]) -> None:
    """No signs that are no text, no formula, not longer than its column allows."""
    if _CONTROL.search(text):
        raise CellError(column, _("The cell holds a character that is no text."))
    if text[:1] in ("=", "@"):
        raise CellError(column, _("The cell holds a formula. Write its value instead."))
    most = longest.get(column, LONGEST_OTHER)
    if len(text) > most:
        raise CellError(column, filled(_("The text is longer than %(most)s characters."), {"most": most}))


def _offered(known: Mapping[str, object]) -> str:
    """What a cell may say, each code with its words where they say more; words may hold commas."""
    pairs = ((code, str(words)) for code, words in known.items())
    return "; ".join(code if code == words.casefold() else f"{code} ({words})" for code, words in pairs)


def _said_by(error: ValidationError) -> str:
    return " ".join(error.messages)


offered = lazy(_offered, str)
said_by = lazy(_said_by, str)


def overflow_in(cells: Mapping[str, str]) -> Sentence:
    """What is said of a row that had more cells than columns."""
    if OVERFLOW not in cells:
        return ""
    words = _("The row has more cells than columns; the rest was added to %(column)s.")
    return filled(words, {"column": cells[OVERFLOW]})


def country_of(text: str, served: Mapping[str, Country]) -> str:
    """The code, given as itself or as a name of the country in any of its languages."""
    if text.upper() in served:
        return text.upper()
    said = " ".join(text.split()).casefold()
    for iso2, country in served.items():
        if said in {name.casefold() for name in (country.own_name, *country.names.values())}:
            return iso2
    words = _("“%(iso2)s” is no country of the network, or none that you serve. Write one of: %(codes)s.")
    raise CellError("country_iso2", filled(words, {"iso2": text[:40], "codes": offered(served)}))


def website_of(text: str) -> str:
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
    if len(text) > LONGEST_WEBSITE:
        raise CellError("website", filled(_("The text is longer than %(most)s characters."), {"most": LONGEST_WEBSITE}))
    return text


def lines_of(text: str) -> str:
    """A text with its paragraphs, however the program that wrote the file parts its lines."""
    return "\n".join(line.rstrip() for line in text.replace("_x000D_", "").strip().splitlines())


def parts_of(text: str) -> list[str]:
    """What stands between semicolons, each once."""
    return list(dict.fromkeys(filter(None, (part.strip() for part in text.split(";")))))


def sectors_of(text: str, known: Mapping[str, Sector]) -> frozenset[str]:
    """The codes; `known` are the sectors by whatever may be written for them."""
    said = {" ".join(part.split()).casefold() for part in parts_of(text)}
    if unknown := sorted(said - known.keys()):
        words = _("These sectors are not known: %(codes)s. Write some of: %(known)s.")
        by_code = {sector.code: sector for sector in sorted(known.values(), key=lambda sector: sector.code)}
        raise CellError("sectors", filled(words, {"codes": ", ".join(unknown)[:200], "known": offered(by_code)}))
    return frozenset(known[part].code for part in said)


def languages_of(column: str, text: str, known: Mapping[str, Language]) -> tuple[str, ...]:
    """The codes in their order, each once."""
    codes = tuple(sorted({code.lower() for code in parts_of(text.replace(",", ";"))}))
    if unknown := [code for code in codes if code not in known]:
        words = _("These languages are not known: %(codes)s. Write some of: %(known)s.")
        raise CellError(column, filled(words, {"codes": ", ".join(unknown)[:200], "known": offered(known)}))
    return codes


def goals_of(text: str) -> frozenset[int]:
    numbers = frozenset(whole_number(part.rstrip(".")) for part in parts_of(text.replace(",", ";")))
    if not all(1 <= number <= 17 for number in numbers):
        raise CellError("sdgs", _("Write the numbers of the goals, from 1 to 17, such as “6; 12”."))
    return numbers


def code_of(choices: type[models.TextChoices], text: str) -> str | None:
    """The code, given as itself or as its label in English or Russian; None if it is none of them."""
    return _codes(choices).get(" ".join(text.split()).casefold())


@cache
def _codes(choices: type[models.TextChoices]) -> dict[str, str]:
    found: dict[str, str] = {}
    for language in ("ru", "en"):
        with override(language):
            found |= {str(choice.label).casefold(): choice.value for choice in choices}
    return found | {choice.value: choice.value for choice in choices}


def choice_of(column: str, choices: type[models.TextChoices], text: str) -> str:
    """As `code_of`; an empty cell is "". The mistake names what may be written."""
    if not text:
        return ""
    code = code_of(choices, text)
    if code is None:
        words = _("“%(text)s” is not understood. Write one of: %(codes)s.")
        raise CellError(column, filled(words, {"text": text[:40], "codes": offered(dict(choices.choices))}))
    return code


def number_of(column: str, text: str, least: int, most: int) -> int | None:
    """A whole number between the two; an empty cell is None."""
    if not text:
        return None
    try:
        number = read_whole_number(text)
    except ValidationError as error:
        raise CellError(column, said_by(error)) from None
    if not least <= number <= most:
        raise CellError(column, filled(_("Write a number from %(least)s to %(most)s."), {"least": least, "most": most}))
    return int(number)


def day_of(column: str, text: str) -> datetime.date | None:
    """`2026-03-01`, `2026/3/1`, `01.03.2026`, `1/3/2026` with the day first, `1 March 2026`, `1 марта 2026`.

    An empty cell is None.
    """
    if not text:
        return None
    day = _in_words(text) or _in_digits(text)
    if day is None:
        raise CellError(column, filled(_("“%(text)s” is no day. Write it such as 2026-03-01."), {"text": text[:40]}))
    return day


def _in_digits(text: str) -> datetime.date | None:
    found = _DAY.fullmatch(text.removesuffix("T00:00:00").removesuffix(" 00:00:00"))
    return found and _day(*(found[name] or found[f"{name}2"] for name in "ymd"))


def _in_words(text: str) -> datetime.date | None:
    found = _DAY_IN_WORDS.fullmatch(text)
    start = found[2].lower()[:3] if found else ""
    month = next((n for n, words in enumerate(_MONTHS, 1) if start in words.split()), 0)
    return _day(found[3], month, found[1]) if found else None


def _day(year: str, month: str | int, day: str) -> datetime.date | None:
    try:
        return datetime.date(int(year), int(month), int(day))
    except ValueError:
        return None
