"""Requests that came with a token."""

from rest_framework.request import Request

from network_platform.people.models import User


class OwnRequest(Request):
    """What reaches an API of the own things; only types read this class."""

    user: User
