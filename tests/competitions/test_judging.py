"""A judge's evening: conflicts first, saving without loss, submitting once, stepping back."""

import uuid
from datetime import timedelta
from decimal import Decimal as D

import pytest
from django.utils import timezone

from competitions.enums import AssignmentState, JudgeState, RoundState, SheetState
from competitions.models import Assignment, Conflict, Entry, ScoreSheet
from competitions.services import judging
from competitions.services.judging import Mark, SheetInput
from network_platform.drafts import StaleWrite
from network_platform.journal.models import Record
from tests.competitions.factories import AssignmentFactory, CriterionFactory, JudgeFactory, RubricFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def seat() -> Assignment:
    seat = AssignmentFactory()
    seat.round.coverage = D("0.6")
    seat.round.save()
    rubric = RubricFactory(round=seat.round)
    CriterionFactory(rubric=rubric, code="idea", weight=70)
    CriterionFactory(rubric=rubric, code="team", weight=30)
    return seat


def criteria_of(seat: Assignment) -> list:
    return list(seat.round.rubrics.get().criteria.select_related("rubric"))


def save(seat: Assignment, *values: int | str | None, based_on: int = 0, **kwargs) -> ScoreSheet:
    marks = {
        criterion.pk: Mark(not_assessable=True) if value == "n" else Mark(D(value))
        for criterion, value in zip(criteria_of(seat), values, strict=False)
        if value is not None
    }
    data = SheetInput(marks, kwargs.pop("feedback", ""), kwargs.pop("private_note", ""))
    return judging.save_sheet(assignment=seat, data=data, based_on=based_on, by=seat.judge.user, **kwargs)


def test_saving_keeps_scores_and_texts_and_begins_the_seat(seat: Assignment) -> None:
    sheet = save(seat, 3, feedback="Weigh again.", private_note="ask X")

    fresh = ScoreSheet.objects.get(pk=sheet.pk)
    assert judging.as_values(fresh) == {"feedback": "Weigh again.", "private_note": "ask X", "score-idea": "3"}
    assert (fresh.state, fresh.version) == (SheetState.DRAFT, 1)
    assert Assignment.objects.get(pk=seat.pk).state == AssignmentState.IN_PROGRESS


def test_a_save_on_an_older_version_is_refused_with_what_stands(seat: Assignment) -> None:
    save(seat, 3)

    with pytest.raises(StaleWrite) as stale:
        save(seat, 5, based_on=0)

    assert stale.value.version == 1
    assert stale.value.theirs["score-idea"] == "3"
    assert judging.marks_of(ScoreSheet.objects.get())[criteria_of(seat)[0].pk].value == 3


def test_a_repeated_save_happens_once(seat: Assignment) -> None:
    save_id = uuid.uuid4()

    first = save(seat, 3, save_id=save_id)
    again = save(seat, 3, save_id=save_id)

    assert first.pk == again.pk
    assert ScoreSheet.objects.get().version == 1


def test_a_score_can_be_changed_to_cannot_assess(seat: Assignment) -> None:
    save(seat, 3)
    save(seat, "n", based_on=1)

    assert judging.as_values(ScoreSheet.objects.get())["score-idea"] == "n"


def test_submitting_writes_the_total_and_the_journal(seat: Assignment) -> None:
    save(seat, 5, 0)

    sheet = judging.submit_sheet(assignment=seat, criteria=criteria_of(seat), by=seat.judge.user)

    fresh = ScoreSheet.objects.get(pk=sheet.pk)
    assert (fresh.state, fresh.total, fresh.coverage) == (SheetState.SUBMITTED, D("70.0000"), D("1.000"))
    assert Assignment.objects.get(pk=seat.pk).state == AssignmentState.DONE
    record = Record.objects.get(verb="sheet.submitted")
    assert record.scope == seat.round.competition.scope_token
    assert "70" not in str(record.after)


