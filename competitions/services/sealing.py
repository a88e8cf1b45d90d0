"""The results bundle of a round that is announced: everything behind the result in one file, judges under pseudonyms.

What it holds and how anybody checks it is in `docs/results-bundle.md`. A judge is a number drawn by chance: no list
tells who it is, and nobody finds the file by trying, from the digest that everybody reads. Reasons of recusals, notes,
feedback and hours stay out, and so does what was withdrawn after the ranking: ranks in the file are among the others.
"""

import logging
import secrets
from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from competitions.enums import (
    COUNTED_SHEETS,
    OPEN_ASSIGNMENTS,
    AssignmentKind,
    AssignmentState,
    EntryState,
    Outcome,
    RoundState,
    WeightsOf,
)
from competitions.judging.bundle import canonical, seal
from competitions.judging.marks import NotComparable
from competitions.models import (
    Assignment,
    Criterion,
    Decision,
    Entry,
    Ranking,
    RankRow,
    ResultsBundle,
    Round,
    RubricVersion,
    Score,
    ScoreSheet,
)
from competitions.services.definitions import tree_of
from competitions.services.digests import plain
from competitions.services.states import locked_round
from network_platform.journal.services import record
from network_platform.page_cache import touch

log = logging.getLogger(__name__)
LEAST = Decimal("0.0001")  # in which means are kept
NOWHERE = "nowhere"
LOOKED_FOR = timedelta(days=1)
SEATED = OPEN_ASSIGNMENTS | {AssignmentState.DONE}


class NotSealed(ValueError):
    """The file would not say what is announced; the message says where it differs."""


@transaction.atomic
def seal_results(round: Round) -> ResultsBundle | None:
    """The sealed file of an announced round, kept beside it and told to the journal; safe to repeat. None where there
    is none, or where it cannot be made, which the log explains.

    It cannot where a sheet has no scores that give its total (as when a start-up's stage changed after it was judged),
    or where groups of entries share no judge, so that the model beside the mean finds no common ranking. A worker does
    this: a great competition costs seconds, and NumPy and SciPy memory.
    """
    row = locked_round(round)
    if row.state != RoundState.ANNOUNCED:
        return None
    if known := ResultsBundle.objects.filter(round=row).first():
        return known
    try:
        bundle = _sealed(row, row.rankings.standing().get())
    except (ValueError, NotComparable) as error:
        log.warning("no results bundle for round %s: %s", row.uid, error)
        return None
    whole = bundle["digests"]["whole"]
    made = ResultsBundle.objects.create(round=row, content=canonical(bundle).decode(), digest=whole)
    touch("competitions")
    told = {"after": {"results_digest": whole}, "label": f"{row.competition}: {row}"}
    record(verb="round.results_sealed", thing=row, by=None, scope=row.competition.scope_token, **told)
    return made


def seal_left_behind() -> int:
    """Rounds announced in the last day without a file, as when the broker was lost; how many were sealed."""
    recent = Round.objects.filter(state=RoundState.ANNOUNCED, results_bundle=None)
    found = recent.filter(competition__announced_at__gte=timezone.now() - LOOKED_FOR)
    return sum(seal_results(round) is not None for round in found.order_by("pk"))


def _sealed(round: Round, ranking: Ranking) -> dict[str, Any]:
    sheets, content = _content(round, ranking)
    bundle = seal(content)
    _demand_the_same(bundle, sheets, ranking)
    return bundle


def _content(round: Round, ranking: Ranking) -> tuple[list[ScoreSheet], dict[str, Any]]:
    """The sheets, and all the parts but for what is computed; in each the order says nothing of people or hours."""
    rows = ranking.rows.values_list("entry_id", flat=True)
    standing = Entry.objects.filter(pk__in=rows).exclude(state=EntryState.WITHDRAWN)
    entries = list(standing.select_related("track").only("serial", "stage", "track__code").order_by("serial"))
    numbers = {entry.pk: entry.number for entry in entries}
    seats = list(Assignment.objects.filter(round=round, entry__in=numbers, kind=AssignmentKind.READING))
    judges = {pk: f"J-{secrets.token_hex(8)}" for pk in {seat.judge_id for seat in seats}}
    names = {seat.pk: (judges[seat.judge_id], numbers[seat.entry_id]) for seat in seats}
    sheets = _sheets(seats)
    decisions = list(round.decisions.filter(entry__in=numbers).select_related("award").order_by("entry__serial"))
    recused = sorted(names[seat.pk] for seat in seats if seat.state == AssignmentState.RECUSED)
    return sheets, {
        **_rubric_and_entries(_rubric_of(round, sheets), round.coverage, entries),
        "judges": [{"id": name} for name in sorted(judges.values())],
        "assignment": {"seats": sorted(list(names[seat.pk]) for seat in seats if seat.state in SEATED)},
        "recusals": [{"judge": judge, "entry": entry} for judge, entry in recused],
        "sheets": _scored(sheets, names),
        "ranking": {"model": "mean", "top_k": _places(decisions), "draws": 1000, "seed": 0},
        "decisions": [_decided(decision, numbers) for decision in decisions],
    }


