"""An organisation's entry: the first step, and the sections that are saved as one types."""

import re
from collections.abc import Collection
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from incubators.enums import OrganisationKind
from incubators.forms.countries import CountryField
from incubators.forms.languages import language_choices, readers_first
from incubators.listing_values import (
    DESCRIBED_IN,
    FIELD_LABELS,
    FIRST_YEAR,
    LONGEST_DESCRIPTION,
    SECTIONS,
    city_name,
    described_in,
    description_label,
    descriptions_of,
    latest_founding_year,
    name_label,
)
from incubators.models import Country, Language, Organisation, Sdg, Sector
from incubators.names import LONGEST_NAME
from network_platform.fields import choice_field, our_field
from network_platform.languages import IN_LANGUAGE, WORKING_LANGUAGES

SECTION_TITLES = {
    "names": gettext_lazy("Names"),
    "facts": gettext_lazy("Facts"),
    "work": gettext_lazy("What you do"),
}
LABELLED = (*(f"{what}_{code}" for what in ("name", "description") for code in IN_LANGUAGE), *FIELD_LABELS)
KIND_FIRST = [("", pgettext_lazy("kind of organisation", "Choose"))]


class StartForm(forms.Form):
    """Name and country first: enough to see whether the registry has it already."""

    all_optional = True
    name = forms.CharField(
        label=gettext_lazy("Name of the organisation"),
        max_length=LONGEST_NAME,
        help_text=gettext_lazy("As you call yourselves, in any script."),
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    language = forms.ChoiceField(label=gettext_lazy("Language of this name"))
    country = CountryField(
        Country.objects.all(), label=gettext_lazy("Country"), to_field_name="iso2", empty_label=gettext_lazy("Choose")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice_field(self, "language").choices = language_choices()

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())


def label_of(name: str) -> str:
    """What a field is called, for mails and lists."""
    if name.startswith("name_"):
        return name_label(name.removeprefix("name_"))
    if name.startswith("description_"):
        return description_label(name.removeprefix("description_"))
    return str(FIELD_LABELS.get(name, ""))


def field_labels() -> dict[str, str]:
    """What all fields are called, by name."""
    return {name: label_of(name) for name in LABELLED}


def name_languages(organisation: Organisation, values: dict[str, Any]) -> list[str]:
    """English, Russian, the country's own languages, and any other in which a name is there; the reader's first."""
    there = [key.removeprefix("name_") for key in values if key.startswith("name_")]
    return readers_first([*WORKING_LANGUAGES, *organisation.country.languages, *there])


def description_languages(organisation: Organisation, values: dict[str, Any]) -> list[str]:
    """The same of descriptions; of the two that are always asked for the reader's own language is the first."""
    there = (code for code, text in descriptions_of(values).items() if text)
    codes = described_in(organisation.country, there)
    return sorted(codes, key=lambda code: (code not in DESCRIBED_IN, code != get_language()))


def field_names(section: str, organisation: Organisation, values: dict[str, Any]) -> list[str]:
    """The names of a section's fields, without reading the database."""
    names = [f"name_{code}" for code in name_languages(organisation, values)] if section == "names" else []
    texts = description_languages(organisation, values) if section == "work" else []
    return list(dict.fromkeys([*names, *SECTIONS[section], *(f"description_{code}" for code in texts)]))


_NO_CITY = re.compile(r"[\d,;:/]")
LISTS = ("languages", "sectors", "sdgs")
ONE_IS_NEEDED = ("name_", "description_")  # of the fields that begin so


def as_typed(data: QueryDict, names: list[str]) -> dict[str, Any]:
    """The fields as they were sent, complete or not."""
    return {name: data.getlist(name) if name in LISTS else data.get(name, "") for name in names}


class CityInput(forms.TextInput):
    """Suggests the country's cities, in the reader's language; any other can be typed."""

    def __init__(self, country: Country) -> None:
        super().__init__()
        self.country = country

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        known = f"id_{name}_known"
        control = super().render(name, value, {**(attrs or {}), "list": known}, renderer)
        cities = sorted({str(city) for city in self.country.cities.all()})
        options = format_html_join("", '<option value="{}">', ((city,) for city in cities))
        return format_html('{}<datalist id="{}">{}</datalist>', control, known, options)


class ListingForm(forms.Form):
    """The whole entry, or one `section` of it; `values` are a revision's. Says what is missing only when complete."""

    all_optional = False

    def __init__(
        self, values: dict[str, Any], *, organisation: Organisation, section: str = "", bound: bool = True
    ) -> None:
        self.organisation, self.values = organisation, values
        super().__init__(data=values if bound else None, initial=values)
        sections = [section] if section else list(SECTIONS)
        for name in sections:
            getattr(self, f"_add_{name}")()

    def _add_names(self) -> None:
        codes = name_languages(self.organisation, self.values)
        languages = {each.code: each for each in Language.objects.filter(code__in=codes)}
        for code in codes:
            if code in languages:
                widget = forms.TextInput(attrs={"lang": code, "dir": "auto"})
                field = forms.CharField(label=name_label(code), max_length=LONGEST_NAME, required=False, widget=widget)
                our_field(field).needed_at_times = True
                field.help_text = "" if self.fields else _("At least one name is needed.")
                self.fields[f"name_{code}"] = field
        self.fields["display"] = forms.ChoiceField(
            label=FIELD_LABELS["display"],
            choices=[(code, str(language)) for code, language in languages.items()],
        )
        self.fields["short_name"] = forms.CharField(
            label=FIELD_LABELS["short_name"],
            max_length=40,
            required=False,
            help_text=_("An abbreviation, if you use one."),
        )
        self.fields["other_names"] = forms.CharField(
            label=FIELD_LABELS["other_names"],
            max_length=1000,
            required=False,
            help_text=_("Earlier names and spellings under which people look for you, one a line."),
            widget=forms.Textarea(attrs={"rows": 3}),
        )

    def _add_facts(self) -> None:
        self.fields["kind"] = forms.ChoiceField(
            label=FIELD_LABELS["kind"], choices=KIND_FIRST + OrganisationKind.choices
        )
        self.fields["city"] = forms.CharField(
            label=FIELD_LABELS["city"], max_length=80, required=False, widget=CityInput(self.organisation.country)
        )
        self.fields["founded_year"] = forms.IntegerField(
            label=FIELD_LABELS["founded_year"],
            required=False,
            min_value=FIRST_YEAR,
            max_value=latest_founding_year(),
            error_messages={"max_value": _("The year of foundation is this year at the latest.")},
            widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "short"}),
        )
        self.fields["website"] = forms.URLField(
            label=FIELD_LABELS["website"],
            max_length=300,
            required=False,
            assume_scheme="https",
            widget=forms.TextInput(attrs={"inputmode": "url", "placeholder": "https://"}),
        )
        self.fields["languages"] = forms.MultipleChoiceField(
            label=FIELD_LABELS["languages"],
            required=False,
            choices=language_choices(),
            widget=forms.CheckboxSelectMultiple,
        )

    def _add_work(self) -> None:
        for code in description_languages(self.organisation, self.values):
            field = forms.CharField(
                label=description_label(code),
                max_length=LONGEST_DESCRIPTION,
                required=False,
                widget=forms.Textarea(attrs={"rows": 5, "lang": code, "dir": "auto"}),
            )
            ours = our_field(field)
            ours.is_folded, ours.needed_at_times = code not in DESCRIBED_IN, True
            if not ours.is_folded:
                field.help_text = _("What you offer, to whom, and on what terms. At least one language is needed.")
            self.fields[f"description_{code}"] = field
        self.fields["sectors"] = forms.MultipleChoiceField(
            label=FIELD_LABELS["sectors"],
            required=False,
            choices=[(each.code, str(each)) for each in Sector.objects.all()],
            widget=forms.CheckboxSelectMultiple,
        )
        self.fields["sdgs"] = forms.TypedMultipleChoiceField(
            label=FIELD_LABELS["sdgs"],
            required=False,
            coerce=int,
            choices=[(goal.number, str(goal)) for goal in Sdg.objects.all()],
            widget=forms.CheckboxSelectMultiple,
        )
        our_field(self.fields["sdgs"]).is_folded = True

    def clean_city(self) -> str:
        city = city_name(self.cleaned_data["city"])
        if _NO_CITY.search(city):
            raise forms.ValidationError(_("Write only the name of the city or village, without street and number."))
        return city

    def clean_other_names(self) -> str:
        lines = self.cleaned_data["other_names"].splitlines()
        if any(len(" ".join(line.split())) > LONGEST_NAME for line in lines):
            words = _("Write one name a line; a name has at most %(most)s characters.")
            raise forms.ValidationError(words % {"most": LONGEST_NAME})
        return self.cleaned_data["other_names"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        shown = f"name_{data.get('display')}"
        if "display" in self.fields and shown in self.fields and not data.get(shown) and shown not in self.errors:
            named = any(data.get(name) for name in self.fields if name.startswith("name_"))
            words = (
                _("This name is shown first, so it cannot be empty.") if named else _("At least one name is needed.")
            )
            self.add_error(shown, words)
        described = [name for name in self.fields if name.startswith("description_")]
        if described and not any(data.get(name) for name in described) and not self.errors.keys() & set(described):
            self.add_error(described[0], _("Describe your work in at least one language."))
        return data

    def complaints_about_what_is_there(self, *, goes_on: bool = False) -> bool:
        """Drop the complaints about empty fields, which a draft may have; say whether others are left. Who goes on to
        the next step hears of those of which one is needed.
        """
        for name in list(self.errors):
            told = goes_on and name.startswith(ONE_IS_NEEDED)
            if name in self.fields and not self.values.get(name) and not told:
                del self.errors[name]
        return bool(self.errors)

    def take_comments(self, comments: dict[str, str], *, answered: Collection[str] = ()) -> None:
        """What the reviewer wrote, by field name, is shown at the fields, and if they were changed since."""
        for name in comments.keys() & self.fields.keys():
            our_field(self.fields[name]).comment = comments[name]
            our_field(self.fields[name]).comment_answered = name in answered

    def entry(self) -> dict[str, Any]:
        """The checked values as `listing_values` knows them."""
        return dict(self.cleaned_data)
