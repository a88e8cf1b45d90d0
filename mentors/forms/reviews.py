"""The answer of a focal point, and an expert's own switch."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from mentors.enums import OWN_AVAILABILITY, RoleKind, RoleState
from mentors.lifecycle import REVIEWER, ROLE
from mentors.models import ExpertRole
from network_platform.fields import choice_field, our_field

ANSWERS: dict[str, Any] = {
    RoleState.APPROVED: pgettext_lazy("review of an expert", "Approve"),
    RoleState.CHANGES_REQUESTED: pgettext_lazy("review of an expert", "Ask for changes"),
    RoleState.DECLINED: pgettext_lazy("review of an expert", "Decline"),
}


class ReviewForm(forms.Form):
    """One answer for the roles that are ticked."""

    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Roles"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "invalid_choice": gettext_lazy(
                "A role that you ticked was answered or withdrawn in the meantime. The page shows how it stands now."
            )
        },
    )
    answer = forms.ChoiceField(label=gettext_lazy("Your answer"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("The expert reads it. Needed unless you approve."),
    )

    def __init__(self, *args: Any, roles: list[ExpertRole], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        our_field(self.fields["reason"]).needed_at_times = True
        self.open_roles = {str(role.uid): role for role in roles if answers_to(role)}
        choice_field(self, "roles").choices = [
            (uid, RoleKind(role.role).label) for uid, role in self.open_roles.items()
        ]
        self.fields["roles"].initial = [
            uid for uid, role in self.open_roles.items() if role.state == RoleState.SUBMITTED
        ] or list(self.open_roles)
        possible = {state for role in self.open_roles.values() for state in answers_to(role)}
        choice_field(self, "answer").choices = [(state, label) for state, label in ANSWERS.items() if state in possible]

    def clean(self) -> None:
        answer = self.cleaned_data.get("answer")
        if answer and answer != RoleState.APPROVED and not self.cleaned_data.get("reason", "").strip():
            self.add_error("reason", _("Say why: the expert reads it."))
        misfits = [role for role in self.chosen() if answer and answer not in answers_to(role)]
        if misfits:
            self.add_error("answer", " ".join(_misfit(role) for role in misfits))

    def chosen(self) -> list[ExpertRole]:
        return [self.open_roles[uid] for uid in self.cleaned_data.get("roles", ())]


class AvailabilityForm(forms.Form):
    availability = forms.ChoiceField(label=pgettext_lazy("availability", "Now"), choices=OWN_AVAILABILITY)


def _misfit(role: ExpertRole) -> str:
    """What a ticked role stands at, and which answers it can get."""
    return _("%(role)s: %(state)s now, so it can only get: %(answers)s. Untick it, or choose another answer.") % {
        "role": RoleKind(role.role).label,
        "state": role.get_state_display(),
        "answers": ", ".join(str(ANSWERS[state]) for state in answers_to(role)),
    }


def answers_to(role: ExpertRole) -> list[str]:
    """States that a reviewer may move this role to."""
    return [move.target for move in ROLE.moves if move.source == role.state and move.who == REVIEWER]
