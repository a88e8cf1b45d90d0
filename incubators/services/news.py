"""What of the registry's changes everybody may know: for the feed and for webhooks."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from incubators.enums import CallStatus
from incubators.models import OpenCall, Organisation
from network_platform.changes.services import News, announce

EVENTS = {
    "organisation.listed": _("an organisation is listed"),
    "organisation.changed": _("an organisation’s entry is changed"),
    "organisation.stale": _("an organisation’s entry is out of date"),
    "organisation.removed": _("an organisation is no longer shown"),
    "organisation.closed": _("an organisation is closed"),
    "call.opened": _("a call for start-ups is published"),
    "call.closed": _("a call for start-ups is over"),
}
# Event by the journal's verb. What is not here concerns nobody outside.
OF_VERB = {
    "organisation.listed": "organisation.listed",
    "organisation.reinstated": "organisation.listed",
    "revision.approved": "organisation.changed",
    "organisation.refreshed": "organisation.changed",
    "organisation.confirmed": "organisation.changed",
    "organisation.merged": "organisation.changed",
    "organisation.merger_undone": "organisation.changed",
    "organisation.restored": "organisation.listed",
    "transfer.accepted": "organisation.changed",
    "organisation.went_stale": "organisation.stale",
    "organisation.suspended": "organisation.removed",
    "organisation.approval_undone": "organisation.removed",
    "revision.approval_undone": "organisation.changed",
    "organisation.closed": "organisation.closed",
    "call.published": "call.opened",
    "call.reopened": "call.opened",
    "call.closed": "call.closed",
    "call.withdrawn": "call.closed",
}


def tell_feed(organisation: Organisation, verb: str) -> None:
    """Before the journal is written, in the transaction of the change."""
    if verb in OF_VERB:
        announce([_news(OF_VERB[verb], organisation)])


def tell_feed_of_import(made: Iterable[Organisation], changed: Iterable[Organisation]) -> None:
    listed = [_news("organisation.listed", each) for each in made]
    announce([*listed, *(_news("organisation.changed", each) for each in changed)])


def tell_feed_of_removed(organisations: Iterable[Organisation]) -> None:
    """Before they are deleted: no page is left."""
    announce(News("organisation.removed", each.uid, each.country.iso2) for each in organisations)


def tell_feed_of_call(call: OpenCall, verb: str) -> None:
    """Only of a call that everybody can read, or could a moment ago."""
    programme = call.programme
    if verb in OF_VERB and programme.is_public and call.status != CallStatus.DRAFT:
        country, path = programme.organisation.country.iso2, f"/calls/{call.uid}/"
        announce([News(OF_VERB[verb], call.uid, country, path if call.is_public else "")])


def _news(event: str, organisation: Organisation) -> News:
    """A page only where there is one to read."""
    path = f"/incubators/{organisation.slug}/" if organisation.is_public else ""
    return News(event, organisation.uid, organisation.country.iso2, path)
