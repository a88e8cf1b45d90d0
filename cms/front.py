"""What the first page leads to: six doors, open calls, the latest handbook, the region, figures, news."""

from datetime import datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, ngettext, pgettext

from cms.models.base import SitePage
from cms.models.handbooks import HandbookPage
from cms.models.news import NewsPage
from cms.rules import closed_paths, readable
from competitions.models import Competition
from incubators.region import CountryRow, region_rows
from mentors.models import ExpertRole
from network_platform.zones import NO_BREAK, hour_in, last_day, zone_for

CALLS, NEWS = 3, 4


def context(home: SitePage | None) -> dict[str, Any]:
    """Everything the first page shows. Works without any page in the tree: a new installation has none."""
    language = get_language()
    closed = home.closed if home else closed_paths()
    calls = list(Competition.objects.public().open())
    regions = region_rows()
    handbook = latest_handbook(language, closed)
    news = readable(NewsPage.objects.filter(locale__language_code=language), closed).newest()
    return {
        "doors": doors(language, calls),
        "calls": [call_line(call) for call in calls[:CALLS]],
        "handbook": handbook,
        "region": regions,
        "figures": figures(regions),
        "news": news[:NEWS],
        "calls_url": f"/{language}/competitions/",
        "handbooks_url": f"/{language}/handbooks/",
        "news_url": f"/{language}/news/",
        "registry_url": f"/{language}/incubators/",
    }


def latest_handbook(language: str, closed: list[str]) -> HandbookPage | None:
    """The newest handbook that can be read here."""
    found = HandbookPage.objects.filter(locale__language_code=language, numchild__gt=0)
    found = found.select_related("locale", "alias_of__locale")
    handbook = readable(found, closed).order_by("-published_on", "-pk").first()
    if handbook is not None:
        handbook.closed = closed
    return handbook


def figures(regions: list[CountryRow]) -> list[tuple[int, str]]:
    organisations, verified = sum(row.count for row in regions), sum(row.verified for row in regions)
    experts = ExpertRole.objects.public().values("expert").distinct().count()
    competitions = Competition.objects.public().count()
    return [
        (organisations, ngettext("organisation listed", "organisations listed", organisations)),
        (verified, ngettext("of them verified this year", "of them verified this year", verified)),
        (experts, ngettext("trainer, tracker or mentor", "trainers, trackers and mentors", experts)),
        (competitions, ngettext("competition described", "competitions described", competitions)),
    ]


def call_line(call: Competition) -> dict[str, Any]:
    """One open call. Its moments are words already: the template's filters would put them into another zone."""
    zone = zone_for(call.time_zone)
    closes = cast(datetime, call.closes_at).astimezone(ZoneInfo(zone))
    return {
        "call": call,
        "moment": closes.isoformat(),
        "day": date_format(closes, "d"),
        "month": date_format(closes, "M Y"),
        "hour": hour_in(closes, zone),
        "url": f"/{get_language()}/competitions/{call.slug}/",
    }


def doors(language: str, calls: list[Competition]) -> list[dict[str, str]]:
    """Six audiences, each to its task."""
    return [
        {
            "who": gettext("I run an incubator"),
            "act": gettext("List it, or confirm it"),
            "more": gettext("Ten minutes on a phone. Your focal point approves."),
            "url": f"/{language}/incubators/new/",
        },
        {
            "who": gettext("I have a start-up"),
            "act": gettext("Apply to an open call"),
            "more": calls_in_words(calls),
            "url": f"/{language}/competitions/",
        },
        {
            "who": gettext("I need advice"),
            "act": gettext("Find a mentor"),
            "more": gettext("By topic, country and language. You ask through the platform."),
            "url": f"/{language}/mentors/",
        },
        {
            "who": gettext("I am a judge"),
            "act": gettext("Go to my entries"),
            "more": gettext("Sign in with a code sent by e-mail; no password."),
            "url": f"/{language}/judging/",
        },
        {
            "who": gettext("I mentor or train"),
            "act": gettext("Join the shared database"),
            "more": gettext("You decide who finds you. No address is shown."),
            "url": f"/{language}/mentors/join/",
        },
        {
            "who": gettext("I came to read"),
            "act": gettext("Open the handbooks"),
            "more": gettext("Light pages, one PDF for the road."),
            "url": f"/{language}/handbooks/",
        },
    ]


def calls_in_words(calls: list[Competition]) -> str:
    if not calls:
        return gettext("No call is open now; see what is coming.")
    form = pgettext("day and month of a deadline", "j F")
    day = last_day(cast(datetime, calls[0].closes_at), calls[0].time_zone, form=form).replace(" ", NO_BREAK)
    return ngettext(
        "One call is open. It closes on %(day)s.", "%(n)s calls are open. The nearest closes on %(day)s.", len(calls)
    ) % {"n": len(calls), "day": day}
