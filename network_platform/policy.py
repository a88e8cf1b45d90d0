"""Content security: nothing inline, nothing from elsewhere, in nobody's frame.

Wagtail's desk alone has a looser policy, and what is made for pages of others (`/<language>/embed/...`) may stand in
their frames: it has no script and no form, and cookies are neither read there nor set.
"""

import re
from collections.abc import Callable

from csp.constants import HEADER, NONE, SELF, UNSAFE_INLINE
from django.http import HttpRequest, HttpResponse

STRICT: dict[str, list[str]] = {
    "default-src": [NONE],
    "script-src": [SELF],
    "style-src": [SELF],
    "img-src": [SELF],
    "font-src": [SELF],
    "connect-src": [SELF],
    "manifest-src": [SELF],
    "form-action": [SELF],
    "base-uri": [NONE],
    "object-src": [NONE],
    "frame-src": [NONE],
    "frame-ancestors": [NONE],
}
EDITORS_DESK: dict[str, list[str]] = {
    **STRICT,
    "script-src": [SELF, UNSAFE_INLINE],
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:", "blob:"],
    "font-src": [SELF, "data:"],
    "media-src": [SELF],
    "worker-src": [SELF, "blob:"],
    "frame-src": [SELF],
    "frame-ancestors": [SELF],
}
API_VIEWER: dict[str, list[str]] = {**STRICT, "img-src": [SELF, "data:"]}
FRAMED: dict[str, list[str]] = {
    **STRICT,
    "script-src": [NONE],
    "connect-src": [NONE],
    "form-action": [NONE],
    "frame-ancestors": ["*"],
}
EMBEDDED = re.compile(r"/[a-z-]{2,8}/embed/")
BY_PREFIX = (("/wagtail/", EDITORS_DESK), ("/api/docs/", API_VIEWER))


class PolicyByPath:
    """Set the policy of the few paths that have their own; CSPMiddleware writes it out."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        embedded = EMBEDDED.match(request.path)
        if embedded:
            request.COOKIES = {}
        response = self.get_response(request)
        own = next((policy for prefix, policy in BY_PREFIX if request.path.startswith(prefix)), None)
        if embedded and getattr(response, "xframe_options_exempt", False):
            own = FRAMED
            response.headers.pop("Vary", None)
        if own is not None:
            response.headers.pop(HEADER, None)  # a preview brings the policy of the page that it shows
            setattr(response, "_csp_config", own)  # noqa: B010 - django-csp's own attribute
        return response
