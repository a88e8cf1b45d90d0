"""Entries and yearly figures that editors' programmes write: into the drafts of the forms, and on to the focal point.

Nothing here publishes. `values` are the fields of the form by name; see listing_values.py, services/figure_values.py.
"""

import hashlib
import json
import uuid
from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import QuerySet
from django.forms import BaseForm
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import override
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from incubators.api import TextsField
from incubators.api_own import REPEATABLE
from incubators.enums import RevisionStatus
from incubators.forms.figures import field_names
from incubators.forms.listing import LISTS, ListingForm
from incubators.listing_values import SECTIONS
from incubators.models import Language, Organisation, Revision, YearlyFigures
from incubators.reporting import Reporting
from incubators.services.figure_values import values_of
from incubators.services.figures import save_figures, submit_figures
from incubators.services.listing import (
    MOST_A_WEEK,
    NothingChangedError,
    TooManySentError,
    open_revision,
    save_revision,
    submit_revision,
    values_to_edit,
)
from incubators.yearly import offered_years
from network_platform.api import KeysetPagination, StrictJson, Text
from network_platform.api_schema import CHANGED
from network_platform.drafts import StaleWrite, digest
from network_platform.tokens.authentication import WithToken
from network_platform.tokens.writes import repeatable
from network_platform.typed import whole_number

VALUES: dict[str, Any] = {"type": "object", "additionalProperties": True}
PROBLEMS: dict[str, Any] = {
    "type": "object",
    "additionalProperties": {"type": "array", "items": {"type": "string"}},
}
LONGEST_VERSION = 60


class Clash(APIException):
    """`version` is what stands by now, `theirs` what is in the fields that were to be written."""

    status_code = 409
    default_code = "changed_meanwhile"
    default_detail = "Somebody has changed it since. Compare, then write on top of this version."

    def __init__(self, version: str, theirs: Mapping[str, Any]) -> None:
        super().__init__()
        self.detail = {"detail": str(self.default_detail), "version": version, "theirs": dict(theirs)}


class NotNow(APIException):
    status_code = 409
    default_code = "not_now"


class TooManySent(APIException):
    status_code = 429
    default_code = "too_many_sent"
    default_detail = f"{MOST_A_WEEK} entries were sent in the last seven days. It is saved; send it in a few days."


@extend_schema_field(OpenApiTypes.ANY)
class Typed(serializers.Field):
    """What a form would send: a text, or a list of texts. Numbers become texts, null is an empty one."""

    default_error_messages = {"kind": "Send a text, a number, null or a list of these."}  # noqa: RUF012 - as its base

    def to_internal_value(self, data: Any) -> str | list[str]:
        if isinstance(data, list):
            return [self._text(each) for each in data]
        return self._text(data)

    def run_validation(self, data: Any = serializers.empty) -> Any:
        return self.to_internal_value(data)

    def _text(self, data: Any) -> str:
        if data is None:
            return ""
        if isinstance(data, bool) or not isinstance(data, str | int | float):
            self.fail("kind")
        return str(data)


TYPED: dict[str, Any] = {"nullable": True, "anyOf": [{"type": "string"}, {"type": "number"}]}
WRITTEN = VALUES | {"additionalProperties": TYPED | {"anyOf": [*TYPED["anyOf"], {"type": "array", "items": TYPED}]}}


@extend_schema_field(WRITTEN)
class WrittenField(serializers.DictField):
    """Values to write, by the name of their field."""


@extend_schema_field(VALUES)
class ValuesField(serializers.JSONField):
    """Values as they stand, by the name of their field."""


@extend_schema_field(PROBLEMS)
class ProblemsField(serializers.JSONField):
    """What is wrong, by the name of its field."""


class DraftInput(serializers.Serializer):
    """`version` as it was read; `values` by the name of their field."""

    is_whole = True

    version = Text(min_length=1, max_length=LONGEST_VERSION, trim_whitespace=False)
    values = WrittenField(child=Typed())


class VersionInput(serializers.Serializer):
    """`version` as it was read: exactly that is sent."""

    version = Text(min_length=1, max_length=LONGEST_VERSION, trim_whitespace=False)


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


class OwnFigures(serializers.Serializer):
    """`question` is the focal point's; `asked` are codes of indicators; `doubts` do not keep it from being sent."""

    organisation = serializers.UUIDField()
    year = serializers.IntegerField()
    status = serializers.CharField()
    question = serializers.CharField()
    version = serializers.CharField()
    values = ValuesField()
    asked = serializers.ListField(child=serializers.CharField())
    missing = ProblemsField()
    doubts = serializers.ListField(child=serializers.CharField())


