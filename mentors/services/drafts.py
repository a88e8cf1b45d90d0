"""Keeping what somebody types into the profile form."""

import uuid
from typing import Any

from django.utils import timezone

from mentors.models import ExpertDraft
from network_platform.drafts import StaleWrite
from network_platform.people.models import User


def save_draft(*, user: User, content: dict[str, Any], based_on: int, save_id: uuid.UUID | None = None) -> ExpertDraft:
    """Keep `content` as version `based_on` + 1; raises StaleWrite if another tab saved in between.

    No lock: the one write happens only to the version that it is based on.
    """
    draft, _created = ExpertDraft.objects.get_or_create(user=user)
    if draft.is_repeat(save_id):
        return draft
    draft.advance(based_on=based_on, save_id=save_id, theirs=draft.content)
    draft.content, draft.saved_at = content, timezone.now()
    values = {name: getattr(draft, name) for name in ("content", "saved_at", "version", "last_save")}
    if not ExpertDraft.objects.filter(pk=draft.pk, version=based_on).update(**values):
        draft.refresh_from_db()
        if not draft.is_repeat(save_id):
            raise StaleWrite(draft.version, draft.content)
    return draft


def empty_draft(*, draft: ExpertDraft) -> None:
    """What was typed stands in the profile now; the next edit starts from there."""
    draft.content = {}
    draft.version += 1
    draft.last_save = None
    draft.save(update_fields=["content", "version", "last_save"])
