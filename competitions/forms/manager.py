"""What a manager types: invitations, seats, approvals, a new end of a round."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from competitions.forms.sheet import ReasonForm
from competitions.models import Entry
from incubators.forms.countries import CountryField
from incubators.models import Country
from network_platform.fields import model_field
from network_platform.zones import zone_name


class InviteForm(forms.Form):
    email = forms.EmailField(label=_("E-mail"), max_length=254)
    name = forms.CharField(label=_("Name"), max_length=150)
    country = CountryField(Country.objects.all(), label=_("Country"), required=False)
    language = forms.ChoiceField(label=_("Language of the invitation"), choices=lambda: settings.LANGUAGES)


class SeatsForm(forms.Form):
    """Which entries one judge reads: `entries` are ticked now, `before` were when the page was made."""

    entries = forms.ModelMultipleChoiceField(
        Entry.objects.none(), label=_("Entries"), required=False, to_field_name="uid"
    )
    before = forms.ModelMultipleChoiceField(Entry.objects.none(), required=False, to_field_name="uid")

    def __init__(self, *args: Any, queryset: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        model_field(self, "entries").queryset = model_field(self, "before").queryset = queryset

    def changes(self) -> dict[str, list[Entry]]:
        """What this person changed; what others gave meanwhile stays."""
        ticked, before = self.cleaned_data["entries"], self.cleaned_data["before"]
        return {
            "give": [entry for entry in ticked if entry not in before],
            "take": [entry for entry in before if entry not in ticked],
        }


class RemindForm(forms.Form):
    """Only for those who were written to a moment ago."""

    all_optional = True
    again = forms.BooleanField(label=_("Write again to those who were written to within the last hour"), required=False)


class ApprovalForm(forms.Form):
    """`read`: the digest of the decision that the page shows."""

    read = forms.CharField(widget=forms.HiddenInput, max_length=64)


class EndForm(ReasonForm):
    """Why, which goes out by mail, and until when judges may score now; the hour is that of the competition's zone."""

    until = forms.DateTimeField(label=_("Scores until"), widget=forms.DateTimeInput)

    def __init__(self, *args: Any, zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = ZoneInfo(zone)
        self.fields["reason"].help_text = _("Judges read it in their mail as you write it, untranslated.")
        self.fields["until"].help_text = _("By the clock of the competition: %(zone)s.") % {
            "zone": zone_name(zone, timezone.now())
        }

    def clean_until(self) -> datetime:
        moment = self.cleaned_data["until"].replace(tzinfo=self.zone)
        if moment <= timezone.now():
            raise forms.ValidationError(_("Choose a moment that lies ahead."))
        return moment
