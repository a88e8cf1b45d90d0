"""The last step of whatever changes an organisation: saved, and the same wherever it is read."""

from typing import Any

from django.utils import timezone

from incubators.models import Organisation
from incubators.services.news import tell_feed
from incubators.services.reindexing import reindex_organisation
from network_platform.journal.services import record
from network_platform.people.models import User


def save_and_tell(
    organisation: Organisation, verb: str, by: User | None, *, reason: str, **states: dict[str, Any]
) -> None:
    """Save the locked row; search text, list, feed and journal say the same from now on."""
    organisation.updated_at = timezone.now()
    organisation.save()
    reindex_organisation(organisation)
    tell_feed(organisation, verb)
    record(verb=verb, thing=organisation, by=by, scope=organisation.scope, reason=reason.strip(), **states)
