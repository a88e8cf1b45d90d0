"""Two at the same moment: real threads and transactions on the database in use (a file on SQLite)."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from mentors.consents import CONTACT
from mentors.enums import RequestState, RoleState
from mentors.forms import ProfileForm
from mentors.forms.contents import content_of
from mentors.models import Engagement, ExpertRole, Request
from mentors.services.drafts import save_draft
from mentors.services.profiles import submit_profile
from mentors.services.requests import (
    MOST_OPEN,
    accept_request,
    ask_expert,
    decline_request,
    move_request,
    withdraw_request,
)
from mentors.services.roles import move_roles, set_availability
from network_platform.background.models import Message
from network_platform.drafts import StaleWrite
from network_platform.journal.services import broken_records
from network_platform.lifecycle import IllegalMove
from network_platform.people import consents
from network_platform.people.services.roles import deactivate_person, reactivate_person
from tests.mentors.factories import ExpertRoleFactory, PersonFactory, RequestFactory, secretary
from tests.threads import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("database_for_threads")]

REFUSED = (ValidationError, IllegalMove, PermissionDenied, StaleWrite)


def test_the_last_place_is_given_once():
    role = ExpertRoleFactory(capacity=1)
    asked = [RequestFactory(role=role) for _ in range(4)]

    answers = at_once(
        REFUSED, *(lambda one=one: accept_request(asked=one, by=one.expert.user, availability="open") for one in asked)
    )

    assert sorted(answers) == ["ValidationError"] * 3 + ["done"]
    assert Engagement.objects.count() == 1
    assert Request.objects.filter(state=RequestState.ACCEPTED).count() == 1
    assert Message.objects.filter(template="mentors/request_accepted_asker").count() == 1


def test_accepting_withdrawing_and_expiring_at_once_leave_one_of_them():
    asked = RequestFactory()

    answers = at_once(
        REFUSED,
        lambda: accept_request(asked=asked, by=asked.expert.user, availability="open"),
        lambda: withdraw_request(asked=asked, by=asked.asker),
        lambda: move_request(asked=asked, to=RequestState.EXPIRED, by=None),
    )

    asked.refresh_from_db()
    assert answers.count("done") == 1
    assert Engagement.objects.count() == (1 if asked.state == RequestState.ACCEPTED else 0)


def test_the_limit_of_open_requests_holds_in_several_tabs():
    asker = PersonFactory()
    roles = [ExpertRoleFactory() for _ in range(MOST_OPEN + 3)]

    answers = at_once(
        REFUSED, *(lambda role=role: ask_expert(role=role, by=asker, need="Help us.", language="ru") for role in roles)
    )

    assert answers.count("done") == MOST_OPEN
    assert Request.objects.offered().count() == MOST_OPEN


def test_of_two_tabs_one_saves_and_the_other_hears_of_it():
    user = PersonFactory()
    save_draft(user=user, content={"name": "first"}, based_on=0)

    answers = at_once(
        REFUSED,
        lambda: save_draft(user=user, content={"name": "one"}, based_on=1),
        lambda: save_draft(user=user, content={"name": "two"}, based_on=1),
    )

    assert sorted(answers) == ["StaleWrite", "done"]


def test_nobody_waits_in_a_circle():
    """Whoever has the journal's head waits for nobody, whatever is done to one profile at the same moment."""
    office, other = secretary(), ExpertRoleFactory(capacity=20)
    role = ExpertRoleFactory(capacity=20, expert__name="Үлгі Мысалов", expert__name_latin="Ulgi Mysalov")
    user, form = role.expert.user, ProfileForm(data=content_of(role.expert))
    assert form.is_valid(), form.errors
    profile = form.profile()

    for _round in range(4):
        first, second, third = (RequestFactory(role=role) for _ in range(3))
        consents.give(user=user, purpose=CONTACT)
        submit_profile(by=user, profile=profile)
        ExpertRole.objects.filter(pk=role.pk).update(state=RoleState.APPROVED)
        at_once(
            REFUSED,
            lambda: submit_profile(by=user, profile=profile),
            lambda: move_roles(roles=[role], to=RoleState.CHANGES_REQUESTED, by=office, reason="Which years?"),
            lambda one=first: accept_request(asked=one, by=user, availability="limited"),
            lambda one=second: decline_request(asked=one, by=user, availability="limited"),
            lambda one=third: withdraw_request(asked=one, by=one.asker),
            lambda: ask_expert(role=other, by=user, need="Help us.", language="ru"),
            lambda: consents.withdraw(user=user, purpose=CONTACT),
        )
        for asked in Request.objects.offered().filter(asker=user):
            withdraw_request(asked=asked, by=user)

    assert list(broken_records()) == []
    assert set(Request.objects.values_list("state", flat=True)) <= {"offered", "accepted", "declined", "withdrawn"}


def test_closing_access_does_not_wait_in_a_circle_with_the_persons_own_acts():
    office, role = secretary(), ExpertRoleFactory(capacity=20)
    user = role.expert.user

    for _round in range(4):
        asked = RequestFactory(role=role)
        at_once(
            REFUSED,
            lambda: deactivate_person(person=user, by=office, reason="Left"),
            lambda one=asked: accept_request(asked=one, by=user, availability="open"),
            lambda: set_availability(role=role, availability="limited", by=user),
        )
        reactivate_person(person=user, by=office)

    assert list(broken_records()) == []
