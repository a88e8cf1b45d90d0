"""What keeps the registry true: likely duplicates, mergers, transfers, remarks of readers, old addresses."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from incubators.enums import FieldGroup, PairStatus, RemarkStatus, TransferStatus
from incubators.models.offices import FocalPoint
from incubators.models.organisations import Organisation
from incubators.models.reference import Country
from network_platform.identifiers import new_uid
from network_platform.people.models import User

UNDONE_WITHIN = timedelta(days=30)


class DuplicatePairQuerySet(models.QuerySet["DuplicatePair"]):
    def open(self) -> "DuplicatePairQuerySet":
        """To be looked at, the likeliest first."""
        return self.filter(status=PairStatus.OPEN).order_by("-score", "pk")

    def visible_to(self, user: User | AnonymousUser) -> "DuplicatePairQuerySet":
        """Twin of `rules.can_view_pair`: who serves the country of both."""
        served = Organisation.objects.reviewable_by(user).values("pk")
        return self.filter(first__in=served, second__in=served)


class DuplicatePair(models.Model):
    """Two organisations that may be one; `first` is the one with the smaller key. `score` is 0 to 100.

    `signs` are what speaks for it: name, acronym, website, mail, city.
    """

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    first = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    score = models.PositiveSmallIntegerField()
    signs = models.JSONField(default=list)
    status = models.CharField(max_length=10, choices=PairStatus, default=PairStatus.OPEN)
    found_at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    objects = DuplicatePairQuerySet.as_manager()

    class Meta:
        verbose_name = _("likely duplicate")
        verbose_name_plural = _("likely duplicates")
        ordering = ["-score", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="pair_once"),
            models.CheckConstraint(condition=models.Q(first__lt=models.F("second")), name="pair_in_order"),
            models.CheckConstraint(condition=models.Q(score__lte=100), name="pair_score_to_100"),
            models.CheckConstraint(condition=models.Q(status__in=PairStatus.values), name="pair_status_known"),
        ]

    def __str__(self) -> str:
        return f"{self.first} / {self.second}"


class Merger(models.Model):
    """`gone` became part of `kept`. `before` holds what was changed or moved, so that it can be undone for 30 days."""

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    kept = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="mergers")
    gone = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="merged_into")
    before = models.JSONField(default=dict)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("merger")
        verbose_name_plural = _("mergers")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["gone"], condition=models.Q(undone_at=None), name="merged_into_one_at_a_time"
            ),
            models.CheckConstraint(condition=~models.Q(kept=models.F("gone")), name="merger_of_two"),
        ]

    def __str__(self) -> str:
        return f"{self.gone} → {self.kept}"

    @property
    def can_be_undone(self) -> bool:
        return self.undone_at is None and timezone.now() < self.at + UNDONE_WITHIN


class FormerAddress(models.Model):
    """A slug under which an organisation was found before; it leads on."""

    slug = models.SlugField(max_length=90, unique=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="former_addresses")
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("former address")
        verbose_name_plural = _("former addresses")
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.slug


def countries_served_by(user: User | AnonymousUser) -> models.QuerySet[Country]:
    """Twin of `rules.serves_country`."""
    if not user.is_authenticated or not user.is_active:
        return Country.objects.none()
    if user.is_secretariat:
        return Country.objects.all()
    return Country.objects.filter(pk__in=FocalPoint.objects.current().filter(user=user).values("country"))


class TransferQuerySet(models.QuerySet["Transfer"]):
    def open(self) -> "TransferQuerySet":
        return self.filter(status=TransferStatus.OPEN).order_by("asked_at", "pk")

    def answerable_by(self, user: User | AnonymousUser) -> "TransferQuerySet":
        """Twin of `rules.can_answer_transfer`: who serves the other country, but never who asked."""
        if not user.is_authenticated:
            return self.none()
        return self.open().filter(target__in=countries_served_by(user)).exclude(asked_by=user)

    def withdrawable_by(self, user: User | AnonymousUser) -> "TransferQuerySet":
        """Twin of `rules.can_withdraw_transfer`."""
        return self.open().filter(source__in=countries_served_by(user))


class Transfer(models.Model):
    """A wish to move an organisation into another country: one country's office asks, the other's answers."""

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="transfers")
    source = models.ForeignKey(Country, on_delete=models.PROTECT, related_name="+")
    target = models.ForeignKey(Country, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=10, choices=TransferStatus, default=TransferStatus.OPEN)
    reason = models.TextField()
    answer = models.TextField(blank=True)
    asked_at = models.DateTimeField(default=timezone.now)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    objects = TransferQuerySet.as_manager()

    class Meta:
        verbose_name = _("transfer")
        verbose_name_plural = _("transfers")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation"], condition=models.Q(status=TransferStatus.OPEN), name="transfer_one_open"
            ),
            models.CheckConstraint(condition=~models.Q(source=models.F("target")), name="transfer_between_two"),
            models.CheckConstraint(condition=models.Q(status__in=TransferStatus.values), name="transfer_status_known"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.source} → {self.target}"


class RemarkQuerySet(models.QuerySet["Remark"]):
    def open(self) -> "RemarkQuerySet":
        return self.filter(status=RemarkStatus.OPEN).order_by("made_at", "pk")

    def visible_to(self, user: User | AnonymousUser) -> "RemarkQuerySet":
        """Twin of `rules.can_view_remark`: who serves the country."""
        return self.filter(organisation__in=Organisation.objects.reviewable_by(user))

    def answerable_by(self, user: User | AnonymousUser) -> "RemarkQuerySet":
        """Twin of `rules.can_answer_remark`."""
        return self.open().visible_to(user)


class Remark(models.Model):
    """Somebody says that something about an organisation is wrong. `address` is where an answer may go, if given."""

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="remarks")
    group = models.CharField(max_length=20, choices=FieldGroup, blank=True)
    text = models.TextField(max_length=1000)
    language = models.CharField(max_length=8, default="en")
    address = models.EmailField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=10, choices=RemarkStatus, default=RemarkStatus.OPEN)
    made_at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    objects = RemarkQuerySet.as_manager()

    class Meta:
        verbose_name = _("remark")
        verbose_name_plural = _("remarks")
        ordering = ["made_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(status__in=RemarkStatus.values), name="remark_status_known"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.text[:40]}"
