"""What forms that are saved as one types send along; see docs/components.md."""

import uuid

from typing import Any

from django.forms import BaseForm
from django.http import HttpRequest, JsonResponse
from django.utils.translation import ngettext

from network_platform.drafts import StaleWrite
from network_platform.typed import whole_number


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


def not_taken(form: BaseForm) -> dict[str, Any]:
    """Which fields were typed but not taken, and why: `wrong` (field to mistake) with `words` for the save line."""
    wrong = {name: str(errors[0]) for name, errors in form.errors.items() if name in form.fields}
    return {"wrong": wrong, "words": words_for(len(wrong))}


def words_for(count: int) -> str:
    many = ngettext("Not saved: one answer needs another look", "Not saved: %(n)d answers need another look", count)
    return many % {"n": count} if count else ""
