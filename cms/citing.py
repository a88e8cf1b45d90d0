"""How a chapter, a section or a whole text is cited: one line to copy."""

from django.conf import settings
from django.utils.translation import gettext

from cms.models.volumes import Leaf, Volume


def volume(text: Volume) -> str:
    year = getattr(text, "year", None) or (text.dated.year if getattr(text, "dated", None) else None)
    parts = [
        text.publisher or gettext("SPECA network"),
        f"({year})" if year else "",
        f"{text.title}.",
        f"{text.edition}." if getattr(text, "edition", "") else "",
        f"{text.symbol}." if text.symbol else "",
        f"ISBN {text.isbn}." if getattr(text, "isbn", "") else "",
        settings.BASE_URL.rstrip("/") + text.address,
    ]
    return " ".join(part for part in parts if part)


def leaf(text: Leaf) -> str:
    whole = volume(text.volume)
    name = gettext("“%(title)s”, in:") % {"title": text.title}
    return f"{name} {whole.rsplit(' ', 1)[0]} {settings.BASE_URL.rstrip('/')}{text.address}"
