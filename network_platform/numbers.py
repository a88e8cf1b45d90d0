"""Numbers as people type and read them."""

import re
from decimal import Decimal, InvalidOperation

from django.core.exceptions import ValidationError
from django.utils.formats import number_format
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

AMBIGUOUS = re.compile(r"-?[1-9][0-9]{0,2}\.[0-9]{3}")  # 12.000: twelve, or twelve thousand?


def read_number(text: str) -> Decimal:
    """Blanks between digits and a decimal comma are read; a number that may be read in two ways is asked about."""
    typed = "".join(text.split()).replace(",", ".")
    if AMBIGUOUS.fullmatch(typed):
        words = _("Is it %(large)s or %(small)s? Write thousands without a point or comma.")
        large, small = Decimal(typed.replace(".", "")), Decimal(typed).normalize()
        raise ValidationError(words, params={"large": _later(large), "small": _later(small)})
    try:
        number = Decimal(typed)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise ValidationError(_("Write a number with digits only."))
    return number


def read_whole_number(text: str) -> Decimal:
    number = read_number(text)
    if number != number.to_integral_value():
        raise ValidationError(_("Write a whole number, without a fraction."))
    return number


def number_in_words(number: Decimal) -> str:
    """In the reader's form, thousands apart; a whole number without a fraction."""
    whole = number.to_integral_value()
    return number_format(whole if whole == number else number, force_grouping=True)


_later = lazy(number_in_words, str)  # in the language in which the mistake is told
