"""What organisations run: programmes, their cohorts, and calls for start-ups."""

from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from incubators.enums import CallStatus, OrganisationStatus, ProgrammeKind, ProgrammeStatus
from incubators.models.imports import ImportRun
from incubators.models.organisations import Membership, Organisation
from incubators.models.reference import Sector
from network_platform.drafts import Versioned
from network_platform.identifiers import new_uid
from network_platform.languages import in_language
from network_platform.people.models import User

SHOWN_PROGRAMMES = (ProgrammeStatus.PUBLISHED, ProgrammeStatus.ENDED)
SHOWN_CALLS = (CallStatus.PUBLISHED, CallStatus.CLOSED)


class ProgrammeQuerySet(models.QuerySet["Programme"]):
    def public(self) -> "ProgrammeQuerySet":
        """What everybody may read: published, of an organisation that everybody may read."""
        return self.filter(status__in=SHOWN_PROGRAMMES, organisation__in=Organisation.objects.public())

    def visible_to(self, user: User | AnonymousUser) -> "ProgrammeQuerySet":
        """Twin of `rules.can_view_programme`: drafts are known to the organisation's editors alone."""
        if not user.is_authenticated or not user.is_active:
            return self.public()
        own = models.Q(organisation__in=Membership.objects.filter(user=user).values("organisation"))
        served = models.Q(status__in=SHOWN_PROGRAMMES, organisation__in=Organisation.objects.reviewable_by(user))
        public = models.Q(status__in=SHOWN_PROGRAMMES, organisation__in=Organisation.objects.public())
        return self.filter(own | served | public)

    def shown(self) -> "ProgrammeQuerySet":
        """Without drafts; those that run first."""
        return self.filter(status__in=SHOWN_PROGRAMMES).order_by("-status", "pk")

    def editable_by(self, user: User | AnonymousUser) -> "ProgrammeQuerySet":
        """Twin of `rules.can_edit_programme`."""
        return self.filter(organisation__in=Organisation.objects.editable_by(user))

    def deletable_by(self, user: User | AnonymousUser) -> "ProgrammeQuerySet":
        """Twin of `rules.can_delete_programme`."""
        shown = OpenCall.objects.exclude(status=CallStatus.DRAFT).values("programme")
        placed = Cohort.objects.filter(placements__isnull=False).values("programme")
        drafts = self.editable_by(user).filter(status=ProgrammeStatus.DRAFT)
        return drafts.exclude(pk__in=shown).exclude(pk__in=placed)

    def kept_by_nobody(self) -> "ProgrammeQuerySet":
        """Only imported so far, of an organisation without an editor. What an import may change."""
        editors = Membership.objects.filter(organisation=models.OuterRef("organisation"))
        return self.filter(~models.Exists(editors), version=0).exclude(source_key="")

    def for_api(self) -> "ProgrammeQuerySet":
        """With what the API tells: organisation, sectors, and as `open` whether a call takes applications now."""
        calls = OpenCall.objects.open_at(timezone.now()).filter(programme=models.OuterRef("pk"))
        found = self.annotate(open=models.Exists(calls))
        return found.select_related("organisation__country").prefetch_related("sectors")


class Programme(Versioned):
    """Something that an organisation offers to start-ups again and again.

    Texts are by language. `weeks` is how long a start-up stays, if that is fixed. `source_key` finds the row again in a
    second import.
    """

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="programmes")
    kind = models.CharField(max_length=20, choices=ProgrammeKind, default=ProgrammeKind.OTHER)
    status = models.CharField(max_length=12, choices=ProgrammeStatus, default=ProgrammeStatus.DRAFT)
    titles = models.JSONField(default=dict)
    descriptions = models.JSONField(default=dict)
    languages = models.JSONField(default=list)
    sectors = models.ManyToManyField(Sector, blank=True, related_name="programmes")
    weeks = models.PositiveSmallIntegerField(null=True, blank=True)
    website = models.URLField(max_length=300, blank=True)
    source_key = models.CharField(max_length=64, blank=True)
    import_run = models.ForeignKey(
        ImportRun, null=True, blank=True, on_delete=models.SET_NULL, related_name="programmes"
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")
        ordering = ["organisation", "pk"]
        indexes = [models.Index(fields=["updated_at", "id"], name="programme_by_change")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=ProgrammeStatus.values), name="programme_status_known"
            ),
            models.CheckConstraint(condition=models.Q(kind__in=ProgrammeKind.values), name="programme_kind_known"),
            models.UniqueConstraint(
                fields=["organisation", "source_key"],
                condition=~models.Q(source_key=""),
                name="programme_imported_once",
            ),
        ]

    def __str__(self) -> str:
        return in_language(self.titles)

    def get_absolute_url(self) -> str:
        return reverse("incubators:programme", args=[self.uid])

    @property
    def scope(self) -> str:
        """The audience token of those who serve its country."""
        return self.organisation.scope

    @property
    def is_public(self) -> bool:
        return self.status in SHOWN_PROGRAMMES and self.organisation.is_public


