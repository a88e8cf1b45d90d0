"""The desk of those who serve a country: what waits and since when, what grows old, who has not reported."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from incubators.country_desk import CountryDesk
from incubators.enums import OrganisationStatus, RevisionStatus
from incubators.models import Claim, FocalPoint, Remark, Revision, YearlyFigures
from mentors.enums import RoleState
from network_platform.zones import today
from tests.incubators.factories import (
    LONG_AGO,
    OrganisationFactory,
    PersonFactory,
    country,
    editor_of,
    entry,
    focal_point,
    secretary,
)
from tests.incubators.test_benchmark import YEAR, accepted
from tests.mentors.factories import ExpertRoleFactory

pytestmark = pytest.mark.django_db
PAGE = "/en/incubators/queue/country/"


def waiting_revision(iso2: str, days: int) -> Revision:
    organisation = OrganisationFactory(iso2=iso2, status=OrganisationStatus.SUBMITTED)
    sent = timezone.now() - timedelta(days=days)
    return Revision.objects.create(
        organisation=organisation, values=entry(), status=RevisionStatus.SUBMITTED, submitted_at=sent
    )


def test_what_waits_is_counted_with_its_age_for_the_own_country_alone() -> None:
    waiting_revision("KZ", 3)
    waiting_revision("KZ", 9)
    waiting_revision("KG", 30)
    Claim.objects.create(organisation=OrganisationFactory(), user=PersonFactory(), evidence="Mine")
    Claim.objects.create(organisation=OrganisationFactory(iso2="KG"), user=PersonFactory(), evidence="Theirs")
    Remark.objects.create(organisation=OrganisationFactory(iso2="KG"), text="Wrong")

    found = {age.title: age for age in CountryDesk(country(), by=focal_point("KZ")).waiting}

    assert {title: (age.number, age.is_late) for title, age in found.items()} == {
        "Listings and changes": (2, True),
        "Claims": (1, False),
    }
    assert (timezone.now() - found["Listings and changes"].oldest).days == 9


def test_experts_who_wait_are_counted_once_a_person() -> None:
    waiting = {"state": RoleState.SUBMITTED, "state_at": timezone.now() - timedelta(days=8)}
    first = ExpertRoleFactory(expert__country=country(), **waiting)
    ExpertRoleFactory(expert=first.expert, role="trainer", **waiting)
    ExpertRoleFactory(expert__country=country("KG"), **waiting)
    ExpertRoleFactory(expert__country=country())

    ages = CountryDesk(country(), by=focal_point("KZ")).waiting

    assert [(age.title, age.number, age.url, age.is_late) for age in ages] == [
        ("Experts", 1, "/en/mentors/queue/", True)
    ]


def test_states_leave_out_drafts_and_other_countries() -> None:
    for status in ("draft", "listed", "listed", "suspended", "submitted"):
        OrganisationFactory(status=status)
    OrganisationFactory(iso2="KG")
    accepted(OrganisationFactory(status="closed"), jobs=1)
    YearlyFigures.objects.create(organisation=OrganisationFactory(), year=YEAR)

    desk = CountryDesk(country(), by=focal_point("KZ"))

    assert desk.states == [("Waiting for review", 1), ("Listed", 3), ("Suspended", 1), ("Closed", 1)]
    assert desk.figures_states == []


def test_figures_are_counted_of_the_organisations_that_are_listed() -> None:
    for status in ("listed", "stale", "closed", "suspended", "submitted"):
        accepted(OrganisationFactory(status=status), jobs=1)
    YearlyFigures.objects.filter(pk=accepted(OrganisationFactory(), jobs=1).pk).update(status="queried")

    desk = CountryDesk(country(), by=focal_point("KZ"))

    assert (desk.figures_states, desk.reported, desk.listed) == ([("A question is open", 1), ("Accepted", 2)], 2, 3)


def test_who_grows_old_who_is_late_and_who_serves_are_named() -> None:
    old = OrganisationFactory(status=OrganisationStatus.STALE, verified_until=today() - timedelta(days=5))
    soon = OrganisationFactory(verified_until=today() + timedelta(days=5))
    OrganisationFactory(verified_until=today() + timedelta(days=200))
    late = OrganisationFactory(listed_at=LONG_AGO)
    editor_of(late)
    focal, deputy = focal_point("KZ"), focal_point("KZ", deputy=True)
    FocalPoint.objects.create(user=PersonFactory(is_active=False), country=country())

    desk = CountryDesk(country(), by=deputy)

    assert (desk.stale, desk.due, desk.late, desk.without_editor) == ([old], [soon], [late], 3)
    assert [(term.user, term.is_deputy) for term in desk.offices] == [(focal, False), (deputy, True)]


def test_each_sees_the_countries_that_they_serve(signed_in: Any) -> None:
    deputy, office, stranger = focal_point("KZ", deputy=True), secretary(), PersonFactory()
    FocalPoint.objects.create(user=deputy, country=country("TM"))

    own = signed_in(deputy).get(PAGE).context
    answers = {
        iso2: [signed_in(who).get(f"{PAGE}?country={iso2}").status_code for who in (deputy, office, stranger)]
        for iso2 in ("KZ", "TM", "KG")
    }

    assert ([each.iso2 for each in own["countries"]], own["country"].iso2) == (["KZ", "TM"], "KZ")
    assert answers == {"KZ": [200, 200, 403], "TM": [200, 200, 403], "KG": [404, 200, 403]}
    assert len(signed_in(office).get(PAGE).context["countries"]) == 7


def test_the_page_costs_the_same_with_seven_and_with_many(signed_in: Any) -> None:
    reader = signed_in(focal_point("KZ"))
    asked = []
    for number in (7, 12):
        for n in range(number):
            waiting_revision("KZ", n)
            editor_of(OrganisationFactory(status=OrganisationStatus.STALE, verified_until=today()))
            accepted(OrganisationFactory(), jobs=n)
        reader.get(PAGE)
        with CaptureQueriesContext(connection) as queries:
            page = reader.get(PAGE)
        asked.append(len(queries))

    assert page.status_code == 200
    assert asked[0] == asked[1] <= 32
