"""A start-up's stay in a cohort, and who reads a start-up's profile."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from incubators.consents import STARTUP_PROFILE
from incubators.enums import PlacementOutcome
from incubators.models import Cohort, Placement
from network_platform.people.consents import PURPOSES


class ProposalForm(forms.Form):
    """Which start-up, and whom of its team to ask."""

    name = forms.CharField(
        label=gettext_lazy("Name of the start-up"),
        max_length=150,
        help_text=gettext_lazy("Exactly as its founders write it here."),
    )
    email = forms.EmailField(
        label=gettext_lazy("E-mail address of a founder"),
        help_text=gettext_lazy("The one with which they sign in here."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    entered = forms.DateField(label=gettext_lazy("It came on"), widget=forms.DateInput)

    def __init__(self, data: Any = None, *, cohort: Cohort, **kwargs: Any) -> None:
        super().__init__(data, initial={"entered": cohort.starts}, **kwargs)


class OutcomeForm(forms.Form):
    """When it left and how. Both, or neither: then it is still there."""

    left = forms.DateField(label=gettext_lazy("It left on"), required=False, widget=forms.DateInput)
    outcome = forms.ChoiceField(
        label=gettext_lazy("How it left"),
        required=False,
        choices=[("", gettext_lazy("It is still there")), *PlacementOutcome.choices],
        widget=forms.RadioSelect,
    )

    def __init__(self, data: Any = None, *, placement: Placement, **kwargs: Any) -> None:
        stands = {"left": placement.left, "outcome": placement.outcome}
        super().__init__(data, initial=stands, **kwargs)
        self.placement = placement

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        left, outcome = data.get("left"), data.get("outcome", "")
        if left and left < self.placement.entered:
            self.add_error("left", _("This day is before the start-up came."))
        if left and left > timezone.localdate():
            self.add_error("left", _("This day is in the future."))
        if left and not outcome:
            self.add_error("outcome", _("Say how it left, or leave the day empty."))
        if outcome and not left and "left" not in self.errors:
            self.add_error("left", _("Say when it left."))
        return data


class ShowForm(forms.Form):
    """The yes to the text of today, if it was not given yet."""

    def __init__(self, *args: Any, agreed: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        purpose = PURPOSES[STARTUP_PROFILE]
        if not agreed:
            self.fields["agrees"] = forms.BooleanField(
                label=_("I agree: %(purpose)s") % {"purpose": purpose.title},
                help_text=purpose.text,
                error_messages={"required": _("Without this the profile stays with your team.")},
            )
