"""The dumps of what is public, as they were made."""

from typing import IO

from django.core.files.storage import default_storage
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network_platform.identifiers import new_uid


class OpenDataDump(models.Model):
    """Files that were written whole before this row was: readers are given those of the newest row.

    `checksums` are SHA-256 in hex by file name, `digest` the same of what the description says but for `made_at`.
    `checked_at`: when everything was last found to be so still.
    """

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    digest = models.CharField(max_length=64)
    checksums = models.JSONField(default=dict)
    made_at = models.DateTimeField()
    checked_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("open data")
        verbose_name_plural = _("open data")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.digest

    @property
    def folder(self) -> str:
        return f"open-data/{self.uid}"

    @property
    def is_whole(self) -> bool:
        """Whether the storage still has every file."""
        return all(default_storage.exists(f"{self.folder}/{name}") for name in self.checksums)

    def open(self, name: str) -> IO[bytes]:
        """Raises FileNotFoundError."""
        return default_storage.open(f"{self.folder}/{name}")
