"""The desk: what waits, soonest first, and where to begin."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from network_platform import desk as ground
from network_platform.desk import Area, Waiting
from network_platform.people.desk_page import waiting_for
from tests.people.factories import PersonFactory, SecretariatFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def with_desk(monkeypatch):
    """`with_desk(waiting)` adds one more app's desk module."""

    def add(waiting, areas=()):
        class Desk:
            waiting_for = staticmethod(lambda user: list(waiting))
            areas_of = staticmethod(lambda user: list(areas))

        modules = ground.desks()
        monkeypatch.setattr(ground, "desks", lambda: (*modules, Desk))

    return add


def test_soonest_due_comes_first_and_undated_last(with_desk):
    now = timezone.now()
    late, soon = Waiting("late", "/l/", due=now + timedelta(days=9)), Waiting("soon", "/s/", due=now)
    with_desk([Waiting("whenever", "/w/"), late, soon])

    titles = [item.title for item in waiting_for(PersonFactory()) if item.url in {"/l/", "/s/", "/w/"}]

    assert titles == ["soon", "late", "whenever"]


@pytest.mark.parametrize(("language", "words"), [("en", "11 things are waiting"), ("ru", "Вас ждут 11 дел")])
def test_desk_shows_counts_and_dates_in_the_own_zone(with_desk, signed_in, language, words):
    due = timezone.now() + timedelta(days=3)
    with_desk(
        [
            Waiting("Score entries", "/j/", count=7, due=due),
            Waiting("Listings", "/q/", count=3),
            Waiting("Draft", "/d/"),
        ]
    )

    page = signed_in(PersonFactory(time_zone="Asia/Bishkek")).get(f"/{language}/desk/").content.decode()

    assert words in page
    assert "UTC+6" in page
    assert 'href="/j/"' in page


def test_dates_stand_in_the_zone_of_the_thing_until_the_reader_has_chosen_one(with_desk, signed_in):
    due = datetime(2031, 12, 14, 20, 0, tzinfo=UTC)
    with_desk([Waiting("Score entries", "/j/", due=due, zone="Asia/Bishkek")])

    pages = [
        signed_in(PersonFactory(time_zone=zone)).get("/en/desk/").content.decode() for zone in ("UTC", "Asia/Kabul")
    ]

    assert "15 December 2031, 02:00, Bishkek (UTC+6)" in pages[0]
    assert '<span class="day">15</span>' in pages[0]
    assert "15 December 2031, 00:30, Kabul (UTC+4:30)" in pages[1]


def test_titles_from_users_are_text(with_desk, signed_in):
    with_desk([Waiting("<img src=x onerror=alert(1)>", "/x/")])

    page = signed_in(PersonFactory()).get("/en/desk/").content.decode()

    assert "<img src=x" not in page


def test_empty_desk_tells_each_audience_how_to_begin(signed_in):
    page = signed_in(PersonFactory()).get("/ru/desk/").content.decode()

    for way in ("/ru/incubators/", "/ru/competitions/", "/ru/mentors/", "/ru/mentors/join/", "/ru/handbooks/"):
        assert f'<a class="hit" href="{way}">' in page
    assert "С чего начать" in page


def test_who_has_no_name_is_asked_for_it(signed_in):
    page = signed_in(PersonFactory(name="")).get("/en/desk/").content.decode()

    assert "Add your name" in page


def test_secretariat_sees_its_areas_and_others_do_not(signed_in):
    secretary = signed_in(SecretariatFactory()).get("/en/desk/").content.decode()
    member = signed_in(PersonFactory()).get("/en/desk/").content.decode()

    assert 'href="/en/people/"' in secretary
    assert 'href="/en/people/"' not in member


def test_areas_of_apps_are_shown(with_desk, signed_in):
    with_desk([], areas=[Area("Judging room", "/judging/")])

    assert "Judging room" in signed_in(PersonFactory()).get("/en/desk/").content.decode()


def test_queries_do_not_grow_with_what_waits(with_desk, signed_in, django_assert_max_num_queries):
    client = signed_in(PersonFactory())
    client.get("/en/desk/")
    spent = []
    for many in (1, 3):
        with_desk([Waiting(f"thing {number}", "/x/") for number in range(many)])
        with django_assert_max_num_queries(35) as captured:
            client.get("/en/desk/")
        spent.append(len(captured))

    assert spent[0] == spent[1]


def test_who_has_work_of_their_own_and_nothing_waiting_reads_of_it_first(with_desk, signed_in):
    with_desk([], [Area("You manage: Call", "/m/")])

    page = signed_in(PersonFactory()).get("/en/desk/").content.decode()

    places = [
        page.index(words) for words in ("Where you work", "You manage: Call", ">Settings<", "What else you can do")
    ]
    assert places == sorted(places)
    assert "Where to begin" not in page


def test_who_has_none_reads_first_where_to_begin(signed_in):
    page = signed_in(PersonFactory()).get("/en/desk/").content.decode()

    assert page.index("Where to begin") < page.index("Where you work")
