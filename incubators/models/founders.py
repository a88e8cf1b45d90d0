"""The founder of a start-up that came by import is asked by e-mail to keep its profile."""

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from incubators.enums import InvitationStatus, OrganisationStatus
from incubators.models.invitations import ByMail, ByMailQuerySet
from incubators.models.offices import FocalPoint
from incubators.models.placements import Placement
from incubators.models.startups import Startup
from network_platform.people.models import SECRETARIAT, User


class FounderInvitationQuerySet(ByMailQuerySet):
    def answerable(self) -> "FounderInvitationQuerySet":
        """Open, while the start-up has no founder and whoever invited may still hand it out."""
        inviter, startup = models.OuterRef("invited_by"), models.OuterRef("startup")
        secretariat = User.objects.filter(pk=inviter, groups__name=SECRETARIAT)
        serving = FocalPoint.objects.current().filter(user=inviter, country=models.OuterRef("startup__country"))
        hosts = Placement.objects.confirmed().filter(
            startup=startup, cohort__programme__organisation__memberships__user=inviter
        )
        hosts = hosts.exclude(cohort__programme__organisation__listed_at=None)
        hosts = hosts.exclude(cohort__programme__organisation__status=OrganisationStatus.CLOSED)
        return (
            self.open()
            .filter(startup__in=Startup.objects.without_founder(), invited_by__is_active=True)
            .filter(models.Exists(secretariat) | models.Exists(serving) | models.Exists(hosts))
        )

    def withdrawable_by(self, user: User | AnonymousUser) -> "FounderInvitationQuerySet":
        """Twin of `rules.can_withdraw_founder_invitation`."""
        return self.open().filter(startup__in=Startup.objects.inviting_for(user))

    def acceptable_by(self, user: User | AnonymousUser) -> "FounderInvitationQuerySet":
        """Twin of `rules.can_accept_founder_invitation`."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        return self.answerable().exclude(invited_by=user).filter(email=user.email.lower())


class FounderInvitation(ByMail):
    """Whoever accepts owns the start-up. One waits at a time: a second takes the place of the first."""

    template = "incubators/founder_invited"

    startup = models.ForeignKey(Startup, on_delete=models.CASCADE, related_name="invitations")

    objects = FounderInvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation of a founder")
        verbose_name_plural = _("invitations of founders")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=InvitationStatus.values), name="founder_invitation_status_known"
            ),
            models.UniqueConstraint(
                fields=["startup"],
                condition=models.Q(status=InvitationStatus.OPEN),
                name="founder_invitation_one_waits",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email}, {self.startup}"
