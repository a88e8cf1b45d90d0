"""Appointing a national focal point."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from incubators.forms.countries import CountryField
from incubators.models import Country
from incubators.rules import can_appoint_focal_point
from network_platform.people.models import User

ROLES = [("focal", pgettext_lazy("person", "Focal point")), ("deputy", gettext_lazy("Deputy, with the same rights"))]


class AppointmentForm(forms.Form):
    """Its `cleaned_data` are the arguments of `services.offices.appoint_focal_point`."""

    person = forms.EmailField(
        label=gettext_lazy("E-mail of the person"),
        help_text=gettext_lazy("They must have signed in here before."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    country = CountryField(
        Country.objects.all(), label=gettext_lazy("Country"), to_field_name="iso2", empty_label=gettext_lazy("Choose")
    )
    is_deputy = forms.ChoiceField(
        label=gettext_lazy("Office"), choices=ROLES, initial="focal", widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=300,
        help_text=gettext_lazy("Who named the person, and when. It is recorded in the journal."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by

    def clean_person(self) -> User:
        person = User.objects.filter(email__iexact=self.cleaned_data["person"]).first()
        if person is None or person.last_login is None:
            raise forms.ValidationError(_("Nobody with this e-mail has signed in here yet."))
        if not can_appoint_focal_point(self.by, person):
            raise forms.ValidationError(_("Nobody appoints themselves, and the account must be open."))
        return person

    def clean_is_deputy(self) -> bool:
        return self.cleaned_data["is_deputy"] == "deputy"
