"""Start-ups: one profile, many applications."""

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from incubators.enums import PlacementStatus, StartupRole, StartupStage
from incubators.models.imports import ImportRun
from incubators.models.offices import FocalPoint
from incubators.models.organisations import Organisation, OrganisationQuerySet
from incubators.models.reference import Country, Sdg, Sector
from incubators.names import skeleton
from network_platform.drafts import Versioned
from network_platform.identifiers import new_uid
from network_platform.people.models import User


class StartupQuerySet(models.QuerySet["Startup"]):
    def public(self) -> "StartupQuerySet":
        """What everybody may read: shown by its own founders."""
        return self.exclude(shown_at=None)

    def editable_by(self, user: User | AnonymousUser) -> "StartupQuerySet":
        """Twin of `rules.can_edit_startup`."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        return self.filter(pk__in=StartupMember.objects.filter(user=user).values("startup"))

    def removable_by(self, user: User | AnonymousUser) -> "StartupQuerySet":
        """Twin of `rules.can_remove_startup`."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        owned = StartupMember.objects.filter(user=user, role=StartupRole.OWNER).values("startup")
        return self.filter(pk__in=owned, entries__isnull=True)

    def visible_to(self, user: User | AnonymousUser) -> "StartupQuerySet":
        """Twin of `rules.can_view_startup`: the team, the secretariat, and everybody once its founders show it. What an
        import brought and no founder keeps yet is read by who serves the country.
        """
        if not user.is_authenticated or not user.is_active:
            return self.public()
        if user.is_secretariat:
            return self
        own = models.Q(pk__in=StartupMember.objects.filter(user=user).values("startup"))
        served = FocalPoint.objects.current().filter(user=user).values("country")
        of_nobody = models.Q(pk__in=self.kept_by_nobody().filter(country__in=served).values("pk"))
        return self.filter(own | of_nobody | models.Q(shown_at__isnull=False))

    def kept_by_nobody(self) -> "StartupQuerySet":
        """Only imported so far. What an import may change."""
        return self.filter(members=None).exclude(source_key="")

    def without_founder(self) -> "StartupQuerySet":
        """What may be handed out to a founder: with what somebody has applied once hang other people's entries."""
        return self.kept_by_nobody().filter(entries=None)

    def called_like(self, words: str) -> "StartupQuerySet":
        """In whose name the words stand, in any script as far as the name came by import."""
        found = models.Q(name__icontains=words)
        if key := skeleton(words)[:64]:
            found |= models.Q(source_key__contains=key)
        return self.filter(found)

    def resembling(self, name: str, *, country: Country) -> "StartupQuerySet":
        """Of this country, imported under this name, however it is written."""
        return self.filter(country=country, source_key=skeleton(name)[:64]).exclude(source_key="")

    def inviting_for(self, user: User | AnonymousUser) -> "StartupQuerySet":
        """Twin of `rules.can_invite_founder`."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        free = self.without_founder()
        if user.is_secretariat:
            return free
        served = FocalPoint.objects.current().filter(user=user).values("country")
        hosted = Startup.objects.filter(
            placements__status=PlacementStatus.CONFIRMED,
            placements__cohort__programme__organisation__in=Organisation.objects.inviting_for(user),
        )
        return free.filter(models.Q(country__in=served) | models.Q(pk__in=hosted.values("pk")))


class Startup(Versioned):
    """A start-up as its founders describe it; `summary` is written in `language`. It may lack all but the name.

    `typed` keeps what was typed into fields and is not valid yet (half an address), so that no keystroke is lost.
    `shown_at` is when its founders agreed that everybody may read the profile; `source_key` finds an imported one.
    """

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=150)
    country = models.ForeignKey(Country, on_delete=models.PROTECT, related_name="startups", verbose_name=_("country"))
    city = models.CharField(_("city"), max_length=80, blank=True)
    stage = models.CharField(_("stage"), max_length=20, choices=StartupStage, blank=True)
    sectors = models.ManyToManyField(Sector, blank=True, related_name="startups", verbose_name=_("sectors"))
    sdgs = models.ManyToManyField(
        Sdg, blank=True, related_name="startups", verbose_name=_("Sustainable Development Goals")
    )
    summary = models.TextField(_("what you do"), blank=True, max_length=1500)
    language = models.CharField(_("language of this text"), max_length=8, default="en")
    website = models.URLField(_("website"), max_length=300, blank=True)
    founded = models.DateField(_("founded"), null=True, blank=True)
    team_size = models.PositiveSmallIntegerField(_("people in the team"), null=True, blank=True)
    typed = models.JSONField(default=dict, editable=False)
    shown_at = models.DateTimeField(null=True, blank=True, editable=False)
    source_key = models.CharField(max_length=64, blank=True, editable=False)
    import_run = models.ForeignKey(
        ImportRun, null=True, blank=True, on_delete=models.SET_NULL, related_name="startups", editable=False
    )
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)

    objects = StartupQuerySet.as_manager()

    class Meta:
        verbose_name = _("start-up")
        verbose_name_plural = _("start-ups")
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(stage="") | models.Q(stage__in=StartupStage.values), name="startup_stage_known"
            ),
            models.UniqueConstraint(
                fields=["country", "source_key"], condition=~models.Q(source_key=""), name="startup_imported_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("incubators:startup-edit", args=[self.uid])

    def hosts(self) -> OrganisationQuerySet:
        """In whose cohorts it was, as its founders have confirmed."""
        confirmed = self.placements.filter(status=PlacementStatus.CONFIRMED)
        return Organisation.objects.filter(pk__in=confirmed.values("cohort__programme__organisation"))


class StartupMember(models.Model):
    """A person of the team who has an account."""

    startup = models.ForeignKey(Startup, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="startup_roles")
    role = models.CharField(max_length=10, choices=StartupRole, default=StartupRole.MEMBER)
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("team member")
        verbose_name_plural = _("team members")
        constraints = [models.UniqueConstraint(fields=["startup", "user"], name="startup_member_once")]

    def __str__(self) -> str:
        return f"{self.user}, {self.startup}"
