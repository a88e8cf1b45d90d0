"""Files for the registry between dry run and commit."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from incubators.enums import ImportKind, ImportStatus
from network_platform.identifiers import new_uid
from network_platform.people.models import User

UNDONE_WITHIN = timedelta(days=1)
BEING_WORKED_ON = (ImportStatus.WAITING, ImportStatus.UNDOING)


@dataclass(frozen=True)
class Undone:
    """How many entries the undoing removed, set back, and left because somebody has done something with them."""

    removed: int
    restored: int
    left: int


class ImportRunQuerySet(models.QuerySet["ImportRun"]):
    def visible_to(self, user: User | AnonymousUser) -> "ImportRunQuerySet":
        """Each importer's own; the secretariat sees all."""
        if not user.is_authenticated:
            return self.none()
        return self if user.is_secretariat else self.filter(by=user)

    def undoable_by(self, user: User | AnonymousUser) -> "ImportRunQuerySet":
        """Twin of `rules.can_undo_import`."""
        in_time = models.Q(done_at__gt=timezone.now() - UNDONE_WITHIN) | models.Q(undo_begun_at__isnull=False)
        recent = self.filter(in_time, status=ImportStatus.DONE)
        return recent.visible_to(user) if user.is_authenticated and user.is_active else self.none()

    def listed(self) -> "ImportRunQuerySet":
        """What was begun, also in vain, with who began it and without what it holds."""
        begun = self.exclude(status=ImportStatus.CHECKED, problem="")
        return begun.select_related("by").defer("text", "report", "before", "mapping")

    def stuck(self, moment: datetime) -> "ImportRunQuerySet":
        """Begun or gone on with before this moment, and not finished."""
        return self.filter(status__in=BEING_WORKED_ON, seen_at__lt=moment).order_by("pk")

    def not_sent_since(self, moment: datetime) -> "ImportRunQuerySet":
        """Without those that were given to a worker since this moment and that none has taken yet."""
        return self.exclude(sent_at__gte=moment, sent_at__gt=models.F("seen_at"))

    def left_behind(self, moment: datetime) -> "ImportRunQuerySet":
        """Imported before this moment, and not yet found by the search."""
        return self.filter(status=ImportStatus.DONE, indexed_at=None, done_at__lt=moment).order_by("pk")


class ImportRun(models.Model):
    """An uploaded file as text, with the report of its dry run and then of its commit.

    `mapping` is our column by the file's heading. `before` is what the commit changed, to be undone within a day:
    `{"new": [uid], "changed": {uid: values}, "countries": [iso2]}`. While it is written, `rows_done` of the
    `rows_to_write` are there; `seen_at` is when a worker last wrote, `sent_at` when beat last asked for one. `problem`
    says in English why one gave up: of a run that is done, why only a part of its rows is written.

    `undo` is how far the taking back is, of all entries that it wrote, in the order of their uids:
    `{"of": n, "seen": n, "removed": n, "restored": n, "left": n, "kept": [the first uids left], "problem": why it
    stopped}`. `undo_begun_at` is when it was begun first: what was begun can be gone on with.
    """

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=15, choices=ImportKind, default=ImportKind.ORGANISATIONS)
    file_name = models.CharField(max_length=120)
    text = models.TextField()
    status = models.CharField(max_length=10, choices=ImportStatus, default=ImportStatus.CHECKED)
    report = models.JSONField(default=dict)
    mapping = models.JSONField(default=dict)
    before = models.JSONField(default=dict)
    rows_to_write = models.PositiveIntegerField(default=0)
    rows_done = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    seen_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True, blank=True)
    indexed_at = models.DateTimeField(null=True, blank=True)
    undo = models.JSONField(default=dict)
    undo_begun_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    undone_at = models.DateTimeField(null=True, blank=True)

    objects = ImportRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.file_name

    @property
    def scope(self) -> str:
        """The audience token of the one country that it is about; of the secretariat if there are several."""
        countries = self.before.get("countries", [])
        return f"country:{countries[0]}" if len(countries) == 1 else "secretariat"

    def keep_before(
        self, *, new: Iterable[uuid.UUID] = (), changed: Mapping[str, Any] | None = None, countries: Iterable[str] = ()
    ) -> None:
        """Add to what undoing needs; an entry's first values stay."""
        kept = {"new": [], "changed": {}, "countries": [], **self.before}
        self.before = {
            "new": [*kept["new"], *map(str, new)],
            "changed": {**(changed or {}), **kept["changed"]},
            "countries": sorted({*kept["countries"], *countries}),
        }

    @property
    def written(self) -> tuple[int, int]:
        """How many entries it has brought and how many changed, so far."""
        return len(self.before.get("new", ())), len(self.before.get("changed", ()))

    @property
    def can_still_be_undone(self) -> bool:
        if self.status != ImportStatus.DONE or self.done_at is None:
            return False
        return self.undo_begun_at is not None or timezone.now() < self.undone_until

    @property
    def undone_until(self) -> datetime:
        return cast(datetime, self.done_at) + UNDONE_WITHIN

    @property
    def taken_back(self) -> Undone | None:
        """What undoing has done so far; None of what is not being taken back, or was before this was kept."""
        return Undone(self.undo["removed"], self.undo["restored"], self.undo["left"]) if self.undo else None


class ColumnMapping(models.Model):
    """What an importer said a file's headings mean, to be guessed from next time. `heading` in small letters."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=15, choices=ImportKind)
    heading = models.CharField(max_length=120)
    column = models.CharField(max_length=60, blank=True)

    class Meta:
        verbose_name = _("mapping of a column")
        verbose_name_plural = _("mappings of columns")
        ordering = ["kind", "heading"]
        constraints = [models.UniqueConstraint(fields=["by", "kind", "heading"], name="column_mapped_once")]

    def __str__(self) -> str:
        return f"{self.heading} → {self.column}"
