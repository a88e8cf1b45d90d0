"""Files of organisations between dry run and commit."""

from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from incubators.enums import ImportStatus
from network_platform.identifiers import new_uid
from network_platform.people.models import User


class ImportRunQuerySet(models.QuerySet["ImportRun"]):
    def visible_to(self, user: User | AnonymousUser) -> "ImportRunQuerySet":
        """Each importer's own; the secretariat sees all."""
        if not user.is_authenticated:
            return self.none()
        return self if user.is_secretariat else self.filter(by=user)

    def left_behind(self, moment: datetime) -> "ImportRunQuerySet":
        """Imported before this moment, and not yet found by the search."""
        return self.filter(status=ImportStatus.DONE, indexed_at=None, done_at__lt=moment).order_by("pk")


class ImportRun(models.Model):
    """An uploaded file as text, with the report of its dry run and then of its commit."""

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=120)
    text = models.TextField()
    status = models.CharField(max_length=10, choices=ImportStatus, default=ImportStatus.CHECKED)
    report = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True, blank=True)
    indexed_at = models.DateTimeField(null=True, blank=True)

    objects = ImportRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.file_name
