"""What forms that are saved as one types send along; see docs/components.md."""

import uuid

from django.http import HttpRequest, JsonResponse

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
