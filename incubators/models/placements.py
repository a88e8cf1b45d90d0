"""Which start-up was in which cohort, as both sides say."""

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from incubators.enums import PlacementOutcome, PlacementStatus
from incubators.models.programmes import Cohort, Programme
from incubators.models.startups import Startup
from network_platform.identifiers import new_uid
from network_platform.people.models import User


class PlacementQuerySet(models.QuerySet["Placement"]):
    def waiting(self) -> "PlacementQuerySet":
        return self.filter(status=PlacementStatus.PROPOSED)

    def confirmed(self) -> "PlacementQuerySet":
        return self.filter(status=PlacementStatus.CONFIRMED)

    def public(self) -> "PlacementQuerySet":
        """What everybody may read: confirmed by the founders, who also agreed that their start-up is shown."""
        shown = Startup.objects.public()
        return self.confirmed().filter(startup__in=shown, cohort__programme__in=Programme.objects.public())

    def answerable_by(self, user: User | AnonymousUser) -> "PlacementQuerySet":
        """Twin of `rules.can_answer_placement`: the founders, also later, to take their word back."""
        answerable = self.exclude(status=PlacementStatus.WITHDRAWN)
        return answerable.filter(startup__in=Startup.objects.editable_by(user))

    def editable_by(self, user: User | AnonymousUser) -> "PlacementQuerySet":
        """Twin of `rules.can_edit_placement`."""
        return self.filter(cohort__programme__in=Programme.objects.editable_by(user))

    def visible_to(self, user: User | AnonymousUser) -> "PlacementQuerySet":
        """Twin of `rules.can_view_placement`: both sides, and everybody when both show it."""
        if not user.is_authenticated or not user.is_active:
            return self.public()
        founders = models.Q(startup__in=Startup.objects.editable_by(user))
        organisers = models.Q(cohort__programme__in=Programme.objects.editable_by(user))
        return self.filter(founders | organisers | models.Q(pk__in=self.public().values("pk")))


class Placement(models.Model):
    """A start-up's stay in a cohort: proposed by the organisation, confirmed by the founders. `left` with `outcome`."""

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    startup = models.ForeignKey(Startup, on_delete=models.CASCADE, related_name="placements")
    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="placements")
    status = models.CharField(max_length=12, choices=PlacementStatus, default=PlacementStatus.PROPOSED)
    entered = models.DateField()
    left = models.DateField(null=True, blank=True)
    outcome = models.CharField(max_length=12, choices=PlacementOutcome, blank=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=timezone.now)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = PlacementQuerySet.as_manager()

    class Meta:
        verbose_name = _("placement")
        verbose_name_plural = _("placements")
        ordering = ["-entered", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["startup", "cohort"], name="placement_once_in_cohort"),
            models.CheckConstraint(
                condition=models.Q(status__in=PlacementStatus.values), name="placement_status_known"
            ),
            models.CheckConstraint(
                condition=models.Q(left=None) | models.Q(left__gte=models.F("entered")),
                name="placement_left_after_entering",
            ),
            models.CheckConstraint(
                condition=models.Q(left=None, outcome="") | models.Q(left__isnull=False, outcome__gt=""),
                name="placement_left_with_outcome",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.startup}, {self.cohort}"
