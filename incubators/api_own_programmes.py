"""What editors' programmes write through the API with a token: the same rules and services as on the pages."""

from typing import Any, cast

from django.core.exceptions import ValidationError as RefusedByService
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.response import Response

from incubators.api import TEXTS, ByUid, ProgrammeSerializer
from incubators.enums import ProgrammeKind, ProgrammeStatus
from incubators.forms.programmes import LONGEST_TEXT
from incubators.models import Language, Organisation, Programme, Sector
from incubators.names import LONGEST_NAME
from incubators.services.programmes import create_programme, move_programme, update_programme
from network_platform.api import StrictJson, Text, Uid, WholeNumber
from network_platform.drafts import StaleWrite
from network_platform.lifecycle import IllegalMove
from network_platform.people.models import User
from network_platform.tokens.authentication import WithToken
from network_platform.tokens.requests import OwnRequest
from network_platform.tokens.writes import HEADER, LONGEST_KEY, repeatable

REPEATABLE = OpenApiParameter(
    HEADER,
    {"type": "string", "maxLength": LONGEST_KEY},
    OpenApiParameter.HEADER,
    description="Makes trying again safe",
)
CURRENT = OpenApiParameter(
    "If-Match", {"type": "string", "minLength": 1}, OpenApiParameter.HEADER, required=True, description="The ETag"
)


class Stale(APIException):
    status_code = 412
    default_code = "changed_meanwhile"
    default_detail = "Somebody has changed it since. Read it again, then write."


class Unbased(APIException):
    status_code = 428
    default_code = "if_match_needed"
    default_detail = "Send the ETag of what you have read in If-Match."


def texts_up_to(longest: int) -> dict[str, Any]:
    return TEXTS | {"additionalProperties": {"type": "string", "maxLength": longest}}


class TextsInput(serializers.DictField):
    """A text by the code of its language."""

    def __init__(self, *, longest: int, **kwargs: Any) -> None:
        super().__init__(child=Text(max_length=longest, allow_blank=True), **kwargs)

    def to_internal_value(self, data: Any) -> dict[str, str]:
        texts = {code: text for code, text in super().to_internal_value(data).items() if text}
        known = set(Language.objects.values_list("code", flat=True))
        if unknown := sorted(texts.keys() - known):
            raise serializers.ValidationError(f"These languages are not known: {', '.join(unknown)[:200]}.")
        return texts


@extend_schema_field(texts_up_to(LONGEST_NAME) | {"minProperties": 1})
class NamesField(TextsInput):
    """At least one."""


@extend_schema_field(texts_up_to(LONGEST_TEXT))
class LongTextsField(TextsInput):
    """As many as there are."""


class ProgrammeInput(serializers.Serializer):
    """What may be written of a programme. `organisation` only when it is made; `status` moves it, after the rest."""

    organisation = Uid()
    kind = serializers.ChoiceField(ProgrammeKind.choices, required=False)
    titles = NamesField(longest=LONGEST_NAME, allow_empty=False)
    descriptions = LongTextsField(longest=LONGEST_TEXT, required=False)
    languages = serializers.ListField(child=Text(max_length=8), required=False, max_length=20)
    sectors = serializers.ListField(child=Text(max_length=40), required=False, max_length=100)
    weeks = WholeNumber(min_value=1, max_value=520, allow_null=True, required=False)
    website = serializers.URLField(max_length=300, allow_blank=True, required=False, trim_whitespace=False)
    status = serializers.ChoiceField(ProgrammeStatus.choices, required=False)

    def validate_titles(self, titles: dict[str, str]) -> dict[str, str]:
        if not titles:
            raise serializers.ValidationError("At least one name is needed.")
        return titles

    def validate_languages(self, codes: list[str]) -> list[str]:
        unknown = set(codes) - set(Language.objects.filter(code__in=codes).values_list("code", flat=True))
        if unknown:
            raise serializers.ValidationError(f"These languages are not known: {', '.join(sorted(unknown))}.")
        return codes

    def validate_sectors(self, codes: list[str]) -> list[Sector]:
        found = list(Sector.objects.filter(code__in=codes))
        if unknown := set(codes) - {sector.code for sector in found}:
            raise serializers.ValidationError(f"These sectors are not known: {', '.join(sorted(unknown))[:200]}.")
        return found


@extend_schema_view(
    list=extend_schema(
        summary="Programmes of your organisations, drafts too", responses=ProgrammeSerializer(many=True)
    ),
    retrieve=extend_schema(summary="One of your programmes, with the ETag that a change needs"),
)
class OwnProgrammeViewSet(ByUid):
    """Programmes of the organisations that the token's person edits."""

    queryset = Programme.objects.none()
    serializer_class = ProgrammeSerializer
    permission_classes = (WithToken,)
    parser_classes = (StrictJson,)
    write_scope = "programmes:write"

    def get_queryset(self) -> QuerySet[Programme]:
        return Programme.objects.editable_by(self.request.user).for_api()

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self._told(self.get_object())

    @extend_schema(
        summary="Make a programme",
        request=ProgrammeInput,
        parameters=[REPEATABLE],
        responses={201: ProgrammeSerializer},
    )
    @repeatable
    def create(self, request: OwnRequest) -> Response:
        values = self._checked(request, partial=False)
        status = values.pop("status", ProgrammeStatus.DRAFT)
        own = Organisation.objects.editable_by(request.user)
        organisation = get_object_or_404(own, uid=values.pop("organisation"))
        made = create_programme(organisation=organisation, by=request.user, **values)
        self._move(made, status)
        answer = self._told(self.get_queryset().get(pk=made.pk), status=201)
        answer["Location"] = request.build_absolute_uri(f"{made.uid}/")
        return answer

    @extend_schema(summary="Change a programme", request=ProgrammeInput, parameters=[REPEATABLE, CURRENT])
    @repeatable
    def partial_update(self, request: OwnRequest, uid: Any) -> Response:
        programme, based_on = self.get_object(), request.headers.get("If-Match", "")
        if not based_on:
            raise Unbased
        values = self._checked(request, partial=True)
        values.pop("organisation", None)
        status = values.pop("status", programme.status)
        if based_on != _etag(programme):
            raise Stale
        if values:
            try:
                update_programme(programme=programme, by=request.user, version=programme.version, **values)
            except StaleWrite:
                raise Stale from None
        self._move(programme, status)
        return self._told(self.get_object())

    def _checked(self, request: OwnRequest, *, partial: bool) -> dict[str, Any]:
        form = ProgrammeInput(data=request.data, partial=partial)
        form.is_valid(raise_exception=True)
        return dict(form.validated_data)

    def _move(self, programme: Programme, to: str) -> None:
        if to == programme.status:
            return
        try:
            move_programme(programme=programme, to=ProgrammeStatus(to), by=cast(User, self.request.user))
        except (IllegalMove, RefusedByService):
            told = {"status": [f"It cannot go from {programme.status} to {to}."]}
            raise serializers.ValidationError(told) from None

    def _told(self, programme: Programme, status: int = 200) -> Response:
        data = self.get_serializer(programme).data
        return Response(data, status=status, headers={"ETag": _etag(programme)})


def _etag(programme: Programme) -> str:
    return f'"{programme.version}-{programme.status}"'
