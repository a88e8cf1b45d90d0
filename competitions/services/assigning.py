"""Who judges, and which entries they read: by hand."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.core import signing
from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from competitions.enums import (
    JUDGED_STATES,
    OPEN_ASSIGNMENTS,
    AssignmentState,
    ConflictState,
    EntryState,
    JudgeState,
    RoundKind,
)
from competitions.models import Assignment, Competition, CompetitionRole, Conflict, Entry, Judge, Round
from competitions.services.entries import move_entry
from competitions.services.judging import release_open_seats
from competitions.services.states import locked_round, move_assignment
from incubators.models import Country
from network_platform.background.models import Message
from network_platform.background.services import send_message
from network_platform.journal.services import record
from network_platform.languages import written_in
from network_platform.people.models import User
from network_platform.people.services.unconfirmed import account_of
from network_platform.zones import in_words

A = AssignmentState
BREATHER = timedelta(hours=1)  # between two mails of one kind to one judge
# What mails to judges are about.
TO_READ, END_MOVED, CLOSED, REOPENED = "entries-to-read", "end-moved", "round-closed", "round-reopened"
INVITATION = "competitions.judge-invitation"
LINK_LASTS = timedelta(days=90)
TWO_PRESSES = timedelta(minutes=1)  # less than this between two reminders is one intention


class SeatRefused(Exception):
    """`entry` cannot be given to the judge: there is a conflict, or the judge is of the entry's team."""

    def __init__(self, entry: Entry) -> None:
        super().__init__(entry.number)
        self.entry = entry


class AlreadyOnPanel(Exception):
    """`judge` is invited or judges already."""

    def __init__(self, judge: Judge) -> None:
        super().__init__(str(judge.uid))
        self.judge = judge


class RunsCompetition(Exception):
    """Who invites, runs or observes a competition does not judge it: those who decide are not those who score."""


class JustInvited(Exception):
    """The mail went out less than `BREATHER` ago."""


@transaction.atomic
def invite_judge(
    *, competition: Competition, email: str, name: str, language: str, country: Country | None, by: User
) -> Judge:
    """Ask a person to judge, by e-mail; somebody without an account gets one, entered with a code by e-mail.

    Raises RunsCompetition, AlreadyOnPanel.
    """
    _demand_outsider(competition, email, by)
    user = account_of(email=email, name=name, language=language)
    judge, created = Judge.objects.get_or_create(competition=competition, user=user, defaults={"country": country})
    if not created and judge.state not in (JudgeState.DECLINED, JudgeState.REMOVED):
        raise AlreadyOnPanel(judge)
    judge.state = JudgeState.INVITED
    return _invite(judge, by)


def _demand_outsider(competition: Competition, email: str, by: User) -> None:
    inside = CompetitionRole.objects.current().filter(competition=competition, user__email__iexact=email)
    if by.email.lower() == email.lower() or inside.exists():
        raise RunsCompetition


@transaction.atomic
def invite_again(*, judge: Judge, by: User) -> Judge:
    """Send the invitation once more to somebody who has not answered. Raises JustInvited."""
    if timezone.now() - judge.invited_at < BREATHER:
        raise JustInvited
    return _invite(judge, by)


@transaction.atomic
def withdraw_invitation(*, judge: Judge, by: User) -> Judge:
    """Take the invitation back; entries given in advance are free again."""
    judge.state = JudgeState.REMOVED
    judge.save(update_fields=["state"])
    release_open_seats(judge=judge, by=by)
    scope = judge.competition.scope_token
    record(verb="judge.invitation_withdrawn", thing=judge, by=by, scope=scope, label=f"judge {judge.uid}")
    return judge


def _invite(judge: Judge, by: User) -> Judge:
    judge.invited_at = timezone.now()
    judge.save(update_fields=["state", "invited_at"])
    _send_invitation(judge, by)
    scope = judge.competition.scope_token
    record(verb="judge.invited", thing=judge, by=by, scope=scope, label=f"judge {judge.uid}")
    return judge


def reading_of(judge: Judge) -> tuple[Round | None, int]:
    """The round that the judge is asked for, and how many entries are meant for them, 0 while nobody knows."""
    round_ = judge.competition.rounds.filter(kind=RoundKind.SCORING).first()
    given = judge.assignments.filter(round=round_, state__in=OPEN_ASSIGNMENTS).count() if round_ else 0
    return round_, given or judge.capacity or 0


def _send_invitation(judge: Judge, by: User) -> None:
    round_, expected = reading_of(judge)
    with override(judge.user.language):
        path = reverse("competitions:judge-invitation", args=[judge.competition.slug])
        path = f"{path}?invitation={signing.dumps(judge.pk, salt=INVITATION)}"
        until = _until(round_, judge)
    send_message(
        template="competitions/judge_invited",
        to=judge.user,
        dedupe_key=f"judge-invited-{judge.uid}-{judge.invited_at:%Y%m%d%H%M%S%f}",
        context={
            "names": judge.competition.names,
            "path": path,
            "until": until,
            "expected": expected,
            "inviter": str(by),
            "inviter_email": by.email,
        },
        about=[by],
    )


