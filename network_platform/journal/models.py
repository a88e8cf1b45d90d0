"""The audit trail: append-only, each record carrying the hash of the one before it."""

from typing import Any, ClassVar, Protocol

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models.options import Options
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network_platform.people.audience import SECRETARIAT_ONLY, audiences_of
from network_platform.people.models import User


class Thing(Protocol):
    """A row of any model that has a `uid`."""

    _meta: "ClassVar[Options[Any]]"

    @property
    def uid(self) -> object: ...


class RecordQuerySet(models.QuerySet["Record"]):
    def visible_to(self, user: User | AnonymousUser) -> "RecordQuerySet":
        """The secretariat reads all; others what happened within their scopes."""
        if not user.is_authenticated:
            return self.none()
        scopes = audiences_of(user)
        return self if SECRETARIAT_ONLY in scopes else self.filter(scope__in=scopes)

    def about(self, thing: Thing) -> "RecordQuerySet":
        return self.filter(thing_type=thing._meta.label_lower, thing_uid=str(thing.uid))


class Record(models.Model):
    """Who did what to which thing, and how it looked before and after.

    `before` and `after` hold changed values without contact data: records are never erased.
    """

    number = models.PositiveBigIntegerField(unique=True)
    at = models.DateTimeField(default=timezone.now)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    verb = models.CharField(max_length=60)
    thing_type = models.CharField(max_length=60)
    thing_uid = models.CharField(max_length=36)
    label = models.CharField(max_length=250)
    scope = models.CharField(max_length=80, help_text="Audience token of those who may read it beside the secretariat.")
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    reason = models.TextField(blank=True)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    objects = RecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("journal record")
        verbose_name_plural = _("journal records")
        ordering = ["-number"]
        indexes = [
            models.Index(fields=["thing_type", "thing_uid", "number"], name="journal_thing"),
            models.Index(fields=["scope", "-number"], name="journal_scope"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.verb} {self.label}"


class Head(models.Model):
    """One row: number and hash of the newest record. Locking it makes the chain a line."""

    number = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="0" * 64)
