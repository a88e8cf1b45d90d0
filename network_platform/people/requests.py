"""Requests of people who are signed in."""

from django.http import HttpRequest

from network_platform.people.models import User


class SignedInRequest(HttpRequest):
    """What `login_required` lets through; only types read this class."""

    user: User
