"""Results: a ranking is a snapshot; a decision is what people made of it; approvals say who stood for it."""

import uuid
from decimal import Decimal
from typing import NamedTuple

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from competitions.enums import CompetitionState, Outcome, RoleKind
from competitions.models.competition import Award, Competition, Round
from competitions.models.entry import Entry, number_of
from network_platform.identifiers import new_uid
from network_platform.people.models import User


class RankingQuerySet(models.QuerySet["Ranking"]):
    def standing(self) -> "RankingQuerySet":
        return self.filter(voided_at__isnull=True)

    def visible_to(self, user: User | AnonymousUser) -> "RankingQuerySet":
        if not user.is_authenticated:
            return self.none()
        return self.filter(round__competition__in=Competition.objects.observable_by(user).values("pk"))


class Ranking(models.Model):
    """Never edited: named by the digest of its inputs and its method; void when the round is opened again."""

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="rankings")
    inputs_digest = models.CharField(max_length=64)
    method = models.CharField(max_length=20)
    parameters = models.JSONField(default=dict, blank=True)
    seed = models.PositiveIntegerField(default=0)
    engine = models.CharField(max_length=40, blank=True)
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    voided_at = models.DateTimeField(null=True, blank=True)
    void_reason = models.TextField(blank=True)

    objects = RankingQuerySet.as_manager()

    class Meta:
        verbose_name = _("ranking")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "inputs_digest", "method"],
                condition=models.Q(voided_at__isnull=True),
                name="ranking_once_per_inputs",
            )
        ]


class RankLine(NamedTuple):
    """A row of a ranking and what names its entry. Plain values: thousands are on one page."""

    rank: int | None
    score: Decimal | None
    reads: int
    is_tied: bool
    entry_id: int
    uid: uuid.UUID
    serial: int
    state: str
    startup: str
    country_id: int

    @property
    def number(self) -> str:
        return number_of(self.serial)


class RankRowQuerySet(models.QuerySet["RankRow"]):
    def lines(self) -> list[RankLine]:
        """For tables of thousands; one query."""
        entry = ("pk", "uid", "serial", "state", "startup__name", "startup__country")
        own = ("rank", "score", "reads", "is_tied")
        return [RankLine(*row) for row in self.values_list(*own, *(f"entry__{name}" for name in entry))]

    def with_entries(self) -> "RankRowQuerySet":
        """Each row with what names its entry, and without the entry's answers."""
        entry = ("uid", "serial", "startup__name")
        own = ("ranking", "rank", "score")
        return self.select_related("entry__startup").only(*own, *(f"entry__{name}" for name in entry))


class RankRow(models.Model):
    """`score` is NULL when an entry has no counted sheet; such an entry has no rank."""

    ranking = models.ForeignKey(Ranking, on_delete=models.CASCADE, related_name="rows")
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="rank_rows")
    rank = models.PositiveIntegerField(null=True, blank=True)
    score = models.DecimalField(max_digits=9, decimal_places=4, null=True, blank=True)
    reads = models.PositiveSmallIntegerField(default=0)
    is_tied = models.BooleanField(default=False)
    details = models.JSONField(default=dict, blank=True)

    objects = RankRowQuerySet.as_manager()

    class Meta:
        ordering = [models.F("rank").asc(nulls_last=True), "entry_id"]
        constraints = [models.UniqueConstraint(fields=["ranking", "entry"], name="rank_row_once")]


class ResultsBundleQuerySet(models.QuerySet["ResultsBundle"]):
    def visible_to(self, user: User | AnonymousUser) -> "ResultsBundleQuerySet":
        """Twin of `rules.can_read_results_bundle`."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(round__competition__in=Competition.objects.observable_by(user).values("pk"))


class ResultsBundle(models.Model):
    """What was announced with everything behind it, as one file of `competitions.judging`: JSON, judges under
    pseudonyms. Everybody reads its `digest`, which stands in the file as `digests.whole`. Never changed or removed.
    """

    round = models.OneToOneField(Round, on_delete=models.PROTECT, related_name="results_bundle")
    content = models.TextField()
    digest = models.CharField(max_length=64)
    sealed_at = models.DateTimeField(default=timezone.now)

    objects = ResultsBundleQuerySet.as_manager()

    class Meta:
        verbose_name = _("results file")


class DecisionQuerySet(models.QuerySet["Decision"]):
    def public(self) -> "DecisionQuerySet":
        """What everybody may see: winners of announced competitions."""
        return self.filter(
            outcome=Outcome.WINNER,
            entry__competition__state=CompetitionState.ANNOUNCED,
        )

    def of_unread(self) -> "DecisionQuerySet":
        """Those about entries that do not win and whose mean had no score sheet when it was decided."""
        return self.exclude(outcome=Outcome.WINNER).filter(from_row__reads=0)

    def visible_to(self, user: User | AnonymousUser) -> "DecisionQuerySet":
        """Before the announcement only those who run or observe the competition; then winners are public."""
        if not user.is_authenticated:
            return self.public()
        observed = Competition.objects.observable_by(user).values("pk")
        return self.filter(models.Q(pk__in=self.public().values("pk")) | models.Q(entry__competition__in=observed))


class Decision(models.Model):
    """An entry's outcome. `reason` is needed when it departs from the ranking and when nobody read the entry.

    Of winners it is published then, with the announcement; of others it is told to the team of an entry that nobody
    read, and else to nobody outside.
    """

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="decisions")
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="decisions")
    outcome = models.CharField(max_length=12, choices=Outcome)
    award = models.ForeignKey(Award, null=True, blank=True, on_delete=models.PROTECT, related_name="decisions")
    place = models.PositiveSmallIntegerField(null=True, blank=True)
    from_row = models.ForeignKey(RankRow, null=True, blank=True, on_delete=models.PROTECT, related_name="decisions")
    reason = models.TextField(blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(default=timezone.now)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision")
        ordering = [models.F("place").asc(nulls_last=True), "pk"]
        constraints = [
            models.UniqueConstraint(fields=["round", "entry"], name="decision_once"),
            models.CheckConstraint(
                condition=models.Q(award__isnull=True) | models.Q(outcome="winner"), name="decision_award_to_winners"
            ),
        ]


class Approval(models.Model):
    """A manager proposed, an observer approved. `decisions_digest` names exactly what was approved."""

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="approvals")
    ranking = models.ForeignKey(Ranking, null=True, on_delete=models.PROTECT, related_name="approvals")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=10, choices=RoleKind)
    decisions_digest = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("approval")
        constraints = [
            models.UniqueConstraint(
                fields=["round", "role"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="approval_once_per_role",
            ),
            models.UniqueConstraint(
                fields=["round", "user"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="approval_two_people",
            ),
        ]
