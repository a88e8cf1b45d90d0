"""Who may. What is shown as a list has a twin among the querysets, named as "Twin:" in the rule's docstring; rules
without one are named in `tests/ground/test_rules_and_twins.py`.

Roles: the public; a founder's team; judges; managers and observers of one competition; the secretariat.
A rule that depends on the deadline takes the moment of the request, so that check and write agree.
"""

from datetime import datetime
from typing import cast

from django.db.models import Value
from django.utils import timezone

from competitions.enums import (
    COUNTED_SHEETS,
    EDITABLE_SHEETS,
    HIDDEN_ASSIGNMENTS,
    OPEN_ASSIGNMENTS,
    READABLE_ASSIGNMENTS,
    WITHDRAWABLE_STATES,
    AssignmentState,
    CompetitionState,
    EntryState,
    JudgeState,
    RoleKind,
    RoundState,
    SheetState,
)
from competitions.models import (
    Approval,
    Assignment,
    Attachment,
    Competition,
    CompetitionRole,
    Entry,
    Judge,
    Ranking,
    ResultsBundle,
    Revision,
    Round,
    ScoreSheet,
    TeamMember,
)
from competitions.models.competition import PUBLIC_STATES
from incubators.models import StartupMember
from network_platform.people.rules import Person, is_active


def roles_in(user: Person, competition: Competition) -> frozenset[str]:
    """ "manager", "observer" and "judge" as they hold now; one query a request and competition."""
    if not is_active(user):
        return frozenset()
    known: dict[int, frozenset[str]] = user.__dict__.setdefault("_competition_roles", {})
    if competition.pk not in known:
        held = CompetitionRole.objects.current().filter(user=user, competition=competition)
        seat = Judge.objects.accepted().filter(user=user, competition=competition).annotate(role=Value("judge"))
        named = held.order_by().values_list("role").union(seat.order_by().values_list("role"))
        known[competition.pk] = frozenset(role for (role,) in named)
    return known[competition.pk]


# -- competitions


def can_view_competition(user: Person, competition: Competition) -> bool:
    """Everybody in a public state, those who run or observe it in every other. Twin: Competition.objects.visible_to."""
    return competition.state in PUBLIC_STATES or can_observe_competition(user, competition)


def can_observe_competition(user: Person, competition: Competition) -> bool:
    """Read all but drafts and private notes: its managers and observers, and the secretariat.
    Twin: Competition.objects.observable_by.
    """
    if competition.state == CompetitionState.DESCRIBED or not is_active(user):
        return False
    return user.is_secretariat or bool(roles_in(user, competition) & {RoleKind.MANAGER, RoleKind.OBSERVER})


def can_manage_competition(user: Person, competition: Competition) -> bool:
    """Its managers, and the secretariat. Twin: Competition.objects.manageable_by."""
    if competition.state == CompetitionState.DESCRIBED or not is_active(user):
        return False
    return user.is_secretariat or RoleKind.MANAGER in roles_in(user, competition)


# -- entries: the team


def is_of_team(user: Person, entry: Entry) -> bool:
    """Twin: Entry.objects.of_team."""
    if not is_active(user):
        return False
    return is_of_startup(user, entry) or entry.team.joined().filter(user=user).exists()


def is_of_startup(user: Person, entry: Entry) -> bool:
    """The start-up's own people, without those who help with one entry. Twin: Entry.objects.of_startups."""
    return is_active(user) and StartupMember.objects.filter(startup=entry.startup_id, user=user).exists()


def can_start_entry(user: Person, competition: Competition, now: datetime | None = None) -> bool:
    """Anybody signed in, while the competition takes entries."""
    return is_active(user) and competition.takes_entries_at(now or timezone.now())


def can_edit_entry(user: Person, entry: Entry, now: datetime | None = None) -> bool:
    """The team, until the deadline; afterwards only what the organiser asked to complete.
    Twin: Entry.objects.editable_by."""
    return is_editable_at(entry, now or timezone.now()) and is_of_team(user, entry)


