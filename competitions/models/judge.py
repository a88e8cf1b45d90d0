"""Judges, their conflicts of interest, and which entries they read."""

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, FilteredRelation, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from competitions.enums import (
    HIDDEN_ASSIGNMENTS,
    OPEN_ASSIGNMENTS,
    READABLE_ASSIGNMENTS,
    AssignmentKind,
    AssignmentState,
    CompetitionState,
    ConflictSource,
    ConflictState,
    EntryState,
    JudgeState,
    RoundKind,
    RoundState,
)
from competitions.models.competition import Competition, Round
from competitions.models.entry import Entry
from competitions.models.rubric import RubricVersion
from network_platform.identifiers import new_uid
from network_platform.people.models import User


class JudgeQuerySet(models.QuerySet["Judge"]):
    def accepted(self) -> "JudgeQuerySet":
        return self.filter(state=JudgeState.ACCEPTED)

    def still_needed(self) -> "JudgeQuerySet":
        """Those whose competition has a reading ahead or under way, or has not planned one yet."""
        now = timezone.now()
        reading = Round.objects.filter(competition=OuterRef("competition"), kind=RoundKind.SCORING)
        ahead = Q(state=RoundState.DRAFT) | Q(state=RoundState.OPEN)
        in_time = Q(closes_at__isnull=True) | Q(closes_at__gt=now)
        running = self.filter(competition__state__in=(CompetitionState.DRAFT, CompetitionState.PUBLISHED))
        return running.filter(~Exists(reading) | Exists(reading.filter(ahead, in_time)))

    def to_answer(self, user: User | AnonymousUser) -> "JudgeQuerySet":
        """The person's own invitations that can be accepted or declined."""
        if not (user.is_authenticated and user.is_active):
            return self.none()
        return self.still_needed().filter(user=user, state=JudgeState.INVITED)

    def visible_to(self, user: User | AnonymousUser) -> "JudgeQuerySet":
        """A judge sees the own row; those who run or observe the competition see all of it."""
        if not user.is_authenticated:
            return self.none()
        observed = Competition.objects.observable_by(user).values("pk")
        return self.filter(Q(user=user) | Q(competition__in=observed))


class Judge(models.Model):
    """A person asked to judge one competition. `alias` ("J-07") stands for the person in public files."""

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    competition = models.ForeignKey(Competition, on_delete=models.PROTECT, related_name="judges")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="judge_seats")
    state = models.CharField(max_length=10, choices=JudgeState, default=JudgeState.INVITED)
    country = models.ForeignKey("incubators.Country", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    languages = models.JSONField(default=list, blank=True)
    affiliation = models.CharField(max_length=200, blank=True)
    capacity = models.PositiveSmallIntegerField(null=True, blank=True)
    invited_at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True, blank=True)
    rules_signed_at = models.DateTimeField(null=True, blank=True)

    objects = JudgeQuerySet.as_manager()

    class Meta:
        verbose_name = _("judge")
        verbose_name_plural = _("judges")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["competition", "user"], name="judge_once")]

    def __str__(self) -> str:
        return str(self.user)


class ConflictQuerySet(models.QuerySet["Conflict"]):
    def confirmed(self) -> "ConflictQuerySet":
        return self.filter(state=ConflictState.CONFIRMED)


class Conflict(models.Model):
    """A tie between a judge and an entry. `path` says in words how it runs, from the judge to the start-up."""

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    judge = models.ForeignKey(Judge, on_delete=models.PROTECT, related_name="conflicts")
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="conflicts")
    source = models.CharField(max_length=8, choices=ConflictSource, default=ConflictSource.DECLARED)
    state = models.CharField(max_length=10, choices=ConflictState, default=ConflictState.CONFIRMED)
    path = models.JSONField(default=list, blank=True)
    reason = models.TextField(blank=True)
    found_at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = ConflictQuerySet.as_manager()

    class Meta:
        verbose_name = _("conflict of interest")
        constraints = [
            models.UniqueConstraint(
                fields=["judge", "entry", "source"], condition=~Q(state="lifted"), name="conflict_once"
            )
        ]


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def of_judge(self, user: User | AnonymousUser) -> "AssignmentQuerySet":
        """Seats of a judge who accepted the rules, in rounds that have begun; not those only proposed or taken back,
        nor those of withdrawn entries.
        """
        if not (user.is_authenticated and user.is_active):
            return self.none()
        begun = Q(round__opens_at__isnull=True) | Q(round__opens_at__lte=timezone.now())
        own = self.filter(begun, judge__user=user, judge__state=JudgeState.ACCEPTED)
        hidden = Q(state__in=HIDDEN_ASSIGNMENTS) | Q(round__state=RoundState.DRAFT)
        return own.exclude(hidden | Q(entry__state=EntryState.WITHDRAWN))

    def with_entries(self) -> "AssignmentQuerySet":
        """For lists: each seat with what names its entry, and without the entry's answers."""
        entry = ("uid", "serial", "state", "track", "startup__name", "startup__country__names")
        own = ("uid", "round", "judge", "state", "cleared_at")
        return self.select_related("entry__startup__country").only(*own, *(f"entry__{name}" for name in entry))

    def with_rubric(self) -> "AssignmentQuerySet":
        """Each seat with `rubric`, the one that its round is judged by now; no query of its own."""
        current = FilteredRelation("round__rubrics", condition=Q(round__rubrics__is_current=True))
        return self.annotate(rubric=current).select_related("rubric")  # type: ignore[misc]

    def visible_to(self, user: User | AnonymousUser) -> "AssignmentQuerySet":
        if not user.is_authenticated:
            return self.none()
        observed = Competition.objects.observable_by(user).values("pk")
        own = Q(pk__in=self.model.objects.of_judge(user).values("pk"))
        return self.filter(own | Q(round__competition__in=observed))

    def readable(self) -> "AssignmentQuerySet":
        """Those whose entry the judge may read: live, cleared of conflicts, and not yet announced."""
        live = self.filter(state__in=READABLE_ASSIGNMENTS, cleared_at__isnull=False)
        return live.exclude(round__state=RoundState.ANNOUNCED)

    def to_clear(self) -> "AssignmentQuerySet":
        return self.filter(state__in=OPEN_ASSIGNMENTS, cleared_at__isnull=True)

    def to_do(self) -> "AssignmentQuerySet":
        return self.filter(state__in=OPEN_ASSIGNMENTS)


class Assignment(models.Model):
    """One reading of an entry by a judge in a round. `cleared_at`: when the judge said that there is no conflict."""

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    judge = models.ForeignKey(Judge, on_delete=models.PROTECT, related_name="assignments")
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="assignments")
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="assignments")
    kind = models.CharField(max_length=8, choices=AssignmentKind, default=AssignmentKind.READING)
    state = models.CharField(max_length=12, choices=AssignmentState, default=AssignmentState.ACTIVE)
    position = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(null=True, blank=True)
    locked = models.BooleanField(default=False)
    reason = models.TextField(blank=True)
    cleared_at = models.DateTimeField(null=True, blank=True)
    assigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    assigned_at = models.DateTimeField(default=timezone.now)

    rubric: RubricVersion  # of `with_rubric`

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        ordering = ["position", "pk"]
        indexes = [models.Index(fields=["round", "state"], name="assignment_of_round")]
        constraints = [models.UniqueConstraint(fields=["judge", "entry", "round"], name="assignment_one_scorer")]

    def __str__(self) -> str:
        return f"{self.judge_id} · {self.entry}"

    @property
    def awaits_clearing(self) -> bool:
        return self.state in OPEN_ASSIGNMENTS and self.cleared_at is None
