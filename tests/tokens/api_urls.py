"""The site with one more address: a view that writes as every view of the API does."""

from django.urls import path
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from network_platform.journal.services import record
from network_platform.tokens.writes import repeatable
from network_platform.urls import *  # noqa: F403
from network_platform.urls import urlpatterns as site


class Notes(APIView):
    """Writes one line into the journal; refuses an empty one after having written it."""

    write_scope = "programmes:write"

    def get(self, request: Request) -> Response:
        return Response({"reader": str(request.user)})

    @repeatable
    def post(self, request: Request) -> Response:
        entry = record(verb="note.made", thing=request.user, by=request.user, label=request.data.get("text", ""))
        if not request.data.get("text"):
            raise ValidationError({"text": ["Write something."]})
        return Response({"number": entry.number}, status=201, headers={"Location": f"/notes/{entry.number}/"})


urlpatterns = [path("api/v1/notes/", Notes.as_view()), *site]
