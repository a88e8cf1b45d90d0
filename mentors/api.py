"""Experts for programmes: what everybody may see, whoever asks."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.utils.decorators import method_decorator
from django.views.decorators.http import conditional_page
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers, viewsets

from mentors.enums import Availability, RoleKind, SpokenLanguage
from mentors.indexing import roles_shown_to
from mentors.models import Expert, ExpertLanguage, ExpertRole
from mentors.models.experts import ExpertQuerySet
from mentors.models.roles import Wanted
from network_platform.api_filters import ApiFilters


class RoleSerializer(serializers.ModelSerializer):
    skills: "serializers.SlugRelatedField[Any]" = serializers.SlugRelatedField(
        slug_field="code", many=True, read_only=True
    )
    sectors: "serializers.SlugRelatedField[Any]" = serializers.SlugRelatedField(
        slug_field="code", many=True, read_only=True
    )

    class Meta:
        model = ExpertRole
        fields = ["role", "skills", "sectors", "stages", "availability"]


class LanguageSerializer(serializers.ModelSerializer):
    class Meta:
        model = ExpertLanguage
        fields = ["language", "level"]


class ExpertSerializer(serializers.ModelSerializer):
    country: "serializers.SlugRelatedField[Any]" = serializers.SlugRelatedField(slug_field="iso2", read_only=True)
    roles = RoleSerializer(many=True, source="shown_roles", read_only=True)
    languages = LanguageSerializer(many=True, read_only=True)

    class Meta:
        model = Expert
        fields = [
            "uid",
            "slug",
            "name",
            "name_latin",
            "country",
            "time_zone",
            "headline",
            "bio",
            "languages",
            "roles",
            "usual_answer_hours",
        ]


class ExpertFilter(ApiFilters):
    """Together: one role of the expert fits everything that is asked of a role."""

    role = filters.MultipleChoiceFilter(choices=RoleKind.choices)
    availability = filters.MultipleChoiceFilter(choices=Availability.choices)
    language = filters.MultipleChoiceFilter(choices=SpokenLanguage.choices)
    skill = filters.CharFilter()
    sector = filters.CharFilter()
    country = filters.CharFilter()
    search = filters.CharFilter(label="Words in any script and form")

    class Meta(ApiFilters.Meta):
        model = Expert
        fields: list[str] = []

    def filter_queryset(self, queryset: ExpertQuerySet) -> QuerySet[Expert]:
        data = self.form.cleaned_data
        wanted = Wanted(
            words=data["search"].strip()[:200],
            role=data["role"],
            availability=data["availability"],
            language=data["language"],
            skill=_codes(data["skill"]),
            sector=_codes(data["sector"]),
            country=[code.upper() for code in _codes(data["country"])],
        )
        return queryset.in_roles(roles_shown_to(AnonymousUser()).matching(wanted))


@method_decorator(conditional_page, name="dispatch")
@extend_schema_view(
    list=extend_schema(
        summary="Experts who are shown to everybody",
    ),
    retrieve=extend_schema(summary="One expert"),
)
class ExpertViewSet(viewsets.ReadOnlyModelViewSet):
    """Mentors, trackers and trainers who agreed to be shown to everybody. There are no addresses here."""

    serializer_class = ExpertSerializer
    filterset_class = ExpertFilter
    lookup_field = "slug"
    lookup_value_regex = "[-a-zA-Z0-9_]+"

    def get_queryset(self) -> QuerySet[Expert]:
        shown = roles_shown_to(AnonymousUser())
        return Expert.objects.visible_to(AnonymousUser()).for_cards(shown.prefetch_related("sectors")).order_by("pk")


def _codes(value: Any) -> list[str]:
    """`a,b` names two."""
    return [code.strip() for code in (value or "").split(",") if code.strip()]
