"""One year's figures of an organisation. Empty means not reported; nothing is ever taken for 0."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from incubators.enums import MoneyKind
from incubators.models import Figure, Indicator, YearlyFigures
from incubators.services.figure_values import (
    CURRENCIES,
    MOST_LINES,
    PARTS,
    count_name,
    lines_in,
    money_name,
    part_above_whole,
    read_figure,
)
from network_platform.fields import our_field

KINDS_FIRST = [("", pgettext_lazy("kind of money", "Choose")), *MoneyKind.choices]
SHOWN = [
    ("no", gettext_lazy("Only the focal point and the secretariat read them; they count in sums and in comparisons")),
    ("yes", gettext_lazy("Show them on our page as soon as they are accepted")),
]


class NumberField(forms.CharField):
    """A number as people type it: blanks, a decimal comma. Empty is None."""

    def __init__(self, *, whole: bool, **kwargs: Any) -> None:
        self.whole = whole
        widget = forms.TextInput(attrs={"inputmode": "numeric" if whole else "decimal", "class": "short"})
        super().__init__(required=False, max_length=40, widget=widget, **kwargs)

    def clean(self, value: Any) -> Decimal | None:
        text = super().clean(value)
        return read_figure(text, whole=self.whole) if text else None


class FiguresForm(forms.Form):
    """The year of `figures`; `values` are what was typed. Asks what is `asked` in that year."""

    all_optional = True

    def __init__(
        self, values: Mapping[str, Any], *, figures: YearlyFigures, asked: Iterable[Indicator], bound: bool = True
    ) -> None:
        super().__init__(data=values if bound else None, initial={"is_published": "no", **values})
        self.values, self.figures, self.asked = values, figures, list(asked)
        for indicator in self.asked:
            if indicator.is_money:
                self._add_money(indicator)
            else:
                self._add_count(indicator)
        self.fields["note"] = forms.CharField(
            label=_("Note for the focal point"),
            required=False,
            max_length=1500,
            help_text=_("What explains a number that may surprise. It is not published."),
            widget=forms.Textarea(attrs={"rows": 3}),
        )
        self.fields["is_published"] = forms.ChoiceField(
            label=_("Who may read these figures?"), choices=SHOWN, required=False, widget=forms.RadioSelect
        )

    def _add_count(self, indicator: Indicator) -> None:
        help_text = str(indicator.definition_in(self.figures.year))
        self.fields[count_name(indicator.code)] = NumberField(whole=True, label=str(indicator), help_text=help_text)

    def _add_money(self, indicator: Indicator) -> None:
        currencies = self._currencies(indicator.code)
        for number in range(1, lines_in(self.values, indicator.code) + 1):
            name = money_name(indicator.code, number)
            self.fields[f"{name}_amount"] = NumberField(whole=False, label=_("Amount"))
            self.fields[f"{name}_kind"] = forms.ChoiceField(label=_("Kind"), choices=KINDS_FIRST, required=False)
            self.fields[f"{name}_currency"] = forms.ChoiceField(label=_("Currency"), choices=currencies, required=False)
            for part in PARTS:
                field = our_field(self.fields[f"{name}_{part}"])
                field.full_label = _("%(label)s, line %(number)s of “%(indicator)s”") % {
                    "label": field.label,
                    "number": number,
                    "indicator": indicator,
                }

    def _currencies(self, code: str) -> list[tuple[str, Any]]:
        """The country's own first, and any that stands there already."""
        typed = [self.values.get(f"{money_name(code, n)}_currency", "") for n in range(1, MOST_LINES + 1)]
        known = [each for each in typed if len(each) == 3 and each.isascii() and each.isupper()]
        codes = dict.fromkeys([self.figures.organisation.country.currency, *CURRENCIES, *known])
        return [("", pgettext_lazy("currency", "Choose")), *((each, each) for each in codes)]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for indicator in self.asked:
            if indicator.is_money:
                self._check_money(indicator.code)
        code, words = part_above_whole({each.code: data.get(count_name(each.code)) for each in self.asked})
        if code:
            self.add_error(count_name(code), words)
        return data

    def _check_money(self, code: str) -> None:
        """Each line whole, and each kind in each currency once."""
        seen = set()
        for number in range(1, lines_in(self.values, code) + 1):
            name = money_name(code, number)
            line = {part: self.cleaned_data.get(f"{name}_{part}") for part in PARTS}
            for part, words in INCOMPLETE.items():
                if line[part] in EMPTY and set(line.values()) - EMPTY and f"{name}_{part}" not in self.errors:
                    self.add_error(f"{name}_{part}", words)
            what = (line["kind"], line["currency"])
            if all(what) and what in seen:
                self.add_error(f"{name}_kind", _("This kind in this currency stands above already: add the two up."))
            seen.add(what)

    def report(self) -> list[Figure]:
        """What is valid, unsaved."""
        found = []
        for indicator in self.asked:
            definition = indicator.definition_in(self.figures.year)
            definition.indicator = indicator
            for value, kind, currency in self._numbers(indicator):
                found.append(Figure(definition=definition, value=value, money_kind=kind, currency=currency))
        return found

    def _numbers(self, indicator: Indicator) -> list[tuple[Decimal, str, str]]:
        data = self.cleaned_data
        if not indicator.is_money:
            value = data.get(count_name(indicator.code))
            return [] if value is None else [(value, "", "")]
        names = [money_name(indicator.code, n) for n in range(1, lines_in(self.values, indicator.code) + 1)]
        lines: list[Any] = [tuple(data.get(f"{name}_{part}") for part in PARTS) for name in names]
        return [line for line in lines if line[0] is not None and line[1] and line[2]]

    @property
    def rows(self) -> list[tuple[Indicator, str, list[Any]]]:
        """Each indicator with its definition and its fields; of money one triple a line."""
        return [(each, str(each.definition_in(self.figures.year)), self._fields(each)) for each in self.asked]

    def _fields(self, indicator: Indicator) -> list[Any]:
        if not indicator.is_money:
            return [self[count_name(indicator.code)]]
        numbers = range(1, lines_in(self.values, indicator.code) + 1)
        return [[self[f"{money_name(indicator.code, n)}_{part}"] for part in PARTS] for n in numbers]


EMPTY = {None, ""}
INCOMPLETE = {
    "amount": gettext_lazy("How much was it? Or empty the whole line."),
    "kind": gettext_lazy("Which kind of money was it?"),
    "currency": gettext_lazy("In which currency?"),
}


def field_names(asked: Iterable[Indicator]) -> list[str]:
    """The names of all fields that a year's form may have."""
    names = ["note", "is_published"]
    for indicator in asked:
        lines = [money_name(indicator.code, n) for n in range(1, MOST_LINES + 1)] if indicator.is_money else []
        names += [f"{line}_{part}" for line in lines for part in PARTS] or [count_name(indicator.code)]
    return names


def as_typed(data: Mapping[str, Any], asked: Iterable[Indicator]) -> dict[str, str]:
    """The fields as they were sent, complete or not."""
    return {name: data[name] for name in field_names(asked) if name in data}
