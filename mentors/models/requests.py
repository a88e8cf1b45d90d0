"""Requests: somebody's need, put before one expert."""

from datetime import datetime, timedelta
from typing import cast

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mentors.enums import RequestState, RoleKind, SpokenLanguage
from mentors.models.experts import Expert
from mentors.models.reference import Expertise
from mentors.models.roles import ExpertRole
from network_platform.identifiers import new_uid
from network_platform.people.models import User

ANSWER_WITHIN = timedelta(days=7)


class RequestQuerySet(models.QuerySet["Request"]):
    def made_by(self, user: User) -> "RequestQuerySet":
        return self.filter(asker=user)

    def put_to(self, user: User) -> "RequestQuerySet":
        """Those that reached this person as an expert."""
        return self.filter(expert__user=user).exclude(state=RequestState.DRAFT)

    def visible_to(self, user: User | AnonymousUser) -> "RequestQuerySet":
        """The two people concerned, and nobody else: not the focal point, not the secretariat."""
        if not user.is_authenticated:
            return self.none()
        reached = models.Q(expert__user=user) & ~models.Q(state=RequestState.DRAFT)
        return self.filter(models.Q(asker=user) | reached)

    def offered(self) -> "RequestQuerySet":
        return self.filter(state=RequestState.OFFERED)

    def overdue(self) -> "RequestQuerySet":
        return self.offered().filter(expires_at__lte=timezone.now())

    def answerable_by(self, user: User | AnonymousUser) -> "RequestQuerySet":
        if not user.is_authenticated:
            return self.none()
        return self.offered().filter(expert__user=user, expires_at__gt=timezone.now())

    def unread_by(self, user: User) -> "RequestQuerySet":
        """Own requests with an answer (or none in time) that the asker has not opened since."""
        closed = [RequestState.ACCEPTED, RequestState.DECLINED, RequestState.EXPIRED]
        return self.made_by(user).filter(state__in=closed, read_at=None)

    def withdrawable_by(self, user: User | AnonymousUser) -> "RequestQuerySet":
        if not user.is_authenticated:
            return self.none()
        return self.filter(asker=user, state__in=[RequestState.DRAFT, RequestState.OFFERED])

    def with_news_for(self, user: User) -> "RequestQuerySet":
        """Each with `has_unread_letters`: whether the other of the two wrote since this person last looked."""
        from mentors.models.engagements import Letter

        unread = Letter.objects.unread_by(user).filter(engagement__request=models.OuterRef("pk"))
        return self.annotate(has_unread_letters=models.Exists(unread))

    def with_people(self) -> "RequestQuerySet":
        return self.select_related("expert__country", "expert__user", "asker", "role", "startup", "engagement")


class Request(models.Model):
    """One person's need in their own words, offered to one expert in one role for seven days."""

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    asker = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="expert_requests")
    startup = models.ForeignKey(
        "incubators.Startup", null=True, blank=True, on_delete=models.PROTECT, related_name="expert_requests"
    )
    expert = models.ForeignKey(Expert, on_delete=models.PROTECT, related_name="requests")
    role = models.ForeignKey(ExpertRole, on_delete=models.PROTECT, related_name="requests")
    skills = models.ManyToManyField(Expertise, related_name="+", blank=True)
    need = models.TextField()
    language = models.CharField(max_length=8, choices=SpokenLanguage)
    state = models.CharField(max_length=10, choices=RequestState, default=RequestState.DRAFT)
    created_at = models.DateTimeField(default=timezone.now)
    offered_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    reply = models.TextField(blank=True)
    read_at = models.DateTimeField(null=True, help_text="When the asker first opened the answer.")

    objects = RequestQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("request")
        verbose_name_plural = _("requests")
        indexes = [models.Index(fields=["state", "expires_at"], name="request_due")]
        constraints = [
            models.UniqueConstraint(
                fields=["asker", "expert"], condition=models.Q(state=RequestState.OFFERED), name="request_open_once"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=[RequestState.DRAFT, RequestState.WITHDRAWN])
                | models.Q(offered_at__isnull=False, expires_at__isnull=False),
                name="request_offered_has_end",
            ),
        ]

    def __str__(self) -> str:
        return f"{RoleKind(self.role.role).label}, {self.expert}"

    @property
    def is_unread(self) -> bool:
        """Twin of `unread_by`, for a row of the asker."""
        return self.read_at is None and self.state in {
            RequestState.ACCEPTED,
            RequestState.DECLINED,
            RequestState.EXPIRED,
        }

    @property
    def is_answerable(self) -> bool:
        return self.state == RequestState.OFFERED and cast(datetime, self.expires_at) > timezone.now()
