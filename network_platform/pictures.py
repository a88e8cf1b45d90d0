"""Pictures that Wagtail re-encoded for pages. They are public; the uploads that they came from are not."""

import mimetypes

from django.core.files.storage import storages
from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.http import require_safe

YEAR = 365 * 24 * 3600


@require_safe
def picture(request: HttpRequest, name: str) -> FileResponse:
    """One picture. Its name changes when it does, so browsers may keep it."""
    kind = mimetypes.guess_type(name)[0] or ""
    storage = storages["renditions"]
    if not kind.startswith("image/") or kind == "image/svg+xml" or ".." in name or not storage.exists(name):
        raise Http404
    response = FileResponse(storage.open(name), content_type=kind)
    response["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    return response
