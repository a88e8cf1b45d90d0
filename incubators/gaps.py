"""What a country's part of the registry lacks, in sentences, each with the page on which it is mended."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from incubators.enums import OrganisationKind as K
from incubators.facets import NO_LANGUAGES, NO_SECTORS, STALE, UNVERIFIED, Index, Question, no_description
from incubators.listing_values import DESCRIBED_IN
from incubators.models import Country
from network_platform.languages import in_that_language

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
    """`url` leads those who serve the country to where it is mended, `action` says what is there."""

    text: str
    url: str
    action: str


def gaps_of(country: Country, index: Index, *, year: int, has_figures: bool) -> list[Gap]:
    """From what everybody may read. `has_figures`: whether a sum of that year is shown. One query."""
    own, others = question_of(country), Question()
    if not index.selected(own):
        return [_to_import(_("No organisation is listed in %(country)s.") % {"country": country})]
    found = [*_kinds(country, index, own), *_sectors(country, index, own, others), *_languages(country, index, own)]
    found += [*_descriptions(country, index), *_listing(country, index)]
    if not has_figures:
        words = _("No sums of %(year)s can be shown to everybody: not enough organisations have reported.") % {
            "year": year
        }
        url = f"{reverse('incubators:country-figures')}?country={country.iso2}"
        found.append(Gap(words, url, pgettext("gap", "Who reported")))
    return found


def question_of(country: Country, **chosen: str) -> Question:
    """The public list of one country, under further filters."""
    further: dict[str, tuple[str, ...]] = {name: (value,) for name, value in chosen.items()}
    return Question(chosen={"country": (country.iso2.lower(),)} | further)


def list_url(country: Country, **chosen: str) -> str:
    query = "".join(f"&{name}={value}" for name, value in chosen.items())
    return f"{reverse('incubators:list')}?country={country.iso2.lower()}{query}"


def _to_import(text: str) -> Gap:
    """What is not in the registry at all."""
    return Gap(text, reverse("incubators:import"), pgettext("gap", "Import"))


def _to_list(text: str, country: Country, **chosen: str) -> Gap:
    """What these organisations of the list would have to say."""
    return Gap(text, list_url(country, **chosen), pgettext("gap", "Show them"))


def _lacking(country: Country, index: Index, what: str) -> int:
    """How many the list has under that filter."""
    return index.selected(question_of(country, lacks=what)).bit_count()


def _kinds(country: Country, index: Index, own: Question) -> Iterable[Gap]:
    counts = index.counts("kind", own)
    for kind, words in NONE_LISTED.items():
        if not counts.get(kind.value):
            yield _to_import(str(words) % {"country": country})


def _sectors(country: Country, index: Index, own: Question, others: Question) -> Iterable[Gap]:
    here, region = index.counts("sector", own), index.counts("sector", others)
    lacking = [code for code in index.labels["sector"] if region.get(code) and not here.get(code)]
    if not lacking:
        return
    labels = "; ".join(index.label("sector", code) for code in lacking)
    words = _("Sectors that organisations of other countries have and none here: %(sectors)s.") % {"sectors": labels}
    if silent := _lacking(country, index, NO_SECTORS):
        said = ngettext(
            "%(n)s organisation says nothing of its sectors.",
            "%(n)s organisations say nothing of their sectors.",
            silent,
        )
        yield _to_list(f"{words} {said % {'n': silent}}", country, lacks=NO_SECTORS)
    else:
        yield _to_import(words)


def _languages(country: Country, index: Index, own: Question) -> Iterable[Gap]:
    counts = index.counts("language", own)
    lacking = [index.label("language", code) for code in country.languages if not counts.get(code)]
    if not lacking:
        return
    words = _("Official languages in which no listed organisation says it works: %(languages)s.")
    words %= {"languages": ", ".join(lacking)}
    if silent := _lacking(country, index, NO_LANGUAGES):
        said = ngettext(
            "%(n)s organisation says nothing of its languages.",
            "%(n)s organisations say nothing of their languages.",
            silent,
        )
        yield _to_list(f"{words} {said % {'n': silent}}", country, lacks=NO_LANGUAGES)
    else:
        yield _to_list(words, country)


def _descriptions(country: Country, index: Index) -> Iterable[Gap]:
    for code in DESCRIBED_IN:
        if number := _lacking(country, index, no_description(code)):
            words = ngettext(
                "%(n)s organisation has no description %(language)s.",
                "%(n)s organisations have no description %(language)s.",
                number,
            )
            told = words % {"n": number, "language": in_that_language(code)}
            yield _to_list(told, country, lacks=no_description(code))


def _listing(country: Country, index: Index) -> Iterable[Gap]:
    stale = index.selected(question_of(country, listing=STALE)).bit_count()
    unverified = index.selected(question_of(country, listing=UNVERIFIED)).bit_count()
    if unverified:
        words = ngettext(
            "%(n)s organisation is not verified yet.", "%(n)s organisations are not verified yet.", unverified
        )
        yield _to_list(words % {"n": unverified}, country, listing=UNVERIFIED)
    if stale:
        words = ngettext("%(n)s organisation is out of date.", "%(n)s organisations are out of date.", stale)
        yield _to_list(words % {"n": stale}, country, listing=STALE)
