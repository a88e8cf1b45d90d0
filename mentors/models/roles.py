"""The roles in which an expert may be found. Who sees what is decided here, for every door of the platform."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from incubators.enums import StartupStage
from incubators.models import Sector
from incubators.rules import countries_of
from mentors.consents import CONTACT, PURPOSE_OF
from mentors.enums import OWN_AFFAIR, Availability, RoleKind, RoleState, Visibility
from mentors.models.experts import Expert, ExpertLanguage
from mentors.models.reference import Expertise
from network_platform.identifiers import new_uid
from network_platform.people.audience import PUBLIC
from network_platform.people.consents import agreed_to
from network_platform.people.models import User
from network_platform.search.queries import keys

LARGEST_CAPACITY = 20
REVIEW_WITHIN = timedelta(days=7)


class ExpertRoleQuerySet(models.QuerySet["ExpertRole"]):
    def findable(self) -> "ExpertRoleQuerySet":
        """Approved, shown to somebody with the person's consent, and the person still has an account."""
        return self.filter(_shown_to(Visibility.PUBLIC) | _shown_to(Visibility.NETWORK))

    def public(self) -> "ExpertRoleQuerySet":
        return self.filter(_shown_to(Visibility.PUBLIC))

    def visible_to(self, user: User | AnonymousUser) -> "ExpertRoleQuerySet":
        """Everybody sees public roles, signed-in people those shown to the network, reviewers what was sent to them."""
        if not user.is_authenticated:
            return self.public()
        shown = _shown_to(Visibility.PUBLIC) | _shown_to(Visibility.NETWORK)
        return self.filter(shown | models.Q(expert__user=user) | _under_review_of(user))

    def paused_before(self, user: User | AnonymousUser) -> "ExpertRoleQuerySet":
        """What this person could find until its expert paused, and may find again."""
        shown = _shown_to(Visibility.PUBLIC, RoleState.PAUSED)
        if user.is_authenticated:
            shown |= _shown_to(Visibility.NETWORK, RoleState.PAUSED)
        return self.filter(shown)

    def reviewable_by(self, user: User | AnonymousUser) -> "ExpertRoleQuerySet":
        """Roles of others in the person's countries; the secretariat serves all countries."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(_under_review_of(user)).exclude(expert__user=user)

    def askable_by(self, user: User | AnonymousUser) -> "ExpertRoleQuerySet":
        """Roles of others that are found by this person and take requests, as the expert agreed."""
        if not user.is_authenticated:
            return self.none()
        open_ones = self.findable().filter(agreed_to(CONTACT, "expert__user"))
        return open_ones.exclude(availability=Availability.CLOSED).exclude(expert__user=user)

    def waiting(self) -> "ExpertRoleQuerySet":
        return self.filter(state=RoleState.SUBMITTED)

    def matching(self, wanted: "Wanted") -> "ExpertRoleQuerySet":
        """Roles that fit everything that was asked for."""
        found: ExpertRoleQuerySet = self
        for name, narrow in NARROW.items():
            codes = getattr(wanted, name)
            if codes:
                found = narrow(found, codes)
        if wanted.words:
            found = found.filter(expert__uid__in=keys(wanted.words, kind="expert", audiences=wanted.audiences))
        return found

    def from_countries(self, codes: Collection[str]) -> "ExpertRoleQuerySet":
        return self.filter(expert__country__iso2__in=codes)

    def speaking(self, codes: Collection[str]) -> "ExpertRoleQuerySet":
        return self.filter(expert__in=ExpertLanguage.objects.filter(language__in=codes).values("expert"))

    def with_cards(self, experts: Collection[int]) -> list[Expert]:
        """These experts in this order, with all that a row of the list shows; three queries.

        Each has `shown_roles`, which have `skill_codes`, and the codes of languages as `spoken`.
        """
        cards: dict[int, Expert] = {}
        roles: dict[int, ExpertRole] = {}
        role: ExpertRole
        for role in self.filter(expert__in=experts).select_related("expert__country").defer("expert__bio"):
            expert = cards.setdefault(role.expert_id, role.expert)
            expert.shown_roles = [*getattr(expert, "shown_roles", []), role]
            expert.spoken, role.skill_codes, roles[role.pk] = [], [], role
        skills = ExpertRole.skills.through.objects.filter(expertrole__in=roles).order_by("expertise__order")
        for key, code in skills.values_list("expertrole", "expertise__code"):
            roles[key].skill_codes.append(code)
        languages = ExpertLanguage.objects.filter(expert__in=cards)
        for key, code in languages.order_by("pk").values_list("expert", "language"):
            cards[key].spoken.append(code)
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


def _shown_to(visibility: Visibility, state: RoleState = RoleState.APPROVED) -> models.Q:
    """Twin of `ExpertRole.is_findable`, for roles of this visibility."""
    standing = models.Q(state=state, visibility=visibility, expert__user__is_active=True)
    return standing & models.Q(agreed_to(PURPOSE_OF[visibility], "expert__user"))


def _under_review_of(user: User) -> models.Q:
    """What the person may judge by office; no draft is among it, and nothing of who has left."""
    sent = ~models.Q(state__in=OWN_AFFAIR)
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

    skill_codes: list[str]  # set by `with_cards`
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
        if self.state != RoleState.APPROVED or self.visibility == Visibility.HIDDEN:
            return False
        return self.expert.user.is_active and PURPOSE_OF[self.visibility] in self.expert.agreed

    @property
    def review_by(self) -> datetime:
        """Until when an answer is promised to a role that waits for approval."""
        return self.state_at + REVIEW_WITHIN

    @property
    def stage_labels(self) -> list[str]:
        return [str(StartupStage(code).label) for code in StartupStage.values if code in self.stages]

    @property
    def definition(self) -> str:
        return RoleKind(self.role).definition
