"""Turning one outbox row into one e-mail, once.

A worker claims the row by one conditional UPDATE and commits, then talks to the mail server outside any transaction,
then marks the row sent. Two workers never hold one row: the claim is a lease, and only a row whose holder has been
silent for longer than `settings.MAIL_LEASE` may be claimed anew. Whoever is killed before the server has accepted the
mail leaves a row that the sweeper sends later.

One window stays, because SMTP has no transaction that spans both sides: a worker killed after the server accepted the
mail and before the row is marked (a few milliseconds) leaves a row that is sent again. Both mails carry the same
Message-ID, made from the row's uid, and mail systems show or keep such a pair as one.
"""

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import F
from django.template import TemplateDoesNotExist
from django.template.loader import render_to_string
from django.utils import timezone, translation

from network_platform.background.models import Message, MessageState

MOST_ATTEMPTS = 8
LONGEST_PAUSE = timedelta(hours=6)


def deliver(pk: int) -> None:
    """Send the row if it is due and nobody else is at it; on failure it waits for its next attempt."""
    message = claim(pk)
    if message is None:
        return
    try:
        compose(message).send()
    except Exception as error:
        postpone(message, error)
        return
    mark_sent(message)


@transaction.atomic
def mark_sent(message: Message) -> None:
    """What the row says by now is kept, not what was sent: somebody named in it may have been erased meanwhile."""
    row = Message.objects.select_for_update().filter(pk=message.pk).first()
    if row is None:
        return
    row.state, row.sent_at, row.error = MessageState.SENT, timezone.now(), ""
    row.context = without_secrets(row.context)
    row.save(update_fields=["state", "sent_at", "error", "context"])


def claim(pk: int) -> Message | None:
    """Take the row for this worker, or None if it is not due, was tried too often, or another worker holds it."""
    now = timezone.now()
    taken = Message.objects.due(now).filter(pk=pk, attempts__lt=MOST_ATTEMPTS)
    if not taken.update(state=MessageState.SENDING, claimed_at=now, attempts=F("attempts") + 1):
        return None
    return Message.objects.select_related("recipient").get(pk=pk)


def compose(message: Message) -> EmailMultiAlternatives:
    """The mail in the message's language. Its Message-ID is the row's, so that a repeat can be recognised."""
    context = {**message.context, "recipient": message.recipient, "base_url": settings.BASE_URL}
    with translation.override(message.language):
        subject = " ".join(render_to_string(f"email/{message.template}.subject.txt", context).split())
        text = render_to_string(f"email/{message.template}.txt", context)
        html = _html(message.template, context)
    mail = EmailMultiAlternatives(subject, text, to=[message.address], headers=headers_of(message))
    if html:
        mail.attach_alternative(html, "text/html")
    return mail


def headers_of(message: Message) -> dict[str, str]:
    """A mail whose context has the path `unsubscribe` lets mail programs stop its kind by one press (RFC 8058)."""
    headers = {"Message-ID": message_id(message)}
    if path := message.context.get("unsubscribe"):
        headers["List-Unsubscribe"] = f"<{settings.BASE_URL}{path}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers


def message_id(message: Message) -> str:
    """The same on every attempt and every machine."""
    return f"<{message.uid}@{urlsplit(settings.BASE_URL).hostname}>"


def postpone(message: Message, error: Exception) -> None:
    """Try again after 1, 2, 4 ... minutes; after the last attempt it is failed and `doctor` says so.

    Says nothing if the row is no longer this worker's, or its address was forgotten: errors quote addresses.
    """
    last = message.attempts >= MOST_ATTEMPTS
    rows = Message.objects.filter(pk=message.pk, state=MessageState.SENDING, claimed_at=message.claimed_at)
    rows.filter(address=message.address).update(
        state=MessageState.FAILED if last else MessageState.QUEUED,
        due_at=next_attempt(message.attempts),
        error=f"{type(error).__name__}: {error}"[:500],
    )


def put_aside() -> None:
    """Give up what is past its last moment, contents and all, and what ended each worker that took it."""
    now = timezone.now()
    Message.objects.too_late(now).update(state=MessageState.LATE, context={})
    Message.objects.left_behind(now).filter(attempts__gte=MOST_ATTEMPTS).update(
        state=MessageState.FAILED, error="Every worker that took it ended before it was done."
    )


def next_attempt(attempts: int) -> datetime:
    return timezone.now() + min(timedelta(minutes=2 ** (attempts - 1)), LONGEST_PAUSE)


def without_secrets(context: dict[str, object]) -> dict[str, object]:
    """What the outbox still says of a mail that is gone: neither a code nor a link that acts by itself is kept."""
    return {key: value for key, value in context.items() if key not in ("code", "link", "unsubscribe")}


def _html(template: str, context: dict[str, object]) -> str:
    try:
        return render_to_string(f"email/{template}.html", context)
    except TemplateDoesNotExist:
        return ""
