"""A start-up's profile."""

import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from incubators.enums import StartupStage
from incubators.forms.countries import CountryField
from incubators.forms.languages import language_choices
from incubators.models import Country, Sdg, Sector, Startup
from network_platform.fields import choice_field, our_field
from network_platform.quoting import inside_sentence


def _country() -> forms.ModelChoiceField:
    return CountryField(
        Country.objects.all(), label=gettext_lazy("Country"), to_field_name="iso2", empty_label=gettext_lazy("Choose")
    )


def demand_past(day: datetime.date) -> None:
    """Nothing was founded in the reader's future."""
    if day > timezone.localdate():
        raise forms.ValidationError(_("This day is in the future."))


class NewStartupForm(forms.ModelForm):
    """Name and country: the profile is there after that, and saved as one types."""

    country = _country()

    class Meta:
        model = Startup
        fields = ["name", "country"]


class StartupForm(forms.ModelForm):
    """The profile. Saved as a draft it may lack everything but name and country."""

    language = forms.ChoiceField(label=gettext_lazy("Language of this text"))
    sectors = forms.ModelMultipleChoiceField(
        Sector.objects.all(),
        label=gettext_lazy("Sectors"),
        required=False,
        to_field_name="code",
        widget=forms.CheckboxSelectMultiple,
    )
    sdgs = forms.ModelMultipleChoiceField(
        Sdg.objects.all(),
        label=gettext_lazy("Sustainable Development Goals that you serve"),
        required=False,
        to_field_name="number",
        widget=forms.CheckboxSelectMultiple,
    )
    country = _country()
    website = forms.URLField(
        label=gettext_lazy("Website"),
        max_length=300,
        required=False,
        assume_scheme="https",
        widget=forms.TextInput(attrs={"inputmode": "url", "placeholder": "https://"}),
    )

    class Meta:
        model = Startup
        fields = [
            "name",
            "country",
            "city",
            "stage",
            "summary",
            "language",
            "sectors",
            "sdgs",
            "website",
            "founded",
            "team_size",
        ]
        widgets = {"founded": forms.DateInput, "summary": forms.Textarea(attrs={"rows": 5})}
        help_texts = {
            "summary": gettext_lazy("The problem, your solution and for whom it is, in a few sentences."),
            "team_size": gettext_lazy("A competition with a condition on the size of the team asks for it."),
            "founded": gettext_lazy("The day of registration; leave it empty if the company is not registered yet."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["country"] = self.instance.country.iso2
        self.initial |= self.instance.typed
        self.fields["founded"].validators.append(demand_past)
        choice_field(self, "language").choices = language_choices()
        stages = [(stage.value, f"{stage.label}: {inside_sentence(stage.definition)}") for stage in StartupStage]
        self.fields["stage"] = forms.ChoiceField(
            label=_("Stage"),
            help_text=_("A competition with a condition on the stage asks for it."),
            choices=stages,
            required=False,
            widget=forms.RadioSelect,
        )
        for name in ("stage", "team_size"):
            our_field(self.fields[name]).needed_at_times = True


def kept_form(startup: Startup) -> StartupForm:
    """The profile as it was kept; with the mistakes, where something was typed that it could not take."""
    form = StartupForm(instance=startup)
    if not startup.typed:
        return form
    return StartupForm({name: form[name].value() for name in form.fields}, instance=startup)
