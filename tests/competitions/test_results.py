"""An announced result: what stands behind it is public, what belongs to one team stays with it, nothing comes early."""

import gzip
from decimal import Decimal as D

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from competitions.enums import Outcome, RoleKind
from competitions.models import Competition, Decision, Entry, Round
from competitions.results import own_row, result_of
from competitions.services import announcing, deciding
from competitions.services.competitions import index_competition
from competitions.services.deciding import Choice
from competitions.services.entries import withdraw_entry
from tests.competitions import factories as make

pytestmark = pytest.mark.django_db
W, R, N = Outcome.WINNER, Outcome.RESERVE, Outcome.NOT_SELECTED
PAGE = "/en/competitions/proven/"
WHY = "CANARY: customers pay already"


class Decided:
    """Five entries by their means: 90, 80, 80, 70.25 and one that nobody read; the third wins over the second."""

    def __init__(self) -> None:
        competition = make.CompetitionFactory(judging=True, slug="proven")
        self.round = make.RoundFactory(competition=competition)
        self.manager = make.RoleFactory(competition=competition, role=RoleKind.MANAGER).user
        self.observer = make.RoleFactory(competition=competition, role=RoleKind.OBSERVER).user
        judges = [make.JudgeFactory(competition=competition) for _ in range(2)]
        totals = [("91", "89"), ("80", "80"), ("80", "80"), ("70.25",), ()]
        self.entries = [self._entry(number, zip(judges, given, strict=False)) for number, given in enumerate(totals)]
        deciding.close_round(round=self.round, by=self.manager)
        outcomes = [W, R, W, N, N]
        reasons = ["kept among us", "", WHY, "kept among us", "CANARY: no judge of this field"]
        choices = [Choice(*each[:2], reason=each[2]) for each in zip(self.entries, outcomes, reasons, strict=True)]
        deciding.propose(round=self.round, choices=choices, by=self.manager)
        index_competition(competition)

    def _entry(self, number, given) -> Entry:
        founder = make.PersonFactory(email=f"founder{number}@test.example")
        startup = make.StartupOfTeamFactory(name=f"CANARY start-up {number}", founder=founder)
        entry = make.EntryFactory(competition=self.round.competition, startup=startup, submitted=True)
        for judge, total in given:
            seat = make.AssignmentFactory(round=self.round, entry=entry, judge=judge, state="done")
            handed_in = {"state": "submitted", "submitted_at": seat.assigned_at}
            make.ScoreSheetFactory(assignment=seat, total=D(total), **handed_in)
        return entry

    def founder(self, number: int):
        return self.entries[number].startup.members.get().user

    def approve(self) -> None:
        deciding.approve(round=self.round, by=self.observer, read=deciding.decisions_digest(self.round))

    def announce(self) -> None:
        self.approve()
        announcing.announce(round=self.round, by=self.manager)
        cache.clear()


@pytest.fixture
def decided() -> Decided:
    return Decided()


# what is told only after the announcement: on the public page, and to a team about itself
PUBLIC = [WHY, "How this result came about", "rank 2", "E-1002", "Departs from the order", "Approved by an observer"]
OWN = ["How it was scored", "70.25"]
ROUTES = [
    PAGE,
    "/ru/competitions/proven/",
    "/en/competitions/",
    "/api/v1/competitions/proven/",
    "/api/v1/competitions/",
    "/en/search/?q=CANARY",
    "/sitemap.xml",
    "/en/competitions/entries/",
    "/en/competitions/manage/",
    "/en/competitions/proven/manage/",
    "/en/competitions/proven/manage/decision/",
    "/en/desk/",
]


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("is_approved", [False, True])
@pytest.mark.parametrize("who", ["visitor", "founder", "judge"])
def test_nothing_of_the_result_is_told_before_the_announcement(
    decided: Decided, signed_in, route: str, is_approved: bool, who: str
) -> None:
    if is_approved:
        decided.approve()
    judge = decided.round.competition.judges.first().user
    reader = {"visitor": Client, "founder": lambda: signed_in(decided.founder(3)), "judge": lambda: signed_in(judge)}

    page = reader[who]().get(route, follow=True).content.decode()

    shown = [words for words in (*PUBLIC, *OWN, "CANARY: no judge") if words in page]
    assert shown == []


@pytest.mark.parametrize("is_approved", [False, True])
def test_a_team_is_told_nothing_of_its_own_result_before_the_announcement(
    decided: Decided, signed_in, is_approved: bool
) -> None:
    if is_approved:
        decided.approve()
    client, entry = signed_in(decided.founder(3)), decided.entries[3]
    own = f"/en/competitions/entries/{entry.uid}/"

    pages = [client.get(f"{own}{end}").content.decode() for end in ("", "receipt/", "team/", "content.json")]

    assert [words for words in (*PUBLIC, *OWN) for page in pages if words in page] == []
    assert own_row(Entry.objects.get(pk=entry.pk)) is None
    assert result_of(Competition.objects.get()) is None


