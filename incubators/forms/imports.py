"""A file for the registry, and what its headings mean."""

from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from incubators.enums import ImportKind
from incubators.models import ImportRun
from incubators.services.columns import LEFT_OUT, missing, not_understood
from incubators.services.imports.kinds import kind_of
from incubators.tables import headings_of, samples_of
from network_platform.icons import icon


class ImportForm(forms.Form):
    """`kind` is what the rows are, chosen by the address of the page; organisations if it says nothing."""

    all_optional = True
    kind = forms.ChoiceField(choices=ImportKind.choices, required=False, widget=forms.HiddenInput)
    file = forms.FileField(
        label=_("CSV or XLSX file"),
        help_text=_("At most 10 MB and 20,000 rows. Nothing is written before you have seen the report."),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv,.txt,.xlsx"}),
    )

    def clean_kind(self) -> str:
        return self.cleaned_data["kind"] or ImportKind.ORGANISATIONS


def _sample(cell: str) -> str:
    """Escaped, as it is shown."""
    return format_html("{} <bdi>{}</bdi>", _("In the file:"), cell) if cell else ""


def _not_understood(is_so: bool) -> str:
    words = '<span class="badge old">{}{}</span><br>'
    return format_html(words, icon("warn"), _("Not recognised")) if is_so else SafeString()


class ColumnsForm(forms.Form):
    """A choice for each heading, in the file's order. `mapping` is our column by heading."""

    all_optional = True

    def __init__(self, *args: Any, run: ImportRun, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.headings = headings_of(run.text)  # as they are written, by what they are found under
        self.kind = kind_of(run.kind)
        self.labels = self.kind.labels()
        choices = [(LEFT_OUT, _("Leave this column out")), *((name, self.labels[name]) for name in self.kind.read)]
        samples, unknown = samples_of(run.text), not_understood(run, self.kind)
        for n, (heading, written) in enumerate(self.headings.items()):
            self.fields[f"column_{n}"] = forms.ChoiceField(
                label=written,
                choices=choices,
                initial=run.mapping.get(heading, LEFT_OUT),
                required=False,
                help_text=_not_understood(heading in unknown) + _sample(samples.get(heading, "")),
            )

    @property
    def mapping(self) -> dict[str, str]:
        return {heading: self.cleaned_data[f"column_{n}"] for n, heading in enumerate(self.headings)}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        chosen: dict[str, str] = {}
        for n, heading in enumerate(self.headings):
            column = data.get(f"column_{n}", LEFT_OUT)
            if column and column in chosen:
                words = _("“%(heading)s” was chosen for this already. Leave one of the two out.")
                self.add_error(f"column_{n}", words % {"heading": self.headings[chosen[column]]})
            chosen.setdefault(column, heading)
        if not self.errors and (needed := missing(self.mapping, self.kind)):
            names = ", ".join(str(self.labels[name]) for name in needed)
            self.add_error(None, _("No column stands for: %(names)s.") % {"names": names})
        return data
