"""How far judging has come: a judge's own seats, and a round as its managers see it."""

import uuid
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from competitions.enums import (
    DECIDED_STATES,
    HIDDEN_ASSIGNMENTS,
    JUDGED_STATES,
    OPEN_ASSIGNMENTS,
    OVER_STATES,
    READ_STATES,
    AssignmentState,
    EntryState,
    JudgeState,
    RoleKind,
    RoundState,
)
from competitions.models import (
    Approval,
    Assignment,
    Competition,
    Conflict,
    Decision,
    Entry,
    Judge,
    ResultsBundle,
    Round,
    ScoreSheet,
)
from competitions.services.letters import team_of
from competitions.standing import IN_JUDGING
from network_platform.journal.models import Record
from network_platform.languages import in_language
from network_platform.people.models import User

A, R = AssignmentState, RoundState
TILE: dict[str, str] = {A.DONE: "done", A.IN_PROGRESS: "part"}
GIVEN = (A.ACTIVE, A.IN_PROGRESS, A.DONE)
CLOSED = (A.DECLINED, A.RECUSED, A.QUARANTINED)


class SeatLine(NamedTuple):
    """A seat in the list of the own entries. `name` and `country` are empty where the judge does not see them, `url`
    where nothing can be opened; `word` says how it stands, with the kind and the icon of its badge.
    """

    place: int
    number: str
    name: str
    country: str
    url: str
    word: str
    kind: str
    icon: str
    done: uuid.UUID | None


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
    def given_up(self) -> int:
        return len(self.seats) - self.count

    @property
    def left(self) -> int:
        return self.count - self.done

    @property
    def to_clear(self) -> int:
        return sum(seat.awaits_clearing for seat in self.seats)

    @property
    def has_named(self) -> bool:
        """Whether any entry can be listed by name: not before the question of conflict is answered."""
        return any(seat.cleared_at or seat.state == A.RECUSED for seat in self.seats)

    @property
    def next(self) -> Assignment | None:
        return next((seat for seat in self.counted if seat.state in OPEN_ASSIGNMENTS and seat.cleared_at), None)

    @cached_property
    def tiles(self) -> list[dict[str, object]]:
        is_open = self.is_open
        return _tiles(self.seats, can_be_opened=lambda seat: is_open or seat.state in TILE)

    @property
    def lines(self) -> list[SeatLine]:
        """A hundred on a page: addresses and words are looked up once."""
        is_open, is_blind = self.is_open, self.round.is_blind
        badges = _badges(is_open=is_open)
        conflicts = reverse("competitions:judge-conflicts", args=[self.round.competition.slug]) if is_open else ""
        return [
            SeatLine(
                place=place,
                number=seat.entry.number,
                name="" if is_blind or to_clear or seat.state == A.RECUSED else seat.entry.startup.name,
                country="" if is_blind or to_clear else in_language(seat.entry.startup.country.names),
                url=conflicts if to_clear else str(tile["url"]),
                **badges["clear" if to_clear and is_open else seat.state],
                done=seat.uid if seat.state == A.DONE else None,
            )
            for place, (seat, tile) in enumerate(zip(self.seats, self.tiles, strict=True), 1)
            for to_clear in [seat.awaits_clearing]
        ]

    @property
    def can_open_any(self) -> bool:
        return any(tile["url"] for tile in self.tiles)

    @property
    def is_open(self) -> bool:
        return self.round.takes_scores_at(timezone.now())


def _badges(*, is_open: bool) -> dict[str, dict[str, str]]:
    """How a seat stands, in words; "clear": the question of conflict comes first."""
    words = {state.value: {"word": str(state.label), "kind": "plain", "icon": "flag"} for state in A}
    words[A.DONE] = {"word": _("scored"), "kind": "ok", "icon": "check"}
    words["clear"] = {"word": _("conflicts first"), "kind": "plain", "icon": "flag"}
    if is_open:
        words[A.IN_PROGRESS] = {"word": _("begun"), "kind": "plain", "icon": "clock"}
        words[A.ACTIVE] = {"word": _("to do"), "kind": "plain", "icon": "circle"}
    else:
        words[A.IN_PROGRESS] = words[A.ACTIVE] = {"word": _("not handed in"), "kind": "plain", "icon": "circle"}
    return words


