"""Who may do what with experts, requests and engagements. Each rule has its queryset twin in the models."""

from datetime import datetime
from typing import cast

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from incubators.rules import countries_of
from mentors.consents import CONTACT
from mentors.enums import OWN_AFFAIR, Availability, EngagementState, RequestState, Visibility
from mentors.models import Engagement, Expert, ExpertRole, Request
from network_platform.people.models import User

Reader = User | AnonymousUser


def can_view_role(user: Reader, role: ExpertRole) -> bool:
    """Everybody a public one that can be found, whoever signs in one for the network; the expert their own; who serves
    the country what was sent. Twin: `ExpertRole.objects.visible_to`.
    """
    if role.is_findable and (role.visibility == Visibility.PUBLIC or user.is_authenticated):
        return True
    return user.is_authenticated and (role.expert.user_id == user.pk or _holds_office_over(user, role))


def can_view_expert(user: Reader, expert: Expert) -> bool:
    """The expert, and whoever may view one of the roles. Twin: `Expert.objects.visible_to`."""
    return expert.user_id == user.pk or any(can_view_role(user, role) for role in expert.roles.all())


def can_review_role(user: Reader, role: ExpertRole) -> bool:
    """Who serves the expert's country, but nobody the own profile. Twin: `ExpertRole.objects.reviewable_by`."""
    return user.is_authenticated and role.expert.user_id != user.pk and _holds_office_over(user, role)


def can_ask_role(user: Reader, role: ExpertRole) -> bool:
    """Anybody signed in but the expert, while it can be found, is not closed and the expert agrees to be asked. Twin:
    `ExpertRole.objects.askable_by`.
    """
    if not user.is_authenticated or role.expert.user_id == user.pk:
        return False
    return role.is_findable and role.availability != Availability.CLOSED and CONTACT in role.expert.agreed


def can_view_request(user: Reader, asked: Request) -> bool:
    """The asker; the expert once it was sent. Twin: `Request.objects.visible_to`."""
    if not user.is_authenticated:
        return False
    return asked.asker_id == user.pk or (asked.expert.user_id == user.pk and asked.state != RequestState.DRAFT)


def can_answer_request(user: Reader, asked: Request) -> bool:
    """The expert, until it expires; the hour that counts is the server's. Twin: `Request.objects.answerable_by`."""
    return (
        user.is_authenticated
        and asked.expert.user_id == user.pk
        and asked.state == RequestState.OFFERED
        and cast(datetime, asked.expires_at) > timezone.now()
    )


def can_withdraw_request(user: Reader, asked: Request) -> bool:
    """The asker, until it is answered. Twin: `Request.objects.withdrawable_by`."""
    return (
        user.is_authenticated
        and asked.asker_id == user.pk
        and asked.state in {RequestState.DRAFT, RequestState.OFFERED}
    )


def can_write_in_engagement(user: Reader, engagement: Engagement) -> bool:
    """The asker and the expert, while it lasts. Twin: `Engagement.objects.writable_by`."""
    if not user.is_authenticated or engagement.state != EngagementState.ACTIVE:
        return False
    return user.pk in {engagement.request.asker_id, engagement.request.expert.user_id}


def _holds_office_over(user: User, role: ExpertRole) -> bool:
    if role.state in OWN_AFFAIR:
        return False
    return user.is_secretariat or role.expert.country.iso2 in countries_of(user)