class Cohort(models.Model):
    """One run of a programme. `ends` may be open."""

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="cohorts")
    name = models.CharField(max_length=80)
    starts = models.DateField()
    ends = models.DateField(null=True, blank=True)
    places = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        verbose_name = _("cohort")
        verbose_name_plural = _("cohorts")
        ordering = ["-starts", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "name"], name="cohort_once_in_programme"),
            models.CheckConstraint(
                condition=models.Q(ends=None) | models.Q(ends__gte=models.F("starts")), name="cohort_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class OpenCallQuerySet(models.QuerySet["OpenCall"]):
    def public(self) -> "OpenCallQuerySet":
        """What everybody may read: published or closed, of a programme that everybody may read."""
        return self.filter(status__in=SHOWN_CALLS, programme__in=Programme.objects.public())

    def open_at(self, moment: datetime) -> "OpenCallQuerySet":
        """Published, begun and not over."""
        return self.not_over_at(moment).filter(opens_at__lte=moment)

    def not_over_at(self, moment: datetime) -> "OpenCallQuerySet":
        """Published and not over, begun or not; the soonest end first. With an organisation its calls close."""
        found = self.filter(status=CallStatus.PUBLISHED, closes_at__gt=moment)
        return found.exclude(programme__organisation__status=OrganisationStatus.CLOSED).order_by("closes_at", "pk")

    def past_at(self, moment: datetime) -> "OpenCallQuerySet":
        """Closed, over by the clock, or of an organisation that is closed; the latest first."""
        over = models.Q(closes_at__lte=moment) | models.Q(programme__organisation__status=OrganisationStatus.CLOSED)
        found = models.Q(status=CallStatus.CLOSED) | models.Q(over, status=CallStatus.PUBLISHED)
        return self.filter(found).order_by("-closes_at", "-pk")

    def in_country(self, *iso2s: str) -> "OpenCallQuerySet":
        return self.filter(programme__organisation__country__iso2__in=iso2s)

    def for_rows(self) -> "OpenCallQuerySet":
        """With what a line of a list says."""
        return self.select_related("programme__organisation__country")

    def over_at(self, moment: datetime) -> "OpenCallQuerySet":
        """Published, and past their end."""
        return self.filter(status=CallStatus.PUBLISHED, closes_at__lte=moment).order_by("pk")

    def visible_to(self, user: User | AnonymousUser) -> "OpenCallQuerySet":
        """Twin of `rules.can_view_call`: a draft is known to the organisation's editors alone."""
        if not user.is_authenticated or not user.is_active:
            return self.public()
        own = Membership.objects.filter(user=user).values("organisation")
        public = models.Q(pk__in=self.public().values("pk"))
        return self.filter(public | models.Q(programme__organisation__in=own))

    def editable_by(self, user: User | AnonymousUser) -> "OpenCallQuerySet":
        """Twin of `rules.can_edit_call`."""
        return self.filter(programme__in=Programme.objects.editable_by(user))


class OpenCall(Versioned):
    """A programme looks for start-ups until a moment. `zone` is the time zone in which the organiser names it.

    `closed_at`: since when it is closed, by its editors before its end or by the clock after it.
    """

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="calls")
    cohort = models.ForeignKey(Cohort, null=True, blank=True, on_delete=models.SET_NULL, related_name="calls")
    status = models.CharField(max_length=12, choices=CallStatus, default=CallStatus.DRAFT)
    titles = models.JSONField(default=dict)
    descriptions = models.JSONField(default=dict)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    zone = models.CharField(max_length=40)
    apply_url = models.URLField(max_length=300, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)

    objects = OpenCallQuerySet.as_manager()

    class Meta:
        verbose_name = _("open call")
        verbose_name_plural = _("open calls")
        ordering = ["closes_at", "pk"]
        indexes = [models.Index(fields=["status", "closes_at"], name="call_by_end")]
        constraints = [
            models.CheckConstraint(condition=models.Q(status__in=CallStatus.values), name="call_status_known"),
            models.CheckConstraint(
                condition=models.Q(closes_at__gt=models.F("opens_at")), name="call_closes_after_opening"
            ),
        ]

    def __str__(self) -> str:
        return in_language(self.titles)

    def get_absolute_url(self) -> str:
        return reverse("incubators:call", args=[self.uid])

    @property
    def is_public(self) -> bool:
        return self.status in SHOWN_CALLS and self.programme.is_public

    def is_open_at(self, moment: datetime) -> bool:
        return self.phase_at(moment) == "open"

    def phase_at(self, moment: datetime) -> str:
        """For readers, by the clock: `draft`, `coming`, `open`, `closed` or `withdrawn`."""
        if self.status != CallStatus.PUBLISHED:
            return self.status
        if moment >= self.closes_at or self.programme.organisation.status == OrganisationStatus.CLOSED:
            return "closed"
        return "open" if self.opens_at <= moment else "coming"

    @property
    def phase(self) -> str:
        return self.phase_at(timezone.now())

    @property
    def was_closed_early(self) -> bool:
        return self.status == CallStatus.CLOSED and self.closed_at is not None and self.closed_at < self.closes_at

    @property
    def closed_with_organisation(self) -> bool:
        """Before its end, and by nobody who said so of the call."""
        return self.phase == "closed" and not self.was_closed_early and timezone.now() < self.closes_at
