"""Organisations and their names."""

from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from incubators.enums import (
    MOVABLE,
    OPEN_REVISIONS,
    PUBLIC_STATUSES,
    FieldGroup,
    MemberRole,
    NameKind,
    OrganisationKind,
    OrganisationStatus,
    Origin,
    Script,
)
from incubators.models.imports import ImportRun
from incubators.models.offices import FocalPoint
from incubators.models.reference import City, Country, Sdg, Sector
from incubators.names import LONGEST_NAME
from network_platform.identifiers import new_uid
from network_platform.languages import in_language
from network_platform.people.models import User
from network_platform.zones import today


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def locked(self) -> "OrganisationQuerySet":
        """For a write: the row locked, with its country and city."""
        return self.select_for_update(of=("self",)).select_related("country", "city")

    def public(self) -> "OrganisationQuerySet":
        """What everybody may read."""
        return self.filter(status__in=PUBLIC_STATUSES)

    def not_merged(self) -> "OrganisationQuerySet":
        """Without those that became part of another: their address leads there."""
        return self.exclude(merged_into__isnull=False, merged_into__undone_at=None)

    def in_directory(self) -> "OrganisationQuerySet":
        """What the public list, the map and the exports hold: listed, or listed and out of date."""
        return self.filter(status__in=(OrganisationStatus.LISTED, OrganisationStatus.STALE))

    def visible_to(self, user: User | AnonymousUser) -> "OrganisationQuerySet":
        """Twin of `rules.can_view_organisation`."""
        if not user.is_authenticated or not user.is_active:
            return self.public()
        if user.is_secretariat:
            return self
        own = Membership.objects.filter(user=user).values("organisation")
        offices = FocalPoint.objects.current().filter(user=user).values("country")
        return self.filter(models.Q(status__in=PUBLIC_STATUSES) | models.Q(pk__in=own) | models.Q(country__in=offices))

    def edited_by_nobody_but(self, user: User) -> "OrganisationQuerySet":
        """What everybody may read, and this person alone edits."""
        colleagues = Membership.objects.filter(organisation=models.OuterRef("pk")).exclude(user=user)
        return self.public().filter(~models.Exists(colleagues), memberships__user=user)

    def editable_by(self, user: User | AnonymousUser) -> "OrganisationQuerySet":
        """Twin of `rules.can_edit_organisation`."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        open_ones = self.exclude(status=OrganisationStatus.CLOSED)
        return open_ones.filter(pk__in=Membership.objects.filter(user=user).values("organisation"))

    def removable_by(self, user: User | AnonymousUser) -> "OrganisationQuerySet":
        """Twin of `rules.can_remove_declined`."""
        declined = self.editable_by(user).filter(status=OrganisationStatus.DECLINED, listed_at=None)
        return declined.exclude(revisions__status__in=OPEN_REVISIONS)

    def inviting_for(self, user: User | AnonymousUser) -> "OrganisationQuerySet":
        """Twin of `rules.can_invite_editor`."""
        return self.editable_by(user).exclude(listed_at=None)

    def reviewable_by(self, user: User | AnonymousUser) -> "OrganisationQuerySet":
        """Twin of `rules.can_review_organisation`."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.is_secretariat:
            return self
        return self.filter(country__in=FocalPoint.objects.current().filter(user=user).values("country"))

    def movable_by(self, user: User | AnonymousUser) -> "OrganisationQuerySet":
        """Twin of `rules.can_move_organisation`."""
        own = Membership.objects.filter(user=user.pk).values("organisation")
        return self.reviewable_by(user).filter(status__in=MOVABLE).exclude(listed_at=None).exclude(pk__in=own)

    def confirmable_by(self, user: User | AnonymousUser) -> "OrganisationQuerySet":
        """Twin of `rules.can_confirm_organisation`."""
        confirmed = models.Q(status=OrganisationStatus.LISTED) & ~models.Q(verified_until=None)
        aging = self.filter(confirmed | models.Q(status=OrganisationStatus.STALE))
        return aging.filter(
            models.Q(pk__in=aging.editable_by(user).values("pk"))
            | models.Q(pk__in=aging.reviewable_by(user).values("pk"))
        )

    def asked_to_confirm(self, user: User, days: int) -> "OrganisationQuerySet":
        """What the person keeps and is confirmed for so many days at most, or out of date; the oldest first."""
        due = models.Q(status=OrganisationStatus.STALE) | models.Q(verified_until__lte=today() + timedelta(days=days))
        own = self.confirmable_by(user).editable_by(user)
        return own.filter(due).order_by("verified_until", "pk")

    def editors_visible_to(self, user: User | AnonymousUser) -> "OrganisationQuerySet":
        """Twin of `rules.can_view_editors`."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        own = Membership.objects.filter(user=user).values("organisation")
        return self.filter(models.Q(pk__in=own) | models.Q(pk__in=self.reviewable_by(user).values("pk")))

    def kept_by_nobody(self) -> "OrganisationQuerySet":
        """Only imported so far: never confirmed, and without an editor. What an import may change."""
        editors = Membership.objects.filter(organisation=models.OuterRef("pk"))
        return self.filter(~models.Exists(editors), origin=Origin.IMPORT, verified_until=None)

    def overdue(self) -> "OrganisationQuerySet":
        """Listed, and not confirmed in time."""
        return self.filter(status=OrganisationStatus.LISTED, verified_until__lt=today())

    def due_within(self, days: int) -> "OrganisationQuerySet":
        """Confirmed, but not for longer than so many days; what is due first comes first."""
        window = (today(), today() + timedelta(days=days))
        found = self.filter(status=OrganisationStatus.LISTED, verified_until__range=window)
        return found.order_by("verified_until", "pk")


class Organisation(models.Model):
    """An incubator, accelerator, fund, agency ... as the registry shows it.

    The row holds only what has been accepted: what an editor is typing lives in a `Revision` until the focal point
    approves it. `titles` is the best name per language and `sort_key` its order; both are written with the names, by
    `services.names.set_names`, so that lists need no join. `source_key` finds the row again in a second import.
    """

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    slug = models.SlugField(max_length=90, unique=True)
    country = models.ForeignKey(Country, on_delete=models.PROTECT, related_name="organisations")
    kind = models.CharField(max_length=30, choices=OrganisationKind)
    status = models.CharField(max_length=20, choices=OrganisationStatus, default=OrganisationStatus.DRAFT)
    titles = models.JSONField(default=dict)
    sort_key = models.CharField(max_length=200, blank=True)
    city = models.ForeignKey(City, null=True, blank=True, on_delete=models.PROTECT, related_name="organisations")
    website = models.URLField(max_length=300, blank=True)
    website_host = models.CharField(max_length=120, blank=True)
    founded_year = models.PositiveSmallIntegerField(null=True, blank=True)
    descriptions = models.JSONField(default=dict)
    languages = models.JSONField(default=list)
    sectors = models.ManyToManyField(Sector, blank=True, related_name="organisations")
    sdgs = models.ManyToManyField(Sdg, blank=True, related_name="organisations")
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="parts")
    successor = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="predecessors")
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.EDITOR)
    source_url = models.CharField(max_length=500, blank=True)
    source_note = models.TextField(blank=True)
    source_date = models.DateField(null=True, blank=True)
    import_run = models.ForeignKey(
        ImportRun, null=True, blank=True, on_delete=models.SET_NULL, related_name="organisations"
    )
    source_key = models.CharField(max_length=64, blank=True)
    verified_until = models.DateField(null=True, blank=True)
    listed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    is_asked: bool  # set by the list of who is late

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["sort_key", "pk"]
        indexes = [
            models.Index(fields=["status", "sort_key", "id"], name="organisation_by_name"),
            models.Index(fields=["country", "status"], name="organisation_by_country"),
            models.Index(fields=["updated_at", "id"], name="organisation_by_change"),
            models.Index(fields=["website_host"], name="organisation_by_host"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=OrganisationStatus.values), name="organisation_status_known"
            ),
            models.CheckConstraint(
                condition=models.Q(founded_year=None) | models.Q(founded_year__range=(1800, 2200)),
                name="organisation_founded_in_range",
            ),
            models.CheckConstraint(
                condition=models.Q(successor=None) | ~models.Q(successor=models.F("id")),
                name="organisation_not_own_successor",
            ),
            models.UniqueConstraint(
                fields=["country", "source_key"],
                condition=~models.Q(source_key=""),
                name="organisation_imported_once",
            ),
        ]

    def __str__(self) -> str:
        return in_language(self.titles) or self.slug

    def get_absolute_url(self) -> str:
        return reverse("incubators:detail", args=[self.slug])

    @property
    def journal_label(self) -> str:
        """The name that its editors put first, so that all records call it alike, whoever acts; '' if it has none."""
        return next((name.text for name in self.names.filter(kind=NameKind.DISPLAY)), "")

    @property
    def scope(self) -> str:
        """The audience token of those who serve its country."""
        return f"country:{self.country.iso2}"

    @property
    def is_public(self) -> bool:
        return self.status in PUBLIC_STATUSES

    @property
    def takes_remarks(self) -> bool:
        """Whether anybody may say that something about it is wrong, to whoever serves the country."""
        return self.status in (OrganisationStatus.LISTED, OrganisationStatus.STALE)

    @property
    def is_verified(self) -> bool:
        return self.verified_on(today())

    def verified_on(self, day: date) -> bool:
        return (
            self.status == OrganisationStatus.LISTED and self.verified_until is not None and day <= self.verified_until
        )

    @property
    def is_out_of_date(self) -> bool:
        """Confirmed once, and not again in time."""
        return self.status == OrganisationStatus.STALE or (
            self.status == OrganisationStatus.LISTED
            and self.verified_until is not None
            and self.verified_until < today()
        )

    @property
    def source_is_link(self) -> bool:
        return self.source_url.startswith(("https://", "http://"))

    @property
    def source_host(self) -> str:
        return urlsplit(self.source_url).netloc.removeprefix("www.")


class OrganisationName(models.Model):
    """One name, after ROR's design. `language` may be unknown (empty); `skeleton` finds it in any script.

    A name that is borne no more has `until`, the last day on which it was.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="names")
    text = models.CharField(max_length=LONGEST_NAME)
    kind = models.CharField(max_length=10, choices=NameKind, default=NameKind.LABEL)
    language = models.CharField(max_length=8, blank=True)
    script = models.CharField(max_length=4, choices=Script, blank=True)
    skeleton = models.CharField(max_length=300, blank=True, db_index=True)
    until = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = _("name")
        verbose_name_plural = _("names")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation"], condition=models.Q(kind=NameKind.DISPLAY), name="organisation_one_display_name"
            ),
            models.UniqueConstraint(fields=["organisation", "text", "kind", "language"], name="organisation_name_once"),
        ]

    def __str__(self) -> str:
        return self.text


