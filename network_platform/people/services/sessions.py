"""Sessions of one person."""

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils import timezone

from network_platform.people.models import User


def end_sessions(*, user: User) -> int:
    """Sign the person out everywhere; how many sessions there were."""
    open_sessions = Session.objects.filter(expire_date__gt=timezone.now())
    keys = [row.pk for row in open_sessions.iterator() if row.get_decoded().get(SESSION_KEY) == str(user.pk)]
    Session.objects.filter(pk__in=keys).delete()
    return len(keys)