def test_an_unassessable_criterion_is_left_out_not_zero(seat: Assignment) -> None:
    save(seat, 5, "n")

    sheet = judging.submit_sheet(assignment=seat, criteria=criteria_of(seat), by=seat.judge.user)

    assert (sheet.total, sheet.coverage) == (D("100"), D("0.700"))


def test_submitting_with_a_gap_names_the_criterion_and_loses_nothing(seat: Assignment) -> None:
    save(seat, 5)

    with pytest.raises(judging.SheetIncomplete) as incomplete:
        judging.submit_sheet(assignment=seat, criteria=criteria_of(seat), by=seat.judge.user)

    assert [criterion.code for criterion in incomplete.value.missing] == ["team"]
    assert ScoreSheet.objects.get().state == SheetState.DRAFT


def test_a_submitted_sheet_takes_no_more_saves(seat: Assignment) -> None:
    save(seat, 5, 5)
    judging.submit_sheet(assignment=seat, criteria=criteria_of(seat), by=seat.judge.user)

    with pytest.raises(judging.NotEditable):
        save(seat, 1, based_on=1)


def test_a_reopened_sheet_can_be_submitted_again(seat: Assignment) -> None:
    save(seat, 5, 5)
    sheet = judging.submit_sheet(assignment=seat, criteria=criteria_of(seat), by=seat.judge.user)
    judging.reopen_sheet(sheet=sheet, by=seat.judge.user, reason="misread the table")
    seat.refresh_from_db()
    save(seat, 0, 5, based_on=1)

    again = judging.submit_sheet(assignment=seat, criteria=criteria_of(seat), by=seat.judge.user)

    assert again.total == D(30)
    assert Record.objects.get(verb="sheet.reopened").reason == "misread the table"


@pytest.mark.parametrize("state", [state for state in RoundState if state != RoundState.OPEN])
def test_only_an_open_round_takes_scores(seat: Assignment, state: str) -> None:
    seat.round.state = state

    with pytest.raises(judging.NotEditable):
        save(seat, 3)

    assert not ScoreSheet.objects.exists()


def test_scores_after_the_rounds_end_are_refused(seat: Assignment) -> None:
    seat.round.closes_at = timezone.now() - timedelta(seconds=1)

    with pytest.raises(judging.NotEditable):
        save(seat, 3)


def test_declaring_conflicts_recuses_some_and_opens_the_others(seat: Assignment) -> None:
    other = AssignmentFactory(round=seat.round, judge=seat.judge, cleared_at=None)
    third = AssignmentFactory(round=seat.round, judge=seat.judge, cleared_at=None)

    judging.declare_conflicts(assignments=[other, third], reasons={other.uid: "my sister"}, by=seat.judge.user)

    assert Conflict.objects.get().entry == other.entry
    assert Assignment.objects.get(pk=other.pk).state == AssignmentState.RECUSED
    assert Assignment.objects.get(pk=third.pk).cleared_at is not None
    assert not Entry.objects.readable_by_judge(seat.judge.user).filter(pk=other.entry.pk).exists()
    assert Entry.objects.readable_by_judge(seat.judge.user).filter(pk=third.entry.pk).exists()


def test_recusing_later_voids_the_sheet_that_was_begun(seat: Assignment) -> None:
    save(seat, 5)

    judging.recuse(assignment=seat, reason="I trained them", by=seat.judge.user)

    assert ScoreSheet.objects.get().state == SheetState.VOID
    assert not ScoreSheet.objects.counted().exists()
    assert Record.objects.filter(verb="assignment.recused", reason="conflict of interest").count() == 1


@pytest.mark.parametrize(("accepts", "state"), [(True, JudgeState.ACCEPTED), (False, JudgeState.DECLINED)])
def test_answering_the_invitation(accepts: bool, state: str) -> None:
    judge = JudgeFactory(state=JudgeState.INVITED)

    judging.answer_invitation(judge=judge, accepts=accepts, by=judge.user)

    judge.refresh_from_db()
    assert judge.state == state
    assert (judge.rules_signed_at is not None) is accepts
