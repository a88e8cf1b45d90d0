"""What a country's part of the registry lacks, in sentences, each with the page on which it is mended."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from incubators.enums import OrganisationKind as K
from incubators.facets import STALE, UNVERIFIED, Index, Question
from incubators.models import Country, Organisation
from network_platform.languages import FALLBACKS, in_that_language

NONE_LISTED: dict[K, str | Promise] = {
    K.INCUBATOR: gettext_lazy("No business incubator is listed in %(country)s."),
    K.ACCELERATOR: gettext_lazy("No accelerator is listed in %(country)s."),
    K.TECHNOPARK: gettext_lazy("No technology park is listed in %(country)s."),
    K.UNIVERSITY_INCUBATOR: gettext_lazy("No university incubator or start-up centre is listed in %(country)s."),
    K.HUB: gettext_lazy("No hub or innovation centre is listed in %(country)s."),
    K.COWORKING: gettext_lazy("No co-working space is listed in %(country)s."),
    K.AGENCY: gettext_lazy("No government agency or ministry is listed in %(country)s."),
    K.VENTURE_FUND: gettext_lazy("No venture fund is listed in %(country)s."),
    K.ANGEL_NETWORK: gettext_lazy("No business angel network is listed in %(country)s."),
    K.IT_SCHOOL: gettext_lazy("No IT school is listed in %(country)s."),
    K.ASSOCIATION: gettext_lazy("No association, chamber or network is listed in %(country)s."),
}


@dataclass(frozen=True)
class Gap:
    """`url` leads those who serve the country to what mends it."""

    text: str
    url: str


def gaps_of(country: Country, index: Index, *, year: int, has_figures: bool) -> list[Gap]:
    """From what everybody may read. `has_figures`: whether a sum of that year is shown. One query."""
    own, others = question_of(country), Question()
    if not index.selected(own):
        return [
            Gap(_("No organisation is listed in %(country)s.") % {"country": country}, reverse("incubators:import"))
        ]
    found = [*_kinds(country, index, own), *_sectors(index, own, others), *_languages(country, index, own)]
    found += [*_descriptions(country), *_listing(country, index)]
    if not has_figures:
        words = _("No sums of %(year)s can be shown: not enough organisations have reported.") % {"year": year}
        found.append(Gap(words, f"{reverse('incubators:country-figures')}?country={country.iso2}"))
    return found


def question_of(country: Country, **chosen: str) -> Question:
    """The public list of one country, under further filters."""
    return Question(chosen={"country": (country.iso2.lower(),)} | {name: (value,) for name, value in chosen.items()})


def list_url(country: Country, **chosen: str) -> str:
    query = "".join(f"&{name}={value}" for name, value in chosen.items())
    return f"{reverse('incubators:list')}?country={country.iso2.lower()}{query}"


def _kinds(country: Country, index: Index, own: Question) -> Iterable[Gap]:
    counts = index.counts("kind", own)
    for kind, words in NONE_LISTED.items():
        if not counts.get(kind.value):
            yield Gap(str(words) % {"country": country}, reverse("incubators:import"))


def _sectors(index: Index, own: Question, others: Question) -> Iterable[Gap]:
    here, region = index.counts("sector", own), index.counts("sector", others)
    lacking = [code for code in index.labels["sector"] if region.get(code) and not here.get(code)]
    if lacking:
        labels = "; ".join(index.label("sector", code) for code in lacking)
        words = _("Sectors that organisations of other countries have and none here: %(sectors)s.")
        yield Gap(words % {"sectors": labels}, reverse("incubators:import"))


def _languages(country: Country, index: Index, own: Question) -> Iterable[Gap]:
    counts = index.counts("language", own)
    lacking = [index.label("language", code) for code in country.languages if not counts.get(code)]
    if lacking:
        words = _("Official languages in which no listed organisation says it works: %(languages)s.")
        silent = index.silent("language", own)
        said = ngettext(
            "%(n)s organisation says nothing of its languages.",
            "%(n)s organisations say nothing of their languages.",
            silent,
        )
        told = [words % {"languages": ", ".join(lacking)}, *([said % {"n": silent}] if silent else [])]
        yield Gap(" ".join(told), list_url(country))


def _descriptions(country: Country) -> Iterable[Gap]:
    listed = Organisation.objects.in_directory().filter(country=country)
    texts: list[dict[str, Any]] = list(listed.values_list("descriptions", flat=True))
    for code in FALLBACKS:
        if number := sum(not each.get(code) for each in texts):
            words = ngettext(
                "%(n)s organisation has no description %(language)s.",
                "%(n)s organisations have no description %(language)s.",
                number,
            )
            yield Gap(words % {"n": number, "language": in_that_language(code)}, list_url(country))


def _listing(country: Country, index: Index) -> Iterable[Gap]:
    stale = index.selected(question_of(country, listing=STALE)).bit_count()
    unverified = index.selected(question_of(country, listing=UNVERIFIED)).bit_count()
    if unverified:
        words = ngettext(
            "%(n)s organisation is not verified yet.", "%(n)s organisations are not verified yet.", unverified
        )
        yield Gap(words % {"n": unverified}, list_url(country, listing=UNVERIFIED))
    if stale:
        words = ngettext("%(n)s organisation is out of date.", "%(n)s organisations are out of date.", stale)
        yield Gap(words % {"n": stale}, list_url(country, listing=STALE))