def is_editable_at(entry: Entry, moment: datetime) -> bool:
    if entry.state == EntryState.MORE_INFORMATION:
        return entry.competition.state == CompetitionState.PUBLISHED
    return entry.state in (EntryState.DRAFT, EntryState.SUBMITTED) and entry.competition.takes_entries_at(moment)


def can_withdraw_entry(user: Person, entry: Entry) -> bool:
    """The start-up's own people, until the result is announced. Twin: Entry.objects.withdrawable_by."""
    return (
        entry.state in WITHDRAWABLE_STATES
        and entry.competition.state == CompetitionState.PUBLISHED
        and is_of_startup(user, entry)
    )


def can_delete_draft(user: Person, entry: Entry) -> bool:
    """The start-up's own people, whatever the hour, as long as nothing was sent. Twin: Entry.objects.deletable_by."""
    return entry.state == EntryState.DRAFT and entry.standing_id is None and is_of_startup(user, entry)


def can_remove_member(user: Person, member: TeamMember) -> bool:
    """The start-up's own people at any time; helpers leave, and take invitations back while the entry is edited.
    Twin: TeamMember.objects.removable_by.
    """
    if not member.user_id and not member.email:
        return False
    if is_of_startup(user, member.entry):
        return True
    if member.joined_at is not None:
        return is_active(user) and member.user_id == user.pk
    return can_edit_entry(user, member.entry)


def can_view_entry(user: Person, entry: Entry) -> bool:
    """The content: its team, those who run or observe the competition, its judges. Twin: Entry.objects.visible_to."""
    return is_of_team(user, entry) or can_observe_entry(user, entry) or can_judge_entry(user, entry)


def can_observe_entry(user: Person, entry: Entry) -> bool:
    """Those who run or observe the competition, but never a draft. Twin: Entry.objects.open_to."""
    return entry.state != EntryState.DRAFT and can_observe_competition(user, entry.competition)


def can_judge_entry(user: Person, entry: Entry) -> bool:
    """A judge of it after the question of conflict, but neither a draft nor what was withdrawn.
    Twin: Entry.objects.readable_by_judge.
    """
    if entry.state in (EntryState.DRAFT, EntryState.WITHDRAWN):
        return False
    return Assignment.objects.of_judge(user).filter(entry=entry).readable().exists()


def can_read_attachment(user: Person, attachment: Attachment) -> bool:
    """The team reads all but removed files that no submission holds; others only what the standing one holds, and
    judges only what is meant for them. Twin: Attachment.objects.visible_to.
    """
    entry = attachment.entry
    is_there = attachment.removed_at is None or attachment.revisions.exists()
    if is_there and is_of_team(user, entry):
        return True
    is_standing = entry.standing_id is not None and attachment.revisions.filter(pk=entry.standing_id).exists()
    return is_standing and (can_observe_entry(user, entry) or _is_for_judge(user, attachment))


def _is_for_judge(user: Person, attachment: Attachment) -> bool:
    seats = Assignment.objects.of_judge(user).readable().filter(entry=attachment.entry_id).select_related("round")
    standing = cast(Revision, attachment.entry.standing)
    asked = standing.form.questions.filter(code=attachment.question, shown_to_judges=True).first()
    return asked is not None and any(not (seat.round.is_blind and asked.identifies_applicant) for seat in seats)


def can_read_feedback(user: Person, entry: Entry) -> bool:
    """What judges wrote to the team, after the announcement only."""
    return entry.competition.state == CompetitionState.ANNOUNCED and is_of_team(user, entry)


# -- judges


def can_answer_invitation(user: Person, judge: Judge) -> bool:
    """The invited person, while there is something to read. Twin: Judge.objects.to_answer."""
    is_asked = is_active(user) and judge.user_id == user.pk and judge.state == JudgeState.INVITED
    return is_asked and Judge.objects.still_needed().filter(pk=judge.pk).exists()