def desks_of(user: User) -> list[Desk]:
    """Every round in which this person has seats: open ones by their end, then the others, last ended first; two
    queries.
    """
    seats = list(
        Assignment.objects.of_judge(user).with_entries().order_by("round__closes_at", "round_id", "position", "pk")
    )
    rounds = Round.objects.select_related("competition").in_bulk({seat.round_id for seat in seats})
    desks: dict[int, Desk] = {}
    for seat in seats:
        desks.setdefault(seat.round_id, Desk(rounds[seat.round_id])).seats.append(seat)
    open_ones = [desk for desk in desks.values() if desk.round.state == RoundState.OPEN]
    return open_ones + [desk for desk in reversed(desks.values()) if desk.round.state != RoundState.OPEN]


def tiles_of(user: User, current: Assignment) -> list[dict[str, object]]:
    """The judge's seats in the round of `current`, for the row of numbers; one query."""
    seats = Assignment.objects.of_judge(user).filter(round=current.round_id).only("uid", "state", "cleared_at")
    return _tiles(seats, current=current)


def next_seat(user: User, current: Assignment) -> str | None:
    """The address of the next seat to score after `current`, going round; None when nothing is left."""
    seats = list(Assignment.objects.of_judge(user).filter(round=current.round_id).only("uid", "state", "cleared_at"))
    at = next((index for index, seat in enumerate(seats) if seat.pk == current.pk), 0)
    order = seats[at + 1 :] + seats[:at]
    left = (seat for seat in order if seat.state in OPEN_ASSIGNMENTS and seat.cleared_at)
    return next((reverse("competitions:judge-sheet", args=[seat.uid]) for seat in left), None)


def _tiles(
    seats: Iterable[Assignment],
    *,
    current: Assignment | None = None,
    can_be_opened: Callable[[Assignment], bool] = lambda seat: True,
) -> list[dict[str, object]]:
    """A hundred on a page: their address is looked up once, and so are the words."""
    words = {
        "done": _("Entry %(number)s, scored"),
        "part": _("Entry %(number)s, begun"),
        "off": _("Entry %(number)s, conflict declared"),
        "clear": _("Entry %(number)s, conflicts first"),
        "": _("Entry %(number)s, to do"),
    }
    nobody = str(uuid.UUID(int=0))
    address = reverse("competitions:judge-sheet", args=[nobody])
    return [
        {
            "number": number,
            "seat": seat.uid,
            "url": "" if state == "off" or not can_be_opened(seat) else address.replace(nobody, str(seat.uid)),
            "state": state,
            "label": words["clear" if seat.awaits_clearing else state] % {"number": number},
            "current": current is not None and seat.pk == current.pk,
        }
        for number, seat in enumerate(seats, 1)
        for state in ["off" if seat.state in CLOSED else TILE.get(seat.state, "")]
    ]


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
    """Each judge of the competition with the seats of this round; two queries."""
    judges = Judge.objects.filter(competition=round.competition).select_related("user", "country")
    states: dict[int, Counter[str]] = defaultdict(Counter)
    for judge, state, n in _seats_by(round, "judge_id", "state"):
        states[judge][state] = n
    return [
        JudgeProgress(
            judge=judge,
            seats=sum(found[state] for state in GIVEN),
            done=found[A.DONE],
            begun=found[A.IN_PROGRESS],
            recused=sum(found[state] for state in CLOSED),
        )
        for judge in judges.order_by("user__name_latin", "user__name", "pk")
        for found in [states[judge.pk]]
    ]


def _seats_by(round: Round, *by: str) -> QuerySet[Assignment, tuple[Any, ...]]:
    """How many seats of the round there are of each kind."""
    return Assignment.objects.filter(round=round).order_by().values_list(*by).annotate(n=Count("pk"))


@dataclass(frozen=True)
class Sheets:
    """How many score sheets a round asks of its judges, and how many of them are handed in."""

    asked: int
    done: int

    @property
    def left(self) -> int:
        return self.asked - self.done


def sheets_handed_in(round: Round) -> Sheets:
    """As it stands now, seats given up left out; one query."""
    found = dict(_seats_by(round, "state"))
    return Sheets(sum(found.get(state, 0) for state in GIVEN), found.get(A.DONE, 0))


def reads_of(round: Round) -> dict[int, tuple[int, int]]:
    """Entry pk -> (seats, sheets handed in) in this round; one query."""
    seats = Assignment.objects.filter(round=round, state__in=GIVEN).order_by()
    counted = seats.values_list("entry_id").annotate(given=Count("pk"), done=Count("pk", filter=Q(state=A.DONE)))
    return {entry: (given, done) for entry, given, done in counted}


def sheets_of(round: Round) -> dict[int, int]:
    """Entry pk -> score sheets that enter its mean; one query."""
    sheets = ScoreSheet.objects.in_mean().filter(assignment__round=round).order_by()
    return dict(sheets.values_list("assignment__entry_id").annotate(n=Count("pk")))


