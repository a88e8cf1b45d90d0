"""Later work: tasks by dotted name, and messages through the outbox."""

import logging
import threading
import time
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from celery import current_app
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from kombu.exceptions import OperationalError

from network_platform.background.models import Message, MessageState
from network_platform.journal.services import record
from network_platform.people.models import User

log = logging.getLogger(__name__)

CONTENTS_KEPT = timedelta(days=30)
RETRIED_AT_ONCE = 200
WRITTEN_AT_ONCE = 2000
DELIVERED_TOGETHER = 20
LETTER_FIELDS = ("template", "language", "recipient", "address", "context", "due_at", "last_moment")
LEFT_ALONE = 2.0


class _Lost(threading.local):
    """Until when this thread does not try the broker again; many messages must not each wait for it."""

    until = 0.0


_broker_lost = _Lost()


def after_commit(task: str, *args: Any) -> None:
    """Send `task` (dotted name) to a worker once the transaction has committed.

    A lost broker is logged, not raised: what must not be lost is a row that beat sweeps.
    """
    transaction.on_commit(lambda: send_task(task, *args), robust=True)


def send_task(task: str, *args: Any) -> bool:
    """Hand the task to the broker now; False when that is unreachable, or was a moment ago."""
    if time.monotonic() < _broker_lost.until:
        return False
    try:
        current_app.send_task(task, args=args, retry=False)
    except (OperationalError, ConnectionError, OSError) as error:
        _broker_lost.until = time.monotonic() + LEFT_ALONE
        log.warning("broker unreachable, %s is left to beat: %s", task, error)
        return False
    return True


@dataclass(frozen=True)
class Letter:
    """One message to be put in the outbox.

    `to` is a person, or an address for somebody without an account. The mail is rendered when it is sent, in
    `language` or the recipient's own, from `templates/email/<template>.subject.txt` and `.txt` (and `.html`
    if there is one). `context` must be JSON. `about` is whom it names beside the recipient: a mail that waits when
    one of them is erased is not sent. It leaves at once, or at the first sweep after `not_before`; after `last_moment`
    it is neither sent nor kept.
    """

    template: str
    to: User | str
    dedupe_key: str
    context: dict[str, Any] = field(default_factory=dict)
    language: str = ""
    about: Iterable[User] = ()
    not_before: datetime | None = None
    last_moment: datetime | None = None

    def as_row(self) -> Message:
        person = self.to if isinstance(self.to, User) else None
        return Message(
            template=self.template,
            language=self.language or (person.language if person else "en"),
            recipient=person,
            address=self.to.email if isinstance(self.to, User) else self.to,
            context=self.context,
            dedupe_key=self.dedupe_key,
            due_at=self.not_before or timezone.now(),
            last_moment=self.last_moment,
        )


@transaction.atomic
def send_message(*, template: str, to: User | str, dedupe_key: str, **more: Any) -> Message:
    """Put one `Letter` in the outbox; the same `dedupe_key` again changes nothing."""
    letter = Letter(template, to, dedupe_key, **more)
    row = letter.as_row()
    values = {name: getattr(row, name) for name in LETTER_FIELDS}
    message, created = Message.objects.get_or_create(dedupe_key=dedupe_key, defaults=values)
    if created:
        message.about.add(*letter.about)
    if created and letter.not_before is None:
        after_commit("network_platform.background.tasks.deliver_message", message.pk)
    return message


@transaction.atomic(savepoint=False)
def send_messages(letters: Iterable[Letter]) -> None:
    """`send_message` for many; the number of statements does not grow with them. A caller's transaction does not
    outlive an error in here.
    """
    rows = [(letter.as_row(), letter) for letter in letters]
    Message.objects.bulk_create([row for row, _letter in rows], batch_size=WRITTEN_AT_ONCE, ignore_conflicts=True)
    made = dict(Message.objects.filter(uid__in=[row.uid for row, _letter in rows]).values_list("uid", "pk"))
    named = [
        Message.about.through(message_id=made[row.uid], user_id=person.pk)
        for row, letter in rows
        if row.uid in made
        for person in letter.about
    ]
    Message.about.through.objects.bulk_create(named, batch_size=WRITTEN_AT_ONCE)
    keys = sorted(made.values())
    for start in range(0, len(keys), DELIVERED_TOGETHER):
        after_commit("network_platform.background.tasks.deliver_messages", keys[start : start + DELIVERED_TOGETHER])


@transaction.atomic
def withdraw_messages(*, keys_begin: str) -> bool:
    """Drop the mails whose keys begin so, if none of them has been begun to be sent; say whether they are gone."""
    rows = Message.objects.select_for_update(of=("self",)).filter(dedupe_key__startswith=keys_begin)
    waiting = [row.state == MessageState.QUEUED and row.attempts == 0 for row in rows]
    if all(waiting):
        rows.delete()
    return all(waiting)


@transaction.atomic
def retry_message(*, message: Message, by: User) -> Message:
    """Put a failed message back into the queue, with all its attempts before it.

    Any other stays as it is, and so does one that comes too late.
    """
    message = Message.objects.select_for_update().get(pk=message.pk)
    if message.state != MessageState.FAILED or Message.objects.too_late(timezone.now()).contains(message):
        return message
    message.state, message.attempts, message.due_at = MessageState.QUEUED, 0, timezone.now()
    message.save(update_fields=["state", "attempts", "due_at"])
    after_commit("network_platform.background.tasks.deliver_message", message.pk)
    states = {"before": {"state": "failed"}, "after": {"state": "queued"}}
    record(verb="message.retried", thing=message, by=by, label=message.template, **states)
    return message


def retry_failed(*, by: User) -> int:
    """Every failed message once more, at most some hundred at a time. Returns how many."""
    failed = Message.objects.failed().order_by("pk")[:RETRIED_AT_ONCE]
    tried = [retry_message(message=message, by=by) for message in failed]
    return sum(message.state == MessageState.QUEUED for message in tried)


@transaction.atomic
def forget_messages(*, person: User) -> None:
    """Drop mails to the person, and what mails to others say of them; one that names them is not sent any more."""
    Message.objects.filter(Q(recipient=person) | Q(address__iexact=person.email)).delete()
    naming = Message.objects.filter(about=person)
    naming.filter(state__in=(MessageState.QUEUED, MessageState.FAILED)).update(state=MessageState.LATE)
    naming.update(context={}, last_moment=timezone.now())


@transaction.atomic
def forget_addressees(*, keys: Collection[str]) -> None:
    """Keep neither address nor contents of the mails with these keys, which go to people without an account. Those that
    have not left do not leave any more.
    """
    rows = Message.objects.filter(dedupe_key__in=keys)
    rows.filter(state=MessageState.QUEUED, attempts=0).delete()
    rows.filter(state__in=(MessageState.QUEUED, MessageState.FAILED)).update(state=MessageState.LATE)
    rows.update(address="", context={}, error="", last_moment=timezone.now())


def forget_old_contents() -> int:
    """Empty what mails said (names, links) once nobody needs it; that they were sent, or not, stays known."""
    old = Message.objects.with_old_contents(timezone.now() - CONTENTS_KEPT)
    given_up = old.filter(state=MessageState.FAILED).update(state=MessageState.LATE, context={})
    return given_up + old.update(context={})
