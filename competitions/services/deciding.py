"""From scores to winners: the means, the decision, its approval by a second person, the announcement."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.db import transaction
from django.utils import timezone

from competitions.enums import Outcome, RoleKind, RoundState
from competitions.models import Approval, Award, Decision, Entry, Ranking, RankRow, Round, ScoreSheet
from competitions.services.digests import canonical, digest_of
from competitions.services.entries import ReasonMissing
from competitions.services.states import move_round
from network_platform.people.models import User

METHOD = "mean"
ENGINE = "mean/1"
PLACES = Decimal("0.0001")
R = RoundState


class NothingDecided(ValueError):
    """A proposal needs at least one winner."""


class ReasonsMissing(ReasonMissing):
    """`entries` depart from the ranking and have no reason."""

    def __init__(self, entries: list[Entry]) -> None:
        super().__init__(", ".join(entry.number for entry in entries))
        self.entries = entries


@dataclass(frozen=True)
class Choice:
    """What is decided about one entry."""

    entry: Entry
    outcome: str
    award: Award | None = None
    place: int | None = None
    reason: str = ""


def open_round(*, round: Round, by: User) -> Round:
    return move_round(round=round, to=R.OPEN, by=by)


@transaction.atomic
def close_round(*, round: Round, by: User) -> Ranking:
    """Stop the scoring, and compute the means of what was handed in."""
    move_round(round=round, to=R.CLOSED, by=by)
    move_round(round=round, to=R.SCORED, by=by)
    ranking = compute_means(round=round, by=by)
    move_round(round=round, to=R.RANKED, by=by)
    return ranking


@transaction.atomic
def reopen_round(*, round: Round, by: User, reason: str) -> Round:
    """Take scores again: needs a reason, voids the ranking and what stood on it."""
    move_round(round=round, to=R.OPEN, by=by, reason=reason)
    now = timezone.now()
    round.rankings.standing().update(voided_at=now, void_reason=reason)
    round.approvals.filter(withdrawn_at__isnull=True).update(withdrawn_at=now)
    round.decisions.all().delete()
    return round


@transaction.atomic
def compute_means(*, round: Round, by: User | None) -> Ranking:
    """The plain mean of each entry's counted totals, rounded half up to 4 places; equal means share a rank.

    Entries without a counted sheet stand at the end without a rank. The same inputs give the same ranking.
    """
    sheets = list(
        ScoreSheet.objects.counted()
        .filter(assignment__round=round, total__isnull=False)
        .order_by("assignment__entry__serial", "assignment__judge_id")
        .values_list("assignment__entry_id", "assignment__judge__uid", "total")
    )
    digest = digest_of(canonical([[entry, str(judge), str(total)] for entry, judge, total in sheets]))
    known = round.rankings.standing().filter(inputs_digest=digest, method=METHOD).first()
    if known is not None:
        return known
    ranking = Ranking.objects.create(round=round, inputs_digest=digest, method=METHOD, engine=ENGINE, made_by=by)
    RankRow.objects.bulk_create(_rows(ranking, round, sheets))
    return ranking


def _rows(ranking: Ranking, round: Round, sheets: Iterable[tuple[int, object, Decimal]]) -> list[RankRow]:
    totals: dict[int, list[Decimal]] = defaultdict(list)
    for entry, _judge, total in sheets:
        totals[entry].append(total)
    means = {pk: mean_of(values) for pk, values in totals.items()}
    order = sorted(means, key=lambda pk: -means[pk])
    standing = list(means.values())
    rows = [
        RankRow(
            ranking=ranking,
            entry_id=pk,
            rank=1 + sum(mean > means[pk] for mean in standing),
            score=means[pk],
            reads=len(totals[pk]),
            is_tied=standing.count(means[pk]) > 1,
        )
        for pk in order
    ]
    without = Entry.objects.filter(assignments__round=round).submitted().exclude(pk__in=means).distinct()
    return rows + [RankRow(ranking=ranking, entry=entry) for entry in without]


def mean_of(totals: list[Decimal]) -> Decimal:
    return (sum(totals, Decimal(0)) / len(totals)).quantize(PLACES, ROUND_HALF_UP)


@transaction.atomic
def propose(*, round: Round, choices: list[Choice], by: User) -> list[Decision]:
    """The manager's half of the announcement. Whoever wins from below somebody who does not needs a reason."""
    if not any(choice.outcome == Outcome.WINNER for choice in choices):
        raise NothingDecided
    ranking = round.rankings.standing().filter(method=METHOD).get()
    rows = {row.entry_id: row for row in ranking.rows.all()}
    missing = [choice.entry for choice in off_the_ranking(choices, rows) if not choice.reason.strip()]
    if missing:
        raise ReasonsMissing(missing)
    round.decisions.all().delete()
    decisions = Decision.objects.bulk_create([_decision(round, choice, rows, by) for choice in choices])
    digest = decisions_digest(round)
    Approval.objects.create(round=round, ranking=ranking, user=by, role=RoleKind.MANAGER, decisions_digest=digest)
    move_round(round=round, to=R.PROPOSED, by=by)
    return decisions


def _decision(round: Round, choice: Choice, rows: dict[int, RankRow], by: User) -> Decision:
    return Decision(
        round=round,
        entry=choice.entry,
        outcome=choice.outcome,
        award=choice.award,
        place=choice.place,
        from_row=rows.get(choice.entry.pk),
        reason=choice.reason,
        decided_by=by,
    )


def off_the_ranking(choices: list[Choice], rows: dict[int, RankRow]) -> list[Choice]:
    """Winners whose mean is below that of an entry which does not win, or who have no mean at all."""
    scores = {pk: row.score for pk, row in rows.items()}
    losers = [c for c in choices if c.outcome != Outcome.WINNER and scores.get(c.entry.pk) is not None]
    best_loser = max((scores[c.entry.pk] for c in losers), default=None)
    winners = [c for c in choices if c.outcome == Outcome.WINNER]
    return [c for c in winners if _is_below(scores.get(c.entry.pk), best_loser)]


def _is_below(score: Decimal | None, other: Decimal | None) -> bool:
    return score is None or (other is not None and score < other)


def decisions_digest(round: Round) -> str:
    """What exactly is proposed and approved."""
    rows = round.decisions.order_by("entry_id").values_list("entry__uid", "outcome", "award_id", "place", "reason")
    return digest_of(canonical([[str(uid), *rest] for uid, *rest in rows]))


@transaction.atomic
def approve(*, round: Round, by: User) -> Approval:
    """The second person's half: names by digest what was approved."""
    ranking = round.rankings.standing().filter(method=METHOD).get()
    digest = decisions_digest(round)
    approval = Approval.objects.create(
        round=round, ranking=ranking, user=by, role=RoleKind.OBSERVER, decisions_digest=digest
    )
    move_round(round=round, to=R.APPROVED, by=by)
    return approval


@transaction.atomic
def return_it(*, round: Round, by: User, reason: str) -> Round:
    """The proposal goes back to the managers, with a reason."""
    move_round(round=round, to=R.RANKED, by=by, reason=reason)
    round.approvals.filter(withdrawn_at__isnull=True).update(withdrawn_at=timezone.now())
    return round
