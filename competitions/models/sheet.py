"""What a judge gave one entry: a score sheet and its scores. Missing is NULL, never 0."""

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from competitions.enums import (
    COUNTED_SHEETS,
    EDITABLE_SHEETS,
    OPEN_ASSIGNMENTS,
    SUBMITTED_STATES,
    AssignmentKind,
    AssignmentState,
    RoundState,
    SheetState,
)
from competitions.models.competition import Competition
from competitions.models.entry import Revision
from competitions.models.judge import Assignment
from competitions.models.rubric import Criterion, RubricVersion
from network_platform.drafts import Versioned
from network_platform.identifiers import new_uid
from network_platform.people.models import User


class ScoreSheetQuerySet(models.QuerySet["ScoreSheet"]):
    def counted(self) -> "ScoreSheetQuerySet":
        """Those that may enter a ranking: submitted readings of seats and entries that still stand."""
        return self.filter(
            state__in=COUNTED_SHEETS,
            assignment__kind=AssignmentKind.READING,
            assignment__state=AssignmentState.DONE,
            assignment__entry__state__in=SUBMITTED_STATES,
        )

    def in_mean(self) -> "ScoreSheetQuerySet":
        """Those that do enter it: sheets below the declared coverage have no total."""
        return self.counted().filter(total__isnull=False)

    def of_judge(self, user: User | AnonymousUser) -> "ScoreSheetQuerySet":
        """What this judge may read again even when the entry is closed to them: handed in, or left undone when the
        result was announced.
        """
        if not (user.is_authenticated and user.is_active):
            return self.none()
        own = Assignment.objects.of_judge(user)
        undone = own.filter(state__in=OPEN_ASSIGNMENTS, round__state=RoundState.ANNOUNCED)
        handed_in = Q(assignment__in=own.filter(state=AssignmentState.DONE), state__in=COUNTED_SHEETS)
        return self.filter(handed_in | Q(assignment__in=undone, state__in=EDITABLE_SHEETS))

    def visible_to(self, user: User | AnonymousUser) -> "ScoreSheetQuerySet":
        """The judge's own; those handed in, and not given back, to those who run or observe the competition."""
        if not user.is_authenticated:
            return self.none()
        observed = Competition.objects.observable_by(user).values("pk")
        handed_in = Q(state__in=COUNTED_SHEETS) & Q(assignment__round__competition__in=observed)
        return self.filter(Q(assignment__judge__user=user) | handed_in)


class ScoreSheet(Versioned):
    """`private_note` is for the judge alone; `feedback` goes to the team after the announcement.

    `total` and `coverage` are worked out at submission; NULL where the declared coverage was not reached.
    """

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    assignment = models.OneToOneField(Assignment, on_delete=models.PROTECT, related_name="sheet")
    rubric = models.ForeignKey(RubricVersion, on_delete=models.PROTECT, related_name="sheets")
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="sheets")
    language = models.CharField(max_length=8, blank=True)
    state = models.CharField(max_length=10, choices=SheetState, default=SheetState.EMPTY)
    private_note = models.TextField(blank=True)
    feedback = models.TextField(blank=True)
    total = models.DecimalField(max_digits=8, decimal_places=4, null=True, blank=True)
    coverage = models.DecimalField(max_digits=4, decimal_places=3, null=True, blank=True)
    saved_at = models.DateTimeField(null=True, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)

    objects = ScoreSheetQuerySet.as_manager()

    class Meta:
        verbose_name = _("score sheet")
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["submitted", "final"]) | Q(submitted_at__isnull=False),
                name="sheet_submitted_with_time",
            )
        ]


class Score(models.Model):
    """One criterion's value on one sheet. The database checks that the criterion is of the sheet's rubric version
    and the value within its scale (see the migration that installs the guards).
    """

    sheet = models.ForeignKey(ScoreSheet, on_delete=models.CASCADE, related_name="scores")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="scores")
    value = models.DecimalField(max_digits=7, decimal_places=2, null=True, blank=True)
    not_assessable = models.BooleanField(default=False)
    comment = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sheet", "criterion"], name="score_once"),
            models.CheckConstraint(
                condition=Q(not_assessable=False) | Q(value__isnull=True), name="score_not_assessable_without_value"
            ),
        ]
