"""Competitions for programmes: what everybody may read, whoever asks. Winners only once they are announced."""

from typing import Any

import django_filters
from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.http import conditional_page
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers, viewsets

from competitions import calls
from competitions.enums import Phase
from competitions.models import (
    Award,
    Competition,
    Criterion,
    Decision,
    EligibilityRule,
    Level,
    Round,
    RubricVersion,
    Source,
    Track,
)
from competitions.models.competition import CompetitionQuerySet
from network_platform.api import KeysetPagination
from network_platform.api_filters import ApiFilters, YearFilter
from network_platform.people.audience import PUBLIC
from network_platform.search.queries import keys

TEXTS = {"type": "object", "additionalProperties": {"type": "string"}, "example": {"en": "Text", "ru": "Текст"}}


@extend_schema_field(TEXTS)
class TextsField(serializers.JSONField):
    """A text per language."""


class LevelSerializer(serializers.ModelSerializer):
    texts = TextsField()

    class Meta:
        model = Level
        fields = ["value", "texts"]


class CriterionSerializer(serializers.ModelSerializer):
    names = TextsField()
    descriptions = TextsField()
    parent = serializers.CharField(source="parent.code", allow_null=True, default=None)  # type: ignore[assignment]
    levels = LevelSerializer(many=True)
    only_stages = serializers.ListField(child=serializers.CharField())
    only_tracks = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = Criterion
        fields = [
            "code",
            "parent",
            "kind",
            "names",
            "descriptions",
            "weight",
            "scale_min",
            "scale_max",
            "scale_step",
            "required",
            "only_stages",
            "only_tracks",
            "levels",
        ]


class RubricSerializer(serializers.ModelSerializer):
    """`digest` is the SHA-256 of the criteria and levels; it is there once the rubric is locked."""

    criteria = CriterionSerializer(many=True)
    notes = TextsField()

    class Meta:
        model = RubricVersion
        fields = ["uid", "number", "weights_of", "is_ordered", "notes", "locked_at", "digest", "criteria"]


class RoundSerializer(serializers.ModelSerializer):
    """A stage as the call announces it. How far the judging is stays inside."""

    names = TextsField()
    notes = TextsField()
    aggregation_notes = TextsField()
    tie_rules = TextsField()
    rubric = serializers.SerializerMethodField()

    class Meta:
        model = Round
        fields = [
            "uid",
            "order",
            "kind",
            "names",
            "notes",
            "opens_at",
            "closes_at",
            "stated_start",
            "stated_end",
            "reads_per_entry",
            "aggregation",
            "aggregation_notes",
            "tie_rules",
            "rubric",
        ]

    @extend_schema_field(RubricSerializer(allow_null=True))
    def get_rubric(self, round_: Round) -> dict[str, Any] | None:
        current = next(iter(round_.rubrics.all()), None)
        return RubricSerializer(current).data if current else None


class TrackSerializer(serializers.ModelSerializer):
    names = TextsField()
    parent = serializers.CharField(source="parent.code", allow_null=True, default=None)  # type: ignore[assignment]

    class Meta:
        model = Track
        fields = ["code", "parent", "names"]


class EligibilityRuleSerializer(serializers.ModelSerializer):
    statements = TextsField()

    class Meta:
        model = EligibilityRule
        fields = ["kind", "effect", "statements"]


class AwardSerializer(serializers.ModelSerializer):
    names = TextsField()
    texts = TextsField()

    class Meta:
        model = Award
        fields = ["names", "texts", "places", "amount", "currency"]


class SourceSerializer(serializers.ModelSerializer):
    class Meta:
        model = Source
        fields = ["url", "said"]


class WinnerSerializer(serializers.ModelSerializer):
    number = serializers.CharField(source="entry.number")
    startup = serializers.CharField(source="entry.startup.name")
    country = serializers.CharField(source="entry.startup.country.iso2")
    track = serializers.CharField(source="entry.track.code", allow_null=True, default=None)
    award = TextsField(source="award.names", allow_null=True, default=None)

    class Meta:
        model = Decision
        fields = ["number", "startup", "country", "track", "award", "place"]


