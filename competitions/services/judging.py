"""What a judge does: answer the invitation, declare conflicts, score, submit, step back."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import cast

from django.db import transaction
from django.utils import timezone

from competitions.enums import (
    EDITABLE_SHEETS,
    OPEN_ASSIGNMENTS,
    READABLE_ASSIGNMENTS,
    AssignmentState,
    ConflictSource,
    ConflictState,
    JudgeState,
    SheetState,
    WeightsOf,
)
from competitions.models import Assignment, Conflict, Criterion, Judge, Round, Score, ScoreSheet
from competitions.services import notices
from competitions.services.states import demand_meaning, locked_round, move_assignment, move_sheet
from competitions.services.totals import Total, total
from network_platform.drafts import NOTHING
from network_platform.journal.services import record
from network_platform.people.models import User

A, S = AssignmentState, SheetState


class NotEditable(Exception):
    """The round does not take scores now, or the sheet was handed in."""


class SheetIncomplete(Exception):
    """`missing`: the required criteria that have neither a value nor "cannot assess"."""

    def __init__(self, missing: list[Criterion]) -> None:
        super().__init__(", ".join(criterion.code for criterion in missing))
        self.missing = missing


class BelowCoverage(Exception):
    """`total` has no value: too little was assessed, and the sheet would not enter the mean."""

    def __init__(self, total: Total) -> None:
        super().__init__(str(total.coverage))
        self.total = total


@dataclass(frozen=True)
class Mark:
    """One criterion on a sheet: a value, or "cannot assess", or nothing yet."""

    value: Decimal | None = None
    not_assessable: bool = False

    def __str__(self) -> str:
        """As the form sends it."""
        return "n" if self.not_assessable else plain(self.value)


@dataclass(frozen=True)
class SheetInput:
    """What a judge typed. `marks`: criterion pk -> mark; criteria that are absent keep what they had."""

    marks: Mapping[int, Mark] = field(default_factory=dict)
    feedback: str = ""
    private_note: str = ""

    def as_values(self, codes: Mapping[int, str]) -> dict[str, str]:
        """By the names of the form's fields; `codes`: criterion pk -> code."""
        texts = {"feedback": self.feedback, "private_note": self.private_note}
        return texts | {f"score-{codes[pk]}": str(mark) for pk, mark in self.marks.items()}


@transaction.atomic
def answer_invitation(*, judge: Judge, accepts: bool, by: User) -> Judge:
    """The judge accepts, and with it the rules, or declines, which frees seats given in advance."""
    judge.state = JudgeState.ACCEPTED if accepts else JudgeState.DECLINED
    judge.answered_at = timezone.now()
    judge.rules_signed_at = judge.answered_at if accepts else None
    judge.save(update_fields=["state", "answered_at", "rules_signed_at"])
    if not accepts:
        release_open_seats(judge=judge, by=by)
    verb = "judge.accepted" if accepts else "judge.declined"
    record(verb=verb, thing=judge, by=by, scope=judge.competition.scope_token, label=f"judge {judge.uid}")
    return judge


@transaction.atomic
def release_open_seats(*, judge: Judge, by: User | None) -> None:
    """Give back what the judge has not handed in; others can be given those entries."""
    open_seats = judge.assignments.filter(state__in=OPEN_ASSIGNMENTS)
    for seat in open_seats.select_related("entry__competition", "judge", "round__competition"):
        move_assignment(assignment=seat, to=A.RELEASED, by=by, reason="the judge is not available")


@transaction.atomic
def declare_conflicts(*, assignments: list[Assignment], reasons: Mapping[uuid.UUID, str], by: User) -> None:
    """One pass over seats that are still to be cleared: those with a reason are recused, the others opened."""
    clear = [assignment.pk for assignment in assignments if not reasons.get(assignment.uid)]
    Assignment.objects.filter(pk__in=clear, cleared_at__isnull=True).update(cleared_at=timezone.now())
    tied = [assignment for assignment in assignments if reasons.get(assignment.uid)]
    for assignment in tied:
        _step_back(assignment, reasons[assignment.uid], by)
    notices.judge_recused(assignments=tied)


