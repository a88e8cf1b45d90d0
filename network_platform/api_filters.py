"""Filters of the API's lists. What cannot be read is refused: left out, it would give another list than was asked."""

from datetime import UTC, datetime
from typing import Any

import django_filters
from django import forms
from drf_spectacular.utils import extend_schema_field

TRUTHS = {"true", "false", "True", "False"}
FIRST_YEAR, LAST_YEAR = 1900, 2100


class StrictForm(forms.Form):
    """An empty value is a mistake too, save for texts. Moments are kept in UTC: no database knows all offsets."""

    def clean(self) -> dict[str, Any]:
        for name, field in self.fields.items():
            if name in self.data and name not in self.errors:
                try:
                    self.cleaned_data[name] = self._read(name, field)
                except forms.ValidationError as problem:
                    self.add_error(name, problem)
        return self.cleaned_data

    def _read(self, name: str, field: forms.Field) -> Any:
        typed, value = self.data[name], self.cleaned_data.get(name)
        if isinstance(field, forms.NullBooleanField) and typed not in TRUTHS:
            raise forms.ValidationError("Write true or false.")
        if typed == "" and type(field) is not forms.CharField:
            raise forms.ValidationError("Write a value, or leave this filter out.")
        return _in_utc(value) if isinstance(value, datetime) else value


class ApiFilters(django_filters.FilterSet):
    class Meta:
        form = StrictForm


@extend_schema_field({"type": "integer", "minimum": FIRST_YEAR, "maximum": LAST_YEAR})
class YearFilter(django_filters.NumberFilter):
    field_class = forms.IntegerField

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=FIRST_YEAR, max_value=LAST_YEAR, **kwargs)


def _in_utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise forms.ValidationError("Write a moment between the years 1 and 9999 in UTC.") from None
