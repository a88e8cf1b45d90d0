"""Yearly figures that editors' programmes write: into the draft of the form, and on to the focal point.

Nothing here publishes. `values` are the fields of the form by name; see services/figure_values.py.
"""

import uuid
from collections.abc import Mapping
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response
from rest_framework.views import APIView

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
from incubators.forms.figures import field_names
from incubators.models import Organisation, YearlyFigures
from incubators.own_figures import Reporting, row_of
from incubators.services.figure_values import values_of
from incubators.services.figures import save_figures, submit_figures
from network_platform.api import StrictJson
from network_platform.drafts import StaleWrite
from network_platform.tokens.authentication import WithToken
from network_platform.tokens.requests import OwnRequest
from network_platform.tokens.writes import repeatable
from network_platform.typed import whole_number


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
    def get(self, request: OwnRequest, uid: uuid.UUID, year: int) -> Response:
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
    def put(self, request: OwnRequest, uid: uuid.UUID, year: int) -> Response:
        reporting = Reporting(_figures_of(request, uid, year))
        asked = checked(DraftInput, request)
        _refuse_unless_open(reporting.figures)
        mine = _filled(asked["values"], reporting)
        refuse_wrong(reporting.form(mine))
        version = whole_number(asked["version"], otherwise=-1)
        try:
            figures = save_figures(
                organisation=reporting.organisation, year=year, by=request.user, version=version, values=mine
            )
        except StaleWrite as stale:
            raise Clash(str(stale.version), differing(stale.theirs, mine)) from None
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
    def post(self, request: OwnRequest, uid: uuid.UUID, year: int) -> Response:
        reporting = Reporting(_figures_of(request, uid, year))
        version = checked(VersionInput, request)["version"]
        _refuse_unless_open(reporting.figures)
        if version != str(reporting.figures.version):
            raise Clash(str(reporting.figures.version), values_of(reporting.figures))
        refuse_wrong(reporting.kept)
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


def _filled(values: Mapping[str, Any], reporting: Reporting) -> dict[str, str]:
    """What was named of a year; what stands there and was not named becomes empty."""
    refuse_unknown(values.keys() - set(field_names(reporting.asked)))
    refuse_shapes(values)
    emptied = dict.fromkeys(values_of(reporting.figures), "")
    return {**emptied, **values}


def _refuse_unless_open(figures: YearlyFigures) -> None:
    if not figures.is_open:
        raise NotNow("These figures were sent. They can be changed once they are taken back or a question is open.")


def _figures_of(request: OwnRequest, uid: uuid.UUID, year: int) -> YearlyFigures:
    own = Organisation.objects.editable_by(request.user).select_related("country")
    figures = row_of(get_object_or_404(own, uid=uid), year)
    if figures is None:
        raise Http404
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
        "missing": wrong_in(reporting.kept),
        "doubts": reporting.doubts,
    }
    return Response(told)
