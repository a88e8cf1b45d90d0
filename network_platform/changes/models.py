"""The feed of public changes, and the addresses that want to hear of them."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from network_platform.identifiers import new_uid
from network_platform.people.models import User

LEASE = timedelta(minutes=5)


class FeedHead(models.Model):
    """One row, locked by whoever appends: numbers become visible in their order, without gaps."""

    number = models.PositiveBigIntegerField(default=0)


class Change(models.Model):
    """Something that everybody may know has changed. Lines are added, never changed.

    `number` is the cursor of the feed; `event` such as `organisation.listed`; `country` its iso2 or empty.
    """

    number = models.PositiveBigIntegerField(unique=True)
    at = models.DateTimeField(default=timezone.now)
    event = models.CharField(max_length=40)
    uid = models.UUIDField()
    country = models.CharField(max_length=2, blank=True)
    path = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.number} {self.event}"


class EndpointQuerySet(models.QuerySet["Endpoint"]):
    def visible_to(self, user: User | AnonymousUser) -> "EndpointQuerySet":
        """Each person's own."""
        return self.filter(user=user) if user.is_authenticated and user.is_active else self.none()

    def listening(self) -> "EndpointQuerySet":
        return self.filter(paused_at=None, user__is_active=True)


class Endpoint(models.Model):
    """An address that is told of `events` by POST, signed with `secret`. It is paused when it fails for long."""

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="endpoints")
    url = models.URLField(max_length=300)
    secret = models.CharField(max_length=60)
    events = models.JSONField(default=list)
    created_at = models.DateTimeField(default=timezone.now)
    paused_at = models.DateTimeField(null=True, blank=True)

    objects = EndpointQuerySet.as_manager()

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        ordering = ["-created_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["user", "url"], name="endpoint_once")]

    def __str__(self) -> str:
        return self.url


class DeliveryState(models.TextChoices):
    QUEUED = "queued", pgettext_lazy("delivery", "waits")
    SENDING = "sending", pgettext_lazy("delivery", "on its way")
    SENT = "sent", pgettext_lazy("delivery", "taken")
    FAILED = "failed", pgettext_lazy("delivery", "given up")


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def due(self, now: datetime) -> "DeliveryQuerySet":
        """Waiting and due, or taken by a worker that has been silent for longer than its lease."""
        waits = models.Q(state=DeliveryState.QUEUED, due_at__lte=now)
        left = models.Q(state=DeliveryState.SENDING, claimed_at__lte=now - LEASE)
        return self.filter(waits | left, endpoint__in=Endpoint.objects.listening()).order_by("due_at", "pk")


class Delivery(models.Model):
    """One change for one address."""

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="deliveries")
    change = models.ForeignKey(Change, on_delete=models.PROTECT, related_name="deliveries")
    state = models.CharField(max_length=10, choices=DeliveryState, default=DeliveryState.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(default=timezone.now)
    claimed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=200, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["state", "due_at"], name="delivery_due")]
        constraints = [models.UniqueConstraint(fields=["endpoint", "change"], name="delivery_once")]

    def __str__(self) -> str:
        return f"{self.change} → {self.endpoint}"
