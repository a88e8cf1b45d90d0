"""Programmes, cohorts and calls for start-ups. Texts are asked for in English, Russian and the country's languages."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from incubators.enums import ProgrammeKind
from incubators.forms.languages import language_choices, readers_first
from incubators.models import Cohort, Country, Language, OpenCall, Programme, Sector
from incubators.names import LONGEST_NAME
from network_platform.fields import our_field
from network_platform.languages import WORKING_LANGUAGES, in_that_language
from network_platform.zones import CITIES

LONGEST_TEXT = 2000


def _web_address(label: Any, help_text: Any = "") -> forms.URLField:
    return forms.URLField(
        label=label,
        max_length=300,
        required=False,
        assume_scheme="https",
        help_text=help_text,
        widget=forms.TextInput(attrs={"inputmode": "url", "placeholder": "https://"}),
    )


class TextsForm(forms.Form):
    """Has a field for each language of a text; `texts` gathers what was written, of which one is needed."""

    def __init__(self, *args: Any, country: Country, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        codes = readers_first([*WORKING_LANGUAGES, *country.languages])
        self.spoken = {each.code: each for each in Language.objects.filter(code__in=codes)}
        self.codes = [code for code in codes if code in self.spoken]

    def add_texts(self, name: str, label: str, widget: forms.Widget, *, most: int, demanded: str = "") -> None:
        """A field a language; `label` holds `%(in_language)s`. `demanded` says how many are needed, if any."""
        for code in self.codes:
            widget_of_code = type(widget)(attrs={**widget.attrs, "lang": code, "dir": "auto"})
            words = label % {"in_language": in_that_language(code)}
            self.fields[f"{name}_{code}"] = forms.CharField(
                label=words, max_length=most, required=False, widget=widget_of_code
            )
            our_field(self.fields[f"{name}_{code}"]).needed_at_times = bool(demanded)
        self.fields[f"{name}_{self.codes[0]}"].help_text = demanded

    def texts(self, name: str) -> dict[str, str]:
        found = {code: " ".join(text.split()) if name == "title" else text for code, text in self._written(name)}
        return {code: text for code, text in found.items() if text}

    def demand_one(self, name: str, words: str) -> None:
        if not any(text for _code, text in self._written(name)):
            self.add_error(f"{name}_{self.codes[0]}", words)

    def _written(self, name: str) -> list[tuple[str, str]]:
        return [(code, self.cleaned_data.get(f"{name}_{code}", "")) for code in self.codes]

    @staticmethod
    def in_fields(name: str, texts: dict[str, str]) -> dict[str, str]:
        return {f"{name}_{code}": text for code, text in texts.items()}


class ProgrammeForm(TextsForm):
    """What a programme is, for whom, and how long."""

    def __init__(self, *args: Any, country: Country, programme: Programme | None = None, **kwargs: Any) -> None:
        kwargs["initial"] = self._initial(programme)
        super().__init__(*args, country=country, **kwargs)
        title, needed = _("Name %(in_language)s"), _("A name in one language is enough.")
        self.add_texts("title", title, forms.TextInput(), most=LONGEST_NAME, demanded=needed)
        self.fields["kind"] = forms.ChoiceField(label=_("Kind"), choices=ProgrammeKind.choices)
        area = forms.Textarea(attrs={"rows": 5})
        self.add_texts("description", _("Description %(in_language)s"), area, most=LONGEST_TEXT)
        self.fields["weeks"] = forms.IntegerField(
            label=_("Length in weeks"),
            required=False,
            min_value=1,
            max_value=520,
            help_text=_("How long a start-up stays, if that is fixed."),
            widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "short"}),
        )
        self.fields["languages"] = forms.MultipleChoiceField(
            label=_("Languages in which you work"),
            required=False,
            choices=language_choices(),
            widget=forms.CheckboxSelectMultiple,
        )
        self.fields["sectors"] = forms.ModelMultipleChoiceField(
            Sector.objects.all(),
            label=_("Sectors"),
            required=False,
            to_field_name="code",
            widget=forms.CheckboxSelectMultiple,
        )
        self.fields["website"] = _web_address(_("Website"))

    def clean(self) -> dict[str, Any]:
        super().clean()
        self.demand_one("title", _("At least one name is needed."))
        return self.cleaned_data

    def values(self) -> dict[str, Any]:
        """As `services.programmes` takes them."""
        plain = {name: self.cleaned_data[name] for name in ("kind", "languages", "sectors", "weeks", "website")}
        return {**plain, "titles": self.texts("title"), "descriptions": self.texts("description")}

    def _initial(self, programme: Programme | None) -> dict[str, Any]:
        if programme is None:
            return {}
        return {
            **self.in_fields("title", programme.titles),
            **self.in_fields("description", programme.descriptions),
            "kind": programme.kind,
            "weeks": programme.weeks,
            "languages": programme.languages,
            "sectors": [sector.code for sector in programme.sectors.all()],
            "website": programme.website,
        }


class CohortForm(forms.ModelForm):
    """One run of a programme."""

    class Meta:
        model = Cohort
        fields = ["name", "starts", "ends", "places"]
        labels = {
            "name": gettext_lazy("Name of the cohort"),
            "starts": gettext_lazy("First day"),
            "ends": gettext_lazy("Last day"),
            "places": gettext_lazy("Places for start-ups"),
        }
        help_texts = {"name": gettext_lazy("Such as “Spring 2026” or “5th cohort”.")}
        widgets = {
            "starts": forms.DateInput,
            "ends": forms.DateInput,
            "places": forms.TextInput(attrs={"inputmode": "numeric", "class": "short"}),
        }

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.programme = programme

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        if self.programme.cohorts.exclude(pk=self.instance.pk).filter(name=name).exists():
            raise forms.ValidationError(_("The programme has a cohort of this name already."))
        return name

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("starts") and data.get("ends") and data["ends"] < data["starts"]:
            self.add_error("ends", _("The last day is before the first one."))
        return data

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class CallForm(TextsForm):
    """Until when start-ups may apply, and where. Hours are those of `zone`."""

    def __init__(self, *args: Any, programme: Programme, call: OpenCall | None = None, **kwargs: Any) -> None:
        country = programme.organisation.country
        kwargs["initial"] = self._initial(call) if call else {"zone": country.time_zone}
        super().__init__(*args, country=country, **kwargs)
        title, needed = _("Title %(in_language)s"), _("A title in one language is enough.")
        self.add_texts("title", title, forms.TextInput(), most=LONGEST_NAME, demanded=needed)
        area = forms.Textarea(attrs={"rows": 5})
        self.add_texts("description", _("Description %(in_language)s"), area, most=LONGEST_TEXT)
        self.fields["opens_at"] = forms.DateTimeField(label=_("Opens"), widget=forms.DateTimeInput)
        self.fields["closes_at"] = forms.DateTimeField(label=_("Closes"), widget=forms.DateTimeInput)
        self.fields["zone"] = forms.ChoiceField(
            label=_("By the clock of"), choices=sorted(CITIES.items(), key=lambda pair: str(pair[1]))
        )
        self.fields["apply_url"] = _web_address(
            _("Where start-ups apply"), _("Your own page or form. Leave it empty if they write to you.")
        )
        self.fields["cohort"] = forms.ModelChoiceField(
            programme.cohorts.all(), label=_("For the cohort"), required=False, empty_label=_("None yet")
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        self.demand_one("title", _("At least one title is needed."))
        zone = ZoneInfo(data["zone"]) if data.get("zone") else None
        for name in ("opens_at", "closes_at"):
            if zone and data.get(name):
                data[name] = data[name].replace(tzinfo=zone)
        if data.get("opens_at") and data.get("closes_at") and data["closes_at"] <= data["opens_at"]:
            self.add_error("closes_at", _("The call closes before it opens."))
        return data

    def values(self) -> dict[str, Any]:
        """As `services.programmes` takes them."""
        plain = ("opens_at", "closes_at", "zone", "apply_url", "cohort")
        texts = {"titles": self.texts("title"), "descriptions": self.texts("description")}
        return {name: self.cleaned_data[name] for name in plain} | texts

    def _initial(self, call: OpenCall) -> dict[str, Any]:
        return {
            **self.in_fields("title", call.titles),
            **self.in_fields("description", call.descriptions),
            "opens_at": _by_clock(call.opens_at, call.zone),
            "closes_at": _by_clock(call.closes_at, call.zone),
            "zone": call.zone,
            "apply_url": call.apply_url,
            "cohort": call.cohort_id,
        }


def _by_clock(moment: datetime, zone: str) -> str:
    """What the clock of the zone showed, as a browser's picker writes it."""
    return f"{timezone.make_naive(moment, ZoneInfo(zone)):%Y-%m-%dT%H:%M}"


class WithdrawalForm(forms.Form):
    """Why a call is withdrawn."""

    reason = forms.CharField(
        label=gettext_lazy("Why you withdraw it"),
        max_length=500,
        help_text=gettext_lazy("It is recorded in the journal."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
