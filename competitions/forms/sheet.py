"""The score sheet as a form: one row of levels a criterion, feedback, private note, version."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from competitions.models import Criterion
from competitions.services.answers import as_typed
from competitions.services.judging import Mark, SheetInput, plain
from competitions.services.states import LEAST_REASON, has_meaning
from competitions.services.totals import shares
from network_platform.drafts import NOTHING
from network_platform.languages import in_language

NOT_ASSESSABLE = "n"
CANNOT_ASSESS = _("cannot assess")
NOT_READ = _("You did not hand it in, so that the team does not read it.")
READ_LATER = _("The team reads it after the results are announced, without your name.")
READ_SINCE = _("The team can read it since the results were announced, without your name.")
TOO_SHORT = _("Say it in at least %(n)s characters, so that others understand it.")
MOST_BUTTONS = 11


@dataclass(frozen=True)
class LevelRow:
    """One radio button: `words` is empty for a value between described ones."""

    value: str
    words: str
    chosen: bool


@dataclass(frozen=True)
class CriterionRow:
    """A criterion with its buttons (or a number field, when the scale has too many values for buttons).

    `share`: its part of the total, 0 to 1; None for a bonus.
    """

    criterion: Criterion
    field: forms.BoundField
    levels: list[LevelRow]
    weight: Decimal | None
    share: float | None
    unassessable: LevelRow | None
    described: list[LevelRow]


class SheetForm(forms.Form):
    """`criteria` with prefetched levels, in order. Fields are called `score-<code>`."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    feedback = forms.CharField(
        label=_("Feedback: the team reads this"),
        help_text=_(
            "Say one thing that works and one to do next. "
            "It is sent after the results are announced, without your name."
        ),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
        required=False,
    )
    private_note = forms.CharField(
        label=_("Private note: only you"),
        help_text=_("Never shown to the team, the manager or other judges."),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=2000,
        required=False,
    )

    def __init__(self, *args: Any, criteria: Iterable[Criterion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.criteria = list(criteria)
        for criterion in self.criteria:
            self.fields[f"score-{criterion.code}"] = _score_field(criterion)

    def rows(self) -> list[CriterionRow]:
        if not self.criteria:
            return []
        share = shares(self.criteria, weights_of=self.criteria[0].rubric.weights_of)
        return [self._row(criterion, share.get(criterion.pk)) for criterion in self.criteria]

    def _row(self, criterion: Criterion, share: Fraction | None) -> CriterionRow:
        field = self[f"score-{criterion.code}"]
        chosen = str(field.value() or "")
        words = {plain(level.value): in_language(level.texts) for level in criterion.levels.all()}
        values = [plain(value) for value in criterion.allowed_values()]
        few = len(values) <= MOST_BUTTONS
        rows = [LevelRow(value, words.get(value, ""), value == chosen) for value in values] if few else []
        unassessable = LevelRow(NOT_ASSESSABLE, "", chosen == NOT_ASSESSABLE) if criterion.may_be_unassessable else None
        described = [LevelRow(value, text, value == chosen) for value, text in words.items()]
        part = None if share is None else float(share)
        return CriterionRow(criterion, field, rows, criterion.weight, part, unassessable, described)

    theirs: Mapping[str, str] = NOTHING  # what stands where another window changed the same
    seen: Mapping[str, str] = NOTHING  # on what the form shown again is based then
    needs_confirming = False  # the sheet would have no total: its judge has to say that this is meant

    def only_read(self, *, is_submitted: bool, is_announced: bool) -> None:
        """Nothing is asked for any more: the words beside the feedback tell what became of it."""
        told = READ_SINCE if is_announced else READ_LATER
        feedback = self["feedback"]
        feedback.help_text = "" if not feedback.value() else told if is_submitted else NOT_READ

    def go_on_from(self, version: int, theirs: Mapping[str, str] = NOTHING) -> None:
        """Shown again, the form is based on what the sheet holds now, and shows what others changed on it."""
        data = cast(QueryDict, self.data).copy()
        for name, value in {**theirs, "version": str(version)}.items():
            data[name] = value
        self.data = data

    def typed_words(self) -> list[tuple[str, str]]:
        """(label, what was typed) of every field that holds something."""
        names = [*(f"score-{one.code}" for one in self.criteria), "feedback", "private_note"]
        said = [(str(self.fields[name].label), as_typed(self[name].data)) for name in names]
        return [(label, str(CANNOT_ASSESS) if text == NOT_ASSESSABLE else text) for label, text in said if text]

    def add_missing(self, missing: Iterable[Criterion]) -> None:
        """Criteria without an answer, beside whatever else is wrong."""
        for criterion in missing:
            name = f"score-{criterion.code}"
            if name not in self.errors:
                self.add_error(name, _("Choose a level, or say that you cannot assess it."))

    def sheet_input(self) -> SheetInput:
        """What was typed: marks that are sound, texts even when they are too long yet. Call after `is_valid()`."""
        marks = {}
        for criterion in self.criteria:
            name = f"score-{criterion.code}"
            if name in self.cleaned_data and name in self.data:
                marks[criterion.pk] = _mark(self.cleaned_data[name])
        return SheetInput(marks, self._text("feedback"), self._text("private_note"))

    def typed(self) -> dict[str, str]:
        """`sheet_input()` by the names of the fields."""
        return self.sheet_input().as_values({criterion.pk: criterion.code for criterion in self.criteria})

    def _text(self, name: str) -> str:
        return as_typed(self.cleaned_data.get(name, self[name].data))


class ScoreField(forms.CharField):
    """A value of the criterion's scale, or "n" for "cannot assess", or empty."""

    def __init__(self, *, criterion: Criterion, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)
        self.criterion = criterion

    def validate(self, value: str) -> None:
        super().validate(value)
        if value == NOT_ASSESSABLE and self.criterion.may_be_unassessable:
            return
        if value and _number(value) not in self.criterion.allowed_values():
            low, high = plain(self.criterion.scale_min), plain(self.criterion.scale_max)
            raise forms.ValidationError(
                _("Choose a value from %(low)s to %(high)s in steps of %(step)s."),
                params={"low": low, "high": high, "step": plain(self.criterion.scale_step or Decimal(1))},
            )


def _score_field(criterion: Criterion) -> ScoreField:
    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
    return ScoreField(criterion=criterion, label=in_language(criterion.names), max_length=10, widget=widget)


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text.replace(",", "."))
    except ArithmeticError:
        return None
    return number if number.is_finite() else None


def _mark(text: str) -> Mark:
    return Mark(not_assessable=True) if text == NOT_ASSESSABLE else Mark(_number(text))


def initial_of(*, criteria: Iterable[Criterion], marks: Mapping[int, Mark], sheet: Any) -> dict[str, Any]:
    """The form's initial values from a sheet and its marks (`sheet` None: nothing saved yet)."""
    values: dict[str, Any] = {
        "version": sheet.version if sheet else 0,
        "feedback": sheet.feedback if sheet else "",
        "private_note": sheet.private_note if sheet else "",
    }
    for criterion in criteria:
        mark = marks.get(criterion.pk)
        if mark is not None:
            values[f"score-{criterion.code}"] = str(mark)
    return values


class ConflictsForm(forms.Form):
    """One tick and one reason a seat: `conflict-<uid>`, `reason-<uid>`. A reason is asked for only with a tick."""

    all_optional = True

    def __init__(self, *args: Any, assignments: Iterable[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.assignments = list(assignments)
        for assignment in self.assignments:
            self.fields[f"conflict-{assignment.uid}"] = forms.BooleanField(
                label=_("I have a conflict of interest"), required=False
            )
            self.fields[f"reason-{assignment.uid}"] = forms.CharField(
                label=_("What connects you"), max_length=500, required=False
            )

    def rows(self) -> list[tuple[Any, forms.BoundField, forms.BoundField]]:
        return [(a, self[f"conflict-{a.uid}"], self[f"reason-{a.uid}"]) for a in self.assignments]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for assignment in self.assignments:
            ticked, reason = cleaned.get(f"conflict-{assignment.uid}"), cleaned.get(f"reason-{assignment.uid}")
            if ticked and not (reason or "").strip():
                message = _("Say in a few words what connects you with %(startup)s.")
                params = {"startup": assignment.entry.startup.name}
                self.add_error(f"reason-{assignment.uid}", forms.ValidationError(message, params=params))
        return cleaned

    def reasons(self) -> dict[Any, str]:
        """Assignment uid -> reason, of the seats that were ticked."""
        return {
            a.uid: self.cleaned_data[f"reason-{a.uid}"]
            for a in self.assignments
            if self.cleaned_data[f"conflict-{a.uid}"]
        }


class TieForm(forms.Form):
    """What connects a judge with a team: one word may say it all."""

    reason = forms.CharField(
        label=_("What connects you"),
        help_text=_("Read by the competition’s managers and the secretariat, and by nobody else."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ReasonForm(forms.Form):
    """A reason that others read later, in a journal that nobody can correct."""

    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))

    def clean_reason(self) -> str:
        reason: str = self.cleaned_data["reason"]
        if not has_meaning(reason):
            raise forms.ValidationError(TOO_SHORT, params={"n": LEAST_REASON})
        return reason
