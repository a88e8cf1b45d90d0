"""Languages of the platform, and texts that people read, which exist per language as JSON."""

import re

from django.conf.locale import LANG_INFO
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

# English and Russian: what comes with the platform is written in them, what users write is asked for in them first.
WORKING_LANGUAGES = ("en", "ru")
FALLBACKS = WORKING_LANGUAGES
CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)

# Languages of the region that Django does not know by itself.
LANG_INFO.update(
    {
        "prs": {"bidi": True, "code": "prs", "name": "Dari", "name_local": "دری"},
        "ps": {"bidi": True, "code": "ps", "name": "Pashto", "name_local": "پښتو"},
        "kaa": {"bidi": False, "code": "kaa", "name": "Karakalpak", "name_local": "Qaraqalpaqsha"},
    }
)
RIGHT_TO_LEFT = ["ar", "fa", "he", "prs", "ps", "ug", "ur"]
# As it stands inside a sentence: the languages of the region, each in the form that the sentence asks for.
IN_LANGUAGE: dict[str, str | Promise] = {
    "en": _("in English"),
    "ru": _("in Russian"),
    "az": _("in Azerbaijani"),
    "kk": _("in Kazakh"),
    "ky": _("in Kyrgyz"),
    "tg": _("in Tajik"),
    "tk": _("in Turkmen"),
    "uz": _("in Uzbek"),
    "kaa": _("in Karakalpak"),
    "prs": _("in Dari"),
    "ps": _("in Pashto"),
}
REGION = tuple(IN_LANGUAGE)


def switched_on(codes: list[str]) -> list[tuple[str, str]]:
    """`LANGUAGES` from the codes an installation names; unknown codes are refused."""
    unknown = [code for code in codes if code not in REGION]
    if unknown or "en" not in codes:
        wrong = f"does not know {', '.join(unknown)}" if unknown else "needs en"
        raise ValueError(f"PLATFORM_LANGUAGES {wrong}; the region's languages are {', '.join(REGION)}")
    return [(code, str(LANG_INFO[code]["name_local"])) for code in codes]


def in_language(texts: dict[str, str] | None, language: str | None = None) -> str:
    """The text in `language` (the active one by default), else in English, Russian, or any that exists."""
    if not texts:
        return ""
    for code in (language or get_language() or "en", *FALLBACKS):
        if texts.get(code):
            return texts[code]
    return next((text for text in texts.values() if text), "")


def in_that_language(code: str) -> str:
    """`in English`, as it stands inside a sentence; what no list knows by its own name or code."""
    if code in IN_LANGUAGE:
        return str(IN_LANGUAGE[code])
    return str(LANG_INFO.get(code, {}).get("name_local", code))


def in_other_language(code: str) -> str:
    """`in Russian`, for who reads another language than this one; else, or where it is unknown, nothing."""
    return "" if code in ("", get_language()) else in_that_language(code)


def written_in(text: str, *, language: str) -> str:
    """The code of a text's language, by that of who wrote it; its letters tell Russian from English where somebody
    writes the other one.
    """
    if language not in FALLBACKS:
        return language
    return "ru" if CYRILLIC.search(text) else "en"