@dataclass(frozen=True)
class Readings:
    """How many entries have fewer score sheets in their mean than the round asks for, and how many have none."""

    entries: int
    few: int
    none: int


def readings_of(round: Round) -> Readings:
    """As it stands now; two queries."""
    read = Entry.objects.filter(competition=round.competition_id, state__in=READ_STATES).values_list("pk", flat=True)
    sheets = sheets_of(round)
    return _readings([sheets.get(pk, 0) for pk in read], round)


def readings_decided(round: Round) -> Readings:
    """As the ranking saw it from which the decision was made; one query."""
    return _readings(list(round.decisions.values_list("from_row__reads", flat=True)), round)


def _readings(counts: list[int], round: Round) -> Readings:
    asked = round.reads_per_entry or 0
    return Readings(len(counts), sum(n < asked for n in counts), counts.count(0))


def short_of_reads(round: Round) -> int:
    """How many entries have fewer seats than the round asks for; two queries."""
    asked, reads = round.reads_per_entry or 0, reads_of(round)
    judged = Entry.objects.filter(competition=round.competition_id, state__in=JUDGED_STATES).values_list(
        "pk", flat=True
    )
    return sum(reads.get(pk, (0, 0))[0] < asked for pk in judged)


def entry_word(state: str, round: Round | None) -> str:
    """How an entry stands, for those who run the competition: nobody scores it once the round is over."""
    if state != EntryState.IN_ROUND or round is None or round.state not in OVER_STATES:
        return str(EntryState(state).label)
    return str(IN_JUDGING[RoundState(round.state)]) if round.state in (R.PROPOSED, R.APPROVED) else _("to be decided")


def counts_of(competition: Competition, round: Round | None) -> list[tuple[str, int]]:
    """(state in words, entries) for every state that occurs; one query."""
    rows = Entry.objects.filter(competition=competition).values_list("state").annotate(n=Count("pk"))
    found = dict(rows)
    return [(entry_word(state, round), found[state.value]) for state in EntryState if state.value in found]


def results_bundle(round: Round) -> ResultsBundle | None:
    """Without the file itself; no query before the announcement."""
    if round.state != R.ANNOUNCED:
        return None
    return ResultsBundle.objects.filter(round=round).defer("content").first()


@dataclass(frozen=True)
class SeatChoice:
    """One entry a judge may be given. `why_not`: a reason in words when it cannot be ticked or unticked."""

    entry: Entry
    seats: int
    is_given: bool
    why_not: str
    asked: int = 0

    @property
    def is_short(self) -> bool:
        return self.seats < self.asked


def seat_choices(round: Round, judge: Judge) -> list[SeatChoice]:
    """Every entry of the competition for one judge; four queries."""
    found = Entry.objects.filter(competition=round.competition_id, state__in=JUDGED_STATES)
    states = dict(Assignment.objects.filter(round=round, judge=judge).values_list("entry_id", "state"))
    tied = set(Conflict.objects.filter(judge=judge).exclude(state="lifted").values_list("entry_id", flat=True))
    reads = reads_of(round)
    entries = found.select_related("startup__country").order_by("serial")
    return [
        SeatChoice(
            entry,
            reads.get(entry.pk, (0, 0))[0],
            *_seat_words(states.get(entry.pk, ""), entry.pk in tied),
            asked=round.reads_per_entry or 0,
        )
        for entry in entries
    ]


@dataclass(frozen=True)
class Given:
    """An entry that a judge was given in a round that is over, and what came of it."""

    entry: Entry
    word: str


def given_to(round: Round, judge: Judge) -> list[Given]:
    """What the judge was given and did not have to hand back, by number; one query."""
    seats = Assignment.objects.filter(round=round, judge=judge).exclude(state__in=HIDDEN_ASSIGNMENTS)
    seats = seats.select_related("entry__startup__country").order_by("entry__serial")
    return [Given(seat.entry, _came_of(seat)) for seat in seats]


def _came_of(seat: Assignment) -> str:
    if seat.state == A.DONE:
        return _("scored")
    if seat.state in OPEN_ASSIGNMENTS:
        return _("not handed in")
    return str(A(seat.state).label)


def _seat_words(state: str, is_tied: bool) -> tuple[bool, str]:
    if is_tied or state == A.RECUSED:
        return False, _("conflict of interest")
    if state in (A.IN_PROGRESS, A.DONE, A.DECLINED, A.QUARANTINED):
        return state in (A.IN_PROGRESS, A.DONE), str(A(state).label)
    return state == A.ACTIVE, ""


@dataclass(frozen=True)
class Returned:
    """Why the last proposal came back; `is_withdrawn`: by whoever made it."""

    record: Record
    is_withdrawn: bool