@transaction.atomic
def recuse(*, assignment: Assignment, reason: str, by: User) -> Assignment:
    """The judge has a conflict with the entry: it is recorded, the seat is given up, a sheet begun is void.

    The reason stays with the conflict, from which an erasure can take it; the journal says only that there is one, and
    so does the mail to the managers.
    """
    assignment = _step_back(assignment, reason, by)
    notices.judge_recused(assignments=[assignment])
    return assignment


def _step_back(assignment: Assignment, reason: str, by: User) -> Assignment:
    _demand_open(assignment)
    Conflict.objects.get_or_create(
        judge=assignment.judge,
        entry=assignment.entry,
        source=ConflictSource.DECLARED,
        state=ConflictState.CONFIRMED,
        defaults={"reason": reason},
    )
    sheet = ScoreSheet.objects.filter(assignment=assignment).exclude(state__in=[S.VOID, S.FINAL]).first()
    if sheet is not None:
        move_sheet(sheet=sheet, to=S.VOID, by=by, reason="recused")
    return move_assignment(assignment=assignment, to=A.RECUSED, by=by, reason="conflict of interest")


@transaction.atomic
def save_sheet(
    *,
    assignment: Assignment,
    data: SheetInput,
    based_on: int,
    by: User,
    save_id: uuid.UUID | None = None,
    seen: Mapping[str, str] = NOTHING,
) -> ScoreSheet:
    """Save what was typed, complete or not, by a page that showed `seen`. Raises StaleWrite, NotEditable; a repeat of
    `save_id` changes nothing.
    """
    sheet = _locked_sheet(assignment)
    if not sheet.is_repeat(save_id):
        _demand_editable(sheet)
    if based_on != sheet.version:
        data = _leave_theirs(sheet, data, save_id, seen)
    if sheet.is_repeat(save_id):
        return sheet
    sheet.step(save_id)
    sheet.feedback, sheet.private_note, sheet.saved_at = data.feedback, data.private_note, timezone.now()
    sheet.save(update_fields=["feedback", "private_note", "saved_at", "version", "last_save"])
    _write_marks(sheet, data.marks)
    if sheet.state == S.EMPTY:
        move_sheet(sheet=sheet, to=S.DRAFT, by=by)
    if assignment.state == A.ACTIVE:
        move_assignment(assignment=assignment, to=A.IN_PROGRESS, by=by)
    return sheet


def _leave_theirs(
    sheet: ScoreSheet, data: SheetInput, save_id: uuid.UUID | None, seen: Mapping[str, str]
) -> SheetInput:
    """What is to be written, where another window has saved in between. Raises StaleWrite."""
    codes = dict(Criterion.objects.filter(pk__in=data.marks).values_list("pk", "code"))
    mine = data.as_values(codes)
    sheet.leave_theirs(save_id=save_id, mine=mine, stands=as_values(sheet), seen=seen)
    marks = {pk: mark for pk, mark in data.marks.items() if f"score-{codes[pk]}" not in sheet.theirs}
    texts = {**mine, **sheet.theirs}
    return SheetInput(marks, texts["feedback"], texts["private_note"])


@transaction.atomic
def submit_sheet(
    *, assignment: Assignment, criteria: list[Criterion], by: User, may_lack_total: bool = False
) -> ScoreSheet:
    """Hand the sheet in. Raises SheetIncomplete naming the criteria that are missing, NotEditable, and BelowCoverage
    unless the judge knows that the sheet will have no total.
    """
    _demand_open(assignment)
    sheet = _locked_sheet(assignment)
    _demand_editable(sheet)
    marks = marks_of(sheet)
    missing = missing_of(criteria, marks)
    if missing:
        raise SheetIncomplete(missing)
    result = total_of(round=assignment.round, criteria=criteria, marks=marks)
    if result.value is None and not may_lack_total:
        raise BelowCoverage(result)
    move_sheet(
        sheet=sheet,
        to=S.SUBMITTED,
        by=by,
        total=result.value,
        coverage=result.coverage,
        submitted_at=timezone.now(),
    )
    move_assignment(assignment=assignment, to=A.DONE, by=by)
    return sheet


