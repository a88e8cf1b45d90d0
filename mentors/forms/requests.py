"""Asking, answering, writing."""

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from incubators.models import Startup
from mentors.addresses import has_address
from mentors.enums import OWN_AVAILABILITY, RoleKind, SpokenLanguage
from mentors.models import Expertise, ExpertRole
from network_platform.fields import choice_field, model_field
from network_platform.people.models import User

LONGEST_NEED = 1500
LONGEST_REPLY = 1500
LONGEST_LETTER = 3000


class AskForm(forms.Form):
    """A need in own words, put to one expert in one of the roles that take requests."""

    role = forms.ChoiceField(label=_("In which role do you need this person?"), widget=forms.RadioSelect)
    need = forms.CharField(
        label=_("What you need"),
        help_text=_("In your own words: where you stand, what you tried, what a good answer would change."),
        min_length=20,
        max_length=LONGEST_NEED,
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"min_length": _("Say a little more: the expert decides by these words.")},
    )
    skills = forms.ModelMultipleChoiceField(
        label=_("Which of these it is about"),
        required=False,
        queryset=Expertise.objects.none(),
        to_field_name="code",
        widget=forms.CheckboxSelectMultiple,
    )
    language = forms.ChoiceField(label=_("Language you would like to talk in"))
    startup = forms.ModelChoiceField(
        label=_("For which start-up"),
        required=False,
        queryset=Startup.objects.none(),
        to_field_name="uid",
        empty_label=_("For none in particular"),
        help_text=_("The expert then sees its name."),
    )

    def __init__(self, *args: Any, user: User, roles: list[ExpertRole], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        expert = roles[0].expert
        self.roles = {str(role.uid): role for role in roles}
        choice_field(self, "role").choices = [(str(role.uid), RoleKind(role.role).label) for role in roles]
        self.fields["role"].initial = str(roles[0].uid)
        if len(roles) == 1:
            self.fields["role"].widget = forms.HiddenInput()
        languages = [
            (spoken.language, capfirst(SpokenLanguage(spoken.language).label)) for spoken in expert.languages.all()
        ]
        choice_field(self, "language").choices = languages
        if user.language in dict(languages):
            self.fields["language"].initial = user.language
        model_field(self, "skills").queryset = Expertise.objects.filter(
            pk__in=ExpertRole.skills.through.objects.filter(expertrole__in=roles).values("expertise")
        )
        startups = Startup.objects.editable_by(user)
        model_field(self, "startup").queryset = startups
        own = list(startups[:2])
        if not own:
            del self.fields["startup"]
        elif len(own) == 1:
            self.fields["startup"].initial = own[0].uid

    def clean_need(self) -> str:
        """Before the expert has said yes, the two have no address of each other."""
        if has_address(self.cleaned_data["need"]):
            raise forms.ValidationError(
                _(
                    "Please leave out e-mail addresses, telephone numbers and names in messengers. "
                    "Once the expert accepts, you write to each other here."
                )
            )
        return self.cleaned_data["need"]

    def clean_role(self) -> ExpertRole:
        return self.roles[self.cleaned_data["role"]]


class AcceptForm(forms.Form):
    """Availability is asked at the moment of the answer, when it is known best."""

    prefix = "accept"
    message = forms.CharField(
        label=_("First message"),
        required=False,
        max_length=LONGEST_REPLY,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("For example: when you could talk, and what to prepare."),
    )
    availability = forms.ChoiceField(
        label=_("And for the next requests?"), choices=OWN_AVAILABILITY, widget=forms.RadioSelect
    )


class DeclineForm(forms.Form):
    prefix = "decline"
    reply = forms.CharField(
        label=_("A kind word"),
        required=False,
        max_length=LONGEST_REPLY,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("You need not explain. A hint at whom to ask instead helps most."),
    )
    availability = forms.ChoiceField(
        label=_("And for the next requests?"), choices=OWN_AVAILABILITY, widget=forms.RadioSelect
    )


class LetterForm(forms.Form):
    text = forms.CharField(label=_("Your message"), max_length=LONGEST_LETTER, widget=forms.Textarea(attrs={"rows": 4}))
