"""From scores to winners: the means, the decision, its approval by a second person."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from itertools import takewhile
from typing import Any, cast

from django.db import transaction
from django.utils import timezone

from competitions.enums import JUDGED_STATES, EntryState, Outcome, RoleKind, RoundState
from competitions.models import Approval, Award, Decision, Entry, Ranking, RankRow, Round, ScoreSheet
from competitions.services import assigning, notices
from competitions.services.digests import canonical, digest_of
from competitions.services.states import ReasonMissing, demand_meaning, has_meaning, locked_round, move_round
from competitions.services.totals import COMPUTED
from network_platform.journal.services import record
from network_platform.lifecycle import IllegalMove
from network_platform.people.models import User

METHOD = "mean"
ENGINE = "mean/1"
PLACES = Decimal("0.0001")
R = RoundState


class NothingDecided(ValueError):
    """A proposal needs at least one winner."""


class NotAllDecided(ValueError):
    """Entries came or went while the decision was being made: every judged entry needs exactly one outcome."""


class DecisionChanged(Exception):
    """What is proposed is not what was read before approving."""


class MethodUnknown(ValueError):
    """The declared way of adding up totals cannot be computed here."""


class EndPassed(ValueError):
    """A round that is opened again, or whose end is moved, needs an end that lies ahead."""


class AwardRefused(ValueError):
    """`entries` cannot all have `award`."""

    def __init__(self, award: Award, entries: list[Entry]) -> None:
        super().__init__(f"{award}: {_numbers(entries)}")
        self.award, self.entries = award, entries


class AwardTooOften(AwardRefused):
    """It can be won less often than it was given."""


class AwardOutsideTrack(AwardRefused):
    """It belongs to another track."""


class ReasonsMissing(ReasonMissing):
    """`entries` depart from the ranking and have no reason. `passed`: entry pk -> those that stand level with it or
    above and get less, the highest first.
    """

    def __init__(self, passed: dict[Entry, list[Entry]]) -> None:
        super().__init__(_numbers(passed))
        self.entries = list(passed)
        self.passed = {entry.pk: others for entry, others in passed.items()}


class UnreadWithoutReason(ReasonMissing):
    """No sheet counts for `entries`, so that nothing but a reason explains what was decided about them."""

    def __init__(self, entries: list[Entry]) -> None:
        super().__init__(_numbers(entries))
        self.entries = entries


class ProposalRefused(ValueError):
    """`problems`: everything that keeps a proposal from being made, at once."""

    def __init__(self, problems: list[Exception]) -> None:
        super().__init__("; ".join(f"{type(problem).__name__} {problem}" for problem in problems))
        self.problems = problems


def _numbers(entries: Iterable[Entry]) -> str:
    return ", ".join(entry.number for entry in entries)


@dataclass(frozen=True)
class Choice:
    """What is decided about one entry."""

    entry: Entry
    outcome: str
    award: Award | None = None
    reason: str = ""


def open_round(*, round: Round, by: User) -> Round:
    return move_round(round=round, to=R.OPEN, by=by)


@transaction.atomic
def close_round(*, round: Round, by: User) -> Ranking:
    """Stop the scoring, and compute the means of what was handed in. Raises MethodUnknown.

    Judges who have seats left are told.
    """
    if round.aggregation not in COMPUTED:
        raise MethodUnknown(round.aggregation)
    assigning.tell_of_closing(round=round)
    move_round(round=round, to=R.CLOSED, by=by)
    move_round(round=round, to=R.SCORED, by=by)
    ranking = compute_means(round=round, by=by)
    move_round(round=round, to=R.RANKED, by=by, details={"ranking": ranking.inputs_digest})
    return ranking


@transaction.atomic
def reopen_round(*, round: Round, by: User, reason: str, until: datetime | None = None) -> Round:
    """Take scores again, until `until` if given: needs a reason, voids the ranking and what stood on it.

    Judges who have seats left are told, and the observers who had a proposal to approve. Raises EndPassed when the
    round would be over at once.
    """
    demand_meaning(reason)
    now = timezone.now()
    closes_at = until or round.closes_at
    if closes_at is not None and closes_at <= now:
        raise EndPassed
    proposal = round.approvals.filter(role=RoleKind.MANAGER, withdrawn_at__isnull=True).first()
    move_round(round=round, to=R.OPEN, by=by, reason=reason, details={"decision": as_evidence(round)})
    if until is not None:
        Round.objects.filter(pk=round.pk).update(closes_at=until)
        round.closes_at = until
    round.rankings.standing().update(voided_at=now, void_reason=reason)
    round.approvals.filter(withdrawn_at__isnull=True).update(withdrawn_at=now)
    round.decisions.all().delete()
    assigning.tell_of_reopening(round=round, by=by, reason=reason)
    if proposal:
        notices.decision_void(proposal=proposal, by=by, reason=reason)
    return round


@transaction.atomic
def move_end(*, round: Round, until: datetime, by: User, reason: str) -> Round:
    """Another end of an open round; judges with seats left are told, with the reason. The same end changes nothing.

    Raises EndPassed when it does not lie ahead, IllegalMove when the round is not open.
    """
    demand_meaning(reason)
    round = locked_round(round)
    if round.state != R.OPEN:
        raise IllegalMove("round", round.state, R.OPEN)
    if until <= timezone.now() or (round.opens_at and until <= round.opens_at):
        raise EndPassed
    if until == round.closes_at:
        return round
    before, round.closes_at = round.closes_at, until
    round.save(update_fields=["closes_at"])
    for judge in assigning.judges_to_tell(round):
        assigning.tell_of_end(round=round, judge=judge, by=by, reason=reason)
    record(
        verb="round.end_moved",
        thing=round,
        by=by,
        scope=round.competition.scope_token,
        label=f"{round.competition}: {round}",
        before={"closes_at": before},
        after={"closes_at": until},
        reason=reason,
    )
    return round


@transaction.atomic
def compute_means(*, round: Round, by: User | None) -> Ranking:
    """The plain mean of each entry's counted totals, rounded half up to 4 places; equal means share a rank.

    Entries without a counted sheet stand at the end without a rank. The same inputs give the same ranking.
    `inputs_digest` is the SHA-256 of the canonical JSON of [entry number, judge uid, total] in that order.
    """
    sheets = list(
        ScoreSheet.objects.in_mean()
        .filter(assignment__round=round)
        .order_by("assignment__entry__serial", "assignment__judge__uid")
        .values_list("assignment__entry_id", "assignment__entry__serial", "assignment__judge_id", "total")
    )
    judges = {pk: str(uid) for pk, uid in round.competition.judges.values_list("pk", "uid")}
    digest = digest_of(canonical([[serial, judges[judge], str(total)] for _entry, serial, judge, total in sheets]))
    known = round.rankings.standing().filter(inputs_digest=digest, method=METHOD).first()
    if known is not None:
        return known
    totals: dict[int, list[Decimal]] = defaultdict(list)
    for entry, _serial, _judge, total in sheets:
        totals[entry].append(cast(Decimal, total))
    ranking = Ranking.objects.create(round=round, inputs_digest=digest, method=METHOD, engine=ENGINE, made_by=by)
    RankRow.objects.bulk_create(_rows(ranking, round, totals))
    return ranking


def _rows(ranking: Ranking, round: Round, totals: dict[int, list[Decimal]]) -> list[RankRow]:
    means = {pk: mean_of(values) for pk, values in totals.items()}
    often = Counter(means.values())
    first: dict[Decimal, int] = {}
    rows = []
    for position, pk in enumerate(sorted(means, key=lambda pk: (-means[pk], pk)), start=1):
        mean = means[pk]
        rank = first.setdefault(mean, position)
        rows.append(
            RankRow(
                ranking=ranking,
                entry_id=pk,
                rank=rank,
                score=mean,
                reads=len(totals[pk]),
                is_tied=often[mean] > 1,
            )
        )
    without = Entry.objects.filter(competition=round.competition_id, state__in=JUDGED_STATES).exclude(pk__in=means)
    return rows + [RankRow(ranking=ranking, entry=entry) for entry in without.order_by("serial")]


def mean_of(totals: list[Decimal]) -> Decimal:
    return (sum(totals, Decimal(0)) / len(totals)).quantize(PLACES, ROUND_HALF_UP)


@transaction.atomic
def propose(*, round: Round, choices: list[Choice], by: User) -> list[Decision]:
    """The manager's half of the announcement: an outcome for every judged entry that was not withdrawn.

    Whoever wins level with or from below somebody who does not, or gets a lesser award than somebody below, needs a
    reason, and so does every entry that no judge has read. Winners of one rank share a place. Raises NotAllDecided,
    or ProposalRefused with all of NothingDecided, AwardTooOften, AwardOutsideTrack, ReasonsMissing and
    UnreadWithoutReason that apply.
    """
    locked_round(round)
    ranking = round.rankings.standing().filter(method=METHOD).get()
    rows = {row.entry_id: row for row in ranking.rows.select_related("entry")}
    _demand_all_decided(choices, rows)
    problems = list(_problems(choices, rows))
    if problems:
        raise ProposalRefused(problems)
    round.decisions.all().delete()
    places = places_of(choices, rows)
    decisions = Decision.objects.bulk_create([_decision(round, one, rows, places, by) for one in choices])
    digest = decisions_digest(round)
    details = {"decision": as_evidence(round), "decision_digest": digest, "ranking": ranking.inputs_digest}
    move_round(round=round, to=R.PROPOSED, by=by, details=details)
    Approval.objects.create(round=round, ranking=ranking, user=by, role=RoleKind.MANAGER, decisions_digest=digest)
    notices.decision_waits(round=round, digest=digest)
    return decisions


def _demand_all_decided(choices: list[Choice], rows: dict[int, RankRow]) -> None:
    standing = sorted(pk for pk, row in rows.items() if row.entry.state != EntryState.WITHDRAWN)
    if sorted(choice.entry.pk for choice in choices) != standing:
        raise NotAllDecided


def _problems(choices: list[Choice], rows: dict[int, RankRow]) -> Iterator[Exception]:
    if not any(choice.outcome == Outcome.WINNER for choice in choices):
        yield NothingDecided()
    yield from _awards_out_of_bounds(choices)
    passed = {c.entry: others for c, others in off_the_ranking(choices, rows) if not has_meaning(c.reason)}
    if passed:
        yield ReasonsMissing(passed)
    unread = [c.entry for c in choices if not rows[c.entry.pk].reads and not has_meaning(c.reason)]
    unread = [entry for entry in unread if entry not in passed]
    if unread:
        yield UnreadWithoutReason(unread)


def _awards_out_of_bounds(choices: list[Choice]) -> Iterator[AwardRefused]:
    given: dict[Award, list[Entry]] = defaultdict(list)
    for choice in choices:
        if choice.award is not None:
            given[choice.award].append(choice.entry)
    for award, entries in given.items():
        if len(entries) > award.places:
            yield AwardTooOften(award, entries)
        outside = [entry for entry in entries if award.track_id and award.track_id != entry.track_id]
        if outside:
            yield AwardOutsideTrack(award, outside)


def places_of(choices: list[Choice], rows: dict[int, RankRow]) -> dict[int, int]:
    """Entry pk -> place of each winner: one more than the winners with a higher mean."""
    means = [rows[c.entry.pk].score for c in choices if c.outcome == Outcome.WINNER]
    return {
        c.entry.pk: 1 + sum(_is_higher(mean, rows[c.entry.pk].score) for mean in means)
        for c in choices
        if c.outcome == Outcome.WINNER
    }


def _is_higher(mean: Decimal | None, other: Decimal | None) -> bool:
    return mean is not None and (other is None or mean > other)


def _decision(round: Round, choice: Choice, rows: dict[int, RankRow], places: dict[int, int], by: User) -> Decision:
    return Decision(
        round=round,
        entry=choice.entry,
        outcome=choice.outcome,
        award=choice.award,
        place=places.get(choice.entry.pk),
        from_row=rows[choice.entry.pk],
        reason=choice.reason,
        decided_by=by,
    )


def off_the_ranking(choices: list[Choice], rows: dict[int, RankRow]) -> list[tuple[Choice, list[Entry]]]:
    """Winners whose mean is not above that of every entry that does not win, or whose award stands before that of a
    winner with a higher mean, each with the entries that it overtakes.
    """
    winners = [c for c in choices if c.outcome == Outcome.WINNER]
    losing = [c for c in choices if c.outcome != Outcome.WINNER and rows[c.entry.pk].score is not None]
    losing.sort(key=lambda c: (-_known_mean(c, rows), c.entry.serial))
    found = [(c, _passed_over(c, losing, winners, rows)) for c in winners]
    return [(choice, others) for choice, others in found if others]


def _known_mean(choice: Choice, rows: dict[int, RankRow]) -> Decimal:
    """Of an entry that has one."""
    return cast(Decimal, rows[choice.entry.pk].score)


def _passed_over(
    choice: Choice, losing: Iterable[Choice], winners: Iterable[Choice], rows: dict[int, RankRow]
) -> list[Entry]:
    """`losing`: those that do not win, the highest first."""
    mean = rows[choice.entry.pk].score
    above = takewhile(lambda other: mean is None or mean <= _known_mean(other, rows), losing)
    lesser = (other for other in winners if _stands_before(choice, other, rows))
    overtaken = sorted([*above, *lesser], key=lambda other: (-_known_mean(other, rows), other.entry.serial))
    return [other.entry for other in overtaken]


def _stands_before(choice: Choice, other: Choice, rows: dict[int, RankRow]) -> bool:
    """`choice` has the better of two awards of one track though its mean is lower."""
    if choice.award is None or other.award is None or other.award.track_id != choice.award.track_id:
        return False
    is_lower = _is_higher(rows[other.entry.pk].score, rows[choice.entry.pk].score)
    return choice.award.order < other.award.order and is_lower


def as_evidence(round: Round) -> list[dict[str, Any]]:
    """The decision as the journal keeps it; reasons are named by the digest alone."""
    rows = round.decisions.select_related("entry__competition", "award").order_by("entry__serial")
    return [
        {"entry": row.entry.number, "outcome": row.outcome, "award": row.award_id, "place": row.place} for row in rows
    ]


def decisions_digest(round: Round) -> str:
    """What exactly is proposed and approved, reasons included."""
    rows = round.decisions.order_by("entry_id").values_list("entry__uid", "outcome", "award_id", "place", "reason")
    return digest_of(canonical([[str(uid), *rest] for uid, *rest in rows]))


@transaction.atomic
def approve(*, round: Round, by: User, read: str) -> Approval:
    """The second person's half. `read`: the digest of the decision that was shown; raises DecisionChanged."""
    locked_round(round)
    digest = decisions_digest(round)
    if digest != read:
        raise DecisionChanged
    ranking = round.rankings.standing().filter(method=METHOD).get()
    move_round(round=round, to=R.APPROVED, by=by, details={"decision_digest": digest})
    approval = Approval.objects.create(
        round=round, ranking=ranking, user=by, role=RoleKind.OBSERVER, decisions_digest=digest
    )
    notices.decision_approved(approval=approval)
    return approval


@transaction.atomic
def return_it(*, round: Round, by: User, reason: str) -> Round:
    """The proposal goes back to the managers, with a reason that they read."""
    demand_meaning(reason)
    move_round(round=round, to=R.RANKED, by=by, reason=reason)
    round.approvals.filter(withdrawn_at__isnull=True).update(withdrawn_at=timezone.now())
    notices.decision_returned(round=round, by=by, reason=reason)
    return round
