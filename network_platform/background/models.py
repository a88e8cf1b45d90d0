"""The outbox of messages, and beat's heartbeat. The row is the record; the broker never is."""

from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from network_platform.background.titles import title_of
from network_platform.background.troubles import trouble_of
from network_platform.identifiers import new_uid
from network_platform.people.models import User


class MessageState(models.TextChoices):
    QUEUED = "queued", pgettext_lazy("message", "queued")
    SENDING = "sending", pgettext_lazy("message", "sending")
    SENT = "sent", pgettext_lazy("message", "sent")
    FAILED = "failed", pgettext_lazy("message", "failed")
    LATE = "late", pgettext_lazy("message", "not sent: too late")


class MessageQuerySet(models.QuerySet["Message"]):
    def visible_to(self, user: User | AnonymousUser) -> "MessageQuerySet":
        """The secretariat sees whether messages leave; what they say is between the platform and the recipient."""
        return self if user.is_authenticated and user.is_secretariat else self.none()

    def due(self, now: datetime | None = None) -> "MessageQuerySet":
        """Queued and due, or taken by a worker that has been silent for longer than its lease."""
        now = now or timezone.now()
        waits = models.Q(state=MessageState.QUEUED, due_at__lte=now) | _left(now)
        return self.filter(waits, models.Q(last_moment=None) | models.Q(last_moment__gt=now))

    def left_behind(self, now: datetime) -> "MessageQuerySet":
        """Taken by a worker that has been silent for longer than its lease."""
        return self.filter(_left(now))

    def too_late(self, now: datetime) -> "MessageQuerySet":
        """Past their last moment, and in no worker's hands."""
        unsent = models.Q(state__in=(MessageState.QUEUED, MessageState.FAILED)) | _left(now)
        return self.filter(unsent, last_moment__lte=now)

    def failed(self) -> "MessageQuerySet":
        return self.filter(state=MessageState.FAILED)

    def with_old_contents(self, before: datetime) -> "MessageQuerySet":
        """Sent before that moment, or failed and older, and still holding what the mail said."""
        old = models.Q(state=MessageState.SENT, sent_at__lt=before)
        return self.filter(old | models.Q(state=MessageState.FAILED, created_at__lt=before)).exclude(context={})


def _left(now: datetime) -> models.Q:
    return models.Q(state=MessageState.SENDING, claimed_at__lte=now - settings.MAIL_LEASE)


class Message(models.Model):
    """One e-mail to one address. `dedupe_key` makes asking twice harmless."""

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    template = models.CharField(max_length=80, help_text="Name below templates/email/.")
    language = models.CharField(max_length=8)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    address = models.EmailField()
    about = models.ManyToManyField(
        settings.AUTH_USER_MODEL, blank=True, related_name="+", help_text="People other than the recipient it names."
    )
    context = models.JSONField(default=dict)
    dedupe_key = models.CharField(max_length=200, unique=True)
    state = models.CharField(max_length=10, choices=MessageState, default=MessageState.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(default=timezone.now)
    claimed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    last_moment = models.DateTimeField(
        null=True, blank=True, help_text="From then on it is neither sent nor tried again; empty: no such moment."
    )

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        indexes = [models.Index(fields=["state", "due_at"], name="message_due")]

    def __str__(self) -> str:
        return f"{self.template} ({self.state})"

    @property
    def title(self) -> str:
        """What such mails are about, in the reader's language; nothing that this one says."""
        return title_of(self.template)

    @property
    def trouble(self) -> str | Promise:
        """Why it did not leave when it was last tried."""
        return trouble_of(self.error)


class Heartbeat(models.Model):
    """When a scheduled process last reported; `doctor` reads it."""

    name = models.CharField(max_length=40, unique=True)
    at = models.DateTimeField()
