"""Visits: whose they are, and how they end."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from network_platform.people.models import Session
from network_platform.people.services.sessions import end_sessions
from network_platform.people.tasks import forget_stale_accounts
from tests.people.factories import PASSWORD, PersonFactory

pytestmark = pytest.mark.django_db


def test_a_visit_is_somebodys_from_signing_in_to_signing_out(client):
    person = PersonFactory()

    client.post("/en/accounts/login/", {"login": "nobody@people.example", "password": PASSWORD})
    before = list(Session.objects.values_list("person", flat=True))
    client.post("/en/accounts/login/", {"login": person.email, "password": PASSWORD})
    during = list(Session.objects.values_list("person", flat=True))
    client.post("/en/accounts/logout/")

    assert set(before) <= {None}
    assert during == [person.pk]
    assert not Session.objects.filter(person=person).exists()


def test_all_of_ones_visits_end_at_once_and_nobody_elses(signed_in, django_assert_num_queries):
    person, other = PersonFactory(), PersonFactory()
    visits, visit_of_other = [signed_in(person) for _ in range(3)], signed_in(other)

    with django_assert_num_queries(2):
        ended = end_sessions(user=person)

    assert ended == 3
    assert [visit.get("/en/desk/").status_code for visit in visits] == [302] * 3
    assert visit_of_other.get("/en/desk/").status_code == 200


def test_visits_that_have_ended_are_forgotten(signed_in):
    over, going_on = signed_in(PersonFactory()), signed_in(PersonFactory())
    Session.objects.filter(pk=over.session.session_key).update(expire_date=timezone.now() - timedelta(seconds=1))

    forget_stale_accounts()

    assert list(Session.objects.values_list("pk", flat=True)) == [going_on.session.session_key]


def test_a_forged_cookie_opens_nothing(db):
    client = Client()
    client.cookies["sessionid"] = "x" * 32

    assert client.get("/en/desk/").status_code == 302
