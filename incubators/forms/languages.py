"""The languages in which people write their texts."""

from collections.abc import Iterable

from django.utils.text import capfirst
from django.utils.translation import get_language

from incubators.models import Language


def language_choices() -> list[tuple[str, str]]:
    """Code and name in the reader's language, as it stands in a list."""
    return [(each.code, capfirst(str(each))) for each in Language.objects.all()]


def readers_first(codes: Iterable[str]) -> list[str]:
    """Each code once, that of the page's language in front if it is among them."""
    return sorted(dict.fromkeys(codes), key=lambda code: code != get_language())
