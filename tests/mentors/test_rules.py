"""Each rule against its queryset twin, for every role, state and visibility."""

from itertools import product

import pytest
from django.contrib.auth.models import AnonymousUser

from mentors import rules
from mentors.consents import CONTACT, NETWORK_PROFILE, PUBLIC_PROFILE
from mentors.enums import Availability, EngagementState, RequestState, RoleState, Visibility
from mentors.models import Engagement, Expert, ExpertRole, Request
from network_platform.people.models import Consent
from tests.mentors.factories import (
    EngagementFactory,
    ExpertFactory,
    ExpertRoleFactory,
    PersonFactory,
    RequestFactory,
    focal_point,
    secretary,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def readers():
    expert = PersonFactory()
    return {
        "visitor": AnonymousUser(),
        "member": PersonFactory(),
        "expert": expert,
        "focal": focal_point("KZ"),
        "foreign focal": focal_point("KG"),
        "secretariat": secretary(),
    }


def every_role(readers):
    """One role of one expert (the reader "expert") in each state, visibility and availability in turn."""
    role = ExpertRoleFactory(expert=ExpertFactory(user=readers["expert"]))
    for state, visibility, availability in product(RoleState, Visibility, Availability):
        role.state, role.visibility, role.availability = state, visibility, availability
        role.save()
        yield role


def test_view_role_agrees_with_its_twin(readers):
    wrong = [
        (name, role.state, role.visibility)
        for role in every_role(readers)
        for name, user in readers.items()
        if rules.can_view_role(user, role) is not ExpertRole.objects.visible_to(user).filter(pk=role.pk).exists()
    ]

    assert wrong == []


def test_view_expert_agrees_with_its_twin(readers):
    wrong = [
        (name, role.state, role.visibility)
        for role in every_role(readers)
        for name, user in readers.items()
        if rules.can_view_expert(user, role.expert)
        is not Expert.objects.visible_to(user).filter(pk=role.expert_id).exists()
    ]

    assert wrong == []


def test_review_role_agrees_with_its_twin(readers):
    wrong = [
        (name, role.state)
        for role in every_role(readers)
        for name, user in readers.items()
        if rules.can_review_role(user, role) is not ExpertRole.objects.reviewable_by(user).filter(pk=role.pk).exists()
    ]

    assert wrong == []


def test_ask_role_agrees_with_its_twin(readers):
    wrong = [
        (name, role.state, role.visibility, role.availability)
        for role in every_role(readers)
        for name, user in readers.items()
        if rules.can_ask_role(user, role) is not ExpertRole.objects.askable_by(user).filter(pk=role.pk).exists()
    ]

    assert wrong == []


def test_request_rules_agree_with_their_twins(readers):
    asked = RequestFactory(
        role=ExpertRoleFactory(expert=ExpertFactory(user=readers["expert"])), asker=readers["member"]
    )
    pairs = [
        (rules.can_view_request, Request.objects.visible_to),
        (rules.can_answer_request, Request.objects.answerable_by),
        (rules.can_withdraw_request, Request.objects.withdrawable_by),
    ]
    wrong = []

    for state in RequestState:
        asked.state = state
        asked.save()
        for (rule, twin), (name, user) in product(pairs, readers.items()):
            if rule(user, asked) is not twin(user).filter(pk=asked.pk).exists():
                wrong.append((rule.__name__, state, name))

    assert wrong == []


def test_write_in_engagement_agrees_with_its_twin(readers):
    asked = RequestFactory(
        role=ExpertRoleFactory(expert=ExpertFactory(user=readers["expert"])),
        asker=readers["member"],
        state=RequestState.ACCEPTED,
    )
    engagement = EngagementFactory(request=asked)
    wrong = []

    for state, (name, user) in product(EngagementState, readers.items()):
        engagement.state = state
        engagement.save()
        if rules.can_write_in_engagement(user, engagement) is not (
            Engagement.objects.writable_by(user).filter(pk=engagement.pk).exists()
        ):
            wrong.append((state, name))

    assert wrong == []


@pytest.mark.parametrize(
    ("visibility", "seen_by"),
    [
        (Visibility.PUBLIC, {"visitor", "member", "expert", "focal", "foreign focal", "secretariat"}),
        (Visibility.NETWORK, {"member", "expert", "focal", "foreign focal", "secretariat"}),
        (Visibility.HIDDEN, {"expert", "focal", "secretariat"}),
    ],
)
def test_an_approved_role_is_seen_by_those_it_is_shown_to(readers, visibility, seen_by):
    role = ExpertRoleFactory(expert=ExpertFactory(user=readers["expert"]), visibility=visibility)

    seen = {name for name, user in readers.items() if rules.can_view_role(user, role)}

    assert seen == seen_by


@pytest.mark.parametrize("state", [RoleState.DRAFT, RoleState.WITHDRAWN])
def test_what_was_not_sent_or_taken_back_is_read_by_no_office(readers, state):
    role = ExpertRoleFactory(expert=ExpertFactory(user=readers["expert"]), state=state)

    seen = {name for name, user in readers.items() if rules.can_view_expert(user, role.expert)}

    assert seen == {"expert"}


def test_nobody_reviews_the_own_profile():
    focal = focal_point("KZ")
    role = ExpertRoleFactory(expert=ExpertFactory(user=focal), state=RoleState.SUBMITTED)

    assert not rules.can_review_role(focal, role)


def test_a_role_of_a_closed_account_is_not_found():
    role = ExpertRoleFactory(expert__user__is_active=False)

    assert list(ExpertRole.objects.findable()) == []
    assert not role.is_findable


def answers(user, purpose, *, given, version="1"):
    Consent.objects.create(user=user, purpose=purpose, version=version, given=given)


@pytest.mark.parametrize("last", [{"given": False}, {"given": True, "version": "0"}], ids=["withdrawn", "outdated"])
@pytest.mark.parametrize(
    ("visibility", "purpose"), [(Visibility.PUBLIC, PUBLIC_PROFILE), (Visibility.NETWORK, NETWORK_PROFILE)]
)
def test_without_a_consent_that_counts_a_role_is_not_found(readers, last, visibility, purpose):
    role = ExpertRoleFactory(visibility=visibility)
    other = ExpertRoleFactory(visibility=visibility)
    answers(role.expert.user, purpose, **last)
    role = ExpertRole.objects.get(pk=role.pk)

    seen = {name for name, user in readers.items() if rules.can_view_role(user, role)}
    seen_by_twin = {
        name for name, user in readers.items() if ExpertRole.objects.visible_to(user).filter(pk=role.pk).exists()
    }

    assert seen == seen_by_twin == {"focal", "secretariat"}
    assert list(ExpertRole.objects.findable()) == [other]


@pytest.mark.parametrize("last", [{"given": False}, {"given": True, "version": "0"}], ids=["withdrawn", "outdated"])
def test_without_consent_to_requests_nobody_asks(readers, last):
    role = ExpertRoleFactory()
    answers(role.expert.user, CONTACT, **last)
    role = ExpertRole.objects.get(pk=role.pk)

    may = [name for name, user in readers.items() if rules.can_ask_role(user, role)]
    may_by_twin = [name for name, user in readers.items() if ExpertRole.objects.askable_by(user).exists()]

    assert may == may_by_twin == []
    assert list(ExpertRole.objects.public()) == [role]


def test_the_newest_answer_counts():
    role = ExpertRoleFactory()
    answers(role.expert.user, CONTACT, given=False)
    answers(role.expert.user, CONTACT, given=True)

    assert rules.can_ask_role(PersonFactory(), role)
    assert list(ExpertRole.objects.askable_by(PersonFactory())) == [role]
