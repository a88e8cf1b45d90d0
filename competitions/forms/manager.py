"""What a manager types: invitations, seats, decisions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from competitions.enums import Outcome
from competitions.models import Award, Decision, Entry, RankRow
from competitions.services.deciding import Choice
from incubators.models import Country


class InviteForm(forms.Form):
    email = forms.EmailField(label=_("E-mail"), max_length=254)
    name = forms.CharField(label=_("Name"), max_length=150)
    country = forms.ModelChoiceField(Country.objects.all(), label=_("Country"), required=False)
    language = forms.ChoiceField(label=_("Language of the invitation"), choices=lambda: settings.LANGUAGES)


class SeatsForm(forms.Form):
    """Which entries one judge reads. Entries with a conflict are not offered."""

    entries = forms.ModelMultipleChoiceField(
        Entry.objects.none(), label=_("Entries"), required=False, to_field_name="uid"
    )

    def __init__(self, *args: Any, queryset: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["entries"].queryset = queryset


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
        self.rank_rows = list(rows)
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
        """Winners get their place by their order in the ranking."""
        found, place = [], 0
        for row in self.rank_rows:
            outcome = self.cleaned_data[f"outcome-{row.entry.uid}"]
            place += outcome == Outcome.WINNER
            award = self.awards.get(self.cleaned_data[f"award-{row.entry.uid}"])
            reason = self.cleaned_data[f"reason-{row.entry.uid}"]
            found.append(Choice(row.entry, outcome, award, place if outcome == Outcome.WINNER else None, reason))
        return found


def _decided_so_far(decisions: Iterable[Decision]) -> dict[str, str]:
    values: dict[str, str] = {}
    for decision in decisions:
        uid = decision.entry.uid
        values[f"outcome-{uid}"] = decision.outcome
        values[f"award-{uid}"] = str(decision.award_id or "")
        values[f"reason-{uid}"] = decision.reason
    return values
