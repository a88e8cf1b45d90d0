"""A competition at 2,000 entries and 5 judges each: CPU milliseconds and queries of its pages and its steps.

    PLATFORM_VAR=/tmp/bench python benchmarks/competing.py [entries]

It migrates, makes an open call and one in judging (seeded, the same every time), and walks through both.
"""

import random
import re
import sys
from datetime import timedelta
from decimal import Decimal

from _measuring import anew, kept, often, once  # isort: skip
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from competitions.demonstration.calls import make_call
from competitions.demonstration.entries import answers_for, submit_all
from competitions.demonstration.scoring import write_sheets
from competitions.enums import AssignmentState, JudgeState, Outcome, RoundState
from competitions.models import Assignment, Competition, Entry, Judge, Round, ScoreSheet
from competitions.services.announcing import announce
from competitions.services.competitions import publish_competition
from competitions.services.deciding import Choice, approve, close_round, compute_means, decisions_digest, propose
from competitions.services.entries import save_answers, start_entry
from competitions.services.sealing import seal_results
from competitions.services.states import move_round
from incubators.models import Country, Startup, StartupMember
from incubators.services.reference import load_reference
from network_platform.people.models import User

SEED = 20261123
READS = 5
JUDGES = 100


def somebody(name: str) -> User:
    return User.objects.get_or_create(email=f"{name}@benchmark.example", defaults={"name": name, "language": "en"})[0]


def startups(number: int) -> list[Startup]:
    countries = list(Country.objects.order_by("iso2"))
    return Startup.objects.bulk_create(
        Startup(
            name=f"Sample {n}",
            country=countries[n % len(countries)],
            stage="prototype_mvp",
            summary="Panels from cotton waste.",
        )
        for n in range(number)
    )


def in_judging(number: int) -> Round:
    """Every entry has its readings handed in but those of the first judge, who has ten left."""
    now = timezone.now()
    opened, closed = now - timedelta(days=50), now - timedelta(days=10)
    competition = make_call("judging", opens=opened, closes=closed, read_until=now + timedelta(days=9))
    publish_competition(competition=competition, by=None)
    teams = startups(number)
    people = User.objects.bulk_create(User(email=f"team{n}@benchmark.example", name=f"Team {n}") for n in range(number))
    StartupMember.objects.bulk_create(
        StartupMember(startup=startup, user=person, role="owner") for startup, person in zip(teams, people, strict=True)
    )
    entries = submit_all(competition, teams, opened=opened, closed=closed, seed=SEED)
    judges = Judge.objects.bulk_create(
        Judge(competition=competition, user=somebody(f"judge{n}"), state=JudgeState.ACCEPTED) for n in range(JUDGES)
    )
    reading = competition.rounds.get()
    move_round(round=reading, to=RoundState.OPEN, by=None)
    chance = random.Random(SEED)  # noqa: S311 - repeatable, not secret
    seats, left = [], 10
    for entry in entries:
        for judge in chance.sample(judges, READS):
            is_left = judge is judges[0] and left > 0
            left -= is_left
            state = AssignmentState.ACTIVE if is_left else AssignmentState.DONE
            seats.append(Assignment(round=reading, judge=judge, entry=entry, state=state, cleared_at=closed))
    write_sheets(Assignment.objects.bulk_create(seats), begun=closed, ended=now, seed=SEED)
    return reading


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def apply() -> None:
    """The founder's way, from the form to the receipt."""
    now = timezone.now()
    opened, closes = now - timedelta(days=9), now + timedelta(days=9)
    competition = make_call("open", opens=opened, closes=closes, read_until=closes + timedelta(days=9))
    publish_competition(competition=competition, by=None)
    founder, startup = somebody("founder"), startups(1)[0]
    StartupMember.objects.create(startup=startup, user=founder, role="owner")
    statements = competition.eligibility_rules.filter(kind="statement").values_list("pk", flat=True)
    entry = start_entry(
        competition=competition, startup=startup, by=founder, language="en", confirmed=frozenset(statements)
    )
    save_answers(entry=entry, values=answers_for(startup, "en", random.Random(SEED)), based_on=0)  # noqa: S311
    client, page = signed_in(founder), f"/en/competitions/entries/{entry.uid}/"
    visitor = Client()
    often("public page of a call, made anew", anew(visitor, f"/en/competitions/{competition.slug}/"))
    often("public page of a call, kept", kept(visitor, f"/en/competitions/{competition.slug}/"))
    often("a page of the form", kept(client, f"{page}1/"))

    def save() -> None:
        version = Entry.objects.values_list("version", flat=True).get(pk=entry.pk)
        answer = client.post(f"{page}1/save/", {"version": version, "team": f"Four people, {version} days"})
        assert answer.status_code == 200, answer.content

    often("autosave of the form, with one query of ours", save)
    shown = client.get(f"{page}review/").content.decode()
    reviewed = re.search(r'name="reviewed" value="([^"]*)"', shown)[1]
    once("submitting", lambda: client.post(f"{page}review/", {"reviewed": reviewed}))
    entry.refresh_from_db()
    assert entry.state == "submitted", entry.state


def judge(reading: Round) -> None:
    seat = Assignment.objects.filter(round=reading, state=AssignmentState.ACTIVE).select_related("judge__user").first()
    client, page = signed_in(seat.judge.user), f"/en/judging/sheets/{seat.uid}/"
    often("a judge's queue", kept(client, "/en/judging/"))
    often("a judge opens an entry", kept(client, page))

    def save() -> None:
        version = ScoreSheet.objects.filter(assignment=seat).values_list("version", flat=True).first() or 0
        answer = client.post(f"{page}autosave/", {"version": version, "score-innovation": "3", "feedback": "Weigh it."})
        assert answer.status_code == 200, answer.content

    often("a judge saves a score, with one query of ours", save)


def manage(reading: Round) -> None:
    manager = Competition.objects.get(pk=reading.competition_id).roles.get(role="manager").user
    observer = reading.competition.roles.get(role="observer").user
    client, desk = signed_in(manager), f"/en/competitions/{reading.competition.slug}/manage/"
    for name, path in {"overview": "", "entries": "entries/", "judges": "judges/"}.items():
        often(f"manager: {name}", kept(client, f"{desk}{path}"))
    once("closing the round", lambda: close_round(round=reading, by=manager))
    once("the ranking again, unchanged", lambda: compute_means(round=reading, by=manager))
    once("manager: the whole ranking to decide upon", kept(client, f"{desk}decision/"))
    rows = reading.rankings.standing().get().rows.select_related("entry")
    choices = [Choice(row.entry, Outcome.WINNER if row.rank == 1 else Outcome.NOT_SELECTED) for row in rows]
    once("proposing", lambda: propose(round=reading, choices=choices, by=manager))
    once("approving", lambda: approve(round=reading, by=observer, read=decisions_digest(reading)))
    once("announcing, a letter to every team", lambda: announce(round=reading, by=manager))
    once("all sheets sealed in one file, by a worker", lambda: seal_results(reading))


def main(number: int) -> None:
    call_command("migrate", verbosity=0)
    load_reference()
    for login in ("manager", "observer"):
        User.objects.get_or_create(email=f"{login}@demo.example", defaults={"name": login, "language": "en"})
    print(f"{connection.vendor}, {number} entries, {READS} readings each")
    apply()
    reading = in_judging(number)
    judge(reading)
    manage(reading)
    assert Decimal(0) < reading.rankings.first().rows.first().score <= Decimal(100)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2_000)
