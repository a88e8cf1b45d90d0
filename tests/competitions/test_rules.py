"""Every role and state: the rule and its queryset twin say the same."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser, Group
from django.utils import timezone

from competitions import rules
from competitions.enums import AssignmentState, CompetitionState, EntryState, JudgeState, RoundState, SheetState
from competitions.models import (
    Assignment,
    Attachment,
    Competition,
    Decision,
    Entry,
    Judge,
    Ranking,
    Round,
    ScoreSheet,
)
from tests.competitions import factories as make

pytestmark = pytest.mark.django_db

COMPETITION_TWINS = [
    (rules.can_view_competition, "visible_to"),
    (rules.can_observe_competition, "observable_by"),
    (rules.can_manage_competition, "manageable_by"),
]
ENTRY_TWINS = [
    (rules.is_of_team, "of_team"),
    (rules.can_view_entry, "visible_to"),
    (rules.can_edit_entry, "editable_by"),
    (rules.can_withdraw_entry, "withdrawable_by"),
    (rules.can_observe_entry, "open_to"),
    (rules.can_judge_entry, "readable_by_judge"),
]


@pytest.fixture
def world() -> SimpleNamespace:
    """One competition with everybody in it, and people of another one."""
    competition = make.CompetitionFactory(open=True)
    round_ = make.RoundFactory(competition=competition)
    founder = make.PersonFactory()
    startup = make.StartupOfTeamFactory(founder=founder)
    entry = make.EntryFactory(competition=competition, startup=startup, submitted=True)
    judge = make.JudgeFactory(competition=competition)
    seat = make.AssignmentFactory(round=round_, judge=judge, entry=entry)
    uncleared = make.AssignmentFactory(round=round_, entry=entry, cleared_at=None)
    released = make.AssignmentFactory(round=round_, entry=entry, state=AssignmentState.RELEASED)
    secretariat = make.PersonFactory()
    secretariat.groups.add(Group.objects.get_or_create(name="secretariat")[0])
    other = make.CompetitionFactory(judging=True)
    people = {
        "visitor": AnonymousUser(),
        "member": make.PersonFactory(),
        "founder": founder,
        "team member": make.TeamMemberFactory(entry=entry).user,
        "invited only": make.TeamMemberFactory(entry=entry, joined_at=None).user,
        "judge": judge.user,
        "judge before the question": uncleared.judge.user,
        "judge released": released.judge.user,
        "manager": make.RoleFactory(competition=competition).user,
        "observer": make.RoleFactory(competition=competition, role="observer").user,
        "former manager": make.RoleFactory(competition=competition, ended_at=timezone.now()).user,
        "foreign manager": make.RoleFactory(competition=other).user,
        "foreign judge": make.AssignmentFactory(round=make.RoundFactory(competition=other)).judge.user,
        "secretariat": secretariat,
        "inactive": make.PersonFactory(is_active=False),
    }
    return SimpleNamespace(competition=competition, entry=entry, seat=seat, round=round_, people=people)


def disagreements(queryset, twins, things, people) -> list[str]:
    wrong = []
    for rule, twin in twins:
        for name, person in people.items():
            for thing in things:
                person.__dict__.pop("_competition_roles", None)
                listed = getattr(queryset, twin)(person).filter(pk=thing.pk).exists()
                if rule(person, thing) is not listed:
                    wrong.append(f"{rule.__name__} {name} {thing.state if hasattr(thing, 'state') else thing}")
    return wrong


@pytest.mark.parametrize("state", CompetitionState.values)
def test_competition_rules_agree_with_their_twins(world, state) -> None:
    now = timezone.now()
    Competition.objects.filter(pk=world.competition.pk).update(state=state, published_at=now, announced_at=now)
    world.competition.refresh_from_db()

    assert disagreements(Competition.objects, COMPETITION_TWINS, [world.competition], world.people) == []


@pytest.mark.parametrize("window", [-30, 0, 30])
@pytest.mark.parametrize("state", EntryState.values)
def test_entry_rules_agree_with_their_twins(world, state, window) -> None:
    shift = timedelta(days=window)
    competition = world.competition
    Competition.objects.filter(pk=competition.pk).update(
        opens_at=competition.opens_at + shift, closes_at=competition.closes_at + shift
    )
    Entry.objects.filter(pk=world.entry.pk).update(state=state)
    entry = Entry.objects.get(pk=world.entry.pk)

    assert disagreements(Entry.objects, ENTRY_TWINS, [entry], world.people) == []


@pytest.mark.parametrize("state", CompetitionState.values)
def test_entry_rules_agree_in_every_state_of_the_competition(world, state) -> None:
    now = timezone.now()
    Competition.objects.filter(pk=world.competition.pk).update(state=state, published_at=now, announced_at=now)
    entry = Entry.objects.get(pk=world.entry.pk)

    assert disagreements(Entry.objects, ENTRY_TWINS, [entry], world.people) == []


def test_who_reads_a_submitted_entry(world) -> None:
    readers = {name for name, person in world.people.items() if rules.can_view_entry(person, world.entry)}

    assert readers == {"founder", "team member", "judge", "manager", "observer", "secretariat"}


def test_nobody_but_the_team_reads_a_draft(world) -> None:
    Entry.objects.filter(pk=world.entry.pk).update(state=EntryState.DRAFT)
    entry = Entry.objects.get(pk=world.entry.pk)

    readers = {name for name, person in world.people.items() if rules.can_view_entry(person, entry)}

    assert readers == {"founder", "team member"}


@pytest.mark.parametrize("is_held", [True, False])
def test_attachment_rule_agrees_with_its_twin(world, is_held) -> None:
    attachment = make.AttachmentFactory(entry=world.entry)
    if is_held:
        world.entry.standing.attachments.add(attachment)

    twins = [(rules.can_read_attachment, "visible_to")]
    assert disagreements(Attachment.objects, twins, [attachment], world.people) == []


@pytest.mark.parametrize("state", AssignmentState.values)
def test_assignment_rule_agrees_with_its_twin(world, state) -> None:
    Assignment.objects.filter(pk=world.seat.pk).update(state=state)
    seat = Assignment.objects.get(pk=world.seat.pk)

    twins = [(rules.can_view_assignment, "visible_to")]
    assert disagreements(Assignment.objects, twins, [seat], world.people) == []


@pytest.mark.parametrize("submitted", [True, False])
def test_sheet_rule_agrees_with_its_twin(world, submitted) -> None:
    sheet = make.ScoreSheetFactory(assignment=world.seat, submitted_at=timezone.now() if submitted else None)

    assert disagreements(ScoreSheet.objects, [(rules.can_view_sheet, "visible_to")], [sheet], world.people) == []


@pytest.mark.parametrize("round_state", RoundState.values)
@pytest.mark.parametrize("state", SheetState.values)
def test_the_judges_own_sheet_is_read_again_by_nobody_else(world, state, round_state) -> None:
    sheet = make.ScoreSheetFactory(assignment=world.seat, state=state, submitted_at=timezone.now())
    Assignment.objects.filter(pk=world.seat.pk).update(state=AssignmentState.DONE)
    Round.objects.filter(pk=world.round.pk).update(state=round_state)
    sheet = ScoreSheet.objects.get(pk=sheet.pk)

    readers = {name for name, person in world.people.items() if rules.can_reread_sheet(person, sheet)}

    is_in = state in ("submitted", "final") and round_state != "draft"
    assert readers == ({"judge"} if is_in else set())
    assert disagreements(ScoreSheet.objects, [(rules.can_reread_sheet, "of_judge")], [sheet], world.people) == []


@pytest.mark.parametrize("round_state", RoundState.values)
def test_a_sheet_left_undone_is_read_again_after_the_announcement(world, round_state) -> None:
    sheet = make.ScoreSheetFactory(assignment=world.seat, state="draft")
    Round.objects.filter(pk=world.round.pk).update(state=round_state)
    sheet = ScoreSheet.objects.get(pk=sheet.pk)

    readers = {name for name, person in world.people.items() if rules.can_reread_sheet(person, sheet)}

    assert readers == ({"judge"} if round_state == "announced" else set())
    assert disagreements(ScoreSheet.objects, [(rules.can_reread_sheet, "of_judge")], [sheet], world.people) == []


@pytest.mark.parametrize("state", JudgeState.values)
@pytest.mark.parametrize("round_state", RoundState.values)
def test_invitation_rule_agrees_with_its_twin(world, state, round_state) -> None:
    Judge.objects.filter(pk=world.seat.judge.pk).update(state=state)
    Round.objects.filter(pk=world.round.pk).update(state=round_state)
    judge = Judge.objects.get(pk=world.seat.judge.pk)

    able = {name for name, person in world.people.items() if rules.can_answer_invitation(person, judge)}

    assert able == ({"judge"} if state == "invited" and round_state in ("draft", "open") else set())
    assert disagreements(Judge.objects, [(rules.can_answer_invitation, "to_answer")], [judge], world.people) == []


def test_ranking_rule_agrees_with_its_twin(world) -> None:
    ranking = make.RankingFactory(round=world.round)

    assert disagreements(Ranking.objects, [(rules.can_view_ranking, "visible_to")], [ranking], world.people) == []


def test_before_the_announcement_winners_are_for_those_who_run_it(world) -> None:
    make.DecisionFactory(round=world.round, entry=world.entry)

    seers = {name for name, person in world.people.items() if Decision.objects.visible_to(person).exists()}

    assert seers == {"manager", "observer", "secretariat"}
    assert seers == {name for name, p in world.people.items() if rules.can_see_winners(p, world.competition)}