def is_own_seat(user: Person, assignment: Assignment) -> bool:
    """The seat of a judge who accepted the rules, in a round that has begun. Twin: Assignment.objects.of_judge."""
    judge, round_ = assignment.judge, assignment.round
    return (
        is_active(user)
        and judge.user_id == user.pk
        and judge.state == JudgeState.ACCEPTED
        and round_.has_begun_at(timezone.now())
        and assignment.state not in HIDDEN_ASSIGNMENTS
        and assignment.entry.state != EntryState.WITHDRAWN
    )


def can_view_assignment(user: Person, assignment: Assignment) -> bool:
    """Its judge, and those who run or observe the competition. Twin: Assignment.objects.visible_to."""
    return is_own_seat(user, assignment) or can_observe_competition(user, assignment.round.competition)


def can_clear_assignment(user: Person, assignment: Assignment) -> bool:
    """Say whether there is a conflict: the own seat, while it is open. Twin: of_judge(user).to_clear()."""
    return is_own_seat(user, assignment) and assignment.state in OPEN_ASSIGNMENTS


def can_open_assignment(user: Person, assignment: Assignment) -> bool:
    """Read the entry in full: the own seat, after the question of conflict, until the result is announced.
    Twin: of_judge(user).readable().
    """
    return (
        is_own_seat(user, assignment)
        and assignment.state in READABLE_ASSIGNMENTS
        and assignment.cleared_at is not None
        and assignment.round.state != RoundState.ANNOUNCED
    )


def can_edit_seat(user: Person, assignment: Assignment, sheet: ScoreSheet | None) -> bool:
    """Score: the judge of the seat, while the round takes scores and the sheet (if begun) is not handed in."""
    is_open = sheet is None or sheet.state in EDITABLE_SHEETS
    return is_open and assignment.round.takes_scores_at(timezone.now()) and can_open_assignment(user, assignment)


def can_edit_sheet(user: Person, sheet: ScoreSheet) -> bool:
    """Who may edit its seat."""
    return can_edit_seat(user, sheet.assignment, sheet)


def can_reopen_own_sheet(user: Person, sheet: ScoreSheet) -> bool:
    """The judge takes a submitted sheet back while the round takes scores."""
    is_submitted = sheet.state == SheetState.SUBMITTED
    in_time = sheet.assignment.round.takes_scores_at(timezone.now())
    return is_submitted and in_time and can_open_assignment(user, sheet.assignment)


def can_give_sheet_back(user: Person, sheet: ScoreSheet) -> bool:
    """A manager who sees the scores gives a submitted sheet back to its judge while the round takes scores."""
    round_ = sheet.assignment.round
    is_open = sheet.state == SheetState.SUBMITTED and round_.takes_scores_at(timezone.now())
    return is_open and can_manage_competition(user, round_.competition) and can_see_others_scores(user, round_)


def can_reread_sheet(user: Person, sheet: ScoreSheet) -> bool:
    """The judge reads the own sheet again: handed in, or left undone when the result was announced.
    Twin: ScoreSheet.objects.of_judge.
    """
    seat = sheet.assignment
    is_in = sheet.state in COUNTED_SHEETS and seat.state == AssignmentState.DONE
    is_undone = sheet.state in EDITABLE_SHEETS and seat.state in OPEN_ASSIGNMENTS
    return (is_in or (is_undone and seat.round.state == RoundState.ANNOUNCED)) and is_own_seat(user, seat)


def comes_too_late(user: Person, assignment: Assignment) -> bool:
    """The own seat, still open when its round stopped taking scores: what is typed gets back to the judge."""
    is_over = not assignment.round.takes_scores_at(timezone.now())
    return is_over and assignment.state in OPEN_ASSIGNMENTS and is_own_seat(user, assignment)


def can_recuse(user: Person, assignment: Assignment) -> bool:
    """Step back: the own seat, while the round takes scores."""
    is_live = assignment.state in READABLE_ASSIGNMENTS
    return is_live and is_own_seat(user, assignment) and assignment.round.takes_scores_at(timezone.now())


