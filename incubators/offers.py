"""What organisations offer to start-ups, as public pages show it: programmes, cohorts, calls."""

from functools import cached_property
from typing import cast
from uuid import UUID

from django.db.models import Count, Prefetch, Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from incubators.models import Cohort, Country, OpenCall, Placement
from incubators.models.programmes import OpenCallQuerySet, ProgrammeQuerySet
from network_platform import facets as filters
from network_platform.typed import without_nul

PAGE = 20
ON_COUNTRY_PAGE = 5


def with_offers(programmes: ProgrammeQuerySet) -> ProgrammeQuerySet:
    """Each with `current_calls`, and with `cohorts` of which each has `shown`: placements that everybody may read."""
    calls = OpenCall.objects.not_over_at(timezone.now())
    placements = Placement.objects.public().select_related("startup__country").order_by("startup__name", "pk")
    cohorts = Cohort.objects.prefetch_related(Prefetch("placements", placements, to_attr="shown"))
    return programmes.prefetch_related(Prefetch("calls", calls, to_attr="current_calls"), Prefetch("cohorts", cohorts))


def calls_in_country(country: Country) -> OpenCallQuerySet:
    """The next ones to end."""
    found = OpenCall.objects.public().not_over_at(timezone.now()).in_country(country.iso2)
    return found.for_rows()[:ON_COUNTRY_PAGE]


class CallList:
    """The list of calls as one address asks for it: those that are not over, the soonest end first; or the closed ones,
    the latest first. Everybody sees the same.
    """

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.now = timezone.now()
        self.closed = request.GET.get("state") == "closed"
        self.countries = [without_nul(value).upper() for value in request.GET.getlist("country") if value]

    @cached_property
    def found(self) -> OpenCallQuerySet:
        return self._all.in_country(*self.countries) if self.countries else self._all

    @cached_property
    def total(self) -> int:
        return self.found.count()

    @cached_property
    def calls(self) -> list[OpenCall]:
        return self._page[:PAGE]

    @cached_property
    def facets(self) -> list[filters.Facet]:
        """Countries with the number of calls that this list has of each."""
        counted = self._all.order_by().values_list("programme__organisation__country__iso2").annotate(Count("pk"))
        counts = dict(counted)
        rows = [(each.iso2.lower(), str(each), counts.get(each.iso2, 0)) for each in Country.objects.all()]
        return [filters.facet(self.request, "country", _("Country"), sorted(rows, key=lambda row: row[1]))]

    @cached_property
    def elsewhere(self) -> str:
        """Under an empty list of some countries: how many there are in others."""
        number = self._all.count() if self.countries else 0
        return _("Calls in other countries: %(n)s.") % {"n": number} if number else ""

    @property
    def clear_url(self) -> str:
        return filters.cleared(self.request, self.facets)

    @property
    def kept(self) -> list[tuple[str, str]]:
        return [("state", "closed")] if self.closed else []

    @property
    def other_url(self) -> str:
        """The same countries' closed calls, or from those the open ones."""
        query = self.request.GET.copy()
        for name in ("state", *filters.PAGING):
            query.pop(name, None)
        if not self.closed:
            query["state"] = "closed"
        return f"{self.request.path}?{query.urlencode()}" if query else self.request.path

    @property
    def result_text(self) -> str:
        if self.closed:
            return ngettext("%(n)s closed call", "%(n)s closed calls", self.total) % {"n": self.total}
        return ngettext("%(n)s call", "%(n)s calls", self.total) % {"n": self.total}

    @property
    def next_url(self) -> str:
        return filters.on_page(self.request, str(self.calls[-1].uid)) if len(self._page) > PAGE else ""

    @cached_property
    def previous_url(self) -> str:
        """The page before ends with the call after which this one begins."""
        if self._anchor is None:
            return ""
        before = list(self.found.reverse().exclude(self._behind)[: PAGE + 1])
        return filters.on_page(self.request, str(before[PAGE].uid) if len(before) > PAGE else "")

    @cached_property
    def _all(self) -> OpenCallQuerySet:
        public = OpenCall.objects.public()
        return public.past_at(self.now) if self.closed else public.not_over_at(self.now)

    @cached_property
    def _page(self) -> list[OpenCall]:
        """One more than is shown says that there is a next page."""
        found = self.found.filter(self._behind) if self._anchor else self.found
        return list(found.for_rows()[: PAGE + 1])

    @cached_property
    def _anchor(self) -> OpenCall | None:
        """The call after which the page begins; a name that is gone begins the list."""
        try:
            uid = UUID(self.request.GET.get("after", ""))
        except ValueError:
            return None
        return self.found.filter(uid=uid).first()

    @property
    def _behind(self) -> Q:
        """What comes after the anchor in this list's order."""
        anchor = cast(OpenCall, self._anchor)
        end, pk = anchor.closes_at, anchor.pk
        if self.closed:
            return Q(closes_at__lt=end) | Q(closes_at=end, pk__lt=pk)
        return Q(closes_at__gt=end) | Q(closes_at=end, pk__gt=pk)
