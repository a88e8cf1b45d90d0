"""A competition and its rules: who runs it, who may enter, in which tracks and rounds, for which awards."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, ExpressionWrapper, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from competitions.enums import (
    Aggregation,
    CompetitionScope,
    CompetitionState,
    EntryState,
    Phase,
    RoleKind,
    RoundKind,
    RoundState,
    RuleEffect,
    RuleKind,
)
from incubators.models import Country
from network_platform.identifiers import new_uid
from network_platform.languages import in_language
from network_platform.people.models import User

PUBLIC_STATES = (
    CompetitionState.PUBLISHED,
    CompetitionState.ANNOUNCED,
    CompetitionState.CANCELLED,
    CompetitionState.DESCRIBED,
)

LAST_MOMENT = ExpressionWrapper(F("closes_at") + F("grace"), output_field=models.DateTimeField())


class CompetitionQuerySet(models.QuerySet["Competition"]):
    def public(self) -> "CompetitionQuerySet":
        return self.filter(state__in=PUBLIC_STATES)

    def visible_to(self, user: User | AnonymousUser) -> "CompetitionQuerySet":
        """What is public, and drafts to those who run or observe them and to the secretariat."""
        if not user.is_authenticated:
            return self.public()
        if user.is_secretariat:
            return self
        return self.filter(Q(state__in=PUBLIC_STATES) | self._holds(user, RoleKind.MANAGER, RoleKind.OBSERVER))

    def manageable_by(self, user: User | AnonymousUser) -> "CompetitionQuerySet":
        """Managers manage their own, the secretariat all that are run here."""
        if not user.is_authenticated:
            return self.none()
        run_here = self.exclude(state=CompetitionState.DESCRIBED)
        return run_here if user.is_secretariat else run_here.filter(self._holds(user, RoleKind.MANAGER))

    def observable_by(self, user: User | AnonymousUser) -> "CompetitionQuerySet":
        """Everything is open to read for managers, observers and the secretariat."""
        if not user.is_authenticated:
            return self.none()
        run_here = self.exclude(state=CompetitionState.DESCRIBED)
        return (
            run_here if user.is_secretariat else run_here.filter(self._holds(user, RoleKind.MANAGER, RoleKind.OBSERVER))
        )

    def coming(self, now: datetime | None = None) -> "CompetitionQuerySet":
        return self.filter(state=CompetitionState.PUBLISHED, opens_at__gt=now or timezone.now())

    def open(self, now: datetime | None = None) -> "CompetitionQuerySet":
        """Those that take entries now, the nearest deadline first. Twin of `Competition.takes_entries_at`."""
        now = now or timezone.now()
        in_time = self.alias(last_moment=LAST_MOMENT).filter(opens_at__lte=now, last_moment__gte=now)
        return in_time.filter(state=CompetitionState.PUBLISHED).order_by("closes_at")

    def in_judging(self, now: datetime | None = None) -> "CompetitionQuerySet":
        closed = self.alias(last_moment=LAST_MOMENT).filter(last_moment__lt=now or timezone.now())
        return closed.filter(state=CompetitionState.PUBLISHED)

    def announced(self) -> "CompetitionQuerySet":
        return self.filter(state=CompetitionState.ANNOUNCED)

    def described(self) -> "CompetitionQuerySet":
        return self.filter(state=CompetitionState.DESCRIBED)

    def in_phase(self, phase: str, now: datetime) -> "CompetitionQuerySet":
        """Twin of `Competition.phase_at`."""
        by_hour = {Phase.OPEN: self.open, Phase.COMING: self.coming, Phase.JUDGING: self.in_judging}
        return by_hour[Phase(phase)](now) if phase in by_hour else self.filter(state=phase)

    @staticmethod
    def _holds(user: User, *kinds: RoleKind) -> Exists:
        return Exists(CompetitionRole.objects.current().filter(user=user, role__in=kinds, competition=OuterRef("pk")))


class Competition(models.Model):
    """`names`, `summaries`, `prizes` and `organisers` are texts per language.

    `facts` keeps what a source says of a described competition and no field holds (funnels, partners, doubts).
    """

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    slug = models.SlugField(max_length=80, unique=True)
    state = models.CharField(max_length=12, choices=CompetitionState, default=CompetitionState.DRAFT)
    scope = models.CharField(max_length=10, choices=CompetitionScope, blank=True)
    names = models.JSONField(default=dict)
    summaries = models.JSONField(default=dict, blank=True)
    prizes = models.JSONField(default=dict, blank=True)
    organisers = models.JSONField(default=dict, blank=True)
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    edition = models.CharField(max_length=30, blank=True)
    languages = models.JSONField(
        default=list, blank=True, help_text="Codes of the languages entries may be written in."
    )
    time_zone = models.CharField(max_length=40, default="UTC")
    countries = models.ManyToManyField("incubators.Country", blank=True, related_name="competitions")
    sectors = models.ManyToManyField("incubators.Sector", blank=True, related_name="competitions")
    opens_at = models.DateTimeField(null=True, blank=True)
    closes_at = models.DateTimeField(null=True, blank=True)
    grace = models.DurationField(default=timedelta, help_text="Declared tolerance after the deadline.")
    published_at = models.DateTimeField(null=True, blank=True)
    announced_at = models.DateTimeField(null=True, blank=True)
    facts = models.JSONField(default=dict, blank=True)

    # Set by `find_competitions`.
    now_in: Phase
    iso2s: set[str]

    objects = CompetitionQuerySet.as_manager()

    class Meta:
        verbose_name = _("competition")
        verbose_name_plural = _("competitions")
        ordering = [F("year").desc(nulls_last=True), "slug"]
        indexes = [models.Index(fields=["state", "closes_at"], name="competition_state_closes")]
        constraints = [
            models.CheckConstraint(
                condition=Q(opens_at__isnull=True) | Q(closes_at__isnull=True) | Q(opens_at__lt=F("closes_at")),
                name="competition_opens_before_it_closes",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["published", "announced"])
                | Q(opens_at__isnull=False, closes_at__isnull=False, published_at__isnull=False),
                name="competition_published_with_dates",
            ),
            models.CheckConstraint(
                condition=~Q(state="announced") | Q(announced_at__isnull=False),
                name="competition_announced_with_time",
            ),
        ]

    def __str__(self) -> str:
        return in_language(self.names) or self.slug

    @property
    def scope_token(self) -> str:
        """The journal's and the search's audience of those who run or observe this competition."""
        return f"competition:{self.uid}"

    @property
    def last_moment(self) -> datetime | None:
        """Until when an entry is accepted: the deadline and the declared grace."""
        return self.closes_at and self.closes_at + self.grace

    @property
    def lands(self) -> list[Country]:
        """Its countries in the order of the names that the reader sees."""
        return sorted(self.countries.all(), key=str)

    def phase_at(self, moment: datetime) -> Phase:
        if self.state != CompetitionState.PUBLISHED:
            return Phase(self.state)
        if self.takes_entries_at(moment):
            return Phase.OPEN
        return Phase.COMING if self.opens_at and moment < self.opens_at else Phase.JUDGING

    @property
    def phase(self) -> Phase:
        return self.phase_at(timezone.now())

    def takes_entries_at(self, moment: datetime) -> bool:
        return (
            self.state == CompetitionState.PUBLISHED
            and self.opens_at is not None
            and self.last_moment is not None
            and self.opens_at <= moment <= self.last_moment
        )


class RoleQuerySet(models.QuerySet["CompetitionRole"]):
    def current(self) -> "RoleQuerySet":
        return self.filter(ended_at__isnull=True)


class CompetitionRole(models.Model):
    """A manager or an observer of one competition. An ended role stays as a row."""

    competition = models.ForeignKey(Competition, on_delete=models.CASCADE, related_name="roles")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="competition_roles")
    role = models.CharField(max_length=10, choices=RoleKind)
    since = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = RoleQuerySet.as_manager()

    class Meta:
        verbose_name = _("role in a competition")
        constraints = [
            models.UniqueConstraint(
                fields=["competition", "user", "role"],
                condition=Q(ended_at__isnull=True),
                name="competition_role_once",
            )
        ]


class Source(models.Model):
    """Where the description of a competition comes from."""

    competition = models.ForeignKey(Competition, on_delete=models.CASCADE, related_name="sources")
    order = models.PositiveSmallIntegerField(default=0)
    url = models.URLField(max_length=500)
    said = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["order", "pk"]


class Track(models.Model):
    """A category of a competition; `parent` is the area a category lies in, where a competition has areas."""

    competition = models.ForeignKey(Competition, on_delete=models.CASCADE, related_name="tracks")
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.CASCADE, related_name="children")
    order = models.PositiveSmallIntegerField(default=0)
    code = models.SlugField(max_length=60)
    names = models.JSONField(default=dict)
    notes = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["order", "pk"]
        constraints = [models.UniqueConstraint(fields=["competition", "code"], name="track_code_once")]

    def __str__(self) -> str:
        return in_language(self.names)


class EligibilityRule(models.Model):
    """One condition. `parameters` depend on `kind`; see `services/eligibility.py`. `messages` per language."""

    competition = models.ForeignKey(Competition, on_delete=models.CASCADE, related_name="eligibility_rules")
    order = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(max_length=20, choices=RuleKind)
    parameters = models.JSONField(default=dict, blank=True)
    statements = models.JSONField(default=dict, help_text="The condition as the call says it.")
    messages = models.JSONField(default=dict, blank=True, help_text="What an applicant reads who does not meet it.")
    effect = models.CharField(max_length=5, choices=RuleEffect, default=RuleEffect.BLOCK)

    class Meta:
        ordering = ["order", "pk"]


class Round(models.Model):
    """A stage. `stated_start` and `stated_end` are ISO 8601 dates of the precision a source gives ("2019-02").

    `aggregation` is how sheet totals become a result; with `tie_rules` (per language) it is public before entries
    open. `coverage` is the share of the weights that a sheet must assess before it has a total.
    """

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    competition = models.ForeignKey(Competition, on_delete=models.CASCADE, related_name="rounds")
    country = models.ForeignKey("incubators.Country", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    order = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(max_length=12, choices=RoundKind, default=RoundKind.SCORING)
    state = models.CharField(max_length=10, choices=RoundState, default=RoundState.DRAFT)
    names = models.JSONField(default=dict)
    notes = models.JSONField(default=dict, blank=True)
    opens_at = models.DateTimeField(null=True, blank=True)
    closes_at = models.DateTimeField(null=True, blank=True)
    stated_start = models.CharField(max_length=10, blank=True)
    stated_end = models.CharField(max_length=10, blank=True)
    reads_per_entry = models.PositiveSmallIntegerField(null=True, blank=True)
    is_blind = models.BooleanField(default=False, help_text="Judges do not see who applies.")
    aggregation = models.CharField(max_length=12, choices=Aggregation, blank=True)
    aggregation_notes = models.JSONField(default=dict, blank=True)
    tie_rules = models.JSONField(default=dict, blank=True)
    coverage = models.DecimalField(max_digits=4, decimal_places=3, default=1)
    places = models.PositiveSmallIntegerField(null=True, blank=True, help_text="How many go on or win.")
    facts = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name = _("round")
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(opens_at__isnull=True) | Q(closes_at__isnull=True) | Q(opens_at__lt=F("closes_at")),
                name="round_opens_before_it_closes",
            ),
            models.CheckConstraint(condition=Q(coverage__gt=0, coverage__lte=1), name="round_coverage_a_share"),
            models.UniqueConstraint(fields=["competition", "order"], name="round_order_once"),
        ]

    def __str__(self) -> str:
        return in_language(self.names)

    def has_begun_at(self, moment: datetime) -> bool:
        """Opened by a manager, and its window has come."""
        return self.state != RoundState.DRAFT and (self.opens_at is None or self.opens_at <= moment)

    def takes_scores_at(self, moment: datetime) -> bool:
        """Open, and within its window if it has one."""
        return (
            self.state == RoundState.OPEN
            and (self.opens_at is None or self.opens_at <= moment)
            and (self.closes_at is None or moment <= self.closes_at)
        )


class Award(models.Model):
    """What can be won: `places` times, in one track or in all."""

    competition = models.ForeignKey(Competition, on_delete=models.CASCADE, related_name="awards")
    track = models.ForeignKey(Track, null=True, blank=True, on_delete=models.PROTECT, related_name="awards")
    order = models.PositiveSmallIntegerField(default=0)
    names = models.JSONField(default=dict)
    texts = models.JSONField(default=dict, blank=True)
    places = models.PositiveSmallIntegerField(default=1)
    amount = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)

    class Meta:
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return in_language(self.names)

    @property
    def own_names(self) -> dict[str, str]:
        """What it is called, per language, without names that only say that somebody won."""
        return {code: name for code, name in self.names.items() if name.casefold() != _winner_in(code).casefold()}

    @property
    def own_name(self) -> str:
        """The same in the reader's language; empty where nothing but the tautology is there."""
        return in_language(self.own_names)


def _winner_in(language: str) -> str:
    with override(language):
        return str(EntryState.WINNER.label)
