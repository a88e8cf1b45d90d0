"""Visitors' pages are kept until something changes."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from incubators.enums import CallStatus, OrganisationStatus, ProgrammeStatus
from incubators.models import FocalPoint
from incubators.services.offices import appoint_focal_point, end_term
from incubators.services.organisation_states import move_organisation
from incubators.services.programmes import move_call
from network_platform.people.services.erasure import erase_person
from network_platform.people.services.roles import deactivate_person
from network_platform.people.services.settings import update_settings
from tests.incubators.factories import OrganisationFactory, PersonFactory, country, editor_of, focal_point, secretary

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(
    "path",
    [
        "/en/incubators/",
        "/en/incubators/?kind=hub",
        "/en/countries/kz/",
        "/en/countries/",
        "/en/countries/kz/dashboard/",
        "/en/countries/side-by-side/",
    ],
)
def test_second_visitor_costs_no_query(
    client: Client, path: str, kept_pages: None, django_assert_num_queries: object
) -> None:
    OrganisationFactory(name="Kept")
    first = client.get(path).content

    with django_assert_num_queries(0):
        second = client.get(path).content

    assert second == first


def test_suspended_organisation_is_gone_for_the_next_visitor(client: Client, kept_pages: None) -> None:
    organisation = OrganisationFactory(name="Going")
    paths = ["/en/incubators/", organisation.get_absolute_url(), "/en/countries/kz/"]
    before = [b"Going" in client.get(path).content for path in paths]

    move_organisation(
        organisation=organisation, to=OrganisationStatus.SUSPENDED, by=focal_point("KZ"), reason="Asked for"
    )

    assert before == [True, True, True]
    assert [b"Going" in client.get(path).content for path in paths] == [False, False, False]


@pytest.mark.parametrize(
    "query",
    [
        "q=hub",
        "after=sample-hub-1",
        "kind=hub&q=1",
        "kind=alchemy",
        "country=kz&country=kg",
        "country=zz",
        "sort=size",
        "city=kz-osh",
        "kind=",
    ],
)
def test_addresses_without_end_are_not_kept(client: Client, query: str, kept_pages: None) -> None:
    OrganisationFactory(name="Kept")

    assert second_visit(client, "kind=hub&country=kz&sort=newest") == 0
    assert second_visit(client, query) > 0


def second_visit(client: Client, query: str) -> int:
    """How many queries it costs."""
    client.get(f"/en/incubators/?{query}")
    with CaptureQueriesContext(connection) as asked:
        assert client.get(f"/en/incubators/?{query}").status_code == 200
    return len(asked)


@pytest.mark.parametrize("what", ["term ended", "access closed", "erased", "appointed", "renamed"])
def test_country_page_names_who_serves_it_at_once(client: Client, what: str, kept_pages: None) -> None:
    focal, by = focal_point("KZ", name="Nurly Sample"), secretary()
    other = PersonFactory(name="Other Sample")
    before = client.get("/en/countries/kz/").content.decode()

    if what == "term ended":
        end_term(term=FocalPoint.objects.get(), by=by, reason="x")
    elif what == "access closed":
        deactivate_person(person=focal, by=by, reason="x")
    elif what == "erased":
        erase_person(user=focal, by=focal)
    elif what == "renamed":
        update_settings(user=focal, name="New Name", name_latin="", language="en", time_zone="UTC")
    else:
        appoint_focal_point(person=other, country=country(), is_deputy=False, by=by, reason="x")

    after = client.get("/en/countries/kz/").content.decode()
    assert ("Nurly Sample" in before, "Nurly Sample" in after) == (True, what == "appointed")
    assert ("Other Sample" in after) is (what == "appointed")


def test_editors_page_is_never_given_to_a_visitor(client: Client, signed_in: object, kept_pages: None) -> None:
    organisation = OrganisationFactory()
    organisation.memberships.create(user=focal_point("KG"))
    member = organisation.memberships.get().user

    own = signed_in(member).get(organisation.get_absolute_url()).content
    others = client.get(organisation.get_absolute_url()).content

    assert (b"/edit/" in own, b"/edit/" in others) == (True, False)


@pytest.mark.parametrize("place", ["list", "country", "organisation", "call"])
def test_no_kept_page_shows_a_closed_call_as_open(client: Client, place: str, kept_pages: None) -> None:
    organisation = OrganisationFactory(name="Hub")
    editor, now = editor_of(organisation), timezone.now()
    programme = organisation.programmes.create(titles={"en": "School"}, status=ProgrammeStatus.PUBLISHED)
    call = programme.calls.create(
        titles={"en": "Call"}, status=CallStatus.PUBLISHED, opens_at=now, closes_at=now + timedelta(days=9), zone="UTC"
    )
    pages = {"list": "/en/calls/", "country": "/en/countries/kz/", "organisation": organisation.get_absolute_url()}
    path = pages.get(place, call.get_absolute_url())
    before = client.get(path).content.decode()

    move_call(call=call, to=CallStatus.CLOSED, by=editor)

    after = client.get(path).content.decode()
    assert ("9 days left" in before, "days left" in after) == (True, False)
