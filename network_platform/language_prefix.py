"""Which addresses a language may be put before."""

from django.http import HttpRequest, HttpResponseBase
from django.middleware.locale import LocaleMiddleware

FOR_MACHINES = ("/api/", "/static/", "/media/", "/health/", "/pictures/", "/wagtail/", "/documents/", "/.well-known/")


class PrefixForPeople(LocaleMiddleware):
    """As Django's, but what machines ask for and is not there stays a 404 instead of leading to `/en/…`."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if response.status_code == 404 and request.path_info.startswith(FOR_MACHINES):
            return response
        return super().process_response(request, response)
