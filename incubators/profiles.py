"""An organisation as a page shows it: made from the rows, or from a revision that nobody has approved yet."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from incubators.enums import FieldGroup, NameKind, OrganisationKind, Script
from incubators.listing_values import (
    city_name,
    description_label,
    descriptions_of,
    full_address,
    host_of,
    names_in,
    titles_of,
)
from incubators.models import Confirmation, Language, Organisation, Sdg, Sector
from incubators.names import script_of
from incubators.services.confirming import CONFIRMED_FOR
from incubators.services.names import Name
from network_platform.languages import FALLBACKS, IN_LANGUAGE, in_that_language
from network_platform.typed import whole_number
from network_platform.zones import today

TITLES = (NameKind.DISPLAY, NameKind.LABEL)


@dataclass(frozen=True)
class Text:
    """A text with the language it is in; `language` may be unknown (empty)."""

    text: str
    language: str = ""

    @property
    def is_foreign(self) -> bool:
        """In another language than the page."""
        return bool(self.language) and self.language != get_language()

    @property
    def language_name(self) -> str:
        found = Language.objects.filter(code=self.language).first() if self.language else None
        return str(found or "")


@dataclass(frozen=True)
class Profile:
    """What everybody may read of one organisation; `elsewhere`: the description in languages that the
    site does not speak; for its editors in every other one.
    """

    organisation: Organisation
    title: Text
    names: list[tuple[str, Text]]
    kind: str
    city: str
    website: str
    founded_year: int | None
    description: Text
    languages: list[str]
    sectors: list[str]
    sdgs: list[str]
    elsewhere: tuple[tuple[str, Text], ...] = ()

    @property
    def host(self) -> str:
        """What the link says; empty if what was typed leads nowhere."""
        return host_of(self.website) if self.website.startswith(("https://", "http://")) else ""


def spoken(texts: dict[str, str]) -> Text:
    """The text for this reader: in the page's language, else English, Russian, or whatever is there."""
    for code in (get_language() or "en", *FALLBACKS, *texts):
        if texts.get(code):
            return Text(texts[code], code)
    return Text("")


def profile_of(organisation: Organisation) -> Profile:
    """From the rows. Five queries: country and city, names, languages, sectors, SDGs."""
    names = [Name(name.text, name.kind, name.language, name.until) for name in organisation.names.all()]
    title, description = spoken(organisation.titles), spoken(organisation.descriptions)
    return Profile(
        organisation=organisation,
        title=title,
        names=_other_names(names, title),
        kind=organisation.get_kind_display(),
        city=str(organisation.city or ""),
        website=organisation.website,
        founded_year=organisation.founded_year,
        description=description,
        elsewhere=tuple(
            (description_label(code), Text(text, code))
            for code, text in organisation.descriptions.items()
            if text and code != description.language and code not in dict(settings.LANGUAGES)
        ),
        languages=languages_in_words(organisation.languages),
        sectors=[str(sector) for sector in organisation.sectors.all()],
        sdgs=[str(goal) for goal in organisation.sdgs.all()],
    )


def profile_from(organisation: Organisation, values: dict[str, Any]) -> Profile:
    """From a revision's values, complete or not."""
    title = spoken(titles_of(values))
    described = descriptions_of(values)
    description = spoken(described)
    return Profile(
        organisation=organisation,
        title=title,
        names=_other_names(names_in(values), title),
        kind=_kind(values.get("kind", "")),
        city=city_name(values.get("city", "")),
        website=full_address(values.get("website", "")),
        founded_year=values.get("founded_year") or None,
        description=description,
        elsewhere=tuple(
            (description_label(code), Text(text, code))
            for code, text in described.items()
            if text and code != description.language
        ),
        languages=languages_in_words(values.get("languages", [])),
        sectors=[str(sector) for sector in Sector.objects.filter(code__in=values.get("sectors", []))],
        sdgs=[
            str(goal)
            for goal in Sdg.objects.filter(number__in=[whole_number(str(text)) for text in values.get("sdgs", [])])
        ],
    )


def _other_names(names: list[Name], title: Text) -> list[tuple[str, Text]]:
    """(what it is, name), the display name first; the title stands among them where there is anything beside it but
    an acronym, which then needs the name that it is short for.
    """
    shown = [name for name in names if name.text != title.text]
    if shown and all(name.kind == NameKind.ACRONYM for name in shown):
        shown = [*(name for name in names if name.text == title.text), *shown]
    return [(_label(name, _scripts(names, name.language)), Text(name.text, name.language)) for name in shown]


def _scripts(names: list[Name], language: str) -> set[str]:
    """In which scripts the names of one language are written."""
    return {
        script_of(name.text) for name in names if name.language == language and name.kind in TITLES and not name.until
    }