def can_view_sheet(user: Person, sheet: ScoreSheet) -> bool:
    """Its judge; those who run or observe the competition once it counts. Twin: ScoreSheet.objects.visible_to. Private
    notes are the judge's alone whoever sees the sheet.
    """
    if not is_active(user):
        return False
    if sheet.assignment.judge.user_id == user.pk:
        return True
    return sheet.state in COUNTED_SHEETS and can_observe_competition(user, sheet.assignment.round.competition)


def can_see_others_scores(user: Person, round_: Round) -> bool:
    """Nobody who scores in the round, or has scored and could take it back, sees what others gave."""
    if not can_observe_competition(user, round_.competition):
        return False
    return round_.state != RoundState.OPEN or not has_scored_in(user, round_)


# -- results


def can_read_results_bundle(user: Person, bundle: ResultsBundle) -> bool:
    """Every score sheet of an announced round: for those who run or observe the competition.
    Twin: ResultsBundle.objects.visible_to.
    """
    return can_observe_competition(user, bundle.round.competition)


def has_scored_in(user: Person, round_: Round) -> bool:
    judges = list(round_.competition.judges.filter(user=user.pk).values_list("pk", flat=True))
    return bool(judges) and round_.assignments.filter(judge__in=judges, state__in=READABLE_ASSIGNMENTS).exists()


def can_assign_judges(user: Person, round_: Round) -> bool:
    """A manager, from the deadline on: before it teams may still change what judges would read."""
    is_open = round_.state in (RoundState.DRAFT, RoundState.OPEN)
    return is_open and is_in_judging(round_.competition) and can_manage_competition(user, round_.competition)


def can_open_round(user: Person, round_: Round) -> bool:
    """A manager, once entries are closed."""
    is_waiting = round_.state == RoundState.DRAFT
    return is_waiting and is_in_judging(round_.competition) and can_manage_competition(user, round_.competition)


def is_in_judging(competition: Competition) -> bool:
    """Entries are closed and no result is announced. Twin: Competition.objects.in_judging."""
    last = competition.last_moment
    return competition.state == CompetitionState.PUBLISHED and last is not None and last < timezone.now()


def can_view_ranking(user: Person, ranking: Ranking) -> bool:
    """Those who run or observe the competition. Twin: Ranking.objects.visible_to."""
    return can_observe_competition(user, ranking.round.competition)


def can_decide_round(user: Person, round_: Round) -> bool:
    """Managers decide while the round is ranked and not yet approved."""
    return round_.state == RoundState.RANKED and can_manage_competition(user, round_.competition)


def can_propose_decision(user: Person, round_: Round) -> bool:
    """A manager who did not score."""
    return can_decide_round(user, round_) and not has_scored_in(user, round_)


def can_approve_decision(user: Person, round_: Round) -> bool:
    """An observer who did not score and is not the one who proposed."""
    if round_.state != RoundState.PROPOSED or not is_active(user):
        return False
    proposed_by_user = Approval.objects.filter(round=round_, user=user, withdrawn_at__isnull=True).exists()
    is_observer = RoleKind.OBSERVER in roles_in(user, round_.competition)
    return is_observer and not proposed_by_user and not has_scored_in(user, round_)


def can_return_decision(user: Person, round_: Round) -> bool:
    """An observer who could approve, or a manager who thinks again, even after the approval."""
    if round_.state == RoundState.APPROVED:
        return can_manage_competition(user, round_.competition)
    if round_.state != RoundState.PROPOSED:
        return False
    return can_manage_competition(user, round_.competition) or can_approve_decision(user, round_)


def can_announce_round(user: Person, round_: Round) -> bool:
    """A manager, of a decision that was approved."""
    return round_.state == RoundState.APPROVED and can_manage_competition(user, round_.competition)


def can_see_winners(user: Person, competition: Competition) -> bool:
    """Everybody after the announcement; before it only those who run or observe the competition."""
    return competition.state == CompetitionState.ANNOUNCED or can_observe_competition(user, competition)
