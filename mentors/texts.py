"""What people wrote, in every language that they wrote it in."""

from django.utils.translation import get_language

from incubators.profiles import Text
from network_platform.languages import FALLBACKS


def all_texts(texts: dict[str, str]) -> list[Text]:
    """The reader's language first, then English, Russian, and any other."""
    wanted = dict.fromkeys((get_language() or "en", *FALLBACKS, *texts))
    return [Text(texts[code], code) for code in wanted if texts.get(code)]
