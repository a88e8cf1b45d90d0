"""Sessions of one person."""

from network_platform.people.models import Session, User


def end_sessions(*, user: User) -> int:
    """Sign the person out everywhere; how many sessions there were."""
    return Session.objects.filter(person=user).delete()[0]
