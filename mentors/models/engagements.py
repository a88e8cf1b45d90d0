"""Engagements: what an accepted request becomes. Sessions and check-ins will hang on them."""

from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mentors.enums import EngagementState
from mentors.models.requests import Request
from mentors.models.roles import ExpertRole
from network_platform.identifiers import new_uid
from network_platform.people.models import User


class EngagementQuerySet(models.QuerySet["Engagement"]):
    def visible_to(self, user: User | AnonymousUser) -> "EngagementQuerySet":
        if not user.is_authenticated:
            return self.none()
        return self.filter(models.Q(request__asker=user) | models.Q(request__expert__user=user))

    def writable_by(self, user: User | AnonymousUser) -> "EngagementQuerySet":
        return self.visible_to(user).filter(state=EngagementState.ACTIVE)

    def begun_since(self, moment: datetime) -> "EngagementQuerySet":
        return self.filter(started_at__gte=moment)


class Engagement(models.Model):
    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    request = models.OneToOneField(Request, on_delete=models.PROTECT, related_name="engagement")
    role = models.ForeignKey(ExpertRole, on_delete=models.PROTECT, related_name="engagements")
    state = models.CharField(max_length=10, choices=EngagementState, default=EngagementState.ACTIVE)
    started_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)

    objects = EngagementQuerySet.as_manager()

    class Meta:
        verbose_name = _("engagement")
        verbose_name_plural = _("engagements")
        indexes = [models.Index(fields=["role", "started_at"], name="engagement_month")]

    def __str__(self) -> str:
        return str(self.request)


class LetterQuerySet(models.QuerySet["Letter"]):
    def unread_by(self, user: User) -> "LetterQuerySet":
        """What the other of the two wrote and this person has not opened since; what was erased says nothing."""
        theirs = models.Q(engagement__request__asker=user) | models.Q(engagement__request__expert__user=user)
        return self.filter(theirs, read_at=None).exclude(author=user).exclude(text="")


class Letter(models.Model):
    """One message within an engagement. It travels by the platform; the two never see each other's address."""

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="letters")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    sent_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True, help_text="When the other of the two first opened it.")

    objects = LetterQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