CLASH = OpenApiExample(
    "Somebody has changed it since",
    value={"detail": Clash.default_detail, "version": "019a0c-4", "theirs": {"city": "Astana"}},
    response_only=True,
    status_codes=["409"],
)
ENTRY = OpenApiExample(
    "A change", value={"version": "019a0c-3", "values": {"city": "Almaty", "sdgs": [9, 12]}}, request_only=True
)
FIGURES = OpenApiExample(
    "A year",
    value={
        "version": "0",
        "values": {
            "figure_startups_supported": 24,
            "money_money_raised_1_amount": "12500.50",
            "money_money_raised_1_kind": "grant",
            "money_money_raised_1_currency": "KZT",
            "is_published": "no",
        },
    },
    request_only=True,
)
YEAR = OpenApiParameter("year", {"type": "integer", "minimum": 0}, OpenApiParameter.PATH)
CLASHING = {409: CHANGED}


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
    def retrieve(self, request: Request, uid: uuid.UUID) -> Response:
        return self._told(self.get_object())

    @extend_schema(
        summary="Write into the draft of an entry",
        request=DraftInput,
        responses={200: OwnEntry, **CLASHING},
        parameters=[REPEATABLE],
        examples=[ENTRY, CLASH],
    )
    @repeatable
    def partial_update(self, request: Request, uid: uuid.UUID) -> Response:
        organisation = self._locked()
        asked = _checked(DraftInput, request)
        mine = _typed(asked["values"])
        _refuse_if_waiting(organisation)
        stands, version = values_to_edit(organisation), _version_of(organisation)
        if asked["version"] != version:
            raise Clash(version, _differing(stands, mine))
        form = ListingForm({**stands, **mine}, organisation=organisation)
        form.complaints_about_what_is_there()
        _refuse_wrong(form, only=mine)
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
    def submit(self, request: Request, uid: uuid.UUID) -> Response:
        organisation = self._locked()
        asked = _checked(VersionInput, request)
        _refuse_if_waiting(organisation)
        if asked["version"] != (version := _version_of(organisation)):
            raise Clash(version, values_to_edit(organisation))
        revision = open_revision(organisation=organisation, by=request.user)
        form = ListingForm(revision.values, organisation=organisation)
        _refuse_wrong(form)
        try:
            submit_revision(revision=revision, by=request.user, version=revision.version, values=form.entry())
        except TooManySentError:
            raise TooManySent from None
        except NothingChangedError:
            raise NotNow("Nothing is changed yet: the entry says what the page says already.") from None
        organisation.refresh_from_db()
        return self._told(organisation)

    def _locked(self) -> Organisation:
        """The organisation and its open revision, in the order in which everybody locks them."""
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
            "comments": latest.comments if draft else {},
            "missing": _wrong_in(ListingForm(values, organisation=organisation)),
        }
        return Response(told)


class OwnFiguresView(APIView):
    """A year's figures of an organisation that the token's person edits."""

    permission_classes = (WithToken,)
    parser_classes = (StrictJson,)
    write_scope = "figures:write"

    @extend_schema(
        operation_id="own_figures_retrieve",
        summary="A year's figures as they are written",
        responses=OwnFigures,
        parameters=[YEAR],
    )
    def get(self, request: Request, uid: uuid.UUID, year: int) -> Response:
        return _figures_told(_figures_of(request, uid, year))

    @extend_schema(
        operation_id="own_figures_update",
        summary="Write the draft of a year's figures; what is not named is emptied",
        request=DraftInput,
        responses={200: OwnFigures, **CLASHING},
        parameters=[YEAR, REPEATABLE],
        examples=[FIGURES, CLASH],
    )
    @repeatable
    def put(self, request: Request, uid: uuid.UUID, year: int) -> Response:
        reporting = Reporting(_figures_of(request, uid, year))
        asked = _checked(DraftInput, request)
        _refuse_unless_open(reporting.figures)
        mine = _filled(asked["values"], reporting)
        _refuse_wrong(reporting.form(mine))
        version = whole_number(asked["version"], otherwise=-1)
        try:
            figures = save_figures(
                organisation=reporting.organisation, year=year, by=request.user, version=version, values=mine
            )
        except StaleWrite as stale:
            raise Clash(str(stale.version), _differing(stale.theirs, mine)) from None
        return _figures_told(figures)


