"""Several entries approved by one press."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network_platform.identifiers import new_uid
from network_platform.people.models import User

UNDONE_WITHIN = timedelta(minutes=5)  # after it the mails leave


def end_of_undoing() -> datetime:
    return timezone.now() + UNDONE_WITHIN


class BulkApprovalQuerySet(models.QuerySet["BulkApproval"]):
    def visible_to(self, user: User | AnonymousUser) -> "BulkApprovalQuerySet":
        """Who pressed, and the secretariat."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        return self if user.is_secretariat else self.filter(by=user)

    def undoable_by(self, user: User | AnonymousUser) -> "BulkApprovalQuerySet":
        """Twin of `rules.can_undo_approval`."""
        return self.visible_to(user).filter(undone_at=None, undo_until__gt=timezone.now())


class BulkApproval(models.Model):
    """`before` says, by the revision's uid, what entry and revision were before, and when they were approved."""

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    undo_until = models.DateTimeField(default=end_of_undoing)
    undone_at = models.DateTimeField(null=True, blank=True)
    before = models.JSONField(default=dict)

    objects = BulkApprovalQuerySet.as_manager()

    class Meta:
        verbose_name = _("approval of several entries")
        verbose_name_plural = _("approvals of several entries")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.by}, {self.at:%Y-%m-%d %H:%M}"

    @property
    def news(self) -> int:
        """How many entries it listed for the first time."""
        return sum(not before["listed_at"] for before in self.before.values())

    @property
    def changes(self) -> int:
        """How many entries that were listed it changed."""
        return len(self.before) - self.news
