"""Autosave without loss: a write says which version it was based on, and may be repeated safely."""

import uuid
from typing import Any

from django.db import models


class StaleWrite(Exception):
    """Somebody saved in between. `version` is the current one, `theirs` the values that stand."""

    def __init__(self, version: int, theirs: dict[str, Any]) -> None:
        super().__init__(f"based on an older version than {version}")
        self.version, self.theirs = version, theirs


class Versioned(models.Model):
    """A row that several tabs, people or retries may save.

    `last_save` is the client's id of the newest accepted write: the same id again is a repeat, not a conflict.
    """

    version = models.PositiveIntegerField(default=0)
    last_save = models.UUIDField(null=True, blank=True, editable=False)

    class Meta:
        abstract = True

    def is_repeat(self, save_id: uuid.UUID | None) -> bool:
        return save_id is not None and self.last_save == save_id

    def continue_from(self, saved: "Versioned") -> None:
        """Take over the version of the row that was just saved: a page shown again is based on its own save."""
        self.version, self.last_save = saved.version, saved.last_save

    def advance(self, *, based_on: int, save_id: uuid.UUID | None, theirs: dict[str, Any]) -> None:
        """Step to the next version, on a row locked by the caller; raises StaleWrite if it moved on."""
        if based_on != self.version:
            raise StaleWrite(self.version, theirs)
        self.version += 1
        self.last_save = save_id
