"""Entries that editors' programmes write: into the draft of the form, and on to the focal point.

Nothing here publishes. `values` are the fields of the form by name; see listing_values.py.
"""

import hashlib
import json
import uuid
from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import override
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.response import Response

from incubators.api import TextsField
from incubators.api_draft_parts import (
    CLASH,
    CLASHING,
    Clash,
    DraftInput,
    NotNow,
    ProblemsField,
    ValuesField,
    VersionInput,
    checked,
    differing,
    refuse_shapes,
    refuse_unknown,
    refuse_wrong,
    wrong_in,
)
from incubators.api_own_programmes import REPEATABLE
from incubators.enums import RevisionStatus
from incubators.forms.listing import LISTS, ListingForm
from incubators.listing_values import SECTIONS
from incubators.models import Language, Organisation, Revision
from incubators.services.listing import (
    MOST_A_WEEK,
    NothingChangedError,
    TooManySentError,
    open_revision,
    save_revision,
    submit_revision,
    values_to_edit,
)
from network_platform.api import KeysetPagination, StrictJson
from network_platform.tokens.authentication import WithToken
from network_platform.tokens.requests import OwnRequest
from network_platform.tokens.writes import repeatable


class TooManySent(APIException):
    status_code = 429
    default_code = "too_many_sent"
    default_detail = f"{MOST_A_WEEK} entries were sent in the last seven days. It is saved; send it in a few days."


class OwnOrganisation(serializers.Serializer):
    """`status` is that of what stands in the registry."""

    uid = serializers.UUIDField()
    titles = TextsField()
    country = serializers.CharField(source="country.iso2")
    status = serializers.CharField()


class OwnEntry(OwnOrganisation):
    """With the draft: `draft` is its state, empty where none is open; `comments` are the reviewer's by field, `missing`
    is what keeps it from being sent.
    """

    draft = serializers.CharField()
    version = serializers.CharField()
    values = ValuesField()
    comments = TextsField()
    missing = ProblemsField()


ENTRY = OpenApiExample(
    "A change", value={"version": "019a0c-3", "values": {"city": "Almaty", "sdgs": [9, 12]}}, request_only=True
)


class OwnOrganisationViewSet(mixins.ListModelMixin, viewsets.GenericViewSet):
    """Organisations that the token's person edits, and the draft of each entry."""

    queryset = Organisation.objects.none()
    serializer_class = OwnOrganisation
    pagination_class = KeysetPagination
    permission_classes = (WithToken,)
    parser_classes = (StrictJson,)
    write_scope = "organisations:write"
    filter_backends = ()
    lookup_field = "uid"
    lookup_value_converter = "uuid"

    def get_queryset(self) -> QuerySet[Organisation]:
        return Organisation.objects.editable_by(self.request.user).select_related("country", "city")

    @extend_schema(summary="Your organisations")
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)

    @extend_schema(summary="The entry of one of your organisations, as it would be edited", responses=OwnEntry)
    def retrieve(self, request: OwnRequest, uid: uuid.UUID) -> Response:
        return self._told(self.get_object())

    @extend_schema(
        summary="Write into the draft of an entry",
        request=DraftInput,
        responses={200: OwnEntry, **CLASHING},
        parameters=[REPEATABLE],
        examples=[ENTRY, CLASH],
    )
    @repeatable
    def partial_update(self, request: OwnRequest, uid: uuid.UUID) -> Response:
        organisation = self._locked()
        asked = checked(DraftInput, request)
        mine = _typed(asked["values"])
        _refuse_if_waiting(organisation)
        stands, version = values_to_edit(organisation), _version_of(organisation)
        if asked["version"] != version:
            raise Clash(version, differing(stands, mine))
        form = ListingForm({**stands, **mine}, organisation=organisation)
        form.complaints_about_what_is_there()
        refuse_wrong(form, only=mine)
        revision = open_revision(organisation=organisation, by=request.user)
        save_revision(revision=revision, by=request.user, version=revision.version, save_id=None, values=mine)
        return self._told(organisation)

    @extend_schema(
        summary="Send the draft of an entry to the focal point",
        request=VersionInput,
        responses={200: OwnEntry, **CLASHING},
        parameters=[REPEATABLE],
        examples=[CLASH],
    )
    @action(detail=True, methods=["post"])
    @repeatable
    def submit(self, request: OwnRequest, uid: uuid.UUID) -> Response:
        organisation = self._locked()
        asked = checked(VersionInput, request)
        _refuse_if_waiting(organisation)
        if asked["version"] != (version := _version_of(organisation)):
            raise Clash(version, values_to_edit(organisation))
        revision = open_revision(organisation=organisation, by=request.user)
        form = ListingForm(revision.values, organisation=organisation)
        refuse_wrong(form)
        try:
            submit_revision(revision=revision, by=request.user, version=revision.version, values=form.entry())
        except TooManySentError:
            raise TooManySent from None
        except NothingChangedError:
            raise NotNow("Nothing is changed yet: the entry says what the page says already.") from None
        organisation.refresh_from_db()
        return self._told(organisation)

    def _locked(self) -> Organisation:
        """The organisation and its open revision, locked as `services.locking` says."""
        organisation = Organisation.objects.locked().get(pk=self.get_object().pk)
        list(organisation.revisions.open().select_for_update(of=("self",)))
        return organisation

    def _told(self, organisation: Organisation) -> Response:
        """As OwnEntry describes it."""
        latest, values = organisation.revisions.first(), values_to_edit(organisation)
        draft = latest.status if latest and latest.status != RevisionStatus.APPROVED else ""
        told = {
            **OwnOrganisation(organisation).data,
            "draft": draft,
            "version": _version_of(organisation),
            "values": values,
            "comments": latest.comments if latest and draft else {},
            "missing": wrong_in(ListingForm(values, organisation=organisation)),
        }
        return Response(told)


def _typed(values: Mapping[str, Any]) -> dict[str, Any]:
    """What was named of an entry, each as its field takes it."""
    languages = Language.objects.values_list("code", flat=True)
    texts = {f"{what}_{code}" for code in languages for what in ("name", "description")}
    refuse_unknown(values.keys() - texts.union(*SECTIONS.values()))
    refuse_shapes(values, lists=LISTS)
    return dict(values)


def _refuse_if_waiting(organisation: Organisation) -> None:
    if Revision.objects.waiting().filter(organisation=organisation).exists():
        raise NotNow("The entry was sent and waits for an answer. Take it back on its page to change it.")


def _version_of(organisation: Organisation) -> str:
    """Names what an editor finds: the open revision at its version, else what one would begin with, in any language."""
    revision = organisation.revisions.open().first()
    if revision:
        return f"{revision.uid}-{revision.version}"
    with override("en"):
        stands = json.dumps(values_to_edit(organisation), sort_keys=True)
    return hashlib.sha256(stands.encode()).hexdigest()[:32]
