"""The competition in judging: 60 entries, 12 judges, 3 reads each, scores partly in."""

import random
from datetime import datetime, timedelta

from django.utils import timezone

from competitions.demonstration.calls import at, date_back, make_call
from competitions.demonstration.entries import submit_all
from competitions.demonstration.people import seat_judges, startups
from competitions.demonstration.scoring import seat_all, write_sheets
from competitions.enums import AssignmentState, RoundState
from competitions.models import Assignment, Competition, Entry, Round
from competitions.services.competitions import publish_competition
from competitions.services.judging import recuse
from competitions.services.states import move_round
from network_platform.people.demonstration import person

A = AssignmentState
ENTRIES = 60
FIRST_JUDGE = 12  # entries of judge1@: 7 done, 1 begun, 1 given up for a conflict, 3 to be read


def load_judging() -> bool:
    if Competition.objects.filter(slug="network-start-up-prize").exists():
        return False
    opened, closed = at(-55, 9), at(-12, 18)
    competition = make_call("judging", opens=opened, closes=closed, read_until=at(9, 18))
    manager = person("manager@demo.example")
    publish_competition(competition=competition, by=manager)
    date_back(competition, published_at=at(-57, 18))
    first, *others = startups(ENTRIES)
    teams = [*others[: ENTRIES // 2], first, *others[ENTRIES // 2 :]]
    entries = submit_all(competition, teams, opened=opened, closed=closed, seed=11)
    reading = competition.rounds.get()
    move_round(round=reading, to=RoundState.OPEN, by=manager)
    _seat_and_score(reading, entries, closed)
    return True


def _seat_and_score(reading: Round, entries: list[Entry], closed: datetime) -> None:
    judges = seat_judges(reading.competition)
    rest, extra = divmod(len(entries) * 3 - FIRST_JUDGE, len(judges) - 1)
    loads = [FIRST_JUDGE, *(rest + (number < extra) for number in range(len(judges) - 1))]
    seats = seat_all(reading, judges, entries, loads=loads, seed=12)
    first = judges[0].pk
    _progress_first([seat for seat in seats if seat.judge_id == first], closed)
    _progress_others([seat for seat in seats if seat.judge_id != first], closed)
    made = Assignment.objects.bulk_create(seats)
    write_sheets(made, begun=closed, ended=timezone.now(), seed=13)
    seat = next(seat for seat in made if seat.judge_id == first and seat.position == 9)
    recuse(assignment=seat, reason="Я консультировал эту команду в прошлом году.", by=judges[0].user)


def _progress_first(seats: list[Assignment], closed: datetime) -> None:
    for seat in sorted(seats, key=lambda seat: seat.position):
        seat.cleared_at = closed + timedelta(days=1) if seat.position <= 9 else None
        seat.state = A.DONE if seat.position <= 7 else A.IN_PROGRESS if seat.position == 8 else A.ACTIVE


def _progress_others(seats: list[Assignment], closed: datetime) -> None:
    """Some have finished, most are half-way, one has not begun."""
    dice = random.Random(14)  # noqa: S311
    pace = {pk: dice.choice([0, 0.3, 0.5, 0.6, 0.8, 1]) for pk in sorted({seat.judge_id for seat in seats})}
    load = {pk: sum(seat.judge_id == pk for seat in seats) for pk in pace}
    for seat in seats:
        done = round(pace[seat.judge_id] * load[seat.judge_id])
        has_begun = pace[seat.judge_id] > 0
        seat.cleared_at = closed + timedelta(days=1) if has_begun else None
        seat.state = A.DONE if seat.position <= done else A.ACTIVE
        if has_begun and seat.position == done + 1:
            seat.state = A.IN_PROGRESS
