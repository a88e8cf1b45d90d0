"""The doors through which rounds, assignments and score sheets change their state."""

from collections.abc import Mapping
from typing import Any, cast

from django.db import models, transaction

from competitions.enums import SheetState
from competitions.lifecycle import ASSIGNMENT, ROUND, SHEET
from competitions.models import Assignment, Round, ScoreSheet
from network_platform.journal.models import Thing
from network_platform.journal.services import record
from network_platform.lifecycle import Lifecycle
from network_platform.people.models import User

LEAST_REASON = 10


class ReasonMissing(ValueError):
    """The move needs a reason."""


def has_meaning(reason: str) -> bool:
    """Whether a reason that others will read says anything: `LEAST_REASON` characters at least."""
    return len(reason.strip()) >= LEAST_REASON


def demand_meaning(reason: str) -> None:
    if not has_meaning(reason):
        raise ReasonMissing(reason)


def locked_round(round: Round) -> Round:
    """The round as it is now, held for this transaction: nobody opens, closes or decides it meanwhile."""
    return Round.objects.select_for_update().get(pk=round.pk)


@transaction.atomic
def move_round(
    *, round: Round, to: str, by: User | None, reason: str = "", details: Mapping[str, Any] | None = None
) -> Round:
    """Lock, check the table, write, journal with `details`. Who may is the caller's rule."""
    scope = round.competition.scope_token
    return _move(round, ROUND, to, by, reason, scope, f"{round.competition}: {round}", details or {})


@transaction.atomic
def move_assignment(*, assignment: Assignment, to: str, by: User | None, reason: str = "") -> Assignment:
    scope = assignment.round.competition.scope_token
    label = f"{assignment.entry.number}, judge {assignment.judge.uid}"
    return _move(assignment, ASSIGNMENT, to, by, reason, scope, label, {}, reason=reason)


@transaction.atomic
def move_sheet(*, sheet: ScoreSheet, to: str, by: User | None, reason: str = "", **fields: Any) -> ScoreSheet:
    """`fields` are written with the state: `total`, `coverage` and `submitted_at` at submission."""
    assignment = sheet.assignment
    scope = assignment.round.competition.scope_token
    label = f"{assignment.entry.number}, judge {assignment.judge.uid}"
    return _move(sheet, SHEET, to, by, reason, scope, label, {}, **fields)


@transaction.atomic
def make_sheets_final(*, round: Round, by: User | None) -> int:
    """All sheets of a round that count, at once, with one record; returns how many."""
    legal = SHEET.check(SheetState.SUBMITTED, SheetState.FINAL)
    counted = ScoreSheet.objects.counted().filter(assignment__round=round, state=SheetState.SUBMITTED)
    count = counted.update(state=SheetState.FINAL)
    scope, label = round.competition.scope_token, f"{round.competition}: {round}"
    record(verb=legal.verb, thing=round, by=by, scope=scope, label=label, after={"sheets": count})
    return count


def _move(
    thing: models.Model,
    table: Lifecycle,
    to: str,
    by: User | None,
    why: str,
    scope: str,
    label: str,
    details: Mapping[str, Any],
    **fields: Any,
) -> Any:
    model = type(thing)
    state = model._default_manager.select_for_update(no_key=True).values_list("state", flat=True).get(pk=thing.pk)
    legal = table.check(state, to)
    if legal.needs_reason and not why.strip():
        raise ReasonMissing(legal.verb)
    model._default_manager.filter(pk=thing.pk).update(state=to, **fields)
    for name, value in {"state": to, **fields}.items():
        setattr(thing, name, value)
    record(
        verb=legal.verb,
        thing=cast(Thing, thing),
        by=by,
        scope=scope,
        label=label,
        before={"state": state},
        after={"state": to, **details},
        reason=why,
    )
    return thing
