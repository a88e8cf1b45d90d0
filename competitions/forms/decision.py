"""What a manager decides about every entry of a ranking: thousands of rows in one form.

Rows share three fields: a form with fields of its own for each of 2,000 rows takes seconds to make. What they look like
is in `decision_table.py`.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, cast

from django import forms
from django.forms import BoundField
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from competitions.enums import EntryState, Outcome
from competitions.forms.sheet import TOO_SHORT
from competitions.models import Award, Decision, Entry
from competitions.models.result import RankLine
from competitions.services.deciding import (
    AwardOutsideTrack,
    AwardTooOften,
    Choice,
    NothingDecided,
    ReasonsMissing,
    UnreadWithoutReason,
)
from competitions.services.states import LEAST_REASON, has_meaning

OUTCOMES = (Outcome.WINNER, Outcome.RESERVE, Outcome.NOT_SELECTED)
LONGEST_REASON = 1000
DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−", "-") | {"Е": "E", "е": "e"})  # noqa: RUF001
NAMED = 8  # entries that one message names
LABELS = {
    "outcome": gettext_lazy("Outcome of %(entry)s"),
    "award": gettext_lazy("Award of %(entry)s"),
    "reason": gettext_lazy("Reason for %(entry)s"),
}


class _LabelledByRow(BoundField):
    """The mistake of one row names the entry, though the field serves them all."""

    def __init__(self, form: "DecisionForm", field: forms.Field, name: str) -> None:
        super().__init__(form, field, name)
        part, uid = name.split("-", 1)
        self.label = LABELS[part] % {"entry": form.numbers[uid]}


class _Outcome(forms.ChoiceField):
    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> BoundField:
        return _LabelledByRow(cast(DecisionForm, form), self, field_name)


class _Reason(forms.CharField):
    get_bound_field = _Outcome.get_bound_field


class DecisionForm(forms.Form):
    """One row of choices an entry: `outcome-<uid>`, `award-<uid>`, `reason-<uid>`."""

    all_optional = True

    def __init__(
        self,
        data: Any = None,
        *,
        rows: Iterable[RankLine],
        awards: Iterable[Award],
        decisions: Mapping[int, Decision],
        **kwargs: Any,
    ) -> None:
        self.lines = [line for line in rows if line.state != EntryState.WITHDRAWN]
        self.numbers = {str(line.uid): line.number for line in self.lines}
        self.startups = {str(line.uid): line.startup for line in self.lines}
        super().__init__(data, initial=_decided_so_far(self.lines, decisions), **kwargs)
        self.has_unread = any(not line.reads for line in self.lines)
        self.fields["unread"] = forms.CharField(
            label=_("Reason for entries that nobody read"),
            help_text=_("It holds for all that do not win and have no reason of their own. Their teams read it."),
            max_length=LONGEST_REASON,
            required=False,
            widget=forms.Textarea({"rows": 2}),
        )
        self.decisions = decisions
        self.awards = {str(award.pk): award for award in awards}
        self.award_choices = [("", "–"), *((pk, str(award)) for pk, award in self.awards.items())]
        self.outcome_choices = [(outcome.value, str(outcome.label)) for outcome in OUTCOMES]
        outcome = _Outcome(choices=self.outcome_choices)
        award = _Outcome(choices=self.award_choices, required=False)
        reason = _Reason(max_length=LONGEST_REASON, required=False)
        for uid in self.numbers:
            self.fields |= {f"outcome-{uid}": outcome, f"award-{uid}": award, f"reason-{uid}": reason}

    def tally(self) -> list[tuple[str, str, int]]:
        """(outcome, its label, how many entries have it as the form is shown)."""
        chosen = Counter(self.said("outcome", uid) or Outcome.NOT_SELECTED.value for uid in self.numbers)
        return [(value, label, chosen[value]) for value, label in self.outcome_choices]

    def said(self, part: str, uid: str) -> str:
        """What the row shows for `outcome`, `award` or `reason`: what was sent, else what is decided so far."""
        values = self.data if self.is_bound else self.initial
        return values.get(f"{part}-{uid}") or ""

    def mistakes(self, part: str, uid: str) -> list[str]:
        """What is wrong with `outcome`, `award` or `reason` of the row."""
        return list(cast(Iterable[str], self.errors.get(f"{part}-{uid}", ())))

    def is_wrong(self, uid: str) -> bool:
        return any(self.mistakes(part, uid) for part in LABELS)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        unread = cleaned.get("unread", "")
        if unread and not has_meaning(unread):
            self.add_error("unread", forms.ValidationError(TOO_SHORT, params={"n": LEAST_REASON}))
        for uid in self.numbers:
            reason = cleaned.get(f"reason-{uid}", "")
            if reason and not has_meaning(reason):
                self.add_error(f"reason-{uid}", forms.ValidationError(TOO_SHORT, params={"n": LEAST_REASON}))
            if cleaned.get(f"award-{uid}") and cleaned.get(f"outcome-{uid}") != Outcome.WINNER:
                self.add_error(f"award-{uid}", _("Only winners receive an award."))
        self._leave_others_unnamed(cleaned)
        return cleaned

    def _leave_others_unnamed(self, cleaned: dict[str, Any]) -> None:
        """Everybody may read why an entry wins: no other that does not win is told there, by number or by name."""
        wins = {uid for uid in self.numbers if cleaned.get(f"outcome-{uid}") == Outcome.WINNER}
        others = [uid for uid in self.numbers if uid not in wins]
        winners = sorted((self.startups[uid] for uid in wins), key=len, reverse=True)
        for uid in wins:
            reason = cleaned.get(f"reason-{uid}", "")
            told = _without(winners, reason) if reason else ""
            named = [each for each in others if self._is_named(each, told)] if told else []
            if named:
                words = _("Leave out entries that do not win: everybody may read this. It names %(entries)s.")
                parts = ((self.numbers[each], self.startups[each]) for each in named[:NAMED])
                said = format_html_join(", ", '<span class="nowrap">{}</span> {}', parts)
                self._at(f"reason-{uid}", words, entries=said)

    def _is_named(self, uid: str, text: str) -> bool:
        number, name = self.numbers[uid], self.startups[uid]
        return _holds(text.translate(DASHES).upper(), number.upper()) or _holds(text, name)

    def choices(self) -> list[Choice]:
        """One query."""
        entries = Entry.objects.only("uid", "serial", "track").in_bulk([line.entry_id for line in self.lines])
        return [
            Choice(
                entries[line.entry_id],
                self.cleaned_data[f"outcome-{line.uid}"],
                self.awards.get(self.cleaned_data[f"award-{line.uid}"]),
                self.cleaned_data[f"reason-{line.uid}"] or self._reason_of_unread(line),
            )
            for line in self.lines
        ]

    def _reason_of_unread(self, line: RankLine) -> str:
        """One reason serves all entries that nobody read and that do not win, unless a row says its own."""
        wins = self.cleaned_data[f"outcome-{line.uid}"] == Outcome.WINNER
        return "" if line.reads or wins else self.cleaned_data["unread"]

    def add_problem(self, problem: Exception) -> None:
        """Where it is to be mended, naming the entries; the types are those of `deciding.ProposalRefused`."""
        match problem:
            case NothingDecided():
                self.add_error(None, _("Choose at least one winner."))
            case AwardTooOften(award=award, entries=entries):
                words = ngettext(
                    "“%(award)s” can be won once and is given to %(entries)s.",
                    "“%(award)s” can be won %(n)d times and is given to %(entries)s.",
                    award.places,
                )
                self._at(f"award-{entries[-1].uid}", words, award=award, n=award.places, entries=_numbers(entries))
            case AwardOutsideTrack(award=award, entries=entries):
                for one in entries:
                    self._at(f"award-{one.uid}", _("“%(award)s” belongs to another track."), award=award)
            case ReasonsMissing(entries=entries, passed=passed):
                for one in entries:
                    words = _(
                        "This departs from the ranking. Passed over, though level or higher: %(entries)s. Say why."
                    )
                    self._at(f"reason-{one.uid}", words, entries=_numbers(passed[one.pk]))
            case UnreadWithoutReason(entries=entries):
                self._unread_without_reason(entries)

    def _unread_without_reason(self, entries: list[Entry]) -> None:
        rest = [one for one in entries if self.cleaned_data[f"outcome-{one.uid}"] != Outcome.WINNER]
        for one in entries:
            if one not in rest:
                self._at(f"reason-{one.uid}", _("No judge has read this entry: say why it wins."))
        if rest:
            words = _("No score sheet counts for %(entries)s: say why it is decided so, here or in the row.")
            self._at("unread", words, entries=_numbers(rest))

    def _at(self, name: str, words: str, **params: Any) -> None:
        told = {key: value if isinstance(value, int) else conditional_escape(value) for key, value in params.items()}
        self.add_error(name, forms.ValidationError(mark_safe(words % told)))  # noqa: S308


def _holds(text: str, words: str) -> bool:
    """As words of their own, not as a part of longer ones; cheap where they do not occur at all."""
    return bool(words) and words in text and bool(re.search(rf"(?<!\w){re.escape(words)}(?!\w)", text))


def _without(names: Iterable[str], text: str) -> str:
    for name in names:
        text = text.replace(name, " ")
    return text


def _numbers(entries: list[Entry]) -> SafeString:
    """The first ones by number, each whole on one line, and how many more."""
    numbers = ((entry.number,) for entry in entries[:NAMED])
    named, rest = format_html_join(", ", '<span class="nowrap">{}</span>', numbers), len(entries) - NAMED
    if rest <= 0:
        return named
    return format_html(
        ngettext("%(named)s and %(n)d more", "%(named)s and %(n)d more", rest) % {"named": "{}", "n": rest}, named
    )


def _decided_so_far(lines: Iterable[RankLine], decisions: Mapping[int, Decision]) -> dict[str, str]:
    values: dict[str, str] = {}
    for line in lines:
        if decision := decisions.get(line.entry_id):
            values[f"outcome-{line.uid}"] = decision.outcome
            values[f"award-{line.uid}"] = str(decision.award_id or "")
            values[f"reason-{line.uid}"] = decision.reason
    return values
