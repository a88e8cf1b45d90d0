"""A new webhook."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from network_platform.changes.services import events
from network_platform.fields import choice_field


class EndpointForm(forms.Form):
    url = forms.URLField(
        label=_("Address"),
        max_length=300,
        assume_scheme="https",
        help_text=_("A page of your own server that takes POST over https."),
        widget=forms.TextInput(attrs={"inputmode": "url", "placeholder": "https://"}),
    )
    wanted = forms.MultipleChoiceField(label=_("It is told when"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice_field(self, "wanted").choices = list(events().items())
