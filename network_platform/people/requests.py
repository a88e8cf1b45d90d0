"""Requests of people who are signed in."""

from typing import TypeGuard

from django.http import HttpRequest

from network_platform.people.models import User


class SignedInRequest(HttpRequest):
    """What `login_required` lets through; only types read this class."""

    user: User


def is_signed_in(request: HttpRequest) -> TypeGuard[SignedInRequest]:
    """For pages that visitors see too."""
    return request.user.is_authenticated
