"""The rubric: criteria in a tree, each with levels in words. A locked version is never changed."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from competitions.enums import CriterionKind, WeightsOf
from competitions.models.competition import Round
from incubators.enums import StartupStage
from network_platform.identifiers import new_uid
from network_platform.languages import in_language


class RubricVersion(models.Model):
    """`digest` is the SHA-256 of the canonical JSON of criteria and levels, written when the version is locked."""

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="rubrics")
    number = models.PositiveSmallIntegerField(default=1)
    is_current = models.BooleanField(default=True)
    weights_of = models.CharField(max_length=6, choices=WeightsOf, default=WeightsOf.WHOLE)
    is_ordered = models.BooleanField(default=True, help_text="Whether the order of the criteria means anything.")
    notes = models.JSONField(default=dict, blank=True)
    facts = models.JSONField(default=dict, blank=True)
    locked_at = models.DateTimeField(null=True, blank=True)
    digest = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("rubric")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["round", "number"], name="rubric_number_once"),
            models.UniqueConstraint(fields=["round"], condition=Q(is_current=True), name="rubric_current_once"),
            models.CheckConstraint(
                condition=Q(locked_at__isnull=True) | ~Q(digest=""), name="rubric_locked_with_digest"
            ),
        ]


class CriterionQuerySet(models.QuerySet["Criterion"]):
    def scored(self) -> "CriterionQuerySet":
        """The leaves of the tree, which judges score; conditions to be met are not, nor is what stands below them."""
        condition = CriterionKind.FILTER
        above = (
            Q(parent__kind=condition) | Q(parent__parent__kind=condition) | Q(parent__parent__parent__kind=condition)
        )
        return self.filter(children__isnull=True).exclude(kind=condition).exclude(above)


class Criterion(models.Model):
    """`weight` is in per cent; `scale_*` say which values a judge may give. NULL: the source does not say.

    `only_stages` and `only_tracks` (codes) limit a criterion to some entries; empty: all.
    """

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    rubric = models.ForeignKey(RubricVersion, on_delete=models.CASCADE, related_name="criteria")
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.CASCADE, related_name="children")
    order = models.PositiveSmallIntegerField(default=0)
    code = models.SlugField(max_length=60)
    kind = models.CharField(max_length=8, choices=CriterionKind, default=CriterionKind.WEIGHT)
    names = models.JSONField(default=dict)
    descriptions = models.JSONField(default=dict, blank=True)
    weight = models.DecimalField(max_digits=6, decimal_places=3, null=True, blank=True)
    scale_min = models.DecimalField(max_digits=7, decimal_places=2, null=True, blank=True)
    scale_max = models.DecimalField(max_digits=7, decimal_places=2, null=True, blank=True)
    scale_step = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    required = models.BooleanField(default=True)
    may_be_unassessable = models.BooleanField(default=True)
    only_stages = models.JSONField(default=list, blank=True)
    only_tracks = models.JSONField(default=list, blank=True)

    objects = CriterionQuerySet.as_manager()

    class Meta:
        verbose_name = _("criterion")
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["rubric", "code"], name="criterion_code_once"),
            models.CheckConstraint(
                condition=Q(scale_min__isnull=True) | Q(scale_max__isnull=True) | Q(scale_min__lt=F("scale_max")),
                name="criterion_scale_min_below_max",
            ),
            models.CheckConstraint(
                condition=Q(weight__isnull=True) | Q(weight__gte=0, weight__lte=100),
                name="criterion_weight_a_percentage",
            ),
            models.CheckConstraint(
                condition=~Q(kind="weight") | Q(weight__isnull=False), name="criterion_weighted_with_weight"
            ),
        ]

    def __str__(self) -> str:
        return in_language(self.names)

    def applies_to(self, *, stage: str, track: str) -> bool:
        """Whether it is asked of an entry; no, where a criterion above it is not."""
        if self.parent is not None and not self.parent.applies_to(stage=stage, track=track):
            return False
        return (not self.only_stages or stage in self.only_stages) and (
            not self.only_tracks or track in self.only_tracks
        )

    @property
    def stage_names(self) -> list[str]:
        known = dict(StartupStage.choices)
        return [str(known.get(code, code)) for code in self.only_stages]

    def allowed_values(self) -> list[Decimal]:
        """Every value a judge may give, from the lowest; empty if the scale is not stated."""
        if self.scale_min is None or self.scale_max is None:
            return []
        step = self.scale_step or Decimal(1)
        count = int((self.scale_max - self.scale_min) / step)
        return [self.scale_min + step * number for number in range(count + 1)]


class Level(models.Model):
    """A value of a criterion's scale, described in words."""

    criterion = models.ForeignKey(Criterion, on_delete=models.CASCADE, related_name="levels")
    value = models.DecimalField(max_digits=7, decimal_places=2)
    texts = models.JSONField(default=dict)

    class Meta:
        ordering = ["value"]
        constraints = [models.UniqueConstraint(fields=["criterion", "value"], name="level_value_once")]

    def __str__(self) -> str:
        return in_language(self.texts)