@transaction.atomic
def reopen_sheet(*, sheet: ScoreSheet, by: User, reason: str) -> ScoreSheet:
    """Take a submitted sheet back for changes, while its round is open. The judge is told if somebody else did it."""
    demand_meaning(reason)
    _demand_open(sheet.assignment)
    move_sheet(sheet=sheet, to=S.REOPENED, by=by, reason=reason)
    move_assignment(assignment=sheet.assignment, to=A.IN_PROGRESS, by=by)
    if sheet.assignment.judge.user_id != by.pk:
        notices.sheet_given_back(sheet=sheet, by=by, reason=reason)
    return sheet


def marks_of(sheet: ScoreSheet | None) -> dict[int, Mark]:
    """Criterion pk -> mark; one query, none for a sheet that was never saved."""
    if sheet is None:
        return {}
    rows = sheet.scores.values_list("criterion_id", "value", "not_assessable")
    return {pk: Mark(value, not_assessable) for pk, value, not_assessable in rows}


def missing_of(criteria: Iterable[Criterion], marks: Mapping[int, Mark]) -> list[Criterion]:
    """The required criteria that have neither a value nor "cannot assess"."""
    return [one for one in criteria if one.required and not is_answered(marks.get(one.pk))]


def total_of(*, round: Round, criteria: list[Criterion], marks: Mapping[int, Mark]) -> Total:
    """The total of the marks so far. `criteria` come with their rubric."""
    return total(
        criteria,
        {pk: mark.value for pk, mark in marks.items()},
        coverage=round.coverage,
        weights_of=criteria[0].rubric.weights_of if criteria else WeightsOf.WHOLE,
    )


def as_values(sheet: ScoreSheet) -> dict[str, str]:
    """The sheet as the form's fields, for showing both texts when two tabs disagree."""
    values = {"feedback": sheet.feedback, "private_note": sheet.private_note}
    for code, value, not_assessable in sheet.scores.values_list("criterion__code", "value", "not_assessable"):
        values[f"score-{code}"] = str(Mark(value, not_assessable))
    return values


def plain(value: Decimal | None) -> str:
    """4.00 -> "4", 2.50 -> "2.5": the value as the form sends it."""
    return "" if value is None else f"{value.normalize():f}"


def is_answered(mark: Mark | None) -> bool:
    return mark is not None and (mark.not_assessable or mark.value is not None)


def _demand_open(assignment: Assignment) -> None:
    """The round is held until the end of the transaction, so that no ranking is computed meanwhile."""
    if not locked_round(assignment.round).takes_scores_at(timezone.now()):
        raise NotEditable


def _demand_editable(sheet: ScoreSheet) -> None:
    if sheet.state not in EDITABLE_SHEETS or not sheet.assignment.round.takes_scores_at(timezone.now()):
        raise NotEditable


def _locked_sheet(assignment: Assignment) -> ScoreSheet:
    """The sheet, made on first use, locked for this transaction; before it a seat that will move, so that whoever takes
    the seat away locks in the same order.
    """
    if assignment.state == A.ACTIVE:
        seats = Assignment.objects.select_for_update(no_key=True).values_list("state", flat=True)
        assignment.state = seats.get(pk=assignment.pk)
    if assignment.state not in READABLE_ASSIGNMENTS:
        raise NotEditable
    sheet = ScoreSheet.objects.select_for_update(of=("self",)).filter(assignment=assignment).first()
    if sheet is None:
        rubric = assignment.round.rubrics.get(is_current=True)
        sheet, _ = ScoreSheet.objects.get_or_create(
            assignment=assignment,
            defaults={"rubric": rubric, "revision_id": cast(int, assignment.entry.standing_id)},
        )
    sheet.assignment = assignment
    return sheet


def _write_marks(sheet: ScoreSheet, marks: Mapping[int, Mark]) -> None:
    Score.objects.bulk_create(
        [
            Score(sheet=sheet, criterion_id=pk, value=mark.value, not_assessable=mark.not_assessable)
            for pk, mark in marks.items()
        ],
        update_conflicts=True,
        unique_fields=["sheet", "criterion"],
        update_fields=["value", "not_assessable"],
    )
