"""The languages in which people write their texts."""

from django.utils.text import capfirst

from incubators.models import Language


def language_choices() -> list[tuple[str, str]]:
    """Code and name in the reader's language, as it stands in a list."""
    return [(each.code, capfirst(str(each))) for each in Language.objects.all()]
