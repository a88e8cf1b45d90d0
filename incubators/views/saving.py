"""What forms that are saved as one types send along; see docs/components.md."""

import uuid
from datetime import datetime
from typing import Any

from django.forms import BaseForm
from django.http import HttpRequest, JsonResponse
from django.utils.translation import ngettext

from network_platform.drafts import StaleWrite
from network_platform.typed import whole_number
from network_platform.zones import in_words


def version_of(request: HttpRequest, name: str = "version") -> int:
    """The version that the form was based on; -1, which is never right, if it does not say."""
    return whole_number(request.POST.get(name, ""), otherwise=-1)


def save_id_of(request: HttpRequest) -> uuid.UUID | None:
    """The id of this save, the same when it is tried again."""
    try:
        return uuid.UUID(request.headers.get("X-Save-Id", ""))
    except ValueError:
        return None


def clash(stale: StaleWrite) -> JsonResponse:
    return JsonResponse({"version": stale.version, "theirs": stale.theirs}, status=409)


def saved_answer(version: int, at: datetime) -> dict[str, Any]:
    """What the page is told; `when` is the hour as the page says it when it is opened again."""
    return {"version": version, "saved_at": at.isoformat(), "when": in_words(at)}


def not_taken(form: BaseForm) -> dict[str, Any]:
    """Which fields were typed but not taken, and why: `wrong` (field to mistake) with `words` for the save line."""
    wrong = {name: str(errors[0]) for name, errors in form.errors.items() if name in form.fields}
    return {"wrong": wrong, "words": words_for(len(wrong))}


def words_for(count: int) -> str:
    many = ngettext("Not saved: one answer needs another look", "Not saved: %(n)d answers need another look", count)
    return many % {"n": count} if count else ""
