"""What organisations offer, for everybody: calls, programmes, and the start-ups that show themselves."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import conditional_page

from incubators.directory import COMMON, is_common
from incubators.feed import calendar_of
from incubators.models import Country, OpenCall, Organisation, Placement, Programme, Startup
from incubators.offers import CallList, with_offers
from incubators.profiles import languages_in_words, spoken
from incubators.rules import can_edit_call, can_edit_programme, can_edit_startup, can_invite_founder
from incubators.views.methods import reads
from network_platform.page_cache import cached_page
from network_platform.typed import without_nul

MINUTE = 60  # a kept page may say that a call is open for so long after its end
SHOWN_PAST = 10


@reads
def calls(request: HttpRequest) -> HttpResponse:
    """Calls that are not over, by country; the closed ones on request."""
    return (_kept_calls if is_common(request.GET) else _calls)(request)


def _calls(request: HttpRequest) -> HttpResponse:
    return render(request, "incubators/offers/calls.html", {"list": CallList(request)})


_kept_calls = cached_page("registry", query=COMMON, lives_for=MINUTE)(_calls)


@reads
@cached_page("registry", lives_for=MINUTE)
def call(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    visible = OpenCall.objects.visible_to(request.user).select_related("programme__organisation__country", "cohort")
    found = get_object_or_404(visible, uid=uid)
    context = {"call": found, "title": spoken(found.titles), "description": spoken(found.descriptions)}
    context |= {"organisation": found.programme.organisation, "can_edit": can_edit_call(request.user, found)}
    return render(request, "incubators/offers/call.html", context)


@reads
@cached_page("registry", "startups", lives_for=MINUTE)
def programme(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    visible = Programme.objects.visible_to(request.user).select_related("organisation__country")
    found = get_object_or_404(with_offers(visible).prefetch_related("sectors"), uid=uid)
    context = {
        "programme": found,
        "organisation": found.organisation,
        "title": spoken(found.titles),
        "description": spoken(found.descriptions),
        "languages": languages_in_words(found.languages),
        "past": found.calls.past_at(timezone.now())[:SHOWN_PAST],
        "can_edit": can_edit_programme(request.user, found),
    }
    return render(request, "incubators/offers/programme.html", context)


@reads
@cached_page("registry", "startups")
def startup(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """The profile, and where the start-up was: nothing of the people behind it."""
    visible = Startup.objects.visible_to(request.user).select_related("country")
    found = get_object_or_404(visible.prefetch_related("sectors", "sdgs"), uid=uid)
    placements = Placement.objects.public().filter(startup=found).select_related("cohort__programme__organisation")
    context = {"startup": found, "placements": placements, "can_edit": can_edit_startup(request.user, found)}
    context["can_invite"] = can_invite_founder(request.user, found)
    return render(request, "incubators/offers/startup.html", context)


@reads
@conditional_page
def calendar(request: HttpRequest) -> HttpResponse:
    """The ends of calls for a calendar program: all, of one country, or of one organisation."""
    found = OpenCall.objects.public().not_over_at(timezone.now())
    about: list[Country | Organisation] = []
    if iso2 := request.GET.get("country", ""):
        country = get_object_or_404(Country, iso2=without_nul(iso2).upper()[:3])
        found = found.in_country(country.iso2)
        about.append(country)
    if slug := request.GET.get("organisation", ""):
        organisation = get_object_or_404(Organisation.objects.public(), slug=without_nul(slug))
        found = found.filter(programme__organisation=organisation)
        about.append(organisation)
    response = HttpResponse(calendar_of(found, about), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="calls.ics"'
    response["X-Robots-Tag"] = "noindex"
    return response
