"""What the headings of a file mean."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from incubators.models import ImportRun
from incubators.services.columns import LEFT_OUT, READ, missing
from incubators.tables import headings_of

LABELS = {
    "name_en": _("Name in English"),
    "name_ru": _("Name in Russian"),
    "name_local": _("Name in a national language"),
    "other_names": _("Other names"),
    "type": _("Kind"),
    "country_iso2": _("Country"),
    "city": _("City"),
    "website": _("Website"),
    "founded_year": _("Year of foundation"),
    "description_en": _("Description in English"),
    "description_ru": _("Description in Russian"),
    "sectors": _("Sectors"),
    "source_url": _("Source"),
    "source_note": _("Note on the source"),
    "names": _("Names with the code of their language"),
    "uid": _("Number in the registry (uid)"),
}


class ColumnsForm(forms.Form):
    """A choice for each heading, in the file's order. `mapping` is our column by heading."""

    all_optional = True

    def __init__(self, *args: Any, run: ImportRun, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.headings = headings_of(run.text)
        choices = [(LEFT_OUT, _("Leave this column out")), *((name, LABELS[name]) for name in READ)]
        for n, heading in enumerate(self.headings):
            self.fields[f"column_{n}"] = forms.ChoiceField(
                label=heading, choices=choices, initial=run.mapping.get(heading, LEFT_OUT), required=False
            )

    @property
    def mapping(self) -> dict[str, str]:
        return {heading: self.cleaned_data[f"column_{n}"] for n, heading in enumerate(self.headings)}

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        chosen: dict[str, str] = {}
        for n, heading in enumerate(self.headings):
            column = data.get(f"column_{n}", LEFT_OUT)
            if column and column in chosen:
                words = _("“%(heading)s” was chosen for this already. Leave one of the two out.")
                self.add_error(f"column_{n}", words % {"heading": chosen[column]})
            chosen.setdefault(column, heading)
        if not self.errors and (needed := missing(self.mapping)):
            names = ", ".join(str(LABELS[name]) for name in needed)
            self.add_error(None, _("No column stands for: %(names)s.") % {"names": names})
        return data
