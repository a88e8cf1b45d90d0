"""Hours: in the reader's zone, always with the zone named."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from network_platform import zones

MOMENT = datetime(2026, 12, 14, 12, 0, tzinfo=UTC)


@pytest.fixture
def reader() -> Any:
    def read_in(name: str) -> Any:
        return zones.reader_zone.set(name)

    token = zones.reader_zone.set("")
    yield read_in
    zones.reader_zone.reset(token)


@pytest.mark.parametrize(
    ("zone", "language", "words"),
    [
        ("Asia/Bishkek", "en", "14 December 2026, 18:00, Bishkek (UTC+6)"),
        ("Asia/Bishkek", "ru", "14 декабря 2026, 18:00, Бишкек (UTC+6)"),
        ("Asia/Kabul", "en", "14 December 2026, 16:30, Kabul (UTC+4:30)"),
        ("America/New_York", "en", "14 December 2026, 07:00, New York (UTC−5)"),
        ("Nowhere/Atall", "en", "14 December 2026, 12:00, UTC"),
        ("", "en", "14 December 2026, 12:00, UTC"),
    ],
)
def test_visitors_see_the_organisers_zone(reader: Any, zone: str, language: str, words: str) -> None:
    with translation.override(language):
        html = Template("{{ at|local_time:zone }}").render(Context({"at": MOMENT, "zone": zone}))
    assert html == f'<time datetime="2026-12-14T12:00:00+00:00">{words}</time>'


def test_readers_zone_wins_and_the_deadline_keeps_both(reader: Any) -> None:
    reader("Asia/Tashkent")
    assert zones.in_words(MOMENT, "Asia/Bishkek") == "14 December 2026, 17:00, Tashkent (UTC+5)"
    said = zones.deadline(MOMENT, "Asia/Bishkek")
    assert (said["hour"], said["own_hour"]) == ("17:00, Tashkent (UTC+5)", "18:00, Bishkek (UTC+6)")
    reader("Asia/Almaty")
    assert zones.deadline(MOMENT, "Asia/Tashkent")["own_hour"] == "", "the same hour is not said twice"


@pytest.mark.parametrize(
    ("own", "zone", "language", "words"),
    [
        ("", "Asia/Bishkek", "en", "15 December 2026 (UTC+6)"),
        ("", "Asia/Bishkek", "ru", "15 декабря 2026 (UTC+6)"),
        ("", "", "en", "14 December 2026 (UTC)"),
        ("Asia/Kabul", "Asia/Bishkek", "en", "15 December 2026"),
        ("Europe/Zurich", "Asia/Bishkek", "en", "14 December 2026"),
    ],
)
def test_a_last_day_says_whose_day_it_is_to_whoever_has_no_zone(
    reader: Any, own: str, zone: str, language: str, words: str
) -> None:
    reader(own)
    late = MOMENT + timedelta(hours=8)
    with translation.override(language):
        html = Template("{{ at|last_day:zone }}").render(Context({"at": late, "zone": zone}))
    assert html == f'<time datetime="2026-12-14T20:00:00+00:00">{words}</time>'


def test_a_mail_names_the_zone_of_a_last_day_to_whoever_has_none(reader: Any) -> None:
    reader("Asia/Dushanbe")

    assert zones.last_day(MOMENT, reader="") == "14 December 2026 (UTC)"
    assert zones.last_day(MOMENT, reader="Asia/Almaty") == "14 December 2026"


@pytest.mark.django_db
def test_only_people_with_a_session_are_looked_up(rf: RequestFactory) -> None:
    request = rf.get("/en/")
    assert zones.zone_of(request) == ""  # request.user is not even there
    request.COOKIES["sessionid"] = "x"
    request.user = get_user_model().objects.create_user("a@example.org", time_zone="Asia/Dushanbe")
    assert zones.zone_of(request) == "Asia/Dushanbe"
    request.user.time_zone = "../../etc/passwd"
    assert zones.zone_of(request) == ""


@pytest.mark.parametrize(
    ("ahead", "english", "russian"),
    [
        (timedelta(days=21, hours=5), "21 days left", "остался 21 день"),
        (timedelta(days=6, hours=23, minutes=58), "7 days left", "осталось 7 дней"),
        (timedelta(days=2, hours=1), "2 days left", "осталось 2 дня"),
        (timedelta(days=5), "5 days left", "осталось 5 дней"),
        (timedelta(hours=47), "47 hours left", "осталось 47 часов"),
        (timedelta(minutes=90), "90 minutes left", "осталось 90 минут"),
        (timedelta(seconds=30), "0 minutes left", "осталось 0 минут"),
        (timedelta(seconds=-1), "closed", "срок истёк"),
    ],
)
def test_what_is_left(ahead: timedelta, english: str, russian: str) -> None:
    assert zones.time_left(MOMENT + ahead, MOMENT) == english
    with translation.override("ru"):
        assert zones.time_left(MOMENT + ahead, MOMENT) == russian


def test_a_mail_knows_the_zone_of_its_reader_and_not_of_who_caused_it(reader: Any) -> None:
    reader("Asia/Dushanbe")

    assert zones.zone_for("Asia/Bishkek") == "Asia/Dushanbe"
    assert zones.zone_for("Asia/Bishkek", "Asia/Almaty") == "Asia/Almaty"
    assert zones.zone_for("Asia/Bishkek", "UTC") == "Asia/Bishkek", "UTC is nobody's choice"
    assert zones.zone_for("Nowhere/Atall", "") == "UTC"
    assert zones.in_both(MOMENT, "Asia/Bishkek", "") == "14 December 2026, 18:00, Bishkek (UTC+6)"
