"""One year's figures as JSON texts by form field, and the same from rows.

`figure_<code>` is a number; line `n` of money is `money_<code>_<n>_amount`, `..._kind` and `..._currency`; `note`;
`is_published` is "yes" or "no".
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from incubators.models import YearlyFigures
from network_platform.numbers import read_number, read_whole_number

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

MOST = Decimal(10) ** 12
CURRENCIES = ("USD", "EUR", "RUB", "CNY", "KZT", "KGS", "TJS", "TMT", "UZS", "AZN", "AFN", "TRY", "AED", "GBP", "CHF")
PARTS = ("amount", "kind", "currency")
LEAST_LINES, SPARE_LINES, MOST_LINES = 3, 2, 20

# By the code of an indicator: the one that it is a part of, and what is said if it is larger. Form, API and import ask.
WHOLES: "dict[str, tuple[str, str | _StrPromise]]" = {
    "circular_projects": (
        "startups_supported",
        _("These are some of the start-ups supported, so there cannot be more of them."),
    ),
}


def read_figure(text: str, *, whole: bool) -> Decimal:
    """A number as people type it: blanks, a decimal comma; raises ValidationError."""
    number = read_whole_number(text) if whole else read_number(text)
    if number < 0:
        raise ValidationError(_("Write a number that is not below zero."))
    if number >= MOST:
        raise ValidationError(_("This number is too large. Is it in whole units?"))
    if number != round(number, 2):
        raise ValidationError(_("Write at most two digits after the point."))
    return number


def part_above_whole(numbers: Mapping[str, Decimal | None]) -> "tuple[str, str | _StrPromise]":
    """(code, reason) if a number by code is part of another one and larger than it, else two empty texts."""
    for code, (whole_code, words) in WHOLES.items():
        part, whole = numbers.get(code), numbers.get(whole_code)
        if part is not None and whole is not None and part > whole:
            return code, words
    return "", ""


def count_name(code: str) -> str:
    return f"figure_{code}"


def money_name(code: str, number: int) -> str:
    """How the fields of a line begin."""
    return f"money_{code}_{number}"


def lines_in(values: Mapping[str, Any], code: str) -> int:
    """How many lines the form has: those that are filled, and some to spare."""
    numbers = range(1, MOST_LINES + 1)
    filled = [n for n in numbers if any(values.get(f"{money_name(code, n)}_{part}") for part in PARTS)]
    return min(max(LEAST_LINES, max(filled, default=0) + SPARE_LINES), MOST_LINES)


def values_of(figures: YearlyFigures) -> dict[str, str]:
    """What the form holds: what was typed and not sent yet, else what was sent last."""
    return dict(figures.typed) if figures.typed or figures.pk is None else sent_values(figures)


def sent_values(figures: YearlyFigures) -> dict[str, str]:
    found = {"note": figures.note, "is_published": "yes" if figures.is_published else "no"}
    lines: dict[str, int] = {}
    for figure in figures.values.select_related("definition__indicator"):
        code, amount = figure.definition.indicator.code, f"{figure.value.normalize():f}"
        if not figure.currency:
            found[count_name(code)] = amount
            continue
        lines[code] = lines.get(code, 0) + 1
        line = zip(PARTS, (amount, figure.money_kind, figure.currency), strict=True)
        found |= {f"{money_name(code, lines[code])}_{part}": text for part, text in line}
    return found