def invited_by_link(competition_slug: str, token: str) -> Judge | None:
    """The invitation that waits for an answer and whose mail has this token in its link. Identifiers do not open it:
    observers and the journal know those.
    """
    try:
        pk = signing.loads(token, salt=INVITATION, max_age=LINK_LASTS)
    except signing.BadSignature:
        return None
    invited = Judge.objects.filter(competition__slug=competition_slug, state=JudgeState.INVITED)
    return invited.filter(pk=pk).select_related("user", "competition").first()


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
    today = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    key = f"{_key(round, TO_READ)}{judge.uid}"
    if Message.objects.filter(dedupe_key__startswith=key, created_at__gte=today).exists():
        return False
    _tell(round, judge)
    return True


def _tell(round: Round, judge: Judge) -> None:
    _write(round, judge, TO_READ, until=_until(round, judge), left=_left(round, judge))


def _left(round: Round, judge: Judge) -> int:
    return Assignment.objects.to_do().filter(round=round, judge=judge).count()


def _write(round: Round, judge: Judge, about: str, **context: Any) -> None:
    """A mail to a judge about a round, with the way to their desk; each call writes one."""
    with override(judge.user.language):
        path = reverse("competitions:judging")
    send_message(
        template=f"competitions/{about.replace('-', '_')}",
        to=judge.user,
        dedupe_key=f"{_key(round, about)}{judge.uid}-{timezone.now():%Y%m%d%H%M%S%f}",
        context={"names": round.competition.names, "path": path, **context},
    )


def _key(round: Round, about: str) -> str:
    """How the keys of all mails of one kind about the round begin; the judge follows."""
    return f"{about}-{round.uid}-"


def last_told(round: Round) -> dict[int, datetime]:
    """Person pk -> when the last mail about entries to read, or until when, was written; one query."""
    about = [Q(dedupe_key__startswith=_key(round, each)) for each in (TO_READ, END_MOVED, REOPENED)]
    written = Message.objects.filter(reduce(or_, about), recipient__isnull=False)
    return dict(written.order_by().values_list("recipient_id").annotate(last=Max("created_at")))


def _until(round: Round | None, judge: Judge) -> str:
    """Until when the judge scores, in their language and zone; nothing while there is no such hour."""
    closes = round.closes_at if round else None
    with override(judge.user.language):
        return in_words(closes, judge.competition.time_zone, judge.user.time_zone) if closes else ""


def judges_to_tell(round: Round) -> list[Judge]:
    """Judges who accepted and have seats left in the round; one query."""
    late = Assignment.objects.to_do().filter(round=round).values("judge")
    return list(Judge.objects.accepted().filter(pk__in=late).select_related("user", "competition"))


def tell_of_end(*, round: Round, judge: Judge, by: User, reason: str) -> None:
    """Mail the judge that scores are taken until another moment than the mails before said."""
    said_in = written_in(reason, language=by.language)
    _write(round, judge, END_MOVED, until=_until(round, judge), reason=reason, reason_language=said_in)


def tell_of_reopening(*, round: Round, by: User, reason: str) -> None:
    """Mail those who have seats left that scores are taken again, until when and why."""
    said_in = written_in(reason, language=by.language)
    for judge in judges_to_tell(round):
        more = {"until": _until(round, judge), "left": _left(round, judge)}
        _write(round, judge, REOPENED, reason=reason, reason_language=said_in, **more)


def judges_to_remind(round: Round, *, even_again: bool = False) -> list[Judge]:
    told, recently = last_told(round), timezone.now() - (TWO_PRESSES if even_again else BREATHER)
    late = judges_to_tell(round)
    return [judge for judge in late if told.get(judge.user_id, recently) <= recently]


@transaction.atomic
def remind_judges(*, round: Round, by: User, even_again: bool = False) -> int:
    """Nudge judges who have seats left; returns to how many a mail goes.

    Whoever was written to less than `BREATHER` ago is left out; with `even_again` less than `TWO_PRESSES` ago.
    """
    locked_round(round)
    late = judges_to_remind(round, even_again=even_again)
    for judge in late:
        _tell(round, judge)
    told = len(late)
    record(
        verb="round.judges_reminded",
        thing=round,
        by=by,
        scope=round.competition.scope_token,
        after={"judges": told},
    )
    return told


def tell_of_closing(*, round: Round) -> None:
    """Mail those who have seats left that the round takes no more scores, and whether it closed before its end."""
    is_early = round.closes_at is not None and round.closes_at > timezone.now()
    for judge in judges_to_tell(round):
        _write(round, judge, CLOSED, until=_until(round, judge) if is_early else "", left=_left(round, judge))
