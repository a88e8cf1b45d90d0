"""Forms of those who keep the registry true."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from incubators.enums import FieldGroup, RemarkStatus, TransferStatus
from incubators.forms.countries import CountryField
from incubators.forms.reasons import ReasonField
from incubators.models import Country
from network_platform.fields import model_field


class MergeForm(forms.Form):
    reason = ReasonField(help_text=gettext_lazy("How you know that they are one. It is recorded in the journal."))


class TransferForm(forms.Form):
    """Its `cleaned_data` are arguments of `services.transfers.ask_for_transfer`."""

    target = CountryField(
        Country.objects.all(),
        label=gettext_lazy("To which country?"),
        to_field_name="iso2",
        empty_label=gettext_lazy("Choose"),
    )
    reason = ReasonField(
        help_text=gettext_lazy("The other country’s focal point reads this. It is recorded in the journal.")
    )

    def __init__(self, *args: Any, source: Country, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        model_field(self, "target").queryset = Country.objects.exclude(pk=source.pk)


class TransferAnswerForm(forms.Form):
    all_optional = True
    to = forms.ChoiceField(
        label=gettext_lazy("Your answer"),
        choices=[
            (TransferStatus.ACCEPTED.value, gettext_lazy("Accept: the entry is ours from now on")),
            (TransferStatus.REFUSED.value, gettext_lazy("Refuse: it stays where it is")),
        ],
        widget=forms.RadioSelect,
    )
    answer = ReasonField(required=False, help_text=gettext_lazy("Needed if you refuse. Who asked reads it."))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("to") == TransferStatus.REFUSED and not data.get("answer"):
            self.add_error("answer", _("Say why. Who asked reads this."))
        return data


class RemarkForm(forms.Form):
    """What a reader found wrong. `company` is a trap: people do not see it, programs fill it in."""

    group = forms.ChoiceField(
        label=gettext_lazy("What is it about?"),
        required=False,
        choices=[*FieldGroup.choices, ("", gettext_lazy("Something else"))],
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label=gettext_lazy("What is wrong, and what would be right?"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    address = forms.EmailField(
        label=gettext_lazy("Your e-mail"),
        required=False,
        help_text=gettext_lazy("Only if you want an answer. Nobody is shown it, and it is deleted with the answer."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    company = forms.CharField(required=False, widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}))

    @property
    def is_from_a_program(self) -> bool:
        return bool(self.cleaned_data["company"])

    @property
    def remark(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in ("group", "text", "address")}


class RemarkAnswerForm(forms.Form):
    to = forms.ChoiceField(
        label=gettext_lazy("Your answer"),
        choices=[
            (RemarkStatus.MENDED.value, gettext_lazy("Mended: the entry is right now")),
            (RemarkStatus.SET_ASIDE.value, gettext_lazy("Set aside: nothing is changed")),
        ],
        widget=forms.RadioSelect,
    )
