"""The registry for programmes: public fields of what is public, nothing else."""

from typing import Any

import django_filters
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.http import conditional_page
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers, viewsets

from incubators.enums import OrganisationKind, OrganisationStatus
from incubators.models import Country, OpenCall, Organisation, OrganisationName, Programme
from incubators.models.programmes import OpenCallQuerySet
from network_platform.api import KeysetPagination
from network_platform.api_filters import ApiFilters
from network_platform.people.audience import PUBLIC
from network_platform.search.queries import keys
from network_platform.zones import today

TEXTS = {"type": "object", "additionalProperties": {"type": "string"}, "example": {"en": "Text", "ru": "Текст"}}


def address_of(serializer: serializers.BaseSerializer, path: str) -> str:
    """The whole address of a page: at the host that was asked, or at the site's own where nobody asks."""
    request = serializer.context.get("request")
    return request.build_absolute_uri(path) if request else f"{settings.BASE_URL}{path}"


@extend_schema_field(TEXTS)
class TextsField(serializers.JSONField):
    """A text per language."""


class CountrySerializer(serializers.ModelSerializer):
    names = TextsField()
    languages = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = Country
        fields = ["iso2", "names", "own_name", "time_zone", "currency", "languages"]


class NameSerializer(serializers.ModelSerializer):
    """`until` is the last day on which a former name was borne."""

    class Meta:
        model = OrganisationName
        fields = ["text", "kind", "language", "script", "until"]


class OrganisationSerializer(serializers.ModelSerializer):
    """`verified` says whether the entry, once approved, was confirmed in the last twelve months."""

    names = NameSerializer(many=True)
    country = serializers.CharField(source="country.iso2")
    city = serializers.SerializerMethodField()
    descriptions = TextsField()
    languages = serializers.ListField(child=serializers.CharField())
    sectors: "serializers.SlugRelatedField[Any]" = serializers.SlugRelatedField("code", many=True, read_only=True)
    sdgs: "serializers.SlugRelatedField[Any]" = serializers.SlugRelatedField("number", many=True, read_only=True)
    successor = serializers.UUIDField(source="successor.uid", allow_null=True, default=None)
    verified = serializers.BooleanField(source="is_verified")
    page = serializers.SerializerMethodField()

    class Meta:
        model = Organisation
        fields = [
            "uid",
            "names",
            "country",
            "city",
            "kind",
            "status",
            "verified",
            "verified_until",
            "website",
            "founded_year",
            "languages",
            "sectors",
            "sdgs",
            "descriptions",
            "successor",
            "source_url",
            "updated_at",
            "page",
        ]

    @extend_schema_field(TEXTS)
    def get_city(self, organisation: Organisation) -> dict[str, str]:
        return organisation.city.names if organisation.city else {}

    @extend_schema_field(OpenApiTypes.URI)
    def get_page(self, organisation: Organisation) -> str:
        return address_of(self, f"/en/incubators/{organisation.slug}/")


class ByUid(viewsets.ReadOnlyModelViewSet):
    """A list by key, and one thing by its uid."""

    pagination_class = KeysetPagination
    lookup_field = "uid"
    lookup_value_converter = "uuid"


class OrganisationFilter(ApiFilters):
    country = django_filters.CharFilter(field_name="country__iso2", lookup_expr="iexact", label="Country, two letters")
    kind = django_filters.MultipleChoiceFilter(choices=OrganisationKind.choices)
    sector = django_filters.CharFilter(field_name="sectors__code", label="Code of a sector")
    city = django_filters.CharFilter(field_name="city__slug", label="City, in Latin letters")
    verified = django_filters.BooleanFilter(method="by_verification", label="Confirmed in the last twelve months")
    updated_since = django_filters.IsoDateTimeFilter(field_name="updated_at", lookup_expr="gte", label="Changed since")
    search = django_filters.CharFilter(method="by_words", label="Words in any script and form")

    class Meta(ApiFilters.Meta):
        model = Organisation
        fields = ["country", "kind", "sector", "city", "verified", "updated_since", "search"]

    def by_verification(self, found: QuerySet[Organisation], name: str, wanted: bool) -> QuerySet[Organisation]:
        verified = {"status": OrganisationStatus.LISTED, "verified_until__gte": today()}
        return found.filter(**verified) if wanted else found.exclude(**verified)

    def by_words(self, found: QuerySet[Organisation], name: str, words: str) -> QuerySet[Organisation]:
        return found.filter(uid__in=keys(words[:120], kind="organisation", audiences=[PUBLIC]))


@method_decorator(conditional_page, name="dispatch")
@extend_schema_view(
    list=extend_schema(summary="Organisations of the public registry"),
    retrieve=extend_schema(summary="One organisation"),
)
class OrganisationViewSet(ByUid):
    """What everybody may read, whoever asks. Pages by key: follow `next`."""

    queryset = Organisation.objects.none()
    serializer_class = OrganisationSerializer
    filterset_class = OrganisationFilter

    def get_queryset(self) -> QuerySet[Organisation]:
        public = Organisation.objects.visible_to(AnonymousUser())
        found = public if self.detail else public.in_directory()
        return found.select_related("country", "city", "successor").prefetch_related("names", "sectors", "sdgs")


ISO2 = OpenApiParameter(
    "iso2",
    {"type": "string", "pattern": "^[A-Za-z]{2}$"},
    OpenApiParameter.PATH,
    description="ISO 3166 alpha-2",
)


