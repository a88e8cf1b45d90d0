"""The competition whose winners are announced; founder2@ is one of them."""

from datetime import datetime
from typing import cast

from competitions.demonstration.calls import at, date_back, make_call
from competitions.demonstration.entries import submit_all
from competitions.demonstration.people import seat_judges, second_founders_startup, startups
from competitions.demonstration.scoring import seat_all, write_sheets
from competitions.enums import AssignmentState, Outcome, RoleKind, RoundState
from competitions.models import Assignment, Competition, Entry, Ranking, Round
from competitions.services.announcing import announce
from competitions.services.competitions import publish_competition
from competitions.services.deciding import Choice, approve, close_round, decisions_digest, propose
from competitions.services.sealing import seal_results
from competitions.services.states import move_round
from network_platform.people.demonstration import person

ENTRIES = 18
WINNERS = 3


def load_announced() -> bool:
    if Competition.objects.filter(slug="first-customers").exists():
        return False
    opened, closed = at(-130, 9), at(-90, 18)
    competition = make_call("announced", opens=opened, closes=closed, read_until=at(-45, 18))
    manager, observer = person("manager@demo.example"), person("observer@demo.example")
    publish_competition(competition=competition, by=manager)
    teams = [second_founders_startup(), *startups(ENTRIES)[1:]]
    entries = submit_all(competition, teams, opened=opened, closed=closed, seed=21)
    reading = competition.rounds.get()
    move_round(round=reading, to=RoundState.OPEN, by=manager)
    _score(reading, entries)
    ranking = close_round(round=reading, by=manager)
    propose(round=reading, choices=_choices(competition, ranking, entries), by=manager)
    approve(round=reading, by=observer, read=decisions_digest(reading))
    announce(round=reading, by=manager)
    seal_results(reading)
    date_back(competition, published_at=at(-132, 18), announced_at=at(-24, 12))
    _date_decision_back(reading)
    return True


def _date_decision_back(reading: Round) -> None:
    """Between the end of the reading and the announcement."""
    reading.rankings.update(made_at=reading.closes_at)
    reading.decisions.update(decided_at=at(-28, 15))
    reading.approvals.filter(role=RoleKind.MANAGER).update(at=at(-28, 15))
    reading.approvals.filter(role=RoleKind.OBSERVER).update(at=at(-26, 11))


def _score(reading: Round, entries: list[Entry]) -> None:
    judges = seat_judges(reading.competition)
    loads = [ENTRIES * 3 // len(judges) + 1] * len(judges)
    seats = seat_all(reading, judges, entries, loads=loads, seed=22)
    for seat in seats:
        seat.state, seat.cleared_at = AssignmentState.DONE, reading.opens_at
    made = Assignment.objects.bulk_create(seats)
    write_sheets(made, begun=cast(datetime, reading.opens_at), ended=cast(datetime, reading.closes_at), seed=23)


def _choices(competition: Competition, ranking: Ranking, entries: list[Entry]) -> list[Choice]:
    """The best of the ranking win, and founder2's entry with a reason if it is not among them."""
    order = [row.entry_id for row in ranking.rows.all()]
    own = entries[0].pk
    chosen = order[:WINNERS] if own in order[:WINNERS] else [*order[: WINNERS - 1], own]
    award = competition.awards.get()
    by_pk = {entry.pk: entry for entry in entries}
    found = []
    for pk in order:
        is_winner = pk in chosen
        outcome = Outcome.WINNER if is_winner else Outcome.RESERVE if pk in order[:5] else Outcome.NOT_SELECTED
        reason = REASON if pk == own and own not in order[:WINNERS] else ""
        found.append(Choice(by_pk[pk], outcome, award if is_winner else None, reason))
    return found


REASON = "The panel heard the team and found the customers' letters decisive; the means lie within one point."
