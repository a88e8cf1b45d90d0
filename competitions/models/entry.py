"""Entries: the draft that a team works on, and the frozen contents it submitted."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from competitions.enums import SUBMITTED_STATES, WITHDRAWABLE_STATES, CompetitionState, EntryState
from competitions.models.competition import Competition, Track
from competitions.models.form import FormVersion, Question
from incubators.models import StartupMember
from network_platform.drafts import Versioned
from network_platform.identifiers import new_uid
from network_platform.people.models import User

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


def _seats() -> Any:
    """Judges' assignments: a model that stands on this one."""
    return apps.get_model("competitions", "Assignment").objects


def number_of(serial: int) -> str:
    """How people name a submitted entry."""
    return f"E-{serial:04d}"


class EntryQuerySet(models.QuerySet["Entry"]):
    def submitted(self) -> "EntryQuerySet":
        """Those that were sent and not withdrawn."""
        return self.filter(state__in=SUBMITTED_STATES)

    def of_team(self, user: User | AnonymousUser) -> "EntryQuerySet":
        """The entries of this person's start-ups, and those whose team the person joined."""
        if not user.is_authenticated:
            return self.none()
        in_team = Exists(TeamMember.objects.filter(entry=OuterRef("pk"), user=user, joined_at__isnull=False))
        return self.filter(_in_startup(user) | in_team)

    def of_startups(self, user: User | AnonymousUser) -> "EntryQuerySet":
        """The entries of this person's start-ups."""
        return self.filter(_in_startup(user)) if user.is_authenticated else self.none()

    def editable_by(self, user: User | AnonymousUser, now: datetime | None = None) -> "EntryQuerySet":
        """The team's, until the deadline; afterwards those the organiser asked to complete."""
        taking = Competition.objects.open(now).order_by().values("pk")
        in_time = Q(state__in=[EntryState.DRAFT, EntryState.SUBMITTED], competition__in=taking)
        asked = Q(state=EntryState.MORE_INFORMATION, competition__state=CompetitionState.PUBLISHED)
        return self.of_team(user).filter(in_time | asked)

    def changed_since_sent(self) -> "EntryQuerySet":
        """Whose draft was saved after what counts was received. Twin: Entry.is_changed_since_sent."""
        return self.filter(saved_at__gt=F("standing__received_at"))

    def withdrawable_by(self, user: User | AnonymousUser) -> "EntryQuerySet":
        standing = self.filter(state__in=WITHDRAWABLE_STATES, competition__state=CompetitionState.PUBLISHED)
        return standing.of_startups(user)

    def deletable_by(self, user: User | AnonymousUser) -> "EntryQuerySet":
        """Drafts of which nothing was sent."""
        return self.filter(state=EntryState.DRAFT, standing__isnull=True).of_startups(user)

    def open_to(self, user: User | AnonymousUser) -> "EntryQuerySet":
        """Submitted entries to those who run or observe the competition, and to the secretariat."""
        if not user.is_authenticated:
            return self.none()
        observed = Competition.objects.observable_by(user).values("pk")
        return self.exclude(state=EntryState.DRAFT).filter(competition__in=observed)

    def readable_by_judge(self, user: User | AnonymousUser) -> "EntryQuerySet":
        """Entries whose seats this judge may read; see `AssignmentQuerySet`."""
        return self.submitted().filter(pk__in=_seats().of_judge(user).readable().values("entry"))

    def visible_to(self, user: User | AnonymousUser) -> "EntryQuerySet":
        """Whoever may read the entry's content: its team, its judges, those who run or observe the competition."""
        if not user.is_authenticated:
            return self.none()
        views = (self.of_team(user), self.open_to(user), self.readable_by_judge(user))
        mine = Q()
        for view in views:
            mine |= Q(pk__in=view.values("pk"))
        return self.filter(mine)


def _in_startup(user: User) -> Exists:
    return Exists(StartupMember.objects.filter(startup=OuterRef("startup"), user=user))


class Entry(Versioned):
    """A start-up's application to one competition. `answers` is the draft; what counts is `standing`.

    `serial` is given at the first submission; `number` shows it. `stage` is the start-up's stage at that time.
    """

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    competition = models.ForeignKey(Competition, on_delete=models.PROTECT, related_name="entries")
    startup = models.ForeignKey("incubators.Startup", on_delete=models.PROTECT, related_name="entries")
    form = models.ForeignKey(FormVersion, on_delete=models.PROTECT, related_name="entries")
    track = models.ForeignKey(Track, null=True, blank=True, on_delete=models.PROTECT, related_name="entries")
    language = models.CharField(max_length=8, blank=True)
    stage = models.CharField(max_length=30, blank=True)
    state = models.CharField(max_length=16, choices=EntryState, default=EntryState.DRAFT)
    serial = models.PositiveIntegerField(null=True, blank=True)
    answers = models.JSONField(default=dict, blank=True)
    touched = models.JSONField(default=dict, blank=True, help_text="Question code to the version that last changed it.")
    confirmed = models.JSONField(default=list, blank=True, help_text="Eligibility statements the applicant confirmed.")
    standing = models.OneToOneField(
        "competitions.Revision", null=True, blank=True, on_delete=models.PROTECT, related_name="stands_for"
    )
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField(default=timezone.now)
    saved_at = models.DateTimeField(default=timezone.now)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry")
        verbose_name_plural = _("entries")
        ordering = ["competition", "serial", "pk"]
        indexes = [models.Index(fields=["competition", "state", "serial"], name="entry_of_competition")]
        constraints = [
            models.UniqueConstraint(fields=["competition", "serial"], name="entry_serial_once"),
            models.UniqueConstraint(
                fields=["competition", "startup"], condition=Q(state="draft"), name="entry_one_draft_per_startup"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "withdrawn"]) | Q(serial__isnull=False, standing__isnull=False),
                name="entry_submitted_with_revision",
            ),
        ]

    def __str__(self) -> str:
        return self.number or str(_("draft"))

    @property
    def number(self) -> str:
        return number_of(self.serial) if self.serial else ""

    @property
    def is_changed_since_sent(self) -> bool:
        return self.standing is not None and self.saved_at > self.standing.received_at


