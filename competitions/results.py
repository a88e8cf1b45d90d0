"""An announced result as it can be defended: the numbers behind it, how the order came about, who stood for it.

Public are the winners with their ranks and, where the order was departed from, the reason; of the reserve the numbers
and ranks. Means are told to each team alone. Nothing is told of a competition that is not announced.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

from competitions.calls import winners
from competitions.enums import CompetitionState, EntryState, Outcome, RoleKind
from competitions.models import Approval, Competition, Decision, Entry, RankRow, ResultsBundle, ScoreSheet
from competitions.services.deciding import Choice, off_the_ranking
from competitions.services.digests import in_parts
from network_platform.languages import in_other_language, written_in


@dataclass(frozen=True)
class Won:
    """`row`: where the winner stood. `passed`: how many entries with an equal or higher mean got less.

    `reason`: why the order was departed from, or an entry wins that no judge has read; `language` is that of the
    reason.
    """

    decision: Decision
    row: RankRow | None
    passed: int
    reason: str
    language: str

    @property
    def in_foreign_language(self) -> str:
        """`in Russian`, for who reads another language."""
        return in_other_language(self.language)


@dataclass(frozen=True)
class Result:
    """`entries` are those decided about, without the `withdrawn` that had been ranked; `sheets` are those of the
    `judges` that entered the means of `entries`; `unread` entries have none. `digest`: of the file
    that the whole was sealed in.
    """

    winners: list[Won]
    reserve: list[Decision]
    entries: int
    withdrawn: int
    unread: int
    judges: int
    sheets: int
    approvals: dict[str, Approval]
    method: str
    digest: str

    @property
    def digest_parts(self) -> list[str]:
        """Of the results file; none where none was sealed."""
        return in_parts(self.digest)

    @property
    def departing(self) -> list[Won]:
        return [won for won in self.winners if won.passed]


def result_of(competition: Competition) -> Result | None:
    """Six queries once it is announced; none and nothing before, whoever asks."""
    if competition.state != CompetitionState.ANNOUNCED:
        return None
    decisions = list(_decided(competition))
    approvals = list(
        Approval.objects.filter(round__competition=competition, withdrawn_at__isnull=True).select_related("round")
    )
    ranked = RankRow.objects.filter(ranking__in=[approval.ranking_id for approval in approvals]).count()
    sheets = ScoreSheet.objects.in_mean().filter(assignment__round__competition=competition)
    return Result(
        winners=_won(winners(competition), decisions),
        reserve=sorted((d for d in decisions if d.outcome == Outcome.RESERVE), key=_by_rank),
        entries=len(decisions),
        withdrawn=max(ranked - len(decisions), 0),
        unread=sum(_row_of(decision).reads == 0 for decision in decisions),
        judges=sheets.order_by().values("assignment__judge").distinct().count(),
        sheets=sum(_row_of(decision).reads for decision in decisions),
        approvals={RoleKind(approval.role).value: approval for approval in approvals},
        method=approvals[0].round.get_aggregation_display() if approvals else "",
        digest=ResultsBundle.objects.filter(round__competition=competition).values_list("digest", flat=True).first()
        or "",
    )


def _decided(competition: Competition) -> Iterable[Decision]:
    """What was decided about every entry of the ranking that still stands, without answers."""
    found = Decision.objects.filter(entry__competition=competition, from_row__isnull=False)
    award, row = ("order", "track"), ("rank", "score", "reads", "is_tied")
    named = [*(f"award__{name}" for name in award), *(f"from_row__{name}" for name in row)]
    return (
        found.exclude(entry__state=EntryState.WITHDRAWN)
        .select_related("entry", "award", "from_row", "decided_by")
        .only("outcome", "reason", "entry__serial", "decided_by__language", *named)
    )


def _row_of(decision: Decision) -> RankRow:
    """Of one that `_decided` found."""
    return cast(RankRow, decision.from_row)


def _won(won: Iterable[Decision], decisions: Iterable[Decision]) -> list[Won]:
    by_entry = {decision.entry_id: decision for decision in decisions}
    choices = [Choice(d.entry, d.outcome, d.award, d.reason) for d in by_entry.values()]
    rows = {pk: _row_of(decision) for pk, decision in by_entry.items()}
    passed = {choice.entry.pk: len(others) for choice, others in off_the_ranking(choices, rows)}
    return [
        Won(decision, row, overtaken, reason, _language_of(reason, by_entry.get(decision.entry_id)))
        for decision in won
        for row, overtaken in [(rows.get(decision.entry_id), passed.get(decision.entry_id, 0))]
        for reason in [decision.reason if overtaken or (row and not row.reads) else ""]
    ]


def _language_of(reason: str, decision: Decision | None) -> str:
    return written_in(reason, language=decision.decided_by.language if decision and decision.decided_by else "en")


def _by_rank(decision: Decision) -> tuple[bool, int, int | None]:
    rank = _row_of(decision).rank
    return rank is None, rank or 0, decision.entry.serial


def own_row(entry: Entry) -> RankRow | None:
    """Where an entry stood, for its own team, once the result is announced; one query."""
    if entry.competition.state != CompetitionState.ANNOUNCED or entry.state == EntryState.WITHDRAWN:
        return None
    return RankRow.objects.filter(decisions__entry=entry, score__isnull=False).first()
