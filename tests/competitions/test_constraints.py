"""What the database itself refuses."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from competitions.models import Competition, Criterion, Entry, Question, RubricVersion
from competitions.services.competitions import lock_form, lock_rubric
from competitions.services.digests import form_digest, rubric_digest
from tests.competitions import factories as make

pytestmark = pytest.mark.django_db


def refused(act) -> str:
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        act()
    return str(error.value)


def test_a_score_needs_a_criterion_of_the_sheets_rubric() -> None:
    sheet, foreign = make.ScoreSheetFactory(), make.CriterionFactory()

    assert "score_of_the_sheets_rubric" in refused(lambda: make.ScoreFactory(sheet=sheet, criterion=foreign))


@pytest.mark.parametrize("value", [-1, 5.5, 6])
def test_a_score_lies_within_the_scale(value) -> None:
    sheet = make.ScoreSheetFactory()

    assert "score_within_the_scale" in refused(lambda: make.ScoreFactory(sheet=sheet, value=value))


def test_cannot_assess_has_no_value() -> None:
    assert "not_assessable" in refused(lambda: make.ScoreFactory(value=3, not_assessable=True))


def test_a_missing_score_is_null() -> None:
    score = make.ScoreFactory(value=None, not_assessable=True)

    score.refresh_from_db()
    assert score.value is None


def test_a_score_is_given_once() -> None:
    score = make.ScoreFactory()

    assert refused(lambda: make.ScoreFactory(sheet=score.sheet, criterion=score.criterion))


def test_a_submission_is_never_changed() -> None:
    entry = make.EntryFactory(submitted=True)
    entry.standing.answers = {"solution": "Changed afterwards"}

    assert "submission_never_changed" in refused(entry.standing.save)


def test_a_rank_row_is_never_changed() -> None:
    from competitions.models import RankRow

    row = RankRow.objects.create(ranking=make.RankingFactory(), entry=make.EntryFactory(submitted=True), score=80)

    assert "rank_row_never_changed" in refused(lambda: RankRow.objects.filter(pk=row.pk).update(score=90))


def test_a_locked_rubric_takes_no_change() -> None:
    criterion = make.CriterionFactory()
    lock_rubric(criterion.rubric)

    assert "criterion_" in refused(lambda: Criterion.objects.update(weight=10))
    assert "criterion_of_locked_rubric" in refused(lambda: make.CriterionFactory(rubric=criterion.rubric))
    assert "level_" in refused(lambda: criterion.levels.update(texts={"en": "Other words"}))
    assert "rubric_stays_locked" in refused(lambda: RubricVersion.objects.update(locked_at=None))
    assert "rubric_keeps_its_weights" in refused(lambda: RubricVersion.objects.update(weights_of="parent"))
    assert "stays_locked" in refused(criterion.levels.first().delete)
    assert "stays_locked" in refused(lambda: Criterion.objects.update(rubric=make.RubricFactory()))
    assert "stays_locked" in refused(lambda: Criterion.objects.all().delete())


def test_a_locked_form_takes_no_change() -> None:
    question = make.QuestionFactory()
    lock_form(question.form)

    assert "question_" in refused(lambda: Question.objects.update(required=False))
    assert "section_of_locked_form" in refused(lambda: make.SectionFactory(form=question.form))
    assert "question_stays_locked" in refused(question.delete)
    assert "section_stays_locked" in refused(lambda: type(question.section).objects.update(form=make.FormFactory()))


def test_scores_of_a_final_sheet_stay() -> None:
    score = make.ScoreFactory(value=3)
    type(score.sheet).objects.update(state="final", submitted_at=timezone.now())

    assert "score_stays_final" in refused(lambda: type(score).objects.update(value=4))
    assert "score_stays_final" in refused(score.delete)
    assert "score_of_final_sheet" in refused(
        lambda: make.ScoreFactory(sheet=score.sheet, criterion=make.CriterionFactory(rubric=score.sheet.rubric))
    )


def test_what_was_submitted_or_ranked_is_not_removed() -> None:
    from competitions.models import RankRow

    entry = make.EntryFactory(submitted=True)
    row = RankRow.objects.create(ranking=make.RankingFactory(), entry=entry, score=80)

    assert "rank_row_never_removed" in refused(row.delete)
    assert "submission_never_removed" in refused(
        lambda: type(entry.standing).objects.filter(pk=entry.standing_id)._raw_delete("default")
    )


def test_digests_name_the_content() -> None:
    question, criterion = make.QuestionFactory(), make.CriterionFactory()
    before = form_digest(question.form), rubric_digest(criterion.rubric)

    Question.objects.update(max_length=5)
    Criterion.objects.update(weight=51)

    assert form_digest(question.form) != before[0]
    assert rubric_digest(criterion.rubric) != before[1]


def test_one_scorer_for_each_entry_and_round() -> None:
    seat = make.AssignmentFactory()

    refused(lambda: make.AssignmentFactory(judge=seat.judge, entry=seat.entry, round=seat.round))


def test_no_live_seat_against_a_confirmed_conflict() -> None:
    seat = make.AssignmentFactory()
    make.ConflictFactory(judge=seat.judge, entry=seat.entry)

    assert "assignment_without_conflict" in refused(seat.save)


def test_one_draft_for_each_start_up() -> None:
    entry = make.EntryFactory()

    refused(lambda: make.EntryFactory(competition=entry.competition, startup=entry.startup))


def test_a_submitted_entry_has_a_submission_and_a_number() -> None:
    entry = make.EntryFactory()

    refused(lambda: Entry.objects.filter(pk=entry.pk).update(state="submitted"))


def test_a_published_competition_has_dates() -> None:
    competition = make.CompetitionFactory()

    refused(lambda: Competition.objects.filter(pk=competition.pk).update(state="published"))


def test_a_competition_closes_after_it_opens() -> None:
    now = timezone.now()

    refused(lambda: make.CompetitionFactory(opens_at=now, closes_at=now))
