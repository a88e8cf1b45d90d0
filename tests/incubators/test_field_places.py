"""A field of an entry stands wherever readers, files and machines look for it, or its exception is named here."""

import re
from collections.abc import Container, Mapping
from dataclasses import fields
from pathlib import Path

import pytest
from django.conf import settings

from incubators import reports
from incubators.api import OrganisationSerializer
from incubators.forms.listing import ListingForm, label_of
from incubators.listing_values import SECTIONS, values_of
from incubators.open_data import FIELDS
from incubators.profiles import Profile
from incubators.services.imports.kinds import kind_of
from incubators.services.imports.organisation_rows import COLUMNS
from network_platform.journal.wording import vocabulary
from tests.incubators.factories import OrganisationFactory

ENTRY = [name for section in SECTIONS.values() for name in section]
IMPORTS = kind_of("organisations")
# What a field is called in a place, if not by its own name; "" where it is no field of its own.
IMPORTED = {"display": "", "short_name": "other_names", "kind": "type"}
EXPORTED = dict.fromkeys(("display", "short_name", "other_names"), "")
DESCRIBED = ("description_en", "description_ru")
TOLD = dict.fromkeys(("display", "short_name", "other_names"), "names") | dict.fromkeys(DESCRIBED, "descriptions")
SHOWN = {"display": "title", "short_name": "names", "other_names": "names"} | dict.fromkeys(DESCRIBED, "description")
PARTS = ("facts", "described", "profile")  # templates of which every page of an organisation is made


def shown_on_pages() -> set[str]:
    templates = Path(settings.BASE_DIR) / "templates/incubators"
    pages = [templates / "detail.html", *(templates / f"parts/{name}.html" for name in PARTS)]
    return {name for page in pages for name in re.findall(r"\bprofile\.(\w+)", page.read_text())}


PLACES: dict[str, tuple[Container[str], Mapping[str, str]]] = {
    "columns of the import": (COLUMNS, IMPORTED),
    "words by which the import knows a column": (IMPORTS.words, IMPORTED),
    "labels of the import": (IMPORTS.labels(), IMPORTED),
    "export": (reports.COLUMNS, EXPORTED),
    "API": (OrganisationSerializer.Meta.fields, TOLD),
    "open data": (FIELDS["organisations"], TOLD),
    "profile": ([each.name for each in fields(Profile)], SHOWN),
    "page": (shown_on_pages(), SHOWN),
    "words of the journal": (vocabulary().fields, {}),
}


@pytest.mark.parametrize("place", PLACES)
def test_every_field_has_its_place(place: str) -> None:
    there, otherwise = PLACES[place]

    names = {field: otherwise.get(field, field) for field in ENTRY}

    assert [field for field, name in names.items() if name and name not in there] == []


def test_every_field_is_asked_for_and_called_something(db: None) -> None:
    organisation = OrganisationFactory()
    form = ListingForm(values_of(organisation), organisation=organisation, bound=False)

    assert [field for field in ENTRY if field not in form.fields] == []
    assert [field for field in ENTRY if not label_of(field)] == []
