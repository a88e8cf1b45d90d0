"""Means, decision, the second person, announcement."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal as D

import pytest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import override

from competitions.enums import CompetitionState, EntryState, Outcome, RoleKind, RoundState, SheetState
from competitions.models import Approval, Competition, Decision, Entry, Round, ScoreSheet, TeamMember
from competitions.services import announcing, assigning, deciding, letters
from competitions.services.deciding import Choice
from competitions.services.entries import withdraw_entry
from competitions.services.states import ReasonMissing
from incubators.models import StartupMember
from network_platform.background.delivery import compose
from network_platform.background.models import Message
from network_platform.journal.models import Record
from network_platform.journal.services import broken_records
from network_platform.lifecycle import IllegalMove
from tests.competitions.factories import (
    AssignmentFactory,
    AwardFactory,
    EntryFactory,
    JudgeFactory,
    PersonFactory,
    RoleFactory,
    RoundFactory,
    ScoreSheetFactory,
    StartupOfTeamFactory,
    TrackFactory,
)

pytestmark = pytest.mark.django_db
MOVED = "competitions/entry_moved"


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


def test_closing_is_told_to_judges_with_sheets_left(round_: Round, manager) -> None:
    entry_with(round_, "80")
    late = AssignmentFactory(round=round_, entry=Entry.objects.get()).judge

    deciding.close_round(round=round_, by=manager)

    message = Message.objects.get(template="competitions/round_closed")
    body = render_to_string("email/competitions/round_closed.txt", message.context | {"base_url": ""})
    assert message.recipient == late.user
    assert "sheets that were not submitted do not" in body
    assert "/judging/" in body


@pytest.mark.parametrize("days", [3, -3])
def test_judges_are_told_of_a_closing_before_the_announced_end_and_of_what_stays(
    round_: Round, manager, days: int
) -> None:
    round_.closes_at = timezone.now() + timedelta(days=days)
    round_.save()
    late = AssignmentFactory(round=round_).judge
    AssignmentFactory(round=round_, judge=late)

    deciding.close_round(round=round_, by=manager)

    context = Message.objects.get(template="competitions/round_closed").context
    body = render_to_string("email/competitions/round_closed.txt", context | {"base_url": ""})
    assert ("closed before its announced end of " in body) == (days > 0)
    assert "2 entries stay without your score." in body


def propose(round_: Round, manager, *outcomes: tuple[Entry, str, str]) -> None:
    choices = [Choice(entry, outcome, reason=reason) for entry, outcome, reason in outcomes]
    deciding.propose(round=round_, choices=choices, by=manager)


@contextmanager
def refused(*kinds: type[Exception]) -> Iterator[list[Exception]]:
    """The proposal inside is refused for exactly these kinds of reasons."""
    problems: list[Exception] = []
    with pytest.raises(deciding.ProposalRefused) as raised:
        yield problems
    problems += raised.value.problems
    assert [type(problem) for problem in problems] == list(kinds)


def test_departing_from_the_ranking_needs_a_reason(round_: Round, manager) -> None:
    best, second = entry_with(round_, "90"), entry_with(round_, "80")
    deciding.close_round(round=round_, by=manager)

    with refused(deciding.ReasonsMissing):
        propose(round_, manager, (best, Outcome.NOT_SELECTED, ""), (second, Outcome.WINNER, ""))
    with refused(deciding.ReasonsMissing):
        propose(round_, manager, (best, Outcome.NOT_SELECTED, ""), (second, Outcome.WINNER, " because "))

    propose(round_, manager, (best, Outcome.NOT_SELECTED, ""), (second, Outcome.WINNER, "the track had one place"))
    assert Decision.objects.get(outcome=Outcome.WINNER).reason == "the track had one place"


def test_a_proposal_without_a_winner_is_refused(round_: Round, manager) -> None:
    best = entry_with(round_, "90")
    deciding.close_round(round=round_, by=manager)

    with refused(deciding.NothingDecided):
        propose(round_, manager, (best, Outcome.NOT_SELECTED, ""))

    assert not Decision.objects.exists()


@pytest.fixture
def approved(round_: Round, manager, observer) -> Round:
    best, second = entry_with(round_, "90"), entry_with(round_, "80")
    deciding.close_round(round=round_, by=manager)
    propose(round_, manager, (best, Outcome.WINNER, ""), (second, Outcome.NOT_SELECTED, ""))
    deciding.approve(round=round_, by=observer, read=deciding.decisions_digest(round_))
    return round_


def test_nothing_is_public_before_the_announcement(approved: Round) -> None:
    assert approved.state == RoundState.APPROVED
    assert not Decision.objects.public().exists()
    assert set(Entry.objects.values_list("state", flat=True)) == {EntryState.SUBMITTED}
    assert not Message.objects.filter(template="competitions/entry_moved").exists()


def test_the_announcement_tells_everybody_once(approved: Round, manager) -> None:
    announcing.announce(round=approved, by=manager)

    assert Competition.objects.get().state == CompetitionState.ANNOUNCED
    assert [decision.entry.state for decision in Decision.objects.public()] == [EntryState.WINNER]
    assert sorted(Entry.objects.values_list("state", flat=True)) == ["not_selected", "winner"]
    assert set(ScoreSheet.objects.values_list("state", flat=True)) == {SheetState.FINAL}
    assert Message.objects.filter(template="competitions/entry_moved").count() == 2
    assert Record.objects.filter(verb="competition.announced").count() == 1


@pytest.mark.parametrize("count", [2, 5])
def test_an_announcement_takes_no_query_for_each_entry(
    round_: Round, manager, observer, django_assert_num_queries, count: int
) -> None:
    best, *rest = (entry_with(round_, f"{90 - n}") for n in range(count))
    deciding.close_round(round=round_, by=manager)
    propose(round_, manager, (best, Outcome.WINNER, ""), *((one, Outcome.NOT_SELECTED, "") for one in rest))
    deciding.approve(round=round_, by=observer, read=deciding.decisions_digest(round_))

    with django_assert_num_queries(48):
        announcing.announce(round=round_, by=manager)

    moved = Record.objects.filter(verb__in=("entry.won", "entry.not_selected")).order_by("number")
    assert [record.thing_uid for record in moved] == [str(one.uid) for one in (best, *rest)]
    assert list(broken_records()) == []
    assert Message.objects.filter(template=MOVED).count() == count


def test_the_teams_of_many_entries_are_those_of_each(round_: Round) -> None:
    entries = [entry_with(round_, "80") for _ in range(3)]
    both = StartupMember.objects.get(startup=entries[1].startup).user
    for joined_at, user in ((timezone.now(), both), (timezone.now(), PersonFactory(is_active=False))):
        TeamMember.objects.create(entry=entries[0], user=user, joined_at=joined_at)
        TeamMember.objects.create(entry=entries[1], user=user, joined_at=joined_at)
    TeamMember.objects.create(entry=entries[2], email="invited@team.example")

    teams = letters.teams_of(entries)

    assert teams == {entry.pk: letters.team_of(entry) for entry in entries}
    assert [len(teams[entry.pk]) for entry in entries] == [2, 1, 1]


def test_announcing_twice_is_refused(approved: Round, manager) -> None:
    announcing.announce(round=approved, by=manager)

    with pytest.raises(IllegalMove):
        announcing.announce(round=Round.objects.get(), by=manager)

    assert Message.objects.filter(template="competitions/entry_moved").count() == 2


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
    record = Record.objects.get(verb="round.reopened")
    assert record.reason == "a judge fell ill"
    assert [line["outcome"] for line in record.after["decision"]] == ["winner", "not_selected"]


def test_a_round_past_its_end_is_reopened_with_a_new_one_only(approved: Round, manager) -> None:
    Round.objects.update(closes_at=timezone.now() - timedelta(hours=1))
    over = Round.objects.get()

    with pytest.raises(deciding.EndPassed):
        deciding.reopen_round(round=over, by=manager, reason="a judge fell ill")
    assert Decision.objects.exists()
    deciding.reopen_round(round=over, by=manager, reason="a judge fell ill", until=timezone.now() + timedelta(days=2))

    assert Round.objects.get().takes_scores_at(timezone.now())


@pytest.mark.parametrize("state", [RoundState.RANKED, RoundState.PROPOSED, RoundState.APPROVED])
def test_an_entry_that_lost_and_withdrew_does_not_block_the_announcement(
    round_: Round, manager, observer, state: str
) -> None:
    best, second = entry_with(round_, "90"), entry_with(round_, "80")
    deciding.close_round(round=round_, by=manager)

    def withdraw_in(now: str) -> None:
        if state == now:
            withdraw_entry(entry=second, by=second.startup.members.get().user)

    withdraw_in(RoundState.RANKED)
    lost = [] if state == RoundState.RANKED else [(second, Outcome.NOT_SELECTED, "")]
    propose(round_, manager, (best, Outcome.WINNER, ""), *lost)
    withdraw_in(RoundState.PROPOSED)
    deciding.approve(round=round_, by=observer, read=deciding.decisions_digest(round_))
    withdraw_in(RoundState.APPROVED)
    announcing.announce(round=round_, by=manager)

    assert {entry.pk: entry.state for entry in Entry.objects.all()} == {best.pk: "winner", second.pk: "withdrawn"}


def test_a_winner_who_withdrew_sends_the_decision_back(approved: Round, manager) -> None:
    winner = Decision.objects.get(outcome=Outcome.WINNER).entry
    withdraw_entry(entry=winner, by=winner.startup.members.get().user)

    with pytest.raises(announcing.WinnerWithdrew) as refused:
        announcing.announce(round=approved, by=manager)
    assert refused.value.entries == [winner]
    deciding.return_it(round=approved, by=manager, reason="the winner withdrew")
    second = Entry.objects.exclude(pk=winner.pk).get()
    propose(approved, manager, (second, Outcome.WINNER, ""))

    assert Decision.objects.get().entry == second


def test_a_withdrawn_entry_is_not_ranked(round_: Round, manager) -> None:
    best, second = entry_with(round_, "90"), entry_with(round_, "80")
    withdraw_entry(entry=best, by=best.startup.members.get().user)

    ranking = deciding.close_round(round=round_, by=manager)

    assert [(row.entry_id, row.rank) for row in ranking.rows.all()] == [(second.pk, 1)]


def test_an_entry_that_nobody_was_given_is_decided_too(round_: Round, manager) -> None:
    best, unread = entry_with(round_, "90"), entry_with(round_)
    ranking = deciding.close_round(round=round_, by=manager)

    with pytest.raises(deciding.NotAllDecided):
        propose(round_, manager, (best, Outcome.WINNER, ""))

    assert {row.entry_id: row.rank for row in ranking.rows.all()} == {best.pk: 1, unread.pk: None}


def test_winners_of_one_rank_share_a_place(round_: Round, manager) -> None:
    first, second, third = entry_with(round_, "80"), entry_with(round_, "80"), entry_with(round_, "70")
    deciding.close_round(round=round_, by=manager)

    propose(round_, manager, *((entry, Outcome.WINNER, "") for entry in (first, second, third)))

    places = {decision.entry_id: decision.place for decision in Decision.objects.all()}
    assert places == {first.pk: 1, second.pk: 1, third.pk: 3}


def test_choosing_between_equals_needs_a_reason(round_: Round, manager) -> None:
    first, *others = (entry_with(round_, "80") for _ in range(3))
    lower = entry_with(round_, "70")
    deciding.close_round(round=round_, by=manager)

    with refused(deciding.ReasonsMissing) as problems:
        rest = ((entry, Outcome.NOT_SELECTED, "") for entry in (*others, lower))
        propose(round_, manager, (first, Outcome.WINNER, ""), *rest)

    assert [problem.passed for problem in problems] == [{first.pk: others}]


def test_awards_are_given_as_often_as_they_can_be_won(round_: Round, manager) -> None:
    award = AwardFactory(competition=round_.competition, places=1)
    entries = [entry_with(round_, "90"), entry_with(round_, "80")]
    deciding.close_round(round=round_, by=manager)

    with refused(deciding.AwardTooOften):
        deciding.propose(round=round_, choices=[Choice(entry, Outcome.WINNER, award) for entry in entries], by=manager)

    assert not Decision.objects.exists()


def test_an_award_of_a_track_stays_in_it(round_: Round, manager) -> None:
    track = TrackFactory(competition=round_.competition)
    award = AwardFactory(competition=round_.competition, track=track)
    entry = entry_with(round_, "90")
    deciding.close_round(round=round_, by=manager)

    with refused(deciding.AwardOutsideTrack):
        deciding.propose(round=round_, choices=[Choice(entry, Outcome.WINNER, award)], by=manager)


def test_a_better_award_for_a_lower_mean_needs_a_reason(round_: Round, manager) -> None:
    first, third = (AwardFactory(competition=round_.competition, order=order) for order in (1, 3))
    best, last = entry_with(round_, "90"), entry_with(round_, "70")
    deciding.close_round(round=round_, by=manager)

    def choices(reason: str) -> list[Choice]:
        return [Choice(best, Outcome.WINNER, third), Choice(last, Outcome.WINNER, first, reason)]

    with refused(deciding.ReasonsMissing) as problems:
        deciding.propose(round=round_, choices=choices(""), by=manager)
    deciding.propose(round=round_, choices=choices("best in its country"), by=manager)

    assert [(problem.entries, problem.passed) for problem in problems] == [([last], {last.pk: [best]})]


def test_losers_and_winners_of_a_lesser_award_are_passed_over_together(round_: Round, manager) -> None:
    first, third = (AwardFactory(competition=round_.competition, order=order) for order in (1, 3))
    best, second, last = (entry_with(round_, total) for total in ("90", "80", "70"))
    deciding.close_round(round=round_, by=manager)
    choices = [
        Choice(best, Outcome.WINNER, third),
        Choice(second, Outcome.RESERVE),
        Choice(last, Outcome.WINNER, first),
    ]

    with refused(deciding.ReasonsMissing) as problems:
        deciding.propose(round=round_, choices=choices, by=manager)

    assert [problem.passed for problem in problems] == [{last.pk: [best, second]}]


def test_an_observer_approves_only_what_was_read(round_: Round, manager, observer) -> None:
    best, second = entry_with(round_, "90"), entry_with(round_, "80")
    deciding.close_round(round=round_, by=manager)
    propose(round_, manager, (best, Outcome.WINNER, ""), (second, Outcome.NOT_SELECTED, ""))
    read = deciding.decisions_digest(round_)
    deciding.return_it(round=round_, by=manager, reason="look at it once more")
    propose(round_, manager, (best, Outcome.WINNER, ""), (second, Outcome.WINNER, ""))

    with pytest.raises(deciding.DecisionChanged):
        deciding.approve(round=round_, by=observer, read=read)

    assert Round.objects.get().state == RoundState.PROPOSED


def test_the_journal_keeps_what_was_proposed_approved_and_announced(approved: Round, manager) -> None:
    announcing.announce(round=approved, by=manager)

    verbs = ["round.decision_proposed", "round.decision_approved", "round.announced"]
    records = [Record.objects.get(verb=verb) for verb in verbs]
    assert len({record.after["decision_digest"] for record in records}) == 1
    assert [line["place"] for line in records[0].after["decision"]] == [1, None]


def test_a_method_that_is_not_computed_closes_no_round(round_: Round, manager) -> None:
    Round.objects.update(aggregation="median")

    with pytest.raises(deciding.MethodUnknown):
        deciding.close_round(round=Round.objects.get(), by=manager)

    assert Round.objects.get().state == RoundState.OPEN


def test_one_person_cannot_propose_and_approve(round_: Round, manager) -> None:
    from django.db import IntegrityError, transaction

    best = entry_with(round_, "90")
    deciding.close_round(round=round_, by=manager)
    propose(round_, manager, (best, Outcome.WINNER, ""))

    with pytest.raises(IntegrityError), transaction.atomic():
        deciding.approve(round=round_, by=manager, read=deciding.decisions_digest(round_))


def test_an_entry_that_nobody_read_is_decided_with_a_reason(round_: Round, manager) -> None:
    best, unread, below = entry_with(round_, "90"), entry_with(round_), entry_with(round_, None)
    deciding.close_round(round=round_, by=manager)
    won = (best, Outcome.WINNER, "")

    with refused(deciding.UnreadWithoutReason) as problems:
        propose(round_, manager, won, (unread, Outcome.NOT_SELECTED, ""), (below, Outcome.RESERVE, "unread"))
    why = "no judge for it was found"
    propose(round_, manager, won, (unread, Outcome.NOT_SELECTED, why), (below, Outcome.NOT_SELECTED, why))

    assert problems[0].entries == [unread, below]
    assert Decision.objects.filter(reason=why).count() == 2


def test_everything_wrong_with_a_proposal_is_said_at_once(round_: Round, manager) -> None:
    award = AwardFactory(competition=round_.competition, places=1)
    track = TrackFactory(competition=round_.competition)
    elsewhere = AwardFactory(competition=round_.competition, track=track, places=5)
    best, second, third = (entry_with(round_, total) for total in ("90", "80", "70"))
    unread = entry_with(round_)
    deciding.close_round(round=round_, by=manager)
    choices = [
        Choice(best, Outcome.NOT_SELECTED),
        Choice(second, Outcome.WINNER, award),
        Choice(third, Outcome.WINNER, award),
        Choice(unread, Outcome.WINNER, elsewhere, "the panel heard it pitch"),
    ]

    kinds = (deciding.AwardTooOften, deciding.AwardOutsideTrack, deciding.ReasonsMissing)
    with refused(*kinds) as problems:
        deciding.propose(round=round_, choices=choices, by=manager)

    assert [problem.entries for problem in problems] == [[second, third], [unread], [second, third]]
    assert not Decision.objects.exists()


def test_a_word_is_no_reason_for_returning_or_reopening(approved: Round, manager) -> None:
    for act in (deciding.return_it, deciding.reopen_round):
        with pytest.raises(ReasonMissing):
            act(round=approved, by=manager, reason="  no      ")

    assert Round.objects.get().state == RoundState.APPROVED


def written(template: str) -> list[tuple[str, dict]]:
    found = Message.objects.filter(template=f"competitions/{template}").order_by("pk")
    return [(message.recipient.email, message.context) for message in found]


def test_observers_are_told_that_a_decision_waits(round_: Round, manager, observer) -> None:
    best = entry_with(round_, "90")
    who_scored = RoleFactory(competition=round_.competition, role=RoleKind.OBSERVER).user
    judge = JudgeFactory(competition=round_.competition, user=who_scored)
    AssignmentFactory(round=round_, judge=judge, entry=best, state="done")
    deciding.close_round(round=round_, by=manager)

    propose(round_, manager, (best, Outcome.WINNER, ""))

    assert [address for address, _context in written("decision_waits")] == [observer.email]


def test_managers_are_told_that_a_decision_is_approved_or_returned(approved: Round, manager, observer) -> None:
    other = RoleFactory(competition=approved.competition, role=RoleKind.MANAGER).user

    deciding.return_it(round=approved, by=manager, reason="a sheet was overlooked")

    assert [address for address, _context in written("decision_approved")] == [manager.email]
    assert [(address, context["reason"]) for address, context in written("decision_returned")] == [
        (other.email, "a sheet was overlooked")
    ]


@pytest.mark.parametrize("is_proposed", [True, False])
def test_reopening_is_told_to_judges_with_sheets_left_and_to_observers_of_a_proposal(
    round_: Round, manager, observer, is_proposed: bool
) -> None:
    best = entry_with(round_, "90")
    late = AssignmentFactory(round=round_, entry=best).judge
    deciding.close_round(round=round_, by=manager)
    if is_proposed:
        propose(round_, manager, (best, Outcome.WINNER, ""))

    until = timezone.now() + timedelta(days=2)
    deciding.reopen_round(round=round_, by=manager, reason="a judge fell ill", until=until)

    [(address, context)] = written("round_reopened")
    body = render_to_string("email/competitions/round_reopened.txt", context | {"base_url": ""})
    assert (address, context["left"], context["reason"]) == (late.user.email, 1, "a judge fell ill")
    assert f"are taken again until {context['until']}." in body
    assert [line for line, _context in written("decision_void")] == [observer.email] * is_proposed
    assert late.user_id in assigning.last_told(round_)


VOIDING = {"decision_returned", "decision_void"}
TO_WHO_RUNS_IT = [*VOIDING, "decision_waits", "decision_approved", "judge_recused"]


@pytest.mark.parametrize("name", sorted(TO_WHO_RUNS_IT))
@pytest.mark.parametrize("language", ["en", "ru"])
def test_mails_to_those_who_run_it_can_be_rendered(name: str, language: str) -> None:
    context = {
        "names": {"en": "Prize", "ru": "Премия"},
        "name": "Anna <b>",
        "reason": "A sheet & more",
        "reason_language": "en",
        "entries": "E-0001",
        "path": "/en/x/",
        "base_url": "https://site.example",
    }

    with override(language):
        subject = render_to_string(f"email/competitions/{name}.subject.txt", context)
        body = render_to_string(f"email/competitions/{name}.txt", context)

    assert context["names"][language] in subject
    assert context["names"][language] in body
    assert ("на английском:" in body) is (language == "ru" and name in VOIDING)
    assert "https://site.example/en/x/" in body


def test_the_winners_mail_names_the_award_and_the_result(round_: Round, manager, observer) -> None:
    award = AwardFactory(competition=round_.competition)
    best = entry_with(round_, "90")
    deciding.close_round(round=round_, by=manager)
    deciding.propose(round=round_, choices=[Choice(best, Outcome.WINNER, award)], by=manager)
    deciding.approve(round=round_, by=observer, read=deciding.decisions_digest(round_))

    announcing.announce(round=round_, by=manager)

    message = Message.objects.get(template="competitions/entry_moved")
    with override("ru"):
        body = render_to_string("email/competitions/entry_moved.txt", message.context | {"base_url": ""})
    assert "Главная награда" in body
    assert f"/ru/competitions/{round_.competition.slug}/#winners" in body


def test_the_mail_about_a_result_points_to_feedback_only_where_there_is_some(approved: Round, manager) -> None:
    told = Decision.objects.get(outcome=Outcome.WINNER).entry
    ScoreSheet.objects.filter(assignment__entry=told).update(feedback="Weigh it again.")

    announcing.announce(round=approved, by=manager)

    messages = Message.objects.filter(template="competitions/entry_moved")
    bodies = {
        message.context["number"]: render_to_string("email/competitions/entry_moved.txt", message.context)
        for message in messages
    }
    assert {number for number, body in bodies.items() if "What the judges tell" in body} == {told.number}
    assert all(f"/competitions/entries/{entry.uid}/" in bodies[entry.number] for entry in Entry.objects.all())


@pytest.mark.parametrize(
    ("written", "language", "told"),
    [
        ("Добавьте выписку.", "en", "In the organisers' words, in Russian:"),
        ("Добавьте выписку.", "ru", "Словами организаторов:"),
        ("Add the extract.", "en", "In the organisers' words:"),
        ("Add the extract.", "ru", "Словами организаторов, на английском:"),
    ],
)
def test_a_mail_says_in_which_other_language_its_reason_is(manager, written: str, language: str, told: str) -> None:
    founder = PersonFactory(language=language)
    startup = StartupOfTeamFactory(founder=founder)
    entry = EntryFactory(startup=startup, submitted=True)
    entry.state = EntryState.MORE_INFORMATION

    letters.send_moves(entries=[entry], reason=written, by=manager)

    assert f"{told}\n{written}\n" in compose(Message.objects.get()).body


NAMELESS = {"en": "Winner", "ru": "Победитель"}


@pytest.mark.parametrize(
    ("names", "texts", "told", "untold"),
    [
        ({"en": "Grand prize"}, {"en": "A week in Geneva."}, "Award: Grand prize. A week in Geneva.", "What you won"),
        (NAMELESS, {"en": "A week in Geneva."}, "What you won: A week in Geneva.", "Award:"),
        (NAMELESS, {}, "among the winners", "Award:"),
    ],
)
def test_the_mail_to_a_winner_names_an_award_that_says_more_than_winner(
    approved: Round, manager, names, texts, told: str, untold: str
) -> None:
    award = AwardFactory(competition=approved.competition, names=names, texts=texts)
    Decision.objects.filter(outcome=Outcome.WINNER).update(award=award)
    Approval.objects.update(decisions_digest=deciding.decisions_digest(approved))

    announcing.announce(round=approved, by=manager)

    message = next(one for one in Message.objects.filter(template=MOVED) if one.context["state"] == "winner")
    body = render_to_string(f"email/{MOVED}.txt", message.context)
    assert told in body
    assert untold not in body


def test_the_mail_about_an_entry_that_nobody_read_says_so_and_why(round_: Round, manager, observer) -> None:
    best, seen, unread = entry_with(round_, "90"), entry_with(round_, "80"), entry_with(round_)
    deciding.close_round(round=round_, by=manager)
    choices = [
        Choice(best, Outcome.WINNER),
        Choice(seen, Outcome.NOT_SELECTED, reason="kept among us"),
        Choice(unread, Outcome.NOT_SELECTED, reason="no judge of this field was found"),
    ]
    deciding.propose(round=round_, choices=choices, by=manager)
    deciding.approve(round=round_, by=observer, read=deciding.decisions_digest(round_))

    announcing.announce(round=round_, by=manager)

    messages = {message.context["number"]: message for message in Message.objects.filter(template=MOVED)}
    subjects, bodies = (
        {number: render_to_string(f"email/{MOVED}{end}", message.context) for number, message in messages.items()}
        for end in (".subject.txt", ".txt")
    )
    told = {number for number, body in bodies.items() if "No judge’s score sheet counts for it." in body}
    results = {number for number, body in bodies.items() if "#winners" in body}
    assert told == {unread.number}
    assert "no judge of this field was found" in bodies[unread.number]
    assert "kept among us" not in bodies[seen.number]
    assert results == {best.number, seen.number, unread.number}
    assert all(f"{number}, the result: " in subject for number, subject in subjects.items())