class Revision(models.Model):
    """What one submission contained. Never changed: `content` is the canonical JSON that `digest` is the SHA-256 of.

    The database refuses changes (see the migration that installs the guards).
    """

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveSmallIntegerField()
    form = models.ForeignKey(FormVersion, on_delete=models.PROTECT, related_name="revisions")
    answers = models.JSONField()
    content = models.TextField(help_text="Canonical JSON of everything submitted, attachments by their digests.")
    digest = models.CharField(max_length=64)
    language = models.CharField(max_length=8)
    received_at = models.DateTimeField()
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    attachments: "models.ManyToManyField[Attachment, Any]" = models.ManyToManyField(
        "Attachment", blank=True, related_name="revisions"
    )

    class Meta:
        verbose_name = _("submission")
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["entry", "number"], name="revision_number_once")]


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def current(self) -> "AttachmentQuerySet":
        return self.filter(removed_at__isnull=True)

    def visible_to(self, user: User | AnonymousUser) -> "AttachmentQuerySet":
        """To the team all that is there; to others who read the entry, only what the standing submission holds."""
        if not user.is_authenticated:
            return self.none()
        own = Entry.objects.of_team(user).values("pk")
        standing = Q(revisions__stands_for__isnull=False)
        observed = standing & Q(entry__in=Entry.objects.open_to(user).values("pk"))
        judged = standing & Q(pk__in=self.model.objects.for_judge(user).values("pk"))
        there = Q(removed_at__isnull=True) | Q(revisions__isnull=False)
        return self.filter(Q(entry__in=own) & there | observed | judged).distinct()

    def for_judge(self, user: User | AnonymousUser) -> "AttachmentQuerySet":
        """Of the entries that this judge reads, answers to questions meant for judges; in a blind round none that
        says who applies.
        """
        seats = _seats().of_judge(user).readable()
        asked = Question.objects.filter(
            form=OuterRef("entry__standing__form"), code=OuterRef("question"), shown_to_judges=True
        )
        seen = Q(Exists(asked), entry__in=seats.filter(round__is_blind=False).values("entry"))
        unnamed = asked.filter(identifies_applicant=False)
        return self.filter(seen | Q(Exists(unnamed), entry__in=seats.values("entry")))


class Attachment(models.Model):
    """An uploaded file under a random name. The bytes of a removed one stay only if a submission holds them."""

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="attachments")
    question = models.SlugField(max_length=40)
    file = models.FileField(upload_to="entries/%Y/%m/", max_length=200)
    name = models.CharField(max_length=150)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    pages = models.PositiveSmallIntegerField(null=True, blank=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(default=timezone.now)
    removed_at = models.DateTimeField(null=True, blank=True)

    revisions: "RelatedManager[Revision]"
    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("attachment")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "question", "sha256"],
                condition=Q(removed_at__isnull=True),
                name="attachment_once_per_question",
            )
        ]

    def __str__(self) -> str:
        return self.name


class TeamMemberQuerySet(models.QuerySet["TeamMember"]):
    def current(self) -> "TeamMemberQuerySet":
        """Those invited or working; emptied rows only remember that a letter went out."""
        return self.exclude(user__isnull=True, email="")

    def joined(self) -> "TeamMemberQuerySet":
        return self.filter(joined_at__isnull=False)

    def removable_by(self, user: User | AnonymousUser) -> "TeamMemberQuerySet":
        """Twin of `rules.can_remove_member`."""
        if not user.is_authenticated:
            return self.none()
        own = Q(entry__in=Entry.objects.of_startups(user).values("pk"))
        self_ = Q(user=user, joined_at__isnull=False)
        invited = Q(joined_at__isnull=True, entry__in=Entry.objects.editable_by(user).values("pk"))
        return self.current().filter(own | self_ | invited)


class TeamMember(models.Model):
    """Somebody invited to work on one entry. `user` and `joined_at` are set when the invitation is accepted.

    Who is removed leaves an emptied row: its `invited_at` still counts against the day's letters.
    """

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="team")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="entry_memberships"
    )
    email = models.EmailField(blank=True)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField(default=timezone.now)
    joined_at = models.DateTimeField(null=True, blank=True)

    objects = TeamMemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("team member")
        constraints = [
            models.UniqueConstraint(fields=["entry", "email"], condition=~Q(email=""), name="team_email_once"),
            models.UniqueConstraint(fields=["entry", "user"], condition=Q(user__isnull=False), name="team_user_once"),
            models.CheckConstraint(
                condition=Q(joined_at__isnull=True) | Q(user__isnull=False), name="team_joined_with_user"
            ),
        ]
