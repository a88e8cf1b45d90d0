"""Tags of the site's pages, and `country_text` for the registry's page of a country."""

from typing import Any

from django import template
from django.utils.formats import date_format
from django.utils.translation import get_language, get_language_info, ngettext

from cms import citing, reading
from cms.models import CountryPage, DocumentPage, HandbookPage, NewsPage
from cms.models.volumes import Leaf, Volume
from incubators.models import Country
from network_platform.hyphens import whole
from network_platform.languages import in_other_language

register = template.Library()


@register.simple_tag
def minutes(number: int) -> str:
    return ngettext("%(n)d minute", "%(n)d minutes", number) % {"n": number}


@register.filter
def language_in_words(code: str) -> str:
    """`English`, `английский`: as it is written inside a sentence of the reader's language."""
    name = str(get_language_info(code)["name_translated"])
    return name if get_language() == "en" else name.lower()


@register.inclusion_tag("cms/only_in.html")
def only_in(page: Volume | NewsPage) -> dict[str, str]:
    return {"language": language_in_words(page.text_language_code) if page.is_untranslated else ""}


@register.simple_tag
def language_names(codes: list[str]) -> str:
    """`English, Russian`, `английский, русский`."""
    return ", ".join(language_in_words(code) for code in codes)


@register.simple_tag
def languages_told(handbook: HandbookPage) -> str:
    """`in English` where the reader's language is not the title's; its languages, unless that says them already."""
    title, codes = in_other_language(handbook.title_language_code), handbook.published_in
    names = "" if title and codes == [handbook.title_language_code] else language_names(codes)
    return " · ".join(filter(None, [title, names]))


@register.simple_tag
def cite_leaf(leaf: Leaf) -> str:
    return citing.leaf(leaf)


@register.simple_tag
def cite_volume(volume: Volume) -> str:
    return citing.volume(volume)


@register.simple_tag
def handbook_facts(handbook: HandbookPage) -> list[tuple[str, Any]]:
    """Name and value of what is known; empty ones are left out by the component."""
    values = {
        "publisher": handbook.publisher,
        "year": handbook.year,
        "edition": handbook.edition,
        "published_on": handbook.published_on and date_format(handbook.published_on),
        "symbol": handbook.symbol,
        "isbn": handbook.isbn and whole(handbook.isbn),
        "languages": begun(language_names(handbook.published_in)),
        "pages": handbook.pages,
    }
    return named(handbook, values)


@register.simple_tag
def document_facts(document: DocumentPage) -> list[tuple[str, Any]]:
    values = {
        "publisher": document.publisher,
        "symbol": document.symbol,
        "dated": document.dated and date_format(document.dated),
        "place": document.place,
        "text_language": begun(language_in_words(document.text_language_code)),
    }
    return named(document, values)


def named(page: Volume, values: dict[str, Any]) -> list[tuple[str, Any]]:
    """Each value with its field's name."""
    names = {name: str(page._meta.get_field(name).verbose_name) for name in values}
    return [(begun(names[name]), value) for name, value in values.items()]


def begun(words: str) -> str:
    """With a capital."""
    return words[:1].upper() + words[1:]


@register.inclusion_tag("cms/country_text.html")
def country_text(country: Country) -> dict[str, Any]:
    """`{% load cms_tags %}{% country_text country %}`: introduction and latest news; nothing while unpublished."""
    found = CountryPage.objects.live().filter(iso2=country.iso2).select_related("locale", "alias_of__locale")
    pages = {page.language: page for page in found}
    page = pages.get(get_language()) or pages.get("en") or next(iter(pages.values()), None)
    if page is None or any(page.path.startswith(path) for path in page.closed):
        return {"page": None}
    return {"page": page, "text": reading.read(page.body, margin=""), "news": page.latest_news()}
