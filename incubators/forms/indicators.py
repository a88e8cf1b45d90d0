"""What is counted every year: added, defined anew, asked no more. Texts in English and Russian."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from incubators.enums import FigureUnit
from incubators.models import Indicator
from incubators.models.figures import FIRST_YEAR_OF_FIGURES
from incubators.names import slug_of
from network_platform.languages import WORKING_LANGUAGES
from network_platform.zones import today

LONGEST_NAME, LONGEST_CODE = 120, 40


def _year(label: Any, help_text: Any = "", **kwargs: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        help_text=help_text,
        min_value=FIRST_YEAR_OF_FIGURES,
        max_value=today().year + 10,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "short"}),
        **kwargs,
    )


class DefinitionForm(forms.Form):
    """A definition in words, and the first year that it holds for; after `first_free`, where figures stand already."""

    def __init__(self, *args: Any, first_free: int = FIRST_YEAR_OF_FIGURES, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.first_free = first_free
        for code, label in ("en", _("Definition in English")), ("ru", _("Definition in Russian")):
            self.fields[f"text_{code}"] = forms.CharField(
                label=label, max_length=600, widget=forms.Textarea(attrs={"rows": 4, "lang": code})
            )
        self.fields["text_en"].help_text = _("What exactly is counted, so that two organisations count the same.")
        self.fields["since"] = _year(_("First year for which it holds"))

    def clean_since(self) -> int:
        since = self.cleaned_data["since"]
        if since < self.first_free:
            words = _("Earlier years are defined or reported already: choose %(year)s or later.")
            raise forms.ValidationError(words % {"year": self.first_free})
        return since

    @property
    def texts(self) -> dict[str, str]:
        return {code: self.cleaned_data[f"text_{code}"] for code in WORKING_LANGUAGES}


class IndicatorForm(DefinitionForm):
    """A new indicator with its first definition. Its code is made of the English name, and stays."""

    field_order = ("name_en", "name_ru", "unit", "text_en", "text_ru", "since")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, label in ("en", _("Name in English")), ("ru", _("Name in Russian")):
            widget = forms.TextInput(attrs={"lang": code})
            self.fields[f"name_{code}"] = forms.CharField(label=label, max_length=LONGEST_NAME, widget=widget)
        self.fields["unit"] = forms.ChoiceField(label=_("Unit"), choices=FigureUnit.choices, widget=forms.RadioSelect)
        self.order_fields(self.field_order)

    def clean_name_en(self) -> str:
        name = self.cleaned_data["name_en"]
        if Indicator.objects.filter(code=code_of(name)).exists():
            raise forms.ValidationError(_("There is an indicator of this name already."))
        return name

    @property
    def names(self) -> dict[str, str]:
        return {code: self.cleaned_data[f"name_{code}"] for code in WORKING_LANGUAGES}


class RetireForm(forms.Form):
    """From which year on an indicator is asked no more; empty: it is asked."""

    retired_from = _year(
        gettext_lazy("First year in which it is not asked"),
        gettext_lazy("Figures of earlier years stay. Empty: it is asked every year."),
        required=False,
    )

    def __init__(self, *args: Any, first_free: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.first_free = first_free

    def clean_retired_from(self) -> int | None:
        year = self.cleaned_data["retired_from"]
        if year is not None and year < self.first_free:
            words = _("It was reported for earlier years: choose %(year)s or later.")
            raise forms.ValidationError(words % {"year": self.first_free})
        return year


def code_of(name: str) -> str:
    return slug_of(name).replace("-", "_")[:LONGEST_CODE]
