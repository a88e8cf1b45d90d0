"""Plausible scores: an entry has a quality, a judge a severity, and each reading some noise."""

import random
from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal

from competitions.demonstration.calls import texts
from competitions.enums import AssignmentState, SheetState
from competitions.models import Assignment, Criterion, Entry, Judge, Round, Score, ScoreSheet
from competitions.services.totals import total


def write_sheets(seats: Iterable[Assignment], *, begun: datetime, ended: datetime, seed: int) -> list[ScoreSheet]:
    """Sheets for seats that are done (submitted) or in progress (a draft with some criteria)."""
    dice = random.Random(seed)  # noqa: S311
    written = [seat for seat in seats if seat.state in (AssignmentState.DONE, AssignmentState.IN_PROGRESS)]
    rubric = written[0].round.rubrics.get(is_current=True)
    criteria = list(rubric.criteria.all())
    quality = {pk: dice.gauss(2.2, 0.75) for pk in sorted({seat.entry_id for seat in written})}
    severity = {pk: dice.gauss(0, 0.35) for pk in sorted({seat.judge_id for seat in written})}
    marks = [_marks(seat, criteria, quality[seat.entry_id] - severity[seat.judge_id], dice) for seat in written]
    sheets = []
    said: dict[int, list[str]] = {seat.entry_id: [] for seat in written}
    for seat, values in zip(written, marks, strict=True):
        sheet = ScoreSheet(assignment=seat, rubric=rubric, revision=seat.entry.standing, language=seat.entry.language)
        _fill(sheet, criteria, values, begun + (ended - begun) * dice.random(), dice)
        sheet.feedback = _not_said_yet(sheet, said[seat.entry_id])
        sheets.append(sheet)
    made = ScoreSheet.objects.bulk_create(sheets)
    Score.objects.bulk_create(
        Score(sheet=sheet, criterion_id=pk, value=value, not_assessable=value is None)
        for sheet, values in zip(made, marks, strict=True)
        for pk, value in values.items()
    )
    return made


def _marks(seat: Assignment, criteria: list[Criterion], level: float, dice: random.Random) -> dict[int, Decimal | None]:
    """Criterion pk to value, None for "cannot assess"; a sheet in progress has the first criteria only."""
    shown = criteria if seat.state == AssignmentState.DONE else criteria[: dice.randint(1, 3)]
    values: dict[int, Decimal | None] = {c.pk: Decimal(min(4, max(0, round(dice.gauss(level, 0.6))))) for c in shown}
    unable = dice.random() < 0.05 and seat.state == AssignmentState.DONE
    return {**values, criteria[3].pk: None} if unable else values


def _fill(
    sheet: ScoreSheet,
    criteria: list[Criterion],
    values: dict[int, Decimal | None],
    when: datetime,
    dice: random.Random,
) -> None:
    is_done = sheet.assignment.state == AssignmentState.DONE
    told = texts()["answers"][sheet.language]
    sheet.version, sheet.saved_at = len(values) + 1, when
    sheet.feedback = dice.choice(told["feedback"]) if is_done else ""
    sheet.private_note = dice.choice(told["note"])
    sheet.state = SheetState.SUBMITTED if is_done else SheetState.DRAFT
    if is_done:
        result = total(criteria, values, coverage=sheet.assignment.round.coverage)
        sheet.submitted_at, sheet.total, sheet.coverage = when + timedelta(minutes=9), result.value, result.coverage


def _not_said_yet(sheet: ScoreSheet, said: list[str]) -> str:
    """The feedback, or the next one if another judge of the entry has written the same; noted in `said`."""
    told = texts()["answers"][sheet.language]["feedback"]
    text = sheet.feedback
    while text and text in said and len(said) < len(told):
        text = told[(told.index(text) + 1) % len(told)]
    said.append(text)
    return text


def seat_all(
    round_: Round, judges: list[Judge], entries: list[Entry], *, loads: list[int], seed: int
) -> list[Assignment]:
    """Three different judges an entry, by what is left of each judge's load; positions differ from judge to judge."""
    dice = random.Random(seed)  # noqa: S311
    left = dict(zip([judge.pk for judge in judges], loads, strict=True))
    by_pk = {judge.pk: judge for judge in judges}
    seats = []
    for entry in entries:
        chosen = sorted(left, key=lambda pk: (-left[pk], dice.random()))[:3]
        for pk in chosen:
            left[pk] -= 1
            seats.append(Assignment(round=round_, judge=by_pk[pk], entry=entry, due_at=round_.closes_at))
    for judge in judges:
        own = [seat for seat in seats if seat.judge_id == judge.pk]
        dice.shuffle(own)
        for position, seat in enumerate(own, start=1):
            seat.position = position
    return seats