def _label(name: Name, scripts: set[str]) -> str:
    """What a name is; with its script where the language has names in more than one."""
    if name.until:
        return _("Formerly, until %(date)s") % {"date": date_format(name.until, "DATE_FORMAT")}
    if name.kind not in TITLES:
        return str(NameKind(name.kind).label)
    if name.language not in IN_LANGUAGE:
        return _("Local name")
    told = {
        "in_language": in_that_language(name.language),
        "script": Script(script_of(name.text) or Script.LATIN).label,
    }
    if len(scripts) > 1:
        return _("Name %(in_language)s, %(script)s script") % told
    return _("Name %(in_language)s") % told


def languages_in_words(codes: list[str]) -> list[str]:
    return [str(language) for language in Language.objects.filter(code__in=codes)] if codes else []


def _kind(code: str) -> str:
    return str(OrganisationKind(code).label) if code in OrganisationKind.values else ""


def linked_data(profile: Profile, url: str) -> dict[str, Any]:
    """The page as schema.org's Organization, for machines."""
    organisation = profile.organisation
    country = organisation.country
    data = {
        "@context": "https://schema.org",
        "@type": "Organization",
        "@id": url,
        "url": url,
        "sameAs": [profile.website] if profile.host else [],
        "name": profile.title.text,
        "alternateName": [name.text for _label, name in profile.names],
        "description": profile.description.text,
        "foundingDate": str(profile.founded_year) if profile.founded_year else "",
        "knowsAbout": profile.sectors,
        "knowsLanguage": organisation.languages,
        "areaServed": {"@type": "Country", "name": str(country), "identifier": country.iso2},
        "address": {
            "@type": "PostalAddress",
            "addressCountry": country.iso2,
            **({"addressLocality": profile.city} if profile.city else {}),
        },
    }
    return {key: value for key, value in data.items() if value}


@dataclass(frozen=True)
class Age:
    """When a group of fields was confirmed last, if it ever was."""

    group: str
    label: str
    day: date | None

    @property
    def is_over(self) -> bool:
        return self.day is not None and self.day + CONFIRMED_FOR < today()


def ages_of(organisation: Organisation) -> list[Age]:
    """Of each group of fields. One query."""
    latest = Confirmation.latest_of(organisation)
    return [
        Age(group.value, str(group.label), latest[group].date() if group in latest else None) for group in FieldGroup
    ]


@dataclass(frozen=True)
class Badge:
    """Icon and word of a listed organisation's state, and the class that colours them."""

    css: str
    icon: str
    word: str | Promise


VERIFIED = Badge("badge ok", "seal", pgettext_lazy("organisation", "Verified"))
UNVERIFIED = Badge("badge", "circle", gettext_lazy("Unverified"))
OUT_OF_DATE = Badge("badge old", "clock", gettext_lazy("Out of date"))


@dataclass(frozen=True)
class Row:
    """One line of a list. `local` is the name in the country's own language, if that is another one."""

    organisation: Organisation
    title: Text
    local: Text
    description: Text
    kind: str
    place: str
    since: str
    badge: Badge


def badge_of(organisation: Organisation) -> Badge:
    if organisation.is_out_of_date:
        return OUT_OF_DATE
    return VERIFIED if organisation.is_verified else UNVERIFIED


READ_FOR_ROWS = (
    "slug",
    "titles",
    "kind",
    "status",
    "verified_until",
    "founded_year",
    "descriptions",
    "country__names",
    "country__languages",
    "city__names",
)


def rows_of(ids: list[int]) -> list[Row]:
    """The rows of these primary keys, in their order; what has just stopped being public is left out. One query.

    Found by key alone: with the status in the condition SQLite walks the whole list.
    """
    found = Organisation.objects.select_related("country", "city").only(*READ_FOR_ROWS).in_bulk(ids)
    return [row_of(found[pk]) for pk in ids if pk in found and found[pk].is_public]


def row_of(organisation: Organisation) -> Row:
    """For an organisation that was read with its country and city."""
    title = spoken(organisation.titles)
    own = [code for code in organisation.country.languages if code in organisation.titles and code != title.language]
    place = ", ".join(filter(None, (str(organisation.city or ""), str(organisation.country))))
    return Row(
        organisation=organisation,
        title=title,
        local=Text(organisation.titles[own[0]], own[0]) if own else Text(""),
        description=spoken(organisation.descriptions),
        kind=str(OrganisationKind(organisation.kind).label),
        place=place,
        since=_("since %(year)s") % {"year": organisation.founded_year} if organisation.founded_year else "",
        badge=badge_of(organisation),
    )
