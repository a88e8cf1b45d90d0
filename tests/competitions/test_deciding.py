"""Means, decision, the second person, announcement."""

from decimal import Decimal as D

import pytest

from competitions.enums import CompetitionState, EntryState, Outcome, RoleKind, RoundState, SheetState
from competitions.models import Approval, Competition, Decision, Entry, Round, ScoreSheet
from competitions.services import announcing, deciding
from competitions.services.deciding import Choice
from competitions.services.entries import ReasonMissing
from network_platform.background.models import Message
from network_platform.journal.models import Record
from network_platform.lifecycle import IllegalMove
from tests.competitions.factories import (
    AssignmentFactory,
    EntryFactory,
    PersonFactory,
    RoleFactory,
    RoundFactory,
    ScoreSheetFactory,
    StartupOfTeamFactory,
)

pytestmark = pytest.mark.django_db


def entry_with(round: Round, *totals: str | None) -> Entry:
    founder = PersonFactory(language="ru")
    startup = StartupOfTeamFactory(founder=founder)
    entry = EntryFactory(competition=round.competition, startup=startup, submitted=True)
    for total in totals:
        seat = AssignmentFactory(round=round, entry=entry, state="done")
        ScoreSheetFactory(
            assignment=seat,
            state=SheetState.SUBMITTED,
            total=total and D(total),
            submitted_at=seat.assigned_at,
        )
    return entry


@pytest.fixture
def round_() -> Round:
    return RoundFactory()


@pytest.fixture
def manager(round_: Round):
    return RoleFactory(competition=round_.competition, role=RoleKind.MANAGER).user


@pytest.fixture
def observer(round_: Round):
    return RoleFactory(competition=round_.competition, role=RoleKind.OBSERVER).user


def test_the_ranking_is_the_plain_mean_of_what_counts(round_: Round, manager) -> None:
    best = entry_with(round_, "80", "90")
    tied = [entry_with(round_, "70", "71"), entry_with(round_, "70.5")]
    without = entry_with(round_, None)

    ranking = deciding.close_round(round=round_, by=manager)

    rows = {row.entry_id: (row.rank, row.score, row.reads, row.is_tied) for row in ranking.rows.all()}
    assert rows == {
        best.pk: (1, D("85.0000"), 2, False),
        tied[0].pk: (2, D("70.5000"), 2, True),
        tied[1].pk: (2, D("70.5000"), 1, True),
        without.pk: (None, None, 0, False),
    }
    assert round_.state == RoundState.RANKED


def test_void_and_open_sheets_do_not_count(round_: Round, manager) -> None:
    entry = entry_with(round_, "80")
    for state, seat_state in [(SheetState.VOID, "recused"), (SheetState.DRAFT, "in_progress")]:
        seat = AssignmentFactory(round=round_, entry=entry, state=seat_state)
        ScoreSheetFactory(assignment=seat, state=state, total=D(1))

    ranking = deciding.close_round(round=round_, by=manager)

    assert ranking.rows.get().score == D(80)


def test_the_same_inputs_give_the_same_ranking(round_: Round, manager) -> None:
    entry_with(round_, "80")

    first = deciding.compute_means(round=round_, by=manager)

    assert deciding.compute_means(round=round_, by=manager).pk == first.pk


def propose(round_: Round, manager, *outcomes: tuple[Entry, str, str]) -> None:
    choices = [Choice(entry, outcome, reason=reason) for entry, outcome, reason in outcomes]
    deciding.propose(round=round_, choices=choices, by=manager)


def test_departing_from_the_ranking_needs_a_reason(round_: Round, manager) -> None:
    best, second = entry_with(round_, "90"), entry_with(round_, "80")
    deciding.close_round(round=round_, by=manager)

    with pytest.raises(ReasonMissing):
        propose(round_, manager, (best, Outcome.NOT_SELECTED, ""), (second, Outcome.WINNER, ""))

    propose(round_, manager, (best, Outcome.NOT_SELECTED, ""), (second, Outcome.WINNER, "the track had one place"))
    assert Decision.objects.get(outcome=Outcome.WINNER).reason == "the track had one place"


def test_a_proposal_without_a_winner_is_refused(round_: Round, manager) -> None:
    best = entry_with(round_, "90")
    deciding.close_round(round=round_, by=manager)

    with pytest.raises(deciding.NothingDecided):
        propose(round_, manager, (best, Outcome.NOT_SELECTED, ""))

    assert not Decision.objects.exists()


@pytest.fixture
def approved(round_: Round, manager, observer) -> Round:
    best, second = entry_with(round_, "90"), entry_with(round_, "80")
    deciding.close_round(round=round_, by=manager)
    propose(round_, manager, (best, Outcome.WINNER, ""), (second, Outcome.NOT_SELECTED, ""))
    deciding.approve(round=round_, by=observer)
    return round_


def test_nothing_is_public_before_the_announcement(approved: Round) -> None:
    assert approved.state == RoundState.APPROVED
    assert not Decision.objects.public().exists()
    assert set(Entry.objects.values_list("state", flat=True)) == {EntryState.SUBMITTED}
    assert not Message.objects.exists()


def test_the_announcement_tells_everybody_once(approved: Round, manager) -> None:
    announcing.announce(round=approved, by=manager)

    assert Competition.objects.get().state == CompetitionState.ANNOUNCED
    assert [decision.entry.state for decision in Decision.objects.public()] == [EntryState.WINNER]
    assert sorted(Entry.objects.values_list("state", flat=True)) == ["not_selected", "winner"]
    assert set(ScoreSheet.objects.values_list("state", flat=True)) == {SheetState.FINAL}
    assert Message.objects.filter(template="competitions/entry_moved").count() == 2
    assert Record.objects.filter(verb="competition.announced").count() == 1


def test_announcing_twice_is_refused(approved: Round, manager) -> None:
    announcing.announce(round=approved, by=manager)

    with pytest.raises(IllegalMove):
        announcing.announce(round=Round.objects.get(), by=manager)

    assert Message.objects.count() == 2


def test_a_decision_changed_after_the_approval_cannot_be_announced(approved: Round, manager) -> None:
    Decision.objects.filter(outcome=Outcome.WINNER).update(outcome=Outcome.RESERVE)

    with pytest.raises(announcing.ApprovalOutdated):
        announcing.announce(round=approved, by=manager)

    assert Competition.objects.get().state == CompetitionState.PUBLISHED


def test_returning_takes_the_approval_back(round_: Round, manager, observer) -> None:
    best = entry_with(round_, "90")
    deciding.close_round(round=round_, by=manager)
    propose(round_, manager, (best, Outcome.WINNER, ""))

    deciding.return_it(round=round_, by=observer, reason="one sheet is missing")

    assert Round.objects.get().state == RoundState.RANKED
    assert not Approval.objects.filter(withdrawn_at__isnull=True).exists()


def test_reopening_voids_ranking_and_decision(approved: Round, manager) -> None:
    deciding.reopen_round(round=approved, by=manager, reason="a judge fell ill")

    assert Round.objects.get().state == RoundState.OPEN
    assert not approved.rankings.standing().exists()
    assert not Decision.objects.exists()
    assert Record.objects.get(verb="round.reopened").reason == "a judge fell ill"


def test_one_person_cannot_propose_and_approve(round_: Round, manager) -> None:
    from django.db import IntegrityError, transaction

    best = entry_with(round_, "90")
    deciding.close_round(round=round_, by=manager)
    propose(round_, manager, (best, Outcome.WINNER, ""))

    with pytest.raises(IntegrityError), transaction.atomic():
        deciding.approve(round=round_, by=manager)
