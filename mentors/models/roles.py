"""The roles in which an expert may be found. Who sees what is decided here, for every door of the platform."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from incubators.enums import StartupStage
from incubators.models import Sector
from incubators.rules import countries_of
from mentors.enums import Availability, RoleKind, RoleState, Visibility
from mentors.models.experts import Expert, ExpertLanguage
from mentors.models.reference import Expertise
from network_platform.identifiers import new_uid
from network_platform.people.audience import PUBLIC
from network_platform.people.models import User
from network_platform.search.queries import keys

LARGEST_CAPACITY = 20


AVAILABILITY_RANK = models.Case(
    models.When(availability=Availability.OPEN, then=0),
    models.When(availability=Availability.LIMITED, then=1),
    default=2,
    output_field=models.SmallIntegerField(),
)


class ExpertRoleQuerySet(models.QuerySet["ExpertRole"]):
    def findable(self) -> "ExpertRoleQuerySet":
        """Approved, shown to somebody, and the person still has an account."""
        return self.filter(FINDABLE)

    def public(self) -> "ExpertRoleQuerySet":
        return self.filter(FINDABLE, visibility=Visibility.PUBLIC)

    def visible_to(self, user: User | AnonymousUser) -> "ExpertRoleQuerySet":
        """Everybody sees public roles, signed-in people those shown to the network, reviewers all but drafts."""
        if not user.is_authenticated:
            return self.public()
        return self.filter(FINDABLE | models.Q(expert__user=user) | _under_review_of(user))

    def reviewable_by(self, user: User | AnonymousUser) -> "ExpertRoleQuerySet":
        """Roles of others in the person's countries; the secretariat serves all countries."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(_under_review_of(user)).exclude(expert__user=user)

    def askable_by(self, user: User | AnonymousUser) -> "ExpertRoleQuerySet":
        """Roles of others that are found by this person and take requests."""
        if not user.is_authenticated:
            return self.none()
        return self.findable().exclude(availability=Availability.CLOSED).exclude(expert__user=user)

    def waiting(self) -> "ExpertRoleQuerySet":
        return self.filter(state=RoleState.SUBMITTED)

    def matching(self, wanted: "Wanted", *, without: str = "") -> "ExpertRoleQuerySet":
        """Roles that fit everything that was asked for, but for the facet named `without`."""
        found = self
        for name, narrow in NARROW.items():
            codes = getattr(wanted, name)
            if codes and name != without:
                found = narrow(found, codes)
        if wanted.words:
            found = found.filter(expert__uid__in=keys(wanted.words, kind="expert", audiences=wanted.audiences))
        return found

    def from_countries(self, codes: Collection[str]) -> "ExpertRoleQuerySet":
        return self.filter(expert__country__iso2__in=codes)

    def speaking(self, codes: Collection[str]) -> "ExpertRoleQuerySet":
        return self.filter(expert__in=ExpertLanguage.objects.filter(language__in=codes).values("expert"))

    def keys_in_order(self) -> "models.QuerySet[ExpertRole, tuple[int, int, str]]":
        """(expert, rank, slug) of each expert with one of these roles: who takes requests first, then by name."""
        ranked = self.order_by().values("expert", "expert__slug").annotate(rank=models.Min(AVAILABILITY_RANK))
        return ranked.order_by("rank", "expert__slug").values_list("expert", "rank", "expert__slug")

    def with_cards(self, experts: Collection[int]) -> list[Expert]:
        """These experts in this order, with all that a row of the list shows; three queries."""
        rows = self.filter(expert__in=experts).select_related("expert__country").defer("expert__bio")
        cards: dict[int, Expert] = {}
        for role in rows.prefetch_related("skills", "expert__languages"):
            expert = cards.setdefault(role.expert_id, role.expert)
            expert.shown_roles = [*getattr(expert, "shown_roles", []), role]
        return [cards[key] for key in experts if key in cards]

    def with_people(self) -> "ExpertRoleQuerySet":
        return self.select_related("expert__country", "expert__user")

    def of_kinds(self, kinds: Collection[str]) -> "ExpertRoleQuerySet":
        return self.filter(role__in=kinds)

    def available(self, values: Collection[str]) -> "ExpertRoleQuerySet":
        return self.filter(availability__in=values)

    def skilled(self, codes: Collection[str]) -> "ExpertRoleQuerySet":
        through = ExpertRole.skills.through.objects.filter(expertise__code__in=codes)
        return self.filter(pk__in=through.values("expertrole"))

    def in_sectors(self, codes: Collection[str]) -> "ExpertRoleQuerySet":
        through = ExpertRole.sectors.through.objects.filter(sector__code__in=codes)
        return self.filter(pk__in=through.values("expertrole"))


