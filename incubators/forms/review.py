"""A reviewer's answers."""

import re
import uuid
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from incubators.enums import DeclineReason, OrganisationStatus
from incubators.forms.reasons import COMMENT, ReasonField
from incubators.lifecycle import ORGANISATION
from incubators.models import Organisation
from incubators.names import skeleton
from network_platform.fields import choice_field
from network_platform.identifiers import uid_in
from network_platform.people.audience import PUBLIC
from network_platform.search.queries import keys
from network_platform.typed import whole_number

APPROVE, CHANGES, DECLINE = "approve", "changes", "decline"
ACCEPT, ASK = "accept", "ask"
MOST_CANDIDATES = 10
_PAGE = re.compile(r"/incubators/([a-z0-9-]+)/?$")


class ReviewForm(forms.Form):
    """One answer, comments beside the fields (`comment_<field>`), and where the answer is no, why: from the list, or
    in own words, or both.
    """

    all_optional = True
    answer = forms.ChoiceField(
        choices=[
            (APPROVE, pgettext_lazy("listing", "Approve")),
            (CHANGES, gettext_lazy("Ask for changes")),
            (DECLINE, pgettext_lazy("listing", "Decline")),
        ],
        label=gettext_lazy("Your answer"),
    )
    reason = ReasonField(
        label=gettext_lazy("Comment on the whole, or the reason in your own words"),
        help_text=gettext_lazy(
            "Needed when you ask for changes without a comment beside a field, or decline for another reason."
        ),
        required=False,
    )

    why = forms.ChoiceField(
        label=gettext_lazy("Why do you decline?"),
        help_text=gettext_lazy("Its editors read this in their language."),
        required=False,
        choices=DeclineReason.choices,
        widget=forms.RadioSelect,
    )
    same_as = forms.CharField(
        label=gettext_lazy("Which entry of the registry is it?"),
        help_text=gettext_lazy("If it is there already: its name, in any script, or the address of its page."),
        required=False,
        max_length=300,
    )

    def __init__(self, *args: Any, labels: dict[str, str], organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        declines = self.data.get("why") == DeclineReason.LISTED_ALREADY
        self.candidates = listed_called(self.data.get("same_as") or "", apart_from=organisation) if declines else []
        if len(self.candidates) > 1:
            self.fields["which"] = choice_of(self.candidates, label=_("Which of these is it?"))
        for name, label in labels.items():
            self.fields[f"comment_{name}"] = forms.CharField(
                label=_("Comment: %(field)s") % {"field": label},
                required=False,
                max_length=COMMENT,
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    @property
    def comments(self) -> dict[str, str]:
        """By field name; "" is the whole."""
        said = {"": self.cleaned_data["reason"]} if self.cleaned_data["answer"] == CHANGES else {}
        for name, text in self.cleaned_data.items():
            if name.startswith("comment_"):
                said[name.removeprefix("comment_")] = text
        return {name: text for name, text in said.items() if text.strip()}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("answer") == DECLINE:
            self._clean_why(data)
        if data.get("answer") == CHANGES and not self.comments:
            self.add_error("reason", _("Say in at least one comment what should change."))
        return data

    def _clean_why(self, data: dict[str, Any]) -> None:
        """`same_as` becomes the organisation; own words alone are another reason."""
        asked, which = data.get("same_as"), data.pop("which", "")
        data["same_as"] = None
        data["why"] = data.get("why") or (DeclineReason.OTHER if data.get("reason") else "")
        if not data["why"]:
            self.add_error("why", _("Choose why, or say it in your own words. The editors read this."))
        elif data["why"] == DeclineReason.OTHER and not data.get("reason"):
            self.add_error("reason", _("Say why. The editors read this."))
        elif data["why"] == DeclineReason.LISTED_ALREADY and not asked:
            self.add_error("same_as", _("Say which entry it is: the editors get a link to it."))
        elif data["why"] == DeclineReason.LISTED_ALREADY:
            data["same_as"] = self._chosen("same_as", which)

    def _chosen(self, name: str, which: str) -> Organisation | None:
        if not self.candidates:
            self.add_error(name, _("Nothing in the registry has this name."))
        elif len(self.candidates) > 1 and not which:
            self.add_error("which" if "which" not in self.errors else None, _("Several have such a name: choose one."))
        return chosen_of(self.candidates, which)


def chosen_in(values: Iterable[str]) -> dict[uuid.UUID, int]:
    """Versions by uid, of `uid:version` as a page of several sends them; anything else is left out."""
    pairs = [value.partition(":") for value in values]
    found = {uid_in(uid): whole_number(version, -1) for uid, _colon, version in pairs}
    return {uid: version for uid, version in found.items() if uid and version >= 0}


class ClaimForm(forms.Form):
    evidence = forms.CharField(
        label=gettext_lazy("How can the focal point see that you work there?"),
        help_text=gettext_lazy("Your post, an address at the organisation's domain, a page that names you."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, by_secretariat: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if by_secretariat:
            self.fields["evidence"].label = _("How can the secretariat see that you work there?")


class ClaimAnswerForm(forms.Form):
    all_optional = True
    answer = forms.ChoiceField(
        label=gettext_lazy("Your answer"),
        choices=[("granted", gettext_lazy("Let this person edit the entry")), ("refused", gettext_lazy("Refuse"))],
        widget=forms.RadioSelect,
    )
    reason = ReasonField(required=False, help_text=gettext_lazy("Needed if you refuse. The person reads it."))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("answer") == "refused" and not data.get("reason"):
            self.add_error("reason", _("Say why. The person reads this."))
        return data


class FiguresAnswerForm(forms.Form):
    """Accept a year's figures, or ask; what is `accepted` can only be asked about."""

    all_optional = True
    answer = forms.ChoiceField(label=gettext_lazy("Your answer"), widget=forms.RadioSelect)
    question = forms.CharField(
        label=gettext_lazy("Question"),
        required=False,
        max_length=COMMENT,
        help_text=gettext_lazy("The editors read it at the form. They correct the figures or explain them."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, accepted: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ask = (ASK, _("Ask: they go back to the editors with your question"))
        choice_field(self, "answer").choices = [ask] if accepted else [(ACCEPT, _("Accept them")), ask]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("answer") == ASK and not data.get("question"):
            self.add_error("question", _("Write your question."))
        return data


STANDINGS = {
    OrganisationStatus.SUSPENDED: gettext_lazy("Suspend it: nobody but its editors and you sees the page"),
    OrganisationStatus.CLOSED: gettext_lazy("Close it for good: the page stays and says so"),
    OrganisationStatus.LISTED: gettext_lazy("Reinstate it: the page is public again"),
}


class StandingForm(forms.Form):
    """What a reviewer may do with a listing in this state, and why."""

    to = forms.ChoiceField(label=gettext_lazy("What should happen?"), widget=forms.RadioSelect)
    reason = ReasonField(help_text=gettext_lazy("Its editors read this. It is recorded in the journal."))

    successor = forms.CharField(
        label=gettext_lazy("Which organisation goes on with its work?"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Only if you close it: a name from the registry, in any script. Both pages say so."),
    )

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        status = organisation.status
        self.deed = _("Reinstate or close") if status == OrganisationStatus.SUSPENDED else _("Suspend or close")
        moves = [move for move in ORGANISATION.moves if move.source == status and move.needs_reason]
        choice_field(self, "to").choices = [(move.target, STANDINGS[OrganisationStatus(move.target)]) for move in moves]
        self.candidates = listed_called(self.data.get("successor") or "", apart_from=organisation)
        if len(self.candidates) > 1:
            self.fields["which"] = choice_of(self.candidates, label=_("Which of these goes on with its work?"))

    def clean_to(self) -> OrganisationStatus:
        return OrganisationStatus(self.cleaned_data["to"])

    def clean(self) -> dict[str, Any]:
        """`successor` becomes the organisation, if only one has this name or one was chosen."""
        data = super().clean() or self.cleaned_data
        asked, which = data.get("successor"), data.pop("which", "")
        data["successor"] = None
        if not asked:
            return data
        if data.get("to") != OrganisationStatus.CLOSED:
            self.add_error("successor", _("Only what is closed has a successor. Empty this field, or choose to close."))
        elif not self.candidates:
            self.add_error("successor", _("Nothing in the registry has this name."))
        elif len(self.candidates) > 1 and not which:
            self.add_error("which" if "which" not in self.errors else None, _("Several have such a name: choose one."))
        else:
            data["successor"] = chosen_of(self.candidates, which)
        return data


def choice_of(candidates: list[Organisation], *, label: str) -> forms.ChoiceField:
    """Which of several that have such a name."""
    return forms.ChoiceField(
        label=label,
        required=False,
        choices=[(str(each.uid), f"{each}, {each.country}") for each in candidates],
        widget=forms.RadioSelect,
    )


def chosen_of(candidates: list[Organisation], which: str) -> Organisation | None:
    """The one whose uid was chosen, else the first."""
    return next((each for each in candidates if str(each.uid) == which), next(iter(candidates), None))


def listed_called(words: str, *, apart_from: Organisation) -> list[Organisation]:
    """Listed organisations that have these words; the one whose page's address they are, or that is called exactly so,
    if there is one.
    """
    words = words.strip()
    if not words:
        return []
    listed = Organisation.objects.in_directory().exclude(pk=apart_from.pk).select_related("country")
    if page := _PAGE.search(words.partition("?")[0]):
        return list(listed.filter(slug=page[1]))
    found = keys(words[:120], kind="organisation", audiences=[PUBLIC])
    candidates = list(listed.filter(uid__in=found).order_by("sort_key", "pk")[:MOST_CANDIDATES])
    exact = listed.filter(names__skeleton=skeleton(words)).distinct()[:2]
    return list(exact) if len(exact) == 1 else candidates


class ReasonForm(forms.Form):
    """Before somebody else is taken out of a role; who leaves by themselves need not say why."""

    reason = ReasonField(help_text=gettext_lazy("The person reads this. It is recorded in the journal."))

    def __init__(self, *args: Any, needed: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not needed:
            self.fields["reason"].required = False
            self.fields["reason"].help_text = _("It is recorded in the journal.")
