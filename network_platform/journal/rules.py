"""Who may read the journal."""

from django.contrib.auth.models import AnonymousUser

from network_platform.people.audience import SECRETARIAT_ONLY, audiences_of
from network_platform.people.models import User

# What somebody oversees; `person:` and the like only say who somebody is.
OVERSIGHT = ("country:", "competition:")


def can_read_journal(user: User | AnonymousUser) -> bool:
    """The secretariat, and whoever oversees a country or a competition; each sees what `visible_to` gives."""
    if not user.is_authenticated:
        return False
    return any(token == SECRETARIAT_ONLY or token.startswith(OVERSIGHT) for token in audiences_of(user))
