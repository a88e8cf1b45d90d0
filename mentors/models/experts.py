"""Experts: people as they want to be found."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from incubators.profiles import Text, spoken
from mentors.enums import Level, SpokenLanguage
from mentors.hours import answer_in_words, shared_in_words
from network_platform.drafts import Versioned
from network_platform.identifiers import new_uid
from network_platform.people.consents import agreed_by
from network_platform.people.models import User
from network_platform.people.names import in_known_letters
from network_platform.zones import reader_zone, zone_name

if TYPE_CHECKING:
    from mentors.models.roles import ExpertRole, ExpertRoleQuerySet


class ExpertQuerySet(models.QuerySet["Expert"]):
    def visible_to(self, user: User | AnonymousUser) -> "ExpertQuerySet":
        """Own profile, and every expert with a role that this person may see."""
        from mentors.models.roles import ExpertRole

        seen = models.Q(pk__in=ExpertRole.objects.visible_to(user).values("expert"))
        if user.is_authenticated:
            seen |= models.Q(user=user)
        return self.filter(seen)

    def in_roles(self, roles: "ExpertRoleQuerySet") -> "ExpertQuerySet":
        return self.filter(pk__in=roles.values("expert"))

    def for_cards(self, roles: "ExpertRoleQuerySet") -> "ExpertQuerySet":
        """With everything that a row of the list shows: three queries beside the experts' own."""
        shown = models.Prefetch("roles", roles.prefetch_related("skills"), to_attr="shown_roles")
        return self.select_related("country").prefetch_related(shown, "languages")


class Expert(models.Model):
    """A person in the shared database. Names stand here as the person wants them shown; no address does."""

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    slug = models.SlugField(max_length=80, unique=True)
    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="expert")
    name = models.CharField(max_length=150, help_text="In the person's own script.")
    name_latin = models.CharField(max_length=150, blank=True)
    country = models.ForeignKey("incubators.Country", on_delete=models.PROTECT, related_name="experts")
    time_zone = models.CharField(max_length=40)
    headline = models.JSONField(default=dict, help_text="Texts per language.")
    bio = models.JSONField(default=dict, help_text="Texts per language.")
    usual_answer_hours = models.PositiveIntegerField(null=True, help_text="Half of the past requests took no longer.")
    joined_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)

    # Set by `ExpertRoleQuerySet.with_cards`, and by the reviewers' list.
    shown_roles: "list[ExpertRole]"
    spoken: list[str]
    roles_waiting: "list[ExpertRole]"
    since: datetime

    objects = ExpertQuerySet.as_manager()

    class Meta:
        verbose_name = _("expert")
        verbose_name_plural = _("experts")

    def __str__(self) -> str:
        return self.name or str(_("a former expert"))

    @property
    def version(self) -> str:
        """Of the profile: another one after every save."""
        return self.updated_at.isoformat()

    @property
    def other_name(self) -> str:
        """The name in Latin letters where it differs from the name."""
        return self.name_latin if self.name_latin != self.name else ""

    @property
    def name_here(self) -> str:
        """The name in letters that the reader knows."""
        return in_known_letters(self.name, self.name_latin)

    @property
    def headline_here(self) -> Text:
        return spoken(self.headline)

    @property
    def usual_answer(self) -> str:
        return answer_in_words(self.usual_answer_hours)

    @property
    def hours_shared(self) -> str:
        """With the reader's working day; empty where the reader's zone is unknown."""
        reader = reader_zone.get()
        return shared_in_words(reader, self.time_zone) if reader else ""

    @property
    def zone_here(self) -> str:
        return zone_name(self.time_zone, timezone.now())

    @cached_property
    def agreed(self) -> frozenset[str]:
        """What this person agrees to today. Twin: `people.consents.agreed_to`."""
        return agreed_by(self.user)

    @cached_property
    def scope(self) -> str:
        return f"country:{self.country.iso2}"


class ExpertLanguage(models.Model):
    expert = models.ForeignKey(Expert, on_delete=models.CASCADE, related_name="languages")
    language = models.CharField(max_length=8, choices=SpokenLanguage)
    level = models.CharField(max_length=10, choices=Level)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["expert", "language"], name="expert_language_once")]

    def __str__(self) -> str:
        return f"{self.get_language_display()} ({self.get_level_display()})"


class ExpertDraft(Versioned):
    """What a person is typing into the profile form; nobody else reads it. Empty once it has been sent."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="expert_draft")
    content = models.JSONField(default=dict)
    saved_at = models.DateTimeField(default=timezone.now)
