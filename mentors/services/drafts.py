"""Keeping what somebody types into the profile form."""

import uuid
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from django.utils import timezone

from mentors.models import ExpertDraft
from network_platform.drafts import NOTHING
from network_platform.people.models import User


def save_draft(
    *,
    user: User,
    content: dict[str, Any],
    based_on: int,
    save_id: uuid.UUID | None = None,
    seen: Mapping[str, str] = NOTHING,
    begin: Callable[[], dict[str, Any]] = dict,
) -> ExpertDraft:
    """Keep `content` on top of version `based_on`; raises StaleWrite if another tab saved in between what this one,
    which showed `seen`, changed too. `begin`: what stands while there is no draft.

    No lock: the one write happens only to the version that was read.
    """
    draft, _created = ExpertDraft.objects.get_or_create(user=user)
    while not draft.is_repeat(save_id):
        read = draft.version
        kept = draft.advance(
            based_on=based_on, save_id=save_id, mine=content, stands=partial(_standing, draft, begin), seen=seen
        )
        draft.content, draft.saved_at = {**kept, **draft.theirs}, timezone.now()
        values = {name: getattr(draft, name) for name in ("content", "saved_at", "version", "last_save")}
        if ExpertDraft.objects.filter(pk=draft.pk, version=read).update(**values):
            return draft
        draft.refresh_from_db()
    draft.leave_theirs(save_id=save_id, mine=content, stands=draft.content, seen=seen)
    return draft


def _standing(draft: ExpertDraft, begin: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    return draft.content or begin()


def empty_draft(*, draft: ExpertDraft) -> None:
    """What was typed stands in the profile now; the next edit starts from there."""
    draft.content = {}
    draft.version += 1
    draft.last_save = None
    draft.save(update_fields=["content", "version", "last_save"])
