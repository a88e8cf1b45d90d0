"""How far judging has come: a judge's own seats, and a round as its managers see it."""

from dataclasses import dataclass, field

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from competitions.enums import JUDGED_STATES, OPEN_ASSIGNMENTS, AssignmentState, EntryState, RoundState
from competitions.models import Approval, Assignment, Competition, Conflict, Decision, Entry, Judge, Round
from network_platform.people.models import User

A = AssignmentState
TILE = {A.DONE: "done", A.IN_PROGRESS: "part"}
CLOSED = (A.DECLINED, A.RECUSED, A.QUARANTINED)


@dataclass
class Desk:
    """One round of one judge. `count` leaves out seats given up."""

    round: Round
    seats: list[Assignment] = field(default_factory=list)

    @property
    def counted(self) -> list[Assignment]:
        return [seat for seat in self.seats if seat.state not in CLOSED]

    @property
    def done(self) -> int:
        return sum(seat.state == A.DONE for seat in self.seats)

    @property
    def count(self) -> int:
        return len(self.counted)

    @property
    def left(self) -> int:
        return self.count - self.done

    @property
    def to_clear(self) -> int:
        return sum(seat.state in OPEN_ASSIGNMENTS and seat.cleared_at is None for seat in self.seats)

    @property
    def next(self) -> Assignment | None:
        return next((seat for seat in self.counted if seat.state in OPEN_ASSIGNMENTS and seat.cleared_at), None)

    @property
    def tiles(self) -> list[dict[str, object]]:
        return [_tile(number, seat, current=None) for number, seat in enumerate(self.seats, 1)]


def desks_of(user: User) -> list[Desk]:
    """Every round in which this person has seats: open ones first, by their end; one query."""
    seats = (
        Assignment.objects.of_judge(user)
        .select_related("round__competition", "entry__startup__country")
        .order_by("round__closes_at", "round_id", "position", "pk")
    )
    desks: dict[int, Desk] = {}
    for seat in seats:
        desks.setdefault(seat.round_id, Desk(seat.round)).seats.append(seat)
    return sorted(desks.values(), key=lambda desk: desk.round.state != RoundState.OPEN)


def tiles_of(user: User, current: Assignment) -> list[dict[str, object]]:
    """The judge's seats in the round of `current`, for the row of numbers; one query."""
    seats = Assignment.objects.of_judge(user).filter(round=current.round_id).only("uid", "state", "cleared_at")
    return [_tile(number, seat, current=current) for number, seat in enumerate(seats, 1)]


def next_seat(user: User, current: Assignment) -> str | None:
    """The address of the next seat to score after `current`, going round; None when nothing is left."""
    seats = list(Assignment.objects.of_judge(user).filter(round=current.round_id).only("uid", "state", "cleared_at"))
    at = next((index for index, seat in enumerate(seats) if seat.pk == current.pk), 0)
    order = seats[at + 1 :] + seats[:at]
    left = (seat for seat in order if seat.state in OPEN_ASSIGNMENTS and seat.cleared_at)
    return next((reverse("competitions:judge-sheet", args=[seat.uid]) for seat in left), None)


def _tile(number: int, seat: Assignment, *, current: Assignment | None) -> dict[str, object]:
    state = "off" if seat.state in CLOSED else TILE.get(seat.state, "")
    words = {
        "done": _("Entry %(number)s, scored"),
        "part": _("Entry %(number)s, begun"),
        "off": _("Entry %(number)s, conflict declared"),
        "": _("Entry %(number)s, to do"),
    }
    return {
        "number": number,
        "seat": seat.uid,
        "url": "" if state == "off" else reverse("competitions:judge-sheet", args=[seat.uid]),
        "state": state,
        "label": words[state] % {"number": number},
        "current": current is not None and seat.pk == current.pk,
    }


@dataclass(frozen=True)
class JudgeProgress:
    judge: Judge
    seats: int
    done: int
    begun: int
    recused: int

    @property
    def left(self) -> int:
        return self.seats - self.done


def by_judge(round: Round) -> list[JudgeProgress]:
    """Each judge of the competition with the seats of this round; one query."""
    here = Q(assignments__round=round)
    judges = (
        Judge.objects.filter(competition=round.competition)
        .select_related("user", "country")
        .annotate(
            seats=Count("assignments", filter=here & Q(assignments__state__in=[A.ACTIVE, A.IN_PROGRESS, A.DONE])),
            done=Count("assignments", filter=here & Q(assignments__state=A.DONE)),
            begun=Count("assignments", filter=here & Q(assignments__state=A.IN_PROGRESS)),
            recused=Count("assignments", filter=here & Q(assignments__state__in=CLOSED)),
        )
        .order_by("user__name_latin", "user__name", "pk")
    )
    return [JudgeProgress(judge, judge.seats, judge.done, judge.begun, judge.recused) for judge in judges]


def reads_of(round: Round) -> dict[int, tuple[int, int]]:
    """Entry pk -> (seats, sheets handed in) in this round; one query."""
    seats = Assignment.objects.filter(round=round, state__in=[A.ACTIVE, A.IN_PROGRESS, A.DONE]).order_by()
    counted = seats.values_list("entry_id").annotate(given=Count("pk"), done=Count("pk", filter=Q(state=A.DONE)))
    return {entry: (given, done) for entry, given, done in counted}


def short_of_reads(round: Round) -> int:
    """How many entries have fewer seats than the round asks for; two queries."""
    asked, reads = round.reads_per_entry or 0, reads_of(round)
    judged = Entry.objects.filter(competition=round.competition_id, state__in=JUDGED_STATES).values_list(
        "pk", flat=True
    )
    return sum(reads.get(pk, (0, 0))[0] < asked for pk in judged)


def counts_of(competition: Competition) -> list[tuple[str, int]]:
    """(state in words, entries) for every state that occurs; one query."""
    rows = Entry.objects.filter(competition=competition).values_list("state").annotate(n=Count("pk"))
    found = dict(rows)
    return [(state.label, found[state.value]) for state in EntryState if state.value in found]


@dataclass(frozen=True)
class SeatChoice:
    """One entry a judge may be given. `why_not`: a reason in words when it cannot be ticked or unticked."""

    entry: Entry
    seats: int
    is_given: bool
    why_not: str


def seat_choices(round: Round, judge: Judge) -> list[SeatChoice]:
    """Every entry of the competition for one judge; four queries."""
    found = Entry.objects.filter(competition=round.competition_id, state__in=JUDGED_STATES)
    states = dict(Assignment.objects.filter(round=round, judge=judge).values_list("entry_id", "state"))
    tied = set(Conflict.objects.filter(judge=judge).exclude(state="lifted").values_list("entry_id", flat=True))
    reads = reads_of(round)
    entries = found.select_related("startup__country").order_by("serial")
    return [
        SeatChoice(entry, reads.get(entry.pk, (0, 0))[0], *_seat_words(states.get(entry.pk, ""), entry.pk in tied))
        for entry in entries
    ]


def _seat_words(state: str, is_tied: bool) -> tuple[bool, str]:
    if is_tied or state == A.RECUSED:
        return False, _("conflict of interest")
    if state in (A.IN_PROGRESS, A.DONE, A.DECLINED, A.QUARANTINED):
        return state in (A.IN_PROGRESS, A.DONE), str(A(state).label)
    return state == A.ACTIVE, ""


def approvals_of(round: Round) -> QuerySet[Approval]:
    return round.approvals.filter(withdrawn_at__isnull=True).select_related("user")


def decisions_by_entry(round: Round) -> dict[int, Decision]:
    return {decision.entry_id: decision for decision in round.decisions.select_related("award")}
