"""A form's field as the kind that it is: Django tells of each only that it is one."""

from typing import Any, cast

from django import forms
from django.utils.functional import Promise


def choice_field(form: forms.BaseForm, name: str) -> forms.ChoiceField:
    return cast(forms.ChoiceField, form.fields[name])


def model_field(form: forms.BaseForm, name: str) -> "forms.ModelChoiceField[Any]":
    return cast("forms.ModelChoiceField[Any]", form.fields[name])


class OurField(forms.Field):
    """With what our templates and scripts read beside Django's own; only types read this class."""

    needed_at_times: bool
    is_folded: bool
    full_label: str | Promise
    comment: str
    comment_answered: bool


def our_field(field: forms.Field) -> OurField:
    return cast(OurField, field)
