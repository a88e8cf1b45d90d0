"""Choosing a country: in the order of the names that the reader sees."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms.models import ModelChoiceIterator


class ByName(ModelChoiceIterator):
    def __iter__(self) -> Iterator[tuple[Any, str]]:
        choices = list(super().__iter__())
        start = 0 if self.field.empty_label is None else 1
        yield from choices[:start]
        yield from sorted(choices[start:], key=lambda choice: str(choice[1]))


class CountryField(forms.ModelChoiceField):
    iterator = ByName

    def __init__(self, queryset: Any, *, empty_label: Any = "—", **kwargs: Any) -> None:
        super().__init__(queryset, empty_label=empty_label, **kwargs)
