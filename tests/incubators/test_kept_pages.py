"""Visitors' pages are kept until something changes."""

import pytest
from django.test import Client

from incubators.enums import OrganisationStatus
from incubators.services.standing import move_organisation
from tests.incubators.factories import OrganisationFactory, focal_point

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("path", ["/en/incubators/", "/en/incubators/?kind=hub", "/en/countries/kz/", "/en/countries/"])
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


def test_editors_page_is_never_given_to_a_visitor(client: Client, signed_in: object, kept_pages: None) -> None:
    organisation = OrganisationFactory()
    organisation.memberships.create(user=focal_point("KG"))
    member = organisation.memberships.get().user

    own = signed_in(member).get(organisation.get_absolute_url()).content
    others = client.get(organisation.get_absolute_url()).content

    assert (b"/edit/" in own, b"/edit/" in others) == (True, False)