def returned(round: Round) -> Returned | None:
    """The last proposal that came back, while no other has been made; two queries, none in other states."""
    if round.state != RoundState.RANKED:
        return None
    verbs = ("round.decision_returned", "round.decision_proposed", "round.ranked")
    last = Record.objects.about(round).filter(verb__in=verbs).select_related("actor").first()
    if last is None or last.verb != "round.decision_returned":
        return None
    return Returned(last, proposer_of(round) == last.actor_id)


def came_back(rounds: Iterable[Round]) -> set[int]:
    """The pks of those whose last proposal was returned or withdrawn, so that it is to be decided again; one query."""
    void = Approval.objects.filter(round__in=rounds, role=RoleKind.MANAGER, withdrawn_at__isnull=False)
    found = void.filter(round__state=RoundState.RANKED, ranking__voided_at__isnull=True)
    return set(found.values_list("round_id", flat=True))


def closed_at(round: Round) -> datetime | None:
    """When scoring stopped, which is when its ranking was made; None while it has not; one query."""
    if round.state in (RoundState.DRAFT, RoundState.OPEN):
        return None
    return round.rankings.standing().order_by("pk").values_list("made_at", flat=True).first()


@dataclass(frozen=True)
class Seat:
    """A judge and one entry. `word`: how it stands, "" for a judge who may be given it; `tie`: what connects them."""

    judge: Judge
    load: int
    word: str
    is_open: bool
    tie: str = ""


def seats_of(round: Round, entry: Entry) -> list[Seat]:
    """The judges who have or had the entry, and those who are free to read it, the least busy first; four queries."""
    states = {seat.judge_id: seat for seat in Assignment.objects.filter(round=round, entry=entry)}
    tied = dict(Conflict.objects.filter(entry=entry).exclude(state="lifted").values_list("judge_id", "reason"))
    own = team_of(entry)
    lines = [line for line in by_judge(round) if line.judge.user not in own]
    is_over = round.state in OVER_STATES
    found = [_seat_at(line, states.get(line.judge.pk), tied.get(line.judge.pk), is_over=is_over) for line in lines]
    return sorted(filter(None, found), key=lambda seat: (not seat.word, seat.load))


def _seat_at(line: JudgeProgress, seat: Assignment | None, tie: str | None, *, is_over: bool) -> Seat | None:
    """`tie`: the reason of a conflict, None where there is none. None: neither has it nor can be given it."""
    state = seat.state if seat else A.RELEASED
    if tie is not None or state == A.RECUSED:
        return Seat(line.judge, line.seats, _("stepped back: conflict of interest"), is_open=False, tie=tie or "")
    if seat is not None and state not in (A.RELEASED, A.PROPOSED):
        word = _came_of(seat) if is_over else str(A(state).label)
        return Seat(line.judge, line.seats, word, is_open=True)
    if line.judge.state not in (JudgeState.INVITED, JudgeState.ACCEPTED):
        return None
    return Seat(line.judge, line.seats, "", is_open=False)


def ties_in(competition: Competition) -> list[Conflict]:
    """Every conflict that stands, by judge and entry; one query."""
    standing = Conflict.objects.filter(judge__competition=competition).exclude(state="lifted")
    return list(standing.select_related("judge__user", "entry__startup").order_by("judge_id", "entry__serial"))


def proposer_of(round: Round) -> int | None:
    """Who made the last proposal, whatever became of it."""
    proposals = round.approvals.filter(role=RoleKind.MANAGER).order_by("-pk")
    return proposals.values_list("user_id", flat=True).first()


def proposed_by(round: Round, user: User) -> bool:
    return round.approvals.filter(user=user, role=RoleKind.MANAGER, withdrawn_at__isnull=True).exists()


def approvals_of(round: Round) -> Iterable[Approval]:
    """Those that stand; one query, none in other states."""
    if round.state not in DECIDED_STATES:
        return ()
    return round.approvals.filter(withdrawn_at__isnull=True).select_related("user")


def decisions_by_entry(round: Round) -> dict[int, Decision]:
    return {decision.entry_id: decision for decision in round.decisions.select_related("award")}


def standing_decisions(round: Round) -> dict[int, Decision]:
    """By entry, what is proposed, approved or announced; one query, none in other states."""
    return decisions_by_entry(round) if round.state in DECIDED_STATES else {}


def standing_decision(round: Round, entry: Entry) -> Decision | None:
    """What is proposed, approved or announced about one entry; one query, none in other states."""
    if round.state not in DECIDED_STATES:
        return None
    return round.decisions.filter(entry=entry).select_related("award").first()