class MembershipQuerySet(models.QuerySet["Membership"]):
    def endable_by(self, user: User | AnonymousUser) -> "MembershipQuerySet":
        """Twin of `rules.can_end_membership`."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        owned = Membership.objects.filter(user=user, role=MemberRole.OWNER).values("organisation")
        served = Organisation.objects.reviewable_by(user).values("pk")
        return self.exclude(organisation__listed_at=None).filter(
            models.Q(user=user) | models.Q(organisation__in=owned) | models.Q(organisation__in=served)
        )


class Membership(models.Model):
    """Who writes an organisation's entry."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=MemberRole, default=MemberRole.EDITOR)
    since = models.DateTimeField(default=timezone.now)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [models.UniqueConstraint(fields=["user", "organisation"], name="membership_once")]

    def __str__(self) -> str:
        return f"{self.user}, {self.organisation}"


class Confirmation(models.Model):
    """Somebody said that a group of fields is true. Lines are added, never changed; the latest counts."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="confirmations")
    group = models.CharField(max_length=20, choices=FieldGroup)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("confirmation")
        verbose_name_plural = _("confirmations")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["organisation", "group", "-at"], name="confirmation_latest")]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.group}"

    @classmethod
    def latest_of(cls, organisation: Organisation) -> dict[str, datetime]:
        """When each group was confirmed last; one that never was is missing."""
        lines = cls.objects.filter(organisation=organisation).order_by()
        return dict(lines.values_list("group").annotate(latest=models.Max("at")))


class RegistryState(models.Model):
    """One row. `token` changes with everything that the public list shows: the key of what is cached of it.

    A random token, not a number: a number that a rolled-back transaction showed could come again.
    """

    token = models.UUIDField()
