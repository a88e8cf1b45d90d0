"""Filters of the public list that a reader keeps."""

from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network_platform.identifiers import new_uid
from network_platform.people.models import User


class SavedSearchQuerySet(models.QuerySet["SavedSearch"]):
    def visible_to(self, user: User | AnonymousUser) -> "SavedSearchQuerySet":
        """Twin of `rules.can_change_search`: each reader's own."""
        return self.filter(user=user) if user.is_authenticated and user.is_active else self.none()

    def due(self, month: datetime) -> "SavedSearchQuerySet":
        """To be mailed, and not looked at since this month began."""
        return self.filter(is_mailed=True, told_until__lt=month, user__is_active=True)


class SavedSearch(models.Model):
    """An address of the list, `query` in its shortest form. With `is_mailed` what is new comes once a month."""

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_searches")
    name = models.CharField(max_length=100)
    query = models.CharField(max_length=1000)
    is_mailed = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now)
    told_until = models.DateTimeField(default=timezone.now)

    objects = SavedSearchQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved search")
        verbose_name_plural = _("saved searches")
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["user", "query"], name="saved_search_once")]

    def __str__(self) -> str:
        return self.name