def _sheets(seats: Iterable[Assignment]) -> list[ScoreSheet]:
    """Those that entered the means, and those below the declared coverage."""
    done = [seat.pk for seat in seats if seat.state == AssignmentState.DONE]
    return list(ScoreSheet.objects.filter(assignment__in=done, state__in=COUNTED_SHEETS).order_by("pk"))


def _rubric_of(round: Round, sheets: Iterable[ScoreSheet]) -> RubricVersion:
    used = {sheet.rubric_id for sheet in sheets}
    rubric = round.rubrics.filter(is_current=True).first()
    if rubric is None or used - {rubric.pk}:
        raise NotSealed("the sheets were not scored by the one rubric that stands")
    return rubric


def _rubric_and_entries(rubric: RubricVersion, coverage: Decimal, entries: list[Entry]) -> dict[str, Any]:
    """Criteria may be meant for stages or tracks; the file knows one word an entry for both, where they matter."""
    criteria = tree_of(rubric)
    limits = any(criterion.only_stages or criterion.only_tracks for criterion in criteria)
    places = {(entry.stage, entry.track.code if entry.track else "") for entry in entries} if limits else set()
    codes = {criterion.pk: criterion.code for criterion in criteria}
    return {
        "rubric": {
            "version": rubric.digest or str(rubric.number),
            "nested_weights": rubric.weights_of == WeightsOf.PARENT,
            "coverage": plain(coverage),
            "criteria": [_criterion(criterion, codes, places) for criterion in criteria],
        },
        "entries": [{"id": entry.number} | (_place_of(entry) if limits else {}) for entry in entries],
    }


def _criterion(criterion: Criterion, codes: dict[int, str], places: set[tuple[str, str]]) -> dict[str, Any]:
    row: dict[str, Any] = {"code": criterion.code, "kind": criterion.kind}
    if criterion.parent_id:
        row["parent"] = codes[criterion.parent_id]
    numbers = {"weight": "weight", "minimum": "scale_min", "maximum": "scale_max", "step": "scale_step"}
    row |= {name: plain(value) for name, held in numbers.items() if (value := getattr(criterion, held)) is not None}
    if criterion.only_stages or criterion.only_tracks:
        meant = (_in_one_word(*place) for place in places if _is_meant_for(criterion, *place))
        row["only_stages"] = sorted(meant) or [NOWHERE]
    return row


def _is_meant_for(criterion: Criterion, stage: str, track: str) -> bool:
    """By its own limits; those of the criteria above it stand with them."""
    in_stage = not criterion.only_stages or stage in criterion.only_stages
    return in_stage and (not criterion.only_tracks or track in criterion.only_tracks)


def _place_of(entry: Entry) -> dict[str, str]:
    return {"stage": _in_one_word(entry.stage, entry.track.code if entry.track else "")}


def _in_one_word(stage: str, track: str) -> str:
    return f"{stage or '-'}/{track or '-'}"


def _scored(sheets: list[ScoreSheet], names: dict[int, tuple[str, str]]) -> list[dict[str, Any]]:
    scores: dict[int, dict[str, str | None]] = {sheet.pk: {} for sheet in sheets}
    found = Score.objects.filter(sheet__in=scores).values_list("sheet_id", "criterion__code", "value")
    for sheet, code, value in found:
        scores[sheet][code] = None if value is None else plain(value)
    rows = (
        {"judge": judge, "entry": entry, "scores": scores[sheet.pk]}
        for sheet in sheets
        for judge, entry in [names[sheet.assignment_id]]
    )
    return sorted(rows, key=lambda row: (row["entry"], row["judge"]))


def _places(decisions: list[Decision]) -> list[int]:
    winners = sum(decision.outcome == Outcome.WINNER for decision in decisions)
    return sorted({1, max(winners, 1)})


def _decided(decision: Decision, numbers: dict[int, str]) -> dict[str, str]:
    row = {"entry": numbers[decision.entry_id], "outcome": decision.outcome, "reason": decision.reason}
    if decision.award is not None:
        names = decision.award.names
        row["award"] = names.get("en") or next(iter(names.values()), "")
    return row


def _demand_the_same(bundle: dict[str, Any], sheets: list[ScoreSheet], ranking: Ranking) -> None:
    """Totals and means of the file are those that were decided upon."""
    told = sorted(Decimal(sheet["total"]) for sheet in bundle["sheets"] if sheet["total"] is not None)
    if told != sorted(sheet.total for sheet in sheets if sheet.total is not None):
        raise NotSealed("the scores do not give the totals that stand")
    means = {row["entry"]: row["raw_mean"] for row in bundle["ranking"]["entries"]}
    for row in ranking.rows.select_related("entry").exclude(entry__state=EntryState.WITHDRAWN):
        if not _is_mean(means[row.entry.number], row):
            raise NotSealed(f"the sheets do not give the mean of {row.entry.number}")


def _is_mean(found: float | None, row: RankRow) -> bool:
    if found is None or row.score is None:
        return found is None and row.score is None
    return abs(Decimal(str(found)) - row.score) <= LEAST
