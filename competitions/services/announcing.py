"""The minute in which a result becomes public."""

from collections.abc import Iterator

from django.db import transaction

from competitions.enums import CompetitionState, EntryState, Outcome, RoundState
from competitions.models import Decision, Entry, Round
from competitions.services.competitions import move_competition
from competitions.services.deciding import decisions_digest
from competitions.services.entries import move_entries
from competitions.services.states import locked_round, make_sheets_final, move_round
from network_platform.background.services import after_commit
from network_platform.people.models import User

STATE_OF = {
    Outcome.WINNER: EntryState.WINNER,
    Outcome.RESERVE: EntryState.RESERVE,
    Outcome.NOT_SELECTED: EntryState.NOT_SELECTED,
}


class ApprovalOutdated(Exception):
    """What was approved is not what is decided now."""


class WinnerWithdrew(Exception):
    """`entries` won or are on the reserve, and were withdrawn since: the decision has to be made again."""

    def __init__(self, entries: list[Entry]) -> None:
        super().__init__(", ".join(entry.number for entry in entries))
        self.entries = entries


@transaction.atomic
def announce(*, round: Round, by: User) -> Round:
    """Publish the approved decision: entries (and with them a message to every team), sheets, the competition.

    Entries that were not selected and have been withdrawn since stay so. What the result rests on is sealed in one
    file by a worker, as soon as this is committed (`sealing.py`). Raises ApprovalOutdated, WinnerWithdrew.
    """
    locked_round(round)
    digest = _demand_two_matching_approvals(round)
    decisions = list(_decisions_of(round))
    withdrawn = [decision for decision in decisions if decision.entry.state == EntryState.WITHDRAWN]
    _demand_no_prize(withdrawn)
    details = {"decision_digest": digest, "withdrawn_since": [decision.entry.number for decision in withdrawn]}
    move_round(round=round, to=RoundState.ANNOUNCED, by=by, details=details)
    standing = [decision for decision in decisions if decision.entry.state != EntryState.WITHDRAWN]
    move_entries(moves={each.entry: STATE_OF[Outcome(each.outcome)] for each in standing}, by=by)
    make_sheets_final(round=round, by=by)
    move_competition(competition=round.competition, to=CompetitionState.ANNOUNCED, by=by)
    after_commit("competitions.tasks.seal_results", round.pk)
    return round


def _decisions_of(round: Round) -> Iterator[Decision]:
    """By number, with what a letter names, and without what an entry says."""
    rows = round.decisions.select_related("entry__startup").defer("entry__answers", "entry__touched")
    for decision in rows.order_by("entry__serial"):
        decision.entry.competition = round.competition
        yield decision


def _demand_two_matching_approvals(round: Round) -> str:
    digests = set(round.approvals.filter(withdrawn_at__isnull=True).values_list("role", "decisions_digest"))
    now = decisions_digest(round)
    if digests != {("manager", now), ("observer", now)}:
        raise ApprovalOutdated
    return now


def _demand_no_prize(withdrawn: list[Decision]) -> None:
    gone = [decision.entry for decision in withdrawn if decision.outcome != Outcome.NOT_SELECTED]
    if gone:
        raise WinnerWithdrew(gone)