class CompetitionSerializer(serializers.ModelSerializer):
    """`phase` is where the competition stands now."""

    names = TextsField()
    summaries = TextsField()
    organisers = TextsField()
    countries: "serializers.SlugRelatedField[Any]" = serializers.SlugRelatedField("iso2", many=True, read_only=True)
    languages = serializers.ListField(child=serializers.CharField())
    phase = serializers.ChoiceField(Phase.choices)
    page = serializers.SerializerMethodField()

    class Meta:
        model = Competition
        fields = [
            "uid",
            "slug",
            "names",
            "summaries",
            "organisers",
            "phase",
            "scope",
            "year",
            "edition",
            "countries",
            "languages",
            "time_zone",
            "opens_at",
            "closes_at",
            "announced_at",
            "page",
        ]

    @extend_schema_field(OpenApiTypes.URI)
    def get_page(self, competition: Competition) -> str:
        return self.context["request"].build_absolute_uri(f"/en/competitions/{competition.slug}/")


class CompetitionDetailSerializer(CompetitionSerializer):
    prizes = TextsField()
    tracks = TrackSerializer(many=True)
    eligibility = EligibilityRuleSerializer(source="eligibility_rules", many=True)
    rounds = serializers.SerializerMethodField()
    awards = AwardSerializer(many=True)
    winners = serializers.SerializerMethodField()
    sources = SourceSerializer(many=True)

    class Meta(CompetitionSerializer.Meta):
        added = ["prizes", "tracks", "eligibility", "rounds", "awards", "winners", "sources"]
        fields = [*CompetitionSerializer.Meta.fields, *added]

    @extend_schema_field(RoundSerializer(many=True))
    def get_rounds(self, competition: Competition) -> list[dict[str, Any]]:
        return list(RoundSerializer(calls.rounds_of(competition), many=True).data)

    @extend_schema_field(WinnerSerializer(many=True))
    def get_winners(self, competition: Competition) -> list[dict[str, Any]]:
        return list(WinnerSerializer(calls.winners(competition), many=True).data)


class CompetitionFilter(ApiFilters):
    country = django_filters.CharFilter(field_name="countries__iso2", lookup_expr="iexact", label="Two letters")
    year = YearFilter(label="Year")
    phase = django_filters.ChoiceFilter(choices=Phase.choices, method="by_phase", label="Where it stands now")
    search = django_filters.CharFilter(method="by_words", label="Words in any script and form")

    class Meta(ApiFilters.Meta):
        model = Competition
        fields = ["country", "year", "phase", "search"]

    def by_phase(self, found: CompetitionQuerySet, name: str, phase: str) -> QuerySet[Competition]:
        return found.in_phase(phase, timezone.now())

    def by_words(self, found: QuerySet[Competition], name: str, words: str) -> QuerySet[Competition]:
        return found.filter(uid__in=keys(words[:120], kind="competition", audiences=[PUBLIC]))


@method_decorator(conditional_page, name="dispatch")
@extend_schema_view(
    list=extend_schema(summary="Competitions: open, in judging, announced, and real ones run elsewhere"),
    retrieve=extend_schema(summary="One competition with its rubric, and its winners once they are announced"),
)
class CompetitionViewSet(viewsets.ReadOnlyModelViewSet):
    """What everybody may read, whoever asks. Pages by key: follow `next`."""

    queryset = Competition.objects.none()
    filterset_class = CompetitionFilter
    pagination_class = KeysetPagination
    lookup_field = "slug"
    lookup_value_regex = "[-a-zA-Z0-9_]+"

    def get_serializer_class(self) -> type[serializers.BaseSerializer]:
        return CompetitionDetailSerializer if self.detail else CompetitionSerializer

    def get_queryset(self) -> QuerySet[Competition]:
        found = Competition.objects.visible_to(AnonymousUser()).prefetch_related("countries")
        if self.detail:
            return found.prefetch_related("tracks__parent", "eligibility_rules", "awards", "sources")
        return found