@method_decorator(conditional_page, name="dispatch")
@extend_schema_view(
    list=extend_schema(summary="The seven countries"),
    retrieve=extend_schema(
        summary="One country",
        parameters=[ISO2],
    ),
)
class CountryViewSet(viewsets.ReadOnlyModelViewSet):
    """The countries of the programme."""

    queryset = Country.objects.all()
    serializer_class = CountrySerializer
    pagination_class = KeysetPagination
    lookup_field = "iso2"
    lookup_value_regex = "[A-Za-z]{2}"

    def get_object(self) -> Country:
        self.kwargs["iso2"] = self.kwargs["iso2"].upper()
        return super().get_object()


class ProgrammeSerializer(serializers.ModelSerializer):
    """What an organisation offers to start-ups. `open` says whether one of its calls takes applications now."""

    organisation = serializers.UUIDField(source="organisation.uid")
    country = serializers.CharField(source="organisation.country.iso2")
    titles = TextsField()
    descriptions = TextsField()
    languages = serializers.ListField(child=serializers.CharField())
    sectors: "serializers.SlugRelatedField[Any]" = serializers.SlugRelatedField("code", many=True, read_only=True)
    open = serializers.BooleanField()
    page = serializers.SerializerMethodField()

    class Meta:
        model = Programme
        fields = [
            "uid",
            "organisation",
            "country",
            "kind",
            "status",
            "titles",
            "descriptions",
            "languages",
            "sectors",
            "weeks",
            "website",
            "open",
            "updated_at",
            "page",
        ]

    @extend_schema_field(OpenApiTypes.URI)
    def get_page(self, programme: Programme) -> str:
        return address_of(self, f"/en/programmes/{programme.uid}/")


class CallSerializer(serializers.ModelSerializer):
    """A call for start-ups. Moments are in UTC, `zone` is the one in which the organiser names them."""

    organisation = serializers.UUIDField(source="programme.organisation.uid")
    programme = serializers.UUIDField(source="programme.uid")
    country = serializers.CharField(source="programme.organisation.country.iso2")
    titles = TextsField()
    descriptions = TextsField()
    open = serializers.SerializerMethodField()
    page = serializers.SerializerMethodField()

    class Meta:
        model = OpenCall
        fields = [
            "uid",
            "programme",
            "organisation",
            "country",
            "status",
            "open",
            "titles",
            "descriptions",
            "opens_at",
            "closes_at",
            "zone",
            "apply_url",
            "updated_at",
            "page",
        ]

    def get_open(self, call: OpenCall) -> bool:
        return call.is_open_at(timezone.now())

    @extend_schema_field(OpenApiTypes.URI)
    def get_page(self, call: OpenCall) -> str:
        return address_of(self, f"/en/calls/{call.uid}/")


class ProgrammeFilter(ApiFilters):
    organisation = django_filters.UUIDFilter(field_name="organisation__uid", label="Uid of an organisation")
    country = django_filters.CharFilter(
        field_name="organisation__country__iso2", lookup_expr="iexact", label="Country, two letters"
    )
    open = django_filters.BooleanFilter(label="Has a call that takes applications now")
    updated_since = django_filters.IsoDateTimeFilter(field_name="updated_at", lookup_expr="gte", label="Changed since")

    class Meta(ApiFilters.Meta):
        model = Programme
        fields = ["organisation", "country", "open", "updated_since"]


class CallFilter(ApiFilters):
    organisation = django_filters.UUIDFilter(field_name="programme__organisation__uid", label="Uid of an organisation")
    programme = django_filters.UUIDFilter(field_name="programme__uid", label="Uid of a programme")
    country = django_filters.CharFilter(
        field_name="programme__organisation__country__iso2", lookup_expr="iexact", label="Country, two letters"
    )
    open = django_filters.BooleanFilter(method="by_clock", label="Takes applications now")
    updated_since = django_filters.IsoDateTimeFilter(field_name="updated_at", lookup_expr="gte", label="Changed since")

    class Meta(ApiFilters.Meta):
        model = OpenCall
        fields = ["organisation", "programme", "country", "open", "updated_since"]

    def by_clock(self, found: OpenCallQuerySet, name: str, wanted: bool) -> OpenCallQuerySet:
        now = timezone.now()
        return found.open_at(now) if wanted else found.exclude(pk__in=OpenCall.objects.open_at(now).values("pk"))


@method_decorator(conditional_page, name="dispatch")
@extend_schema_view(
    list=extend_schema(summary="Programmes for start-ups"),
    retrieve=extend_schema(summary="One programme"),
)
class ProgrammeViewSet(ByUid):
    """What everybody may read, whoever asks. Pages by key: follow `next`."""

    queryset = Programme.objects.none()
    serializer_class = ProgrammeSerializer
    filterset_class = ProgrammeFilter

    def get_queryset(self) -> QuerySet[Programme]:
        return Programme.objects.visible_to(AnonymousUser()).for_api()


@method_decorator(conditional_page, name="dispatch")
@extend_schema_view(
    list=extend_schema(summary="Calls for start-ups"),
    retrieve=extend_schema(summary="One call"),
)
class CallViewSet(ByUid):
    """What everybody may read, whoever asks, closed calls too. Pages by key: follow `next`."""

    queryset = OpenCall.objects.none()
    serializer_class = CallSerializer
    filterset_class = CallFilter

    def get_queryset(self) -> QuerySet[OpenCall]:
        return OpenCall.objects.visible_to(AnonymousUser()).for_rows()
