"""Input of a person's own pages and of the secretariat's pages about people."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import get_language_info, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from network_platform.fields import choice_field
from network_platform.people.consents import PURPOSES
from network_platform.people.models import EDITORS, SECRETARIAT, User
from network_platform.people.names import clean_latin_name, clean_name
from network_platform.people.zones import zone_choices


def language_choices() -> list[tuple[str, str]]:
    """Each language in its own words, so that everybody finds theirs."""
    return [(code, get_language_info(code)["name_local"].capitalize()) for code, _name in settings.LANGUAGES]


class SettingsForm(forms.Form):
    name = forms.CharField(
        label=_("Name"),
        max_length=150,
        help_text=_("In your own script; others see it next to your work."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    name_latin = forms.CharField(
        label=_("Name in Latin letters"),
        max_length=150,
        required=False,
        help_text=_("As in your passport; for certificates and lists in English."),
    )
    language = forms.ChoiceField(label=_("Language"), help_text=_("Of these pages and of mails to you."))
    time_zone = forms.ChoiceField(label=_("Time zone"), help_text=_("Deadlines are shown in it, with the zone named."))

    def __init__(self, data: Any = None, *, user: User, **kwargs: Any) -> None:
        initial = {field: getattr(user, field) for field in ("name", "name_latin", "language", "time_zone")}
        super().__init__(data, initial=initial, **kwargs)
        choice_field(self, "language").choices = language_choices()
        choice_field(self, "time_zone").choices = zone_choices(user.time_zone, self.data.get("time_zone", ""))

    def clean_name(self) -> str:
        return clean_name(self.cleaned_data["name"])

    def clean_name_latin(self) -> str:
        return clean_latin_name(self.cleaned_data["name_latin"])


class ConsentForm(forms.Form):
    purpose = forms.ChoiceField(choices=[(key, key) for key in PURPOSES])
    given = forms.BooleanField(required=False)


class ErasureForm(forms.Form):
    """The word to type is the person's own address: nobody types that by accident."""

    confirmation = forms.CharField(
        label=_("Type your e-mail to confirm"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_confirmation(self) -> str:
        typed = self.cleaned_data["confirmation"].strip()
        if typed.lower() != self.user.email.lower():
            raise forms.ValidationError(_("That is not the e-mail of this account. Nothing was erased."))
        return typed


class PeopleSearchForm(forms.Form):
    """What stands in the address of the list."""

    q = forms.CharField(label=_("Name or e-mail"), required=False, max_length=100)
    group = forms.ChoiceField(
        label=_("Group"),
        required=False,
        choices=[("", pgettext_lazy("group", "Everybody")), (SECRETARIAT, _("Secretariat")), (EDITORS, _("Editors"))],
    )


class GroupsForm(forms.Form):
    groups = forms.MultipleChoiceField(
        label=_("Belongs to"),
        required=False,
        choices=[(SECRETARIAT, _("Secretariat")), (EDITORS, _("Editors"))],
        widget=forms.CheckboxSelectMultiple,
    )
    reason = forms.CharField(label=_("Reason"), max_length=300, help_text=_("It will be recorded in the journal."))


class AccessForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=300, help_text=_("It will be recorded in the journal."))
