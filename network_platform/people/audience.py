"""Audience tokens: one vocabulary for who may read a journal record or a search document."""

from django.contrib.auth.models import AnonymousUser

from network_platform.desk import gather
from network_platform.people.models import User

PUBLIC = "public"
SIGNED_IN = "signed-in"
SECRETARIAT_ONLY = "secretariat"


def audiences_of(user: User | AnonymousUser) -> frozenset[str]:
    """Every token this person holds: `public` for all, then what each app adds ("country:KZ", ...)."""
    if not user.is_authenticated:
        return frozenset({PUBLIC})
    if not hasattr(user, "_audiences"):
        user._audiences = frozenset({PUBLIC, SIGNED_IN}.union(*gather("scopes_of", user)))
    return user._audiences
