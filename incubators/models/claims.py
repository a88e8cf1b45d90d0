"""Somebody says that a listed organisation is theirs."""

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from incubators.enums import ClaimStatus
from incubators.models.organisations import Membership, Organisation
from network_platform.identifiers import new_uid
from network_platform.people.models import User


class ClaimQuerySet(models.QuerySet["Claim"]):
    def open(self) -> "ClaimQuerySet":
        return self.filter(status=ClaimStatus.OPEN)

    def reviewable_by(self, user: User | AnonymousUser) -> "ClaimQuerySet":
        """Twin of `rules.can_review_claim`."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        own = Membership.objects.filter(user=user).values("organisation")
        theirs = self.filter(organisation__in=Organisation.objects.reviewable_by(user))
        return theirs.open().exclude(user=user).exclude(organisation__in=own)

    def supportable_by(self, user: User | AnonymousUser) -> "ClaimQuerySet":
        """Twin of `rules.can_support_claim`."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        return self.open().filter(user=user)

    def letter_visible_to(self, user: User | AnonymousUser) -> "ClaimQuerySet":
        """Twin of `rules.can_view_letter`."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        answered = self.exclude(status=ClaimStatus.OPEN)
        after = answered if user.is_secretariat else answered.filter(decided_by=user)
        seen = models.Q(pk__in=self.reviewable_by(user).values("pk")) | models.Q(pk__in=after.values("pk"))
        return self.exclude(letter="").filter(seen | models.Q(user=user))


class Claim(models.Model):
    """A wish to become an organisation's editor; `evidence` says why it should be granted.

    A `letter` (PDF, under a random name) may support it; it is kept until LETTERS_KEPT after the answer.
    """

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="claims")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="claims")
    evidence = models.TextField(max_length=1000)
    letter = models.FileField(upload_to="claims/%Y/%m/", max_length=200, blank=True)
    letter_name = models.CharField(max_length=150, blank=True)
    letter_size = models.PositiveIntegerField(null=True, blank=True)
    status = models.CharField(max_length=10, choices=ClaimStatus, default=ClaimStatus.OPEN)
    reason = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    objects = ClaimQuerySet.as_manager()

    class Meta:
        verbose_name = _("claim")
        verbose_name_plural = _("claims")
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "user"],
                condition=models.Q(status=ClaimStatus.OPEN),
                name="claim_one_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.organisation}"

    @property
    def is_open(self) -> bool:
        return self.status == ClaimStatus.OPEN

    @property
    def is_refused(self) -> bool:
        return self.status == ClaimStatus.REFUSED

    @property
    def has_proven_mailbox(self) -> bool:
        return any(mailbox.proven_at for mailbox in self.mailboxes.all())


class Mailbox(models.Model):
    """A mailbox at the organisation's domain that a claimant says to read; `proven_at` is when its link was used.

    The link is kept as its SHA-256 only. The claimant's own confirmed address gets none: it is sent, expired and proven
    at one moment, that of the claim.
    """

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="mailboxes")
    address = models.EmailField()
    token_hash = models.CharField(max_length=64, unique=True)
    sent_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    proven_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("mailbox")
        verbose_name_plural = _("mailboxes")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.address
