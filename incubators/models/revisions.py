"""What an organisation's editors want its entry to say."""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from incubators.enums import OPEN_REVISIONS, WITH_EDITORS, DeclineReason, OrganisationStatus, RevisionStatus
from incubators.models.organisations import Membership, Organisation
from network_platform.drafts import Versioned, digest
from network_platform.identifiers import new_uid
from network_platform.people.models import User

# Sent at least once.
SENT = (RevisionStatus.SUBMITTED, RevisionStatus.CHANGES_REQUESTED, RevisionStatus.DECLINED, RevisionStatus.APPROVED)


class RevisionQuerySet(models.QuerySet["Revision"]):
    def open(self) -> "RevisionQuerySet":
        return self.filter(status__in=OPEN_REVISIONS)

    def sent(self) -> "RevisionQuerySet":
        """What a reviewer has been given to read, the latest first."""
        return self.filter(status__in=SENT).order_by("-pk")

    def waiting(self) -> "RevisionQuerySet":
        """Submitted and not answered, the longest waiting first."""
        return self.filter(status=RevisionStatus.SUBMITTED).order_by("submitted_at", "pk")

    def visible_to(self, user: User | AnonymousUser) -> "RevisionQuerySet":
        """Twin of `rules.can_view_revision`."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        own = models.Q(organisation__in=Membership.objects.filter(user=user).values("organisation"))
        return self.filter(own | models.Q(organisation__in=Organisation.objects.reviewable_by(user)))

    def editable_by(self, user: User | AnonymousUser) -> "RevisionQuerySet":
        """Twin of `rules.can_edit_revision`."""
        return self.filter(status__in=WITH_EDITORS, organisation__in=Organisation.objects.editable_by(user))

    def correctable_by(self, user: User | AnonymousUser) -> "RevisionQuerySet":
        """The last word on new listings of the person: declined, and not taken up again."""
        latest = Revision.objects.filter(organisation=models.OuterRef("organisation")).order_by("-pk").values("pk")
        own = Organisation.objects.editable_by(user).filter(status=OrganisationStatus.DECLINED)
        return self.filter(status=RevisionStatus.DECLINED, organisation__in=own, pk=models.Subquery(latest[:1]))

    def withdrawable_by(self, user: User | AnonymousUser) -> "RevisionQuerySet":
        """Twin of `rules.can_withdraw_revision`."""
        return self.waiting().filter(organisation__in=Organisation.objects.editable_by(user))

    def reviewable_by(self, user: User | AnonymousUser) -> "RevisionQuerySet":
        """Twin of `rules.can_review_revision`: nobody reviews the entry of an organisation that they edit."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        own = Membership.objects.filter(user=user).values("organisation")
        return self.filter(
            status=RevisionStatus.SUBMITTED, organisation__in=Organisation.objects.reviewable_by(user)
        ).exclude(organisation__in=own)


class Revision(Versioned):
    """A proposed entry: `values` is what the form holds (incomplete while it is a draft), by field name.

    A new organisation has one from its first step; a listed one gets one when an editor changes something. There is
    at most one open revision an organisation. `reviewed` keeps the values as the reviewer last saw them, `comments`
    what the reviewer wrote beside fields ("" is the key of a comment on the whole). What is declined says `why`, with
    `reason` in own words and, if it is in the registry already, `same_as`. One that corrects what was declined begins
    with these and `reviewed` of that one.
    """

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="revisions")
    status = models.CharField(max_length=20, choices=RevisionStatus, default=RevisionStatus.DRAFT)
    values = models.JSONField(default=dict)
    reviewed = models.JSONField(default=dict)
    comments = models.JSONField(default=dict)
    reason = models.TextField(blank=True)
    why = models.CharField(max_length=20, choices=DeclineReason, blank=True)
    same_as = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    saved_at = models.DateTimeField(default=timezone.now)
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    # Set by the lists of what waits.
    title: str
    is_late: bool
    changed: str

    objects = RevisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["status", "submitted_at"], name="revision_queue")]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation"], condition=models.Q(status__in=OPEN_REVISIONS), name="revision_one_open"
            ),
            models.CheckConstraint(condition=models.Q(status__in=RevisionStatus.values), name="revision_status_known"),
            models.CheckConstraint(
                condition=models.Q(why="") | models.Q(why__in=DeclineReason.values), name="revision_why_known"
            ),
        ]

    def __str__(self) -> str:
        return str(self.organisation)

    @property
    def as_sent(self) -> dict[str, Any]:
        """The values as the reviewer was given them, without what was typed since."""
        return self.reviewed if self.status == RevisionStatus.CHANGES_REQUESTED else self.values

    @property
    def answered(self) -> set[str]:
        """The fields with a comment that hold something else than when it was written."""
        held = [digest(self.reviewed.get(name)) != digest(self.values.get(name)) for name in self.comments]
        return {name for name, changed in zip(self.comments, held, strict=True) if changed}

    @property
    def is_again(self) -> bool:
        """It waits, and a reviewer has answered an earlier state of it; the answer itself fills `reviewed` too."""
        return bool(self.reviewed) and self.status == RevisionStatus.SUBMITTED

    @property
    def can_be_discarded(self) -> bool:
        """Not with a reviewer, and it takes nothing along that was ever answered: there is a page that stays as it is,
        or nobody has read it.
        """
        if self.organisation.status == OrganisationStatus.DRAFT:
            return self.status == RevisionStatus.DRAFT and not self.reviewed
        came_back = self.status == RevisionStatus.CHANGES_REQUESTED and self.organisation.is_public
        return self.status == RevisionStatus.DRAFT or came_back

    def get_absolute_url(self) -> str:
        return reverse("incubators:edit", args=[self.organisation.slug])
