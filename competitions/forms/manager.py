"""What a manager types: invitations, seats, decisions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from competitions.enums import EntryState, Outcome
from competitions.forms.sheet import ReasonForm
from competitions.models import Award, Decision, Entry, RankRow
from competitions.services.deciding import Choice
from incubators.models import Country
from network_platform.zones import zone_name


class InviteForm(forms.Form):
    email = forms.EmailField(label=_("E-mail"), max_length=254)
    name = forms.CharField(label=_("Name"), max_length=150)
    country = forms.ModelChoiceField(Country.objects.all(), label=_("Country"), required=False)
    language = forms.ChoiceField(label=_("Language of the invitation"), choices=lambda: settings.LANGUAGES)


class SeatsForm(forms.Form):
    """Which entries one judge reads: `entries` are ticked now, `before` were when the page was made."""

    entries = forms.ModelMultipleChoiceField(
        Entry.objects.none(), label=_("Entries"), required=False, to_field_name="uid"
    )
    before = forms.ModelMultipleChoiceField(Entry.objects.none(), required=False, to_field_name="uid")

    def __init__(self, *args: Any, queryset: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["entries"].queryset = self.fields["before"].queryset = queryset

    def changes(self) -> dict[str, list[Entry]]:
        """What this person changed; what others gave meanwhile stays."""
        ticked, before = self.cleaned_data["entries"], self.cleaned_data["before"]
        return {
            "give": [entry for entry in ticked if entry not in before],
            "take": [entry for entry in before if entry not in ticked],
        }


class ApprovalForm(forms.Form):
    """`read`: the digest of the decision that the page shows."""

    read = forms.CharField(widget=forms.HiddenInput, max_length=64)


class ReopenForm(ReasonForm):
    """Why, and until when judges may score; the hour is that of the competition's zone."""

    until = forms.DateTimeField(label=_("Scores until"), widget=forms.DateTimeInput)

    def __init__(self, *args: Any, zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = ZoneInfo(zone)
        self.fields["until"].help_text = _("By the clock of the competition: %(zone)s.") % {
            "zone": zone_name(zone, timezone.now())
        }

    def clean_until(self) -> datetime:
        moment = self.cleaned_data["until"].replace(tzinfo=self.zone)
        if moment <= timezone.now():
            raise forms.ValidationError(_("Choose a moment that lies ahead."))
        return moment


@dataclass(frozen=True)
class DecisionLine:
    """An entry of the ranking with the fields to decide about it, and what is decided so far."""

    row: RankRow
    outcome: forms.BoundField
    award: forms.BoundField
    reason: forms.BoundField
    decided: Decision | None


class DecisionForm(forms.Form):
    """One row of choices an entry: `outcome-<uid>`, `award-<uid>`, `reason-<uid>`."""

    def __init__(
        self,
        *args: Any,
        rows: Iterable[RankRow],
        awards: Iterable[Award],
        decisions: Mapping[int, Decision],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, initial=_decided_so_far(decisions.values()), **kwargs)
        self.rank_rows = [row for row in rows if row.entry.state != EntryState.WITHDRAWN]
        self.decisions = decisions
        self.awards = {str(award.pk): award for award in awards}
        choices = [("", "–"), *((pk, str(award)) for pk, award in self.awards.items())]
        for row in self.rank_rows:
            self._add_fields(row, choices)

    def _add_fields(self, row: RankRow, awards: list[tuple[str, str]]) -> None:
        uid, name = row.entry.uid, row.entry.number
        outcomes = [(o.value, o.label) for o in (Outcome.WINNER, Outcome.RESERVE, Outcome.NOT_SELECTED)]
        labels = {"entry": name}
        self.fields[f"outcome-{uid}"] = forms.ChoiceField(
            label=_("Outcome of %(entry)s") % labels, choices=outcomes, initial=Outcome.NOT_SELECTED
        )
        self.fields[f"award-{uid}"] = forms.ChoiceField(
            label=_("Award of %(entry)s") % labels, choices=awards, required=False
        )
        self.fields[f"reason-{uid}"] = forms.CharField(
            label=_("Reason for %(entry)s") % labels, max_length=1000, required=False
        )

    def lines(self) -> list[DecisionLine]:
        return [
            DecisionLine(
                row,
                self[f"outcome-{row.entry.uid}"],
                self[f"award-{row.entry.uid}"],
                self[f"reason-{row.entry.uid}"],
                self.decisions.get(row.entry_id),
            )
            for row in self.rank_rows
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for row in self.rank_rows:
            uid = row.entry.uid
            if cleaned.get(f"award-{uid}") and cleaned.get(f"outcome-{uid}") != Outcome.WINNER:
                self.add_error(f"award-{uid}", _("Only winners receive an award."))
        return cleaned

    def choices(self) -> list[Choice]:
        return [
            Choice(
                row.entry,
                self.cleaned_data[f"outcome-{row.entry.uid}"],
                self.awards.get(self.cleaned_data[f"award-{row.entry.uid}"]),
                self.cleaned_data[f"reason-{row.entry.uid}"],
            )
            for row in self.rank_rows
        ]


def _decided_so_far(decisions: Iterable[Decision]) -> dict[str, str]:
    values: dict[str, str] = {}
    for decision in decisions:
        uid = decision.entry.uid
        values[f"outcome-{uid}"] = decision.outcome
        values[f"award-{uid}"] = str(decision.award_id or "")
        values[f"reason-{uid}"] = decision.reason
    return values
