"""Appending to the feed, and keeping the addresses that hear of it."""

import secrets
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from network_platform.background.services import after_commit
from network_platform.changes.addresses import demand_public
from network_platform.changes.models import Change, Delivery, DeliveryState, Endpoint, FeedHead
from network_platform.desk import gather
from network_platform.journal.services import record, take_turn
from network_platform.people.models import User

MOST_ENDPOINTS = 5
BATCH = 2000


@dataclass(frozen=True)
class News:
    """What changed: `path` is its public page without the language prefix."""

    event: str
    uid: UUID
    country: str = ""
    path: str = ""


def events() -> dict[str, str | Promise]:
    """Every event in words, by name: each app names its own in its desk."""
    return {name: label for found in gather("webhook_events") for name, label in found.items()}


@transaction.atomic
def announce(news: Iterable[News]) -> list[Change]:
    """Append to the feed, and queue a delivery to each address that wants the event.

    Call it after everything else but the journal in the transaction of what it tells: it locks the journal's head and
    then the feed's, so that a reader who has seen number 7 never misses number 6.
    """
    rows = list(news)
    if not rows:
        return []
    take_turn()
    head = FeedHead.objects.select_for_update().get_or_create(pk=1)[0]
    changes = [
        Change(number=head.number + n, event=each.event, uid=each.uid, country=each.country, path=each.path)
        for n, each in enumerate(rows, start=1)
    ]
    Change.objects.bulk_create(changes, batch_size=BATCH)
    head.number += len(changes)
    head.save()
    _queue(changes)
    return changes


def _queue(changes: list[Change]) -> None:
    listening = [(endpoint.pk, set(endpoint.events)) for endpoint in Endpoint.objects.listening()]
    wanted = [
        Delivery(endpoint_id=pk, change=change)
        for pk, names in listening
        for change in changes
        if change.event in names
    ]
    if wanted:
        Delivery.objects.bulk_create(wanted, batch_size=BATCH)
        after_commit("network_platform.changes.tasks.deliver_due")


@transaction.atomic
def create_endpoint(*, user: User, url: str, wanted: Collection[str]) -> Endpoint:
    """The address must be on the open internet; its secret stays readable, for its owner's receiver needs it."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if unknown := set(wanted) - events().keys():
        raise ValidationError(_("There is no such event: %(names)s.") % {"names": ", ".join(sorted(unknown))})
    demand_public(url)
    own = Endpoint.objects.visible_to(user)
    if own.filter(url=url).exists():
        raise ValidationError(_("This address is there already."))
    if own.count() >= MOST_ENDPOINTS:
        raise ValidationError(
            _("You have %(most)s webhooks. Delete one that you do not need.") % {"most": MOST_ENDPOINTS}
        )
    endpoint = Endpoint.objects.create(user=user, url=url, secret=secrets.token_urlsafe(32), events=sorted(wanted))
    record(verb="webhook.made", thing=endpoint, by=user, scope=f"person:{user.uid}", after={"events": endpoint.events})
    return endpoint


@transaction.atomic
def delete_endpoint(*, endpoint: Endpoint, by: User) -> None:
    """With everything that waits for it."""
    _demand_own(endpoint, by)
    record(verb="webhook.deleted", thing=endpoint, by=by, scope=f"person:{by.uid}")
    endpoint.deliveries.all().delete()
    endpoint.delete()


@transaction.atomic
def resume_endpoint(*, endpoint: Endpoint, by: User) -> None:
    """Try again, beginning with what was given up or waits."""
    _demand_own(endpoint, by)
    Endpoint.objects.filter(pk=endpoint.pk).update(paused_at=None)
    unsent = endpoint.deliveries.exclude(state=DeliveryState.SENT)
    unsent.update(state=DeliveryState.QUEUED, attempts=0, due_at=timezone.now(), claimed_at=None)
    after_commit("network_platform.changes.tasks.deliver_due")


@transaction.atomic
def replay_delivery(*, delivery: Delivery, by: User) -> None:
    """Send it once more, taken or not: the receiver knows it again by its id."""
    _demand_own(delivery.endpoint, by)
    now = {"state": DeliveryState.QUEUED, "attempts": 0, "due_at": timezone.now(), "claimed_at": None}
    Delivery.objects.filter(pk=delivery.pk).update(**now)
    after_commit("network_platform.changes.tasks.deliver_due")


def _demand_own(endpoint: Endpoint, by: User) -> None:
    if endpoint.user_id != by.pk:
        raise PermissionDenied
