"""The first page: deadlines in a named zone, and no older than a minute."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from cms.models import HomePage
from competitions.models import Competition
from network_platform.people.models import User
from tests.competitions.factories import CompetitionFactory


def call_closing(moment: datetime, zone: str = "Asia/Bishkek") -> Competition:
    return CompetitionFactory(open=True, slug="the-call", closes_at=moment, time_zone=zone)


def in_a_year(month: int, day: int, hour: int) -> datetime:
    return datetime(timezone.now().year + 1, month, day, hour, tzinfo=UTC)


@pytest.mark.parametrize(
    ("hour", "zone", "day", "said", "offset"),
    [
        (12, "Asia/Bishkek", "14", "18:00, Bishkek (UTC+6)", "UTC+6"),
        (20, "Asia/Bishkek", "15", "02:00, Bishkek (UTC+6)", "UTC+6"),
        (21, "Asia/Kabul", "15", "01:30, Kabul (UTC+4:30)", "UTC+4:30"),
    ],
)
def test_visitor_reads_day_and_hour_of_the_organiser(
    site: HomePage, client: Client, hour: int, zone: str, day: str, said: str, offset: str
) -> None:
    closes = in_a_year(3, 14, hour)
    call_closing(closes, zone)

    html = client.get("/en/").content.decode()

    assert said in html
    assert f">{day}</time><span>Mar {closes.year}</span>" in html
    assert f"It closes on {day}\xa0March\xa0({offset})." in html


def test_reader_with_a_zone_reads_the_own_day_and_hour(site: HomePage, signed_in: Any) -> None:
    closes = in_a_year(3, 14, 20)
    call_closing(closes)
    reader = User.objects.create_user("reader@test.example", time_zone="Asia/Baku")

    html = signed_in(reader).get("/ru/").content.decode()

    assert "00:00, Баку (UTC+4)" in html
    assert f">15</time><span>мар {closes.year}</span>" in html.lower()
    assert "15\xa0марта." in html


def test_deadline_is_given_to_machines_with_its_offset(site: HomePage, client: Client) -> None:
    closes = in_a_year(3, 14, 20)
    call_closing(closes)

    html = client.get("/en/").content.decode()

    assert f'datetime="{closes.year}-03-15T02:00:00+06:00"' in html


def test_first_page_is_a_minute_old_at_most(site: HomePage, client: Client, monkeypatch: Any) -> None:
    call_closing(timezone.now() + timedelta(minutes=50))
    lives: list[int] = []
    keep = cache.set

    def noting(key: str, value: Any, timeout: int = 0, **kwargs: Any) -> Any:
        if key.startswith("page:"):
            lives.append(timeout)
        return keep(key, value, timeout, **kwargs)

    monkeypatch.setattr(cache, "set", noting)
    client.get("/en/")

    assert lives == [60]


def test_first_page_leads_to_the_experts_and_to_joining_them(site: HomePage, client: Client) -> None:
    doors = client.get("/en/").content.decode().split('<ul class="doors">')[1].split("</ul>")[0]

    assert '<a href="/en/mentors/">Find a mentor</a>' in doors
    assert '<a href="/en/mentors/join/">Join the shared database</a>' in doors