def test_the_public_result_shows_what_it_stands_on(decided: Decided, client) -> None:
    decided.announce()

    result = client.get(PAGE).context["result"]
    page = client.get(f"{PAGE}?fresh").content.decode()

    assert (result.entries, result.withdrawn, result.unread, result.judges, result.sheets) == (5, 0, 1, 2, 7)
    assert [(won.row.rank, won.row.is_tied, won.passed, won.reason) for won in result.winners] == [
        (1, False, 0, ""),
        (2, True, 1, WHY),
    ]
    assert [decision.entry for decision in result.reserve] == [decided.entries[1]]
    assert all(words in page for words in PUBLIC)
    assert "rank 2, shared" in page


def test_the_public_result_names_no_loser_no_mean_no_person_and_no_other_reason(decided: Decided, client) -> None:
    decided.announce()

    pages = [client.get(route).content.decode() for route in (PAGE, "/api/v1/competitions/proven/")]

    people = [decided.manager.name, decided.observer.name]
    hidden = ["start-up 1", "start-up 3", "start-up 4", "70.25", "90.00", "80.00", "kept among us", "no judge of this"]
    assert [words for words in (*hidden, *people) for page in pages if words in page] == []


def test_what_was_withdrawn_after_the_ranking_is_counted_apart(decided: Decided, client) -> None:
    withdraw_entry(entry=decided.entries[3], by=decided.founder(3))
    decided.announce()

    result = client.get(PAGE).context["result"]

    assert (result.entries, result.withdrawn, result.sheets) == (4, 1, 6)
    assert "and 1 withdrawn after the ranking" in client.get(f"{PAGE}?fresh").content.decode()


def test_a_winner_that_nobody_read_is_told_with_the_reason(client) -> None:
    decided = Decided()
    deciding.return_it(round=decided.round, by=decided.manager, reason="thinking again")
    outcomes = [W, W, W, W, W]
    choices = [Choice(each, outcome, reason=WHY) for each, outcome in zip(decided.entries, outcomes, strict=True)]
    deciding.propose(round=Round.objects.get(), choices=choices, by=decided.manager)
    decided.round.refresh_from_db()
    decided.announce()

    result = client.get(PAGE).context["result"]

    assert [(won.row.rank, won.passed, won.reason) for won in result.winners] == [
        (1, 0, ""),
        (2, 0, ""),
        (2, 0, ""),
        (4, 0, ""),
        (None, 0, WHY),
    ]
    assert "no mean" in client.get(f"{PAGE}?fresh").content.decode()


def test_each_team_reads_its_own_mean_and_rank_and_the_rule(decided: Decided, signed_in) -> None:
    decided.announce()
    entry = decided.entries[3]
    own = f"/en/competitions/entries/{entry.uid}/"

    page = signed_in(decided.founder(3)).get(own)

    row = page.context["row"]
    assert (row.score, row.rank, row.reads) == (D("70.25"), 4, 1)
    assert all(words in page.content.decode() for words in (*OWN, "means of single criteria are not given out"))
    assert signed_in(decided.founder(0)).get(own).status_code == 404


def test_a_team_that_nobody_read_is_shown_no_mean(decided: Decided, signed_in) -> None:
    decided.announce()
    own = f"/en/competitions/entries/{decided.entries[4].uid}/"

    page = signed_in(decided.founder(4)).get(own)

    assert page.context["row"] is None
    assert "How it was scored" not in page.content.decode()


def test_an_announced_result_takes_as_many_queries_for_more_entries(decided: Decided, client) -> None:
    decided.announce()

    def queries() -> int:
        with CaptureQueriesContext(connection) as taken:
            page = client.get(f"{PAGE}?fresh").content
        assert len(gzip.compress(page)) <= 25 * 1024
        return len(taken)

    queries()
    before = queries()
    for row in decided.round.rankings.get().rows.filter(rank=1):
        for _ in range(3):
            again = make.EntryFactory(competition=decided.round.competition, submitted=True)
            row.pk, row.entry = None, again
            row.save()
            make.DecisionFactory(round=decided.round, entry=again, from_row=row)

    assert queries() == before <= 24


@pytest.mark.parametrize(
    ("reason", "writes", "reads", "told"),
    [
        ("Решение проще", "ru", "en", ("ru", "In the organisers&#x27; words, in Russian:")),
        ("Решение проще", "en", "en", ("ru", "In the organisers&#x27; words, in Russian:")),
        ("It is riper", "en", "en", ("en", "In the organisers&#x27; words:")),
    ],
)
def test_a_reason_says_its_language(client, reason: str, writes: str, reads: str, told: tuple[str, str]) -> None:
    decided = Decided()
    type(decided.manager).objects.filter(pk=decided.manager.pk).update(language=writes)
    Decision.objects.filter(reason=WHY).update(reason=reason)
    Competition.objects.update(state="announced", announced_at=timezone.now())

    page = client.get(f"/{reads}/competitions/proven/").content.decode()

    assert f'<span lang="{told[0]}" dir="auto">{reason}</span>' in page
    assert told[1].replace("&#x27;", "'") in page
