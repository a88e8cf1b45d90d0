"""Redirects that editors make in Wagtail."""

import pytest
from django.test import Client
from wagtail.contrib.redirects.models import Redirect

pytestmark = pytest.mark.django_db


def test_an_address_that_moved_leads_on(client: Client) -> None:
    Redirect.add_redirect("/en/old-page", redirect_to="/en/countries/", is_permanent=True)

    moved = client.get("/en/old-page/")
    other = client.get("/en/other-page/")

    assert (moved.status_code, moved["Location"], other.status_code) == (301, "/en/countries/", 404)


def test_what_is_not_found_costs_one_query_more_where_nothing_moved(
    client: Client, django_assert_num_queries: object
) -> None:
    client.get("/robots.txt/")

    with django_assert_num_queries(1):
        assert client.get("/robots.txt/").status_code == 404
