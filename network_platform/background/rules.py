"""Who may look after messages."""

from django.contrib.auth.models import AnonymousUser

from network_platform.people.models import User


def can_manage_messages(user: User | AnonymousUser) -> bool:
    """The secretariat."""
    return user.is_authenticated and user.is_secretariat
