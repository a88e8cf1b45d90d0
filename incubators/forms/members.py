"""Asking somebody to edit an entry."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy

from network_platform.fields import choice_field


class InviteForm(forms.Form):
    """Its `cleaned_data` are arguments of `services.invitations.invite_editor`."""

    all_optional = True
    email = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        help_text=gettext_lazy("The person signs in, or signs up, with this address."),
        max_length=254,
    )
    language = forms.ChoiceField(label=gettext_lazy("Language of the invitation"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice_field(self, "language").choices = settings.LANGUAGES
