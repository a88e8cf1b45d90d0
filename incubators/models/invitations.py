"""Somebody is asked by e-mail to edit an entry; what is common to everything that is asked so."""

from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from incubators.enums import InvitationStatus, OrganisationStatus
from incubators.models.organisations import Membership, Organisation
from network_platform.identifiers import new_uid
from network_platform.people.models import User


class ByMailQuerySet(models.QuerySet):
    def open(self) -> Self:
        """Neither answered nor taken back nor expired."""
        return self.filter(status=InvitationStatus.OPEN, expires_at__gt=timezone.now())


class ByMail(models.Model):
    """Somebody asks the reader of `email` for something, with a link that is kept as its SHA-256 only.

    `email` is emptied once it is answered, taken back or long expired, in the outbox too. `template`: of the mail.
    """

    template = ""

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    email = models.EmailField(blank=True)
    language = models.CharField(max_length=8, default="en")
    status = models.CharField(max_length=10, choices=InvitationStatus, default=InvitationStatus.OPEN)
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def is_open(self) -> bool:
        """Neither answered nor taken back nor expired."""
        return self.status == InvitationStatus.OPEN and timezone.now() < self.expires_at


class InvitationQuerySet(ByMailQuerySet):
    def answerable(self) -> "InvitationQuerySet":
        """Open, while whoever invited still edits the entry."""
        inviter = Membership.objects.filter(
            organisation=models.OuterRef("organisation"), user=models.OuterRef("invited_by"), user__is_active=True
        )
        return self.open().exclude(organisation__status=OrganisationStatus.CLOSED).filter(models.Exists(inviter))

    def withdrawable_by(self, user: User | AnonymousUser) -> "InvitationQuerySet":
        """Twin of `rules.can_withdraw_invitation`."""
        return self.open().filter(organisation__in=Organisation.objects.editable_by(user))

    def acceptable_by(self, user: User | AnonymousUser) -> "InvitationQuerySet":
        """Twin of `rules.can_accept_invitation`."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        return self.answerable().exclude(invited_by=user).filter(email=user.email.lower())


class Invitation(ByMail):
    """An editor asks the reader of `email` to edit the entry too; or, if it `hands_over`, in the editor's place."""

    template = "incubators/editor_invited"

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="invitations")
    hands_over = models.BooleanField(default=False)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=InvitationStatus.values), name="invitation_status_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email}, {self.organisation}"
