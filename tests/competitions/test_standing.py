"""What the lists of managers and observers say of each competition."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from competitions import desk
from competitions.standing import standings
from network_platform.zones import in_words
from tests.competitions import factories as make

pytestmark = pytest.mark.django_db
OWN = "/en/competitions/manage/"


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("draft", "applications closed, judging not open yet"),
        ("ranked", "scored, to be decided"),
        ("proposed", "decision proposed, to be approved"),
        ("approved", "decided, to be announced"),
    ],
)
def test_after_the_deadline_the_round_says_how_far_it_is(signed_in, state: str, words: str) -> None:
    role = make.RoleFactory(competition=make.CompetitionFactory(judging=True))
    make.RoundFactory(competition=role.competition, state=state)

    page = signed_in(role.user).get(OWN).content.decode()

    assert words in page
    assert "published" not in page
    assert [area.detail for area in desk.areas_of(role.user)] == [words]


@pytest.mark.parametrize(
    ("trait", "words", "moment"),
    [
        ("open", "open for applications until", "closes_at"),
        ("announced", "winners announced on", "announced_at"),
    ],
)
def test_a_phase_with_an_hour_says_it(trait: str, words: str, moment: str) -> None:
    competition = make.CompetitionFactory(**{trait: True})

    told = standings([competition])

    when = in_words(getattr(competition, moment), competition.time_zone)
    assert told == [(competition, f"{words} {when}")]


@pytest.mark.parametrize(
    ("days", "words"), [(3, "being judged until "), (-3, "being judged; the time for scores ended on ")]
)
def test_while_judges_read_the_end_of_the_round_is_said(days: int, words: str) -> None:
    ends = timezone.now() + timedelta(days=days)
    round_ = make.RoundFactory(closes_at=ends)

    told = standings([round_.competition])

    assert told == [(round_.competition, words + in_words(ends, round_.competition.time_zone))]


def test_a_draft_and_one_that_opens_later() -> None:
    opens = timezone.now() + timedelta(days=2)
    draft = make.CompetitionFactory()
    coming = make.CompetitionFactory(open=True, opens_at=opens)

    told = standings([draft, coming])

    assert [words for _, words in told] == ["draft", f"opens on {in_words(opens, coming.time_zone)}"]


def test_the_list_takes_as_many_queries_for_3_as_for_1(signed_in) -> None:
    manager = make.PersonFactory()
    client = signed_in(manager)

    def queries() -> int:
        make.RoundFactory(competition=make.RoleFactory(user=manager, competition__judging=True).competition)
        with CaptureQueriesContext(connection) as taken:
            client.get(OWN)
        return len(taken)

    queries()
    assert queries() == queries()
