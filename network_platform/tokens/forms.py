"""A new token."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from network_platform.fields import choice_field
from network_platform.tokens.scopes import scopes

DAYS = ((30, _("30 days")), (90, _("90 days")), (365, _("a year")))


class TokenForm(forms.Form):
    name = forms.CharField(
        label=pgettext_lazy("thing", "Name"),
        max_length=80,
        help_text=_("What will use it, such as “our website” or “yearly report”."),
    )
    scope = forms.MultipleChoiceField(label=_("What it may do"), widget=forms.CheckboxSelectMultiple)
    days = forms.TypedChoiceField(label=_("It lasts"), choices=DAYS, coerce=int, initial=90)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice_field(self, "scope").choices = list(scopes().items())

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())
