"""The demonstration: forty experts of seven countries, and safe to repeat."""

from io import StringIO

import pytest
from django.db import transaction
from django.utils import translation

from incubators.models import Country
from mentors import desk
from mentors.enums import RequestState, RoleState, Visibility
from mentors.models import Expert, ExpertRole, Letter, Request
from network_platform.background.models import Message, MessageState
from network_platform.people.demonstration import load_people, person
from network_platform.zones import in_words

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def _once(django_db_setup, django_db_blocker):
    """Loaded once for the module, in a transaction that is rolled back."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_people()
        desk.load_demonstration(StringIO())
        yield
        transaction.set_rollback(True)


@pytest.fixture
def loaded(_once, db):
    """The same for each test, whose own effects are undone."""


def test_forty_experts_of_seven_countries_in_every_role_and_visibility(loaded):
    assert Expert.objects.count() == 40
    assert set(Expert.objects.values_list("country__iso2", flat=True)) == set(
        Country.objects.values_list("iso2", flat=True)
    )
    assert set(ExpertRole.objects.values_list("role", flat=True)) == {"mentor", "tracker", "trainer"}
    assert set(ExpertRole.objects.values_list("visibility", flat=True)) == set(Visibility.values)
    waiting = ExpertRole.objects.filter(state=RoleState.SUBMITTED).values_list("expert__country__iso2", flat=True)
    assert set(waiting) == {"KZ", "KG"}


@pytest.mark.parametrize("login", ["mentor", "tracker", "trainer"])
def test_the_logins_are_approved_experts_of_their_role(loaded, login):
    roles = ExpertRole.objects.filter(expert__user=person(f"{login}@demo.example"), role=login)

    assert [role.state for role in roles] == [RoleState.APPROVED]


def test_the_mail_of_the_waiting_request_names_the_day_that_its_page_names(loaded):
    mentor = person("mentor@demo.example")
    [asked] = Request.objects.answerable_by(mentor)

    mail = Message.objects.get(
        template="mentors/request_offered_expert", recipient=mentor, dedupe_key__endswith=asked.uid
    )

    with translation.override(mentor.language):
        assert mail.context["until"] == in_words(asked.expires_at, reader=mentor.time_zone)


@pytest.mark.parametrize(("login", "asker"), [("mentor", "founder"), ("tracker", "founder2"), ("trainer", "founder2")])
def test_a_request_waits_for_each_of_the_logins(loaded, login, asker):
    waiting = Request.objects.answerable_by(person(f"{login}@demo.example"))

    assert [asked.asker.email for asked in waiting] == [f"{asker}@demo.example"]


def test_a_message_in_a_conversation_is_new(loaded):
    unread = Letter.objects.unread_by(person("founder@demo.example"))

    assert [letter.author.email for letter in unread] == ["tracker@demo.example"]


def test_requests_stand_in_every_state(loaded):
    assert set(Request.objects.values_list("state", flat=True)) == {
        RequestState.OFFERED,
        RequestState.ACCEPTED,
        RequestState.DECLINED,
        RequestState.EXPIRED,
    }


def test_only_mails_about_what_waits_go_out(loaded):
    queued = Message.objects.filter(state=MessageState.QUEUED).values_list("template", flat=True)

    assert sorted(set(queued)) == ["mentors/request_offered_expert", "mentors/role_submitted"]
    assert list(queued).count("mentors/request_offered_expert") == 3


def test_loading_again_changes_nothing(loaded):
    before = Message.objects.count()

    desk.load_demonstration(StringIO())

    assert (Expert.objects.count(), Request.objects.count(), Message.objects.count()) == (40, 15, before)


def test_every_expert_reads_in_english_and_russian(loaded):
    assert [e.slug for e in Expert.objects.all() if not (e.headline.get("en") and e.headline.get("ru"))] == []