class SendOwnFigures(APIView):
    """The same figures on their way to the focal point."""

    permission_classes = (WithToken,)
    parser_classes = (StrictJson,)
    write_scope = "figures:write"

    @extend_schema(
        operation_id="own_figures_submit",
        summary="Send a year's figures to the focal point",
        request=VersionInput,
        responses={200: OwnFigures, **CLASHING},
        parameters=[YEAR, REPEATABLE],
        examples=[CLASH],
    )
    @repeatable
    def post(self, request: Request, uid: uuid.UUID, year: int) -> Response:
        reporting = Reporting(_figures_of(request, uid, year))
        version = _checked(VersionInput, request)["version"]
        _refuse_unless_open(reporting.figures)
        if version != str(reporting.figures.version):
            raise Clash(str(reporting.figures.version), values_of(reporting.figures))
        _refuse_wrong(reporting.kept)
        if not reporting.can_be_sent:
            raise ValidationError({"values": ["Report at least one figure; what you do not know stays empty."]})
        said = reporting.kept.cleaned_data
        try:
            figures = submit_figures(
                figures=reporting.figures,
                by=request.user,
                version=reporting.figures.version,
                values=reporting.kept.report(),
                note=said["note"],
                is_published=said["is_published"] == "yes",
            )
        except StaleWrite as stale:
            raise Clash(str(stale.version), stale.theirs) from None
        return _figures_told(figures)


def _checked(shape: type[serializers.Serializer], request: Request) -> dict[str, Any]:
    form = shape(data=request.data)
    form.is_valid(raise_exception=True)
    return dict(form.validated_data)


def _typed(values: Mapping[str, Any]) -> dict[str, Any]:
    """What was named of an entry, each as its field takes it."""
    languages = Language.objects.values_list("code", flat=True)
    texts = {f"{what}_{code}" for code in languages for what in ("name", "description")}
    _refuse_unknown(values.keys() - texts.union(*SECTIONS.values()))
    _refuse_shapes(values, lists=LISTS)
    return dict(values)


def _filled(values: Mapping[str, Any], reporting: Reporting) -> dict[str, str]:
    """What was named of a year; what stands there and was not named becomes empty."""
    _refuse_unknown(values.keys() - set(field_names(reporting.asked)))
    _refuse_shapes(values)
    emptied = dict.fromkeys(values_of(reporting.figures), "")
    return {**emptied, **values}


def _differing(stands: Mapping[str, Any], mine: Mapping[str, Any]) -> dict[str, Any]:
    """Of the fields that were to be written, what is another text by now."""
    return {name: stands.get(name, "") for name in mine if digest(stands.get(name)) != digest(mine[name])}


def _refuse_unknown(names: Collection[str]) -> None:
    if names:
        raise ValidationError({name[:60]: ["There is no such field."] for name in sorted(names)[:20]})


def _refuse_shapes(values: Mapping[str, Any], lists: Collection[str] = ()) -> None:
    wrong = {name: ["Send a list."] for name in lists if isinstance(values.get(name, []), str)}
    wrong |= {name: ["Send a text."] for name in values if name not in lists and isinstance(values[name], list)}
    if wrong:
        raise ValidationError(wrong)


def _refuse_wrong(form: BaseForm, only: Collection[str] | None = None) -> None:
    """What is wrong in the named fields, or anywhere, by field."""
    wrong = {name: texts for name, texts in _wrong_in(form).items() if only is None or name in only}
    if wrong:
        raise ValidationError(wrong)


def _refuse_if_waiting(organisation: Organisation) -> None:
    if Revision.objects.waiting().filter(organisation=organisation).exists():
        raise NotNow("The entry was sent and waits for an answer. Take it back on its page to change it.")


def _refuse_unless_open(figures: YearlyFigures) -> None:
    if not figures.is_open:
        raise NotNow("These figures were sent. They can be changed when there is a question about them.")


def _wrong_in(form: BaseForm) -> dict[str, list[str]]:
    return {name: [str(text) for text in texts] for name, texts in form.errors.items()}


def _version_of(organisation: Organisation) -> str:
    """Names what an editor finds: the open revision at its version, else what one would begin with, in any language."""
    revision = organisation.revisions.open().first()
    if revision:
        return f"{revision.uid}-{revision.version}"
    with override("en"):
        stands = json.dumps(values_to_edit(organisation), sort_keys=True)
    return hashlib.sha256(stands.encode()).hexdigest()[:32]


def _figures_of(request: Request, uid: uuid.UUID, year: int) -> YearlyFigures:
    """The year's row; of a year that is offered and not begun an unsaved one."""
    own = Organisation.objects.editable_by(request.user).select_related("country")
    organisation = get_object_or_404(own, uid=uid)
    figures = organisation.yearly_figures.filter(year=year).first()
    if figures is None and year not in offered_years():
        raise Http404
    figures = figures or YearlyFigures(organisation=organisation, year=year)
    figures.organisation = organisation
    return figures


def _figures_told(figures: YearlyFigures) -> Response:
    """As OwnFigures describes them."""
    reporting = Reporting(figures)
    told = {
        "organisation": str(figures.organisation.uid),
        "year": figures.year,
        "status": figures.status,
        "question": figures.question,
        "version": str(figures.version),
        "values": values_of(figures),
        "asked": [indicator.code for indicator in reporting.asked],
        "missing": _wrong_in(reporting.kept),
        "doubts": reporting.doubts,
    }
    return Response(told)