@dataclass(frozen=True)
class Wanted:
    """What somebody looks for. One facet's values are alternatives; facets narrow each other."""

    words: str = ""
    role: Collection[str] = ()
    availability: Collection[str] = ()
    skill: Collection[str] = ()
    sector: Collection[str] = ()
    language: Collection[str] = ()
    country: Collection[str] = ()
    audiences: Collection[str] = (PUBLIC,)


NARROW: dict[str, Callable[[ExpertRoleQuerySet, Collection[str]], ExpertRoleQuerySet]] = {
    "role": ExpertRoleQuerySet.of_kinds,
    "availability": ExpertRoleQuerySet.available,
    "skill": ExpertRoleQuerySet.skilled,
    "sector": ExpertRoleQuerySet.in_sectors,
    "language": ExpertRoleQuerySet.speaking,
    "country": ExpertRoleQuerySet.from_countries,
}

FINDABLE = models.Q(
    state=RoleState.APPROVED,
    visibility__in=[Visibility.PUBLIC, Visibility.NETWORK],
    expert__user__is_active=True,
)


def _under_review_of(user: User) -> models.Q:
    """What the person may judge by office; nobody's draft is among it."""
    sent = ~models.Q(state=RoleState.DRAFT)
    if user.is_secretariat:
        return sent
    return sent & models.Q(expert__country__iso2__in=countries_of(user))


class ExpertRole(models.Model):
    """One expert as mentor, tracker or trainer: what for, how much, shown to whom, approved or not."""

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    expert = models.ForeignKey(Expert, on_delete=models.PROTECT, related_name="roles")
    role = models.CharField(max_length=10, choices=RoleKind)
    skills = models.ManyToManyField(Expertise, related_name="+", blank=True)
    sectors = models.ManyToManyField(Sector, related_name="+", blank=True)
    stages = models.JSONField(default=list, help_text="Codes of start-up stages.")
    capacity = models.PositiveSmallIntegerField(help_text="New requests a month.")
    availability = models.CharField(max_length=10, choices=Availability, default=Availability.OPEN)
    visibility = models.CharField(max_length=10, choices=Visibility, default=Visibility.HIDDEN)
    state = models.CharField(max_length=20, choices=RoleState, default=RoleState.DRAFT)
    state_at = models.DateTimeField(default=timezone.now)
    state_reason = models.TextField(blank=True)

    objects = ExpertRoleQuerySet.as_manager()

    class Meta:
        ordering = ["role"]
        verbose_name = _("expert's role")
        verbose_name_plural = _("experts' roles")
        indexes = [models.Index(fields=["state", "visibility"], name="expert_role_found")]
        constraints = [
            models.UniqueConstraint(fields=["expert", "role"], name="expert_role_once"),
            models.CheckConstraint(
                condition=models.Q(capacity__gte=1, capacity__lte=LARGEST_CAPACITY), name="expert_role_capacity"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}, {self.expert}"

    @property
    def is_findable(self) -> bool:
        """The same as `findable()`, for a row at hand."""
        return self.state == RoleState.APPROVED and self.visibility != Visibility.HIDDEN and self.expert.user.is_active

    @property
    def stage_labels(self) -> list[str]:
        return [str(StartupStage(code).label) for code in StartupStage.values if code in self.stages]

    @property
    def definition(self) -> str:
        return RoleKind(self.role).definition
