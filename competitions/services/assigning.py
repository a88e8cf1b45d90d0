"""Who judges, and which entries they read: by hand."""

from collections.abc import Iterable

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from competitions.enums import JUDGED_STATES, AssignmentState, ConflictState, EntryState, JudgeState
from competitions.models import Assignment, Competition, Conflict, Entry, Judge, Round
from competitions.services.entries import move_entry
from competitions.services.states import locked_round, move_assignment
from network_platform.background.models import Message
from network_platform.background.services import send_message
from network_platform.journal.services import record
from network_platform.people.models import User
from network_platform.people.services.unconfirmed import account_of
from network_platform.zones import in_zone

A = AssignmentState


class SeatRefused(Exception):
    """`entry` cannot be given to the judge: there is a conflict, or the judge is of the entry's team."""

    def __init__(self, entry: Entry) -> None:
        super().__init__(entry.number)
        self.entry = entry


@transaction.atomic
def invite_judge(
    *, competition: Competition, email: str, name: str, language: str, country: object | None, by: User
) -> Judge:
    """Ask a person to judge, by e-mail; somebody without an account gets one, entered with a code by e-mail."""
    user = account_of(email=email, name=name, language=language)
    judge, created = Judge.objects.get_or_create(competition=competition, user=user, defaults={"country": country})
    if not created and judge.state in (JudgeState.DECLINED, JudgeState.REMOVED):
        judge.state, judge.invited_at = JudgeState.INVITED, timezone.now()
        judge.save(update_fields=["state", "invited_at"])
        created = True
    if created:
        _send_invitation(judge)
        record(verb="judge.invited", thing=judge, by=by, scope=competition.scope_token, label=f"judge {judge.uid}")
    return judge


def _send_invitation(judge: Judge) -> None:
    with override(judge.user.language):
        path = reverse("competitions:judge-invitation", args=[judge.competition.slug])
    send_message(
        template="competitions/judge_invited",
        to=judge.user,
        dedupe_key=f"judge-invited-{judge.uid}-{judge.invited_at:%Y%m%d%H%M%S}",
        context={"names": judge.competition.names, "path": path},
    )


def judgeable_entries(competition: Competition) -> QuerySet[Entry]:
    """Entries that judges may be given."""
    return Entry.objects.filter(competition=competition, state__in=JUDGED_STATES)


@transaction.atomic
def change_seats(
    *, round: Round, judge: Judge, give: Iterable[Entry], take: Iterable[Entry], by: User
) -> tuple[int, int]:
    """Give the judge seats in this round and take others back; returns how many of each.

    What is as wished already stays, and so does what is begun. Raises SeatRefused for a conflict.
    """
    locked_round(round)
    seats = {seat.entry_id: seat for seat in _seats(round, judge)}
    given = [one for one in give if one.pk not in seats or seats[one.pk].state in (A.RELEASED, A.PROPOSED)]
    taken = [seats[one.pk] for one in take if one.pk in seats and seats[one.pk].state == A.ACTIVE]
    _refuse_conflicts(judge, given)
    for position, entry in enumerate(given, start=len(seats) + 1):
        _give(round, judge, entry, seats.get(entry.pk), position, by)
    for seat in taken:
        move_assignment(assignment=seat, to=A.RELEASED, by=by)
    if given and round.state == "open" and judge.state == JudgeState.ACCEPTED:
        tell_judge(round=round, judge=judge)
    return len(given), len(taken)


def _seats(round: Round, judge: Judge) -> Iterable[Assignment]:
    return (
        Assignment.objects.select_for_update(of=("self",))
        .filter(round=round, judge=judge)
        .select_related("entry", "judge", "round__competition")
    )


def _refuse_conflicts(judge: Judge, entries: list[Entry]) -> None:
    tied = set(
        Conflict.objects.filter(judge=judge, entry__in=entries)
        .exclude(state=ConflictState.LIFTED)
        .values_list("entry_id", flat=True)
    )
    own = set(
        Entry.objects.of_team(judge.user).filter(pk__in=[entry.pk for entry in entries]).values_list("pk", flat=True)
    )
    for entry in entries:
        if entry.pk in tied | own:
            raise SeatRefused(entry)


def _give(round: Round, judge: Judge, entry: Entry, seat: Assignment | None, position: int, by: User) -> None:
    if seat is not None:
        move_assignment(assignment=seat, to=A.ACTIVE, by=by)
        return
    seat = Assignment.objects.create(
        round=round, judge=judge, entry=entry, position=position, due_at=round.closes_at, assigned_by=by
    )
    label = f"{entry.number}, judge {judge.uid}"
    record(verb="assignment.made", thing=seat, by=by, scope=round.competition.scope_token, label=label)
    if entry.state in (EntryState.SUBMITTED, EntryState.ELIGIBLE, EntryState.ADVANCED):
        move_entry(entry=entry, to=EntryState.IN_ROUND, by=by)


def tell_judge(*, round: Round, judge: Judge) -> bool:
    """Mail the judge that there are entries to read; False when that was done today already."""
    with override(judge.user.language):
        path = reverse("competitions:judging")
        until = in_zone(round.closes_at, _zone_for(judge)) if round.closes_at else ""
    key = f"entries-to-read-{round.uid}-{judge.uid}-{timezone.now():%Y%m%d}"
    if Message.objects.filter(dedupe_key=key).exists():
        return False
    send_message(
        template="competitions/entries_to_read",
        to=judge.user,
        dedupe_key=key,
        context={"names": round.competition.names, "path": path, "until": until},
    )
    return True


def _zone_for(judge: Judge) -> str:
    """The judge's own zone, or the organiser's while the judge has not chosen one."""
    own = judge.user.time_zone
    return own if own != settings.TIME_ZONE else judge.competition.time_zone


def judges_to_tell(round: Round) -> list[Judge]:
    """Judges who accepted and have seats left in the round; one query."""
    late = Assignment.objects.to_do().filter(round=round).values("judge")
    return list(Judge.objects.accepted().filter(pk__in=late).select_related("user", "competition"))


@transaction.atomic
def remind_judges(*, round: Round, by: User) -> int:
    """Nudge judges who have seats left; returns to how many a mail goes. Nobody gets two a day."""
    told = sum(tell_judge(round=round, judge=judge) for judge in judges_to_tell(round))
    record(
        verb="round.judges_reminded",
        thing=round,
        by=by,
        scope=round.competition.scope_token,
        after={"judges": told},
    )
    return told
