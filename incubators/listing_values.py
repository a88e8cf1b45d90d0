"""An entry as JSON values by form field: what they say, and what rows say in them. `services/apply_listing.py` writes.

`values` has `display` (code of the language shown first), `name_<language>`, `short_name`, `other_names` (one a line),
`kind`, `city`, `founded_year`, `website`, `languages`, `description_<language>`, `sectors` (codes), `sdgs` (numbers).
Beside English and Russian there is a description for each language of the country.
The country itself is not among them: no edit can move an organisation.
"""

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from incubators.enums import NameKind
from incubators.models import Country, Organisation
from incubators.names import slug_of
from incubators.services.names import Name
from network_platform.drafts import digest
from network_platform.languages import REGION, WORKING_LANGUAGES, in_language, in_that_language
from network_platform.zones import today

DESCRIBED_IN = WORKING_LANGUAGES
# The language of each column that a file may bring or take.
DESCRIPTIONS = {f"description_{code}": code for code in REGION}
LONGEST_DESCRIPTION = 2000
FIRST_YEAR = 1800  # of a foundation
_TOWN = re.compile(r"^(?:(?:г|гор|ш|қ|с|пос)\.\s*|(?:город|city of)\s+)", re.IGNORECASE)
# The form's fields, by section, but names and descriptions in other languages. What is here is compared, shown to the
# reviewer and taken by the API.
SECTIONS = {
    "names": ("display", "short_name", "other_names"),
    "facts": ("kind", "city", "founded_year", "website", "languages"),
    "work": (*(f"description_{code}" for code in DESCRIBED_IN), "sectors", "sdgs"),
}
# What pages, mails, imports and the journal call them; names and descriptions: `name_label` and `description_label`.
FIELD_LABELS = {
    "display": gettext_lazy("Which name is shown first?"),
    "short_name": gettext_lazy("Short name"),
    "other_names": gettext_lazy("Other names"),
    "kind": gettext_lazy("Kind"),
    "city": gettext_lazy("City"),
    "founded_year": gettext_lazy("Year of foundation"),
    "website": gettext_lazy("Website"),
    "languages": gettext_lazy("Working languages"),
    "sectors": gettext_lazy("Sectors"),
    "sdgs": gettext_lazy("Sustainable Development Goals"),
}
PLAIN = ("kind", "founded_year", "website", "languages")  # fields that are columns of the same name, imported too


def name_label(code: str) -> str:
    return _("Name %(in_language)s") % {"in_language": in_that_language(code)}


def description_label(code: str) -> str:
    return _("Description %(in_language)s") % {"in_language": in_that_language(code)}


def latest_founding_year() -> int:
    """The latest year of foundation: nobody is listed before they exist."""
    return today().year


def title_of(values: dict[str, Any]) -> str:
    """The name that its editors put first, or any that is there: what the address is made of. Readers are shown
    `title_here`.
    """
    texts = [text for key, text in values.items() if key.startswith("name_") and text]
    return values.get(f"name_{values.get('display')}") or next(iter(texts), "")


def title_here(values: dict[str, Any]) -> str:
    """The name in the reader's language, as the page of the organisation shows it."""
    return in_language(titles_of(values))


def titles_of(values: dict[str, Any]) -> dict[str, str]:
    return {key.removeprefix("name_"): text for key, text in values.items() if key.startswith("name_") and text}


def descriptions_of(values: dict[str, Any]) -> dict[str, str]:
    """What was written, by language; empty where a text was taken away."""
    begins = "description_"
    return {key.removeprefix(begins): text or "" for key, text in values.items() if key.startswith(begins)}


def described_in(country: Country, texts: Iterable[str]) -> list[str]:
    """English, Russian, the country's own languages, and any other of these in which something is written."""
    return list(dict.fromkeys([*DESCRIBED_IN, *country.languages, *texts]))


def names_in(values: dict[str, Any]) -> list[Name]:
    """All names; the display name first."""
    display = values["display"]
    labels = {code: text for code, text in titles_of(values).items() if code != display}
    short = values.get("short_name", "")
    others = [" ".join(line.split()) for line in values.get("other_names", "").splitlines()]
    return [
        Name(title_of(values), NameKind.DISPLAY, display),
        *(Name(text, NameKind.LABEL, code) for code, text in labels.items()),
        *([Name(short, NameKind.ACRONYM)] if short else []),
        *(Name(line, NameKind.ALIAS) for line in others if line),
    ]


def host_of(website: str) -> str:
    """`example.org` of `https://www.example.org/en`."""
    return (urlsplit(website).hostname or "").removeprefix("www.")[:120]


def full_address(website: str) -> str:
    """The address as it will be kept: https:// where no scheme was typed."""
    return f"https://{website}" if website and "://" not in website else website


def city_name(text: str) -> str:
    """The name alone: `Нарын` of `г. Нарын`."""
    return _TOWN.sub("", " ".join(text.split()))


def values_of(organisation: Organisation) -> dict[str, Any]:
    """The entry as it stands, as the form would hold it."""
    names = [name for name in organisation.names.all() if name.until is None]
    display = next((name for name in names if name.kind == NameKind.DISPLAY), None)
    labels = [name for name in names if name.kind == NameKind.LABEL]
    rest = [name.text for name in names if name.kind == NameKind.ALIAS or (name in labels and not name.language)]
    return {
        "display": (display.language if display else "") or "en",
        **{f"name_{name.language}": name.text for name in labels if name.language},
        **({f"name_{display.language or 'en'}": display.text} if display else {}),
        "short_name": next((name.text for name in names if name.kind == NameKind.ACRONYM), ""),
        "other_names": "\n".join(rest),
        **{name: getattr(organisation, name) for name in PLAIN},
        "city": str(organisation.city or ""),
        **{
            f"description_{code}": organisation.descriptions.get(code, "")
            for code in described_in(organisation.country, organisation.descriptions)
        },
        "sectors": [sector.code for sector in organisation.sectors.all()],
        "sdgs": [goal.number for goal in organisation.sdgs.all()],
    }


def changes_nothing(organisation: Organisation, values: dict[str, Any]) -> bool:
    """Whether complete, checked values say what is listed and confirmed already. To send what nobody has confirmed
    yet says something, even if no word is new.
    """
    return organisation.is_verified and _essence(values_of(organisation)) == _essence(values)


def changed_fields(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """The fields that hold something else than before, in the form's order."""
    there = sorted(before.keys() | after.keys())
    names = [key for key in there if key.startswith("name_")]
    fields = [*names, *(name for section in SECTIONS.values() for name in section)]
    fields += [key for key in there if key.startswith("description_") and key not in fields]
    return [name for name in fields if digest(before.get(name)) != digest(after.get(name))]


def _essence(values: dict[str, Any]) -> dict[str, Any]:
    """What the values say, whatever their order and spelling: a city is the same in every script."""
    said = {name: values.get(name) or "" for name in PLAIN}
    texts = {f"description_{code}": text.split() for code, text in descriptions_of(values).items() if text.strip()}
    lists = {key: sorted(values.get(key) or []) for key in ("languages", "sectors", "sdgs")}
    city = slug_of(values["city"]) if values.get("city") else ""
    return {**said, **texts, **lists, "city": city, "names": set(names_in(values))}
