"""What who serves a country sees beside its public numbers: what waits and since when, what grows old, who has not
reported, and who else serves it.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db.models import Count, Min, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from incubators.dashboard import Dashboard
from incubators.enums import FiguresStatus, OrganisationStatus
from incubators.models import (
    Claim,
    Country,
    FocalPoint,
    Membership,
    Organisation,
    Remark,
    Revision,
    Transfer,
    YearlyFigures,
)
from incubators.models.figures import owing_figures
from incubators.pairs import pairs_to_look_at
from incubators.reviewing import PROMISED
from incubators.yearly import last_year
from network_platform.desk import gather
from network_platform.people.models import User

SHOWN, SOON = 10, 90  # rows; days


@dataclass(frozen=True)
class Waited:
    """How much of something waits, and since when the oldest of it does."""

    title: str
    number: int
    oldest: datetime
    url: str

    @property
    def is_late(self) -> bool:
        return self.oldest < timezone.now() - PROMISED


class CountryDesk:
    """One country as its focal point, their deputies and the secretariat see it; ask `rules.serves_country` first.

    What is counted as waiting is what this person may answer.
    """

    def __init__(self, country: Country, *, by: User) -> None:
        self.country, self.by, self.year = country, by, last_year()
        self.public = Dashboard(country)

    @cached_property
    def waiting(self) -> list[Waited]:
        queue, duplicates = reverse("incubators:queue"), reverse("incubators:duplicates")
        here = {"organisation__country": self.country}
        revisions = Revision.objects.waiting().reviewable_by(self.by).filter(**here)
        figures = YearlyFigures.objects.waiting().reviewable_by(self.by).filter(**here)
        transfers = Transfer.objects.answerable_by(self.by).filter(target=self.country)
        pairs = pairs_to_look_at(self.by).filter(first__country=self.country)
        asked: list[tuple[QuerySet, str, str, str]] = [
            (revisions, "submitted_at", _("Listings and changes"), queue),
            (Claim.objects.reviewable_by(self.by).filter(**here), "created_at", _("Claims"), queue),
            (figures, "submitted_at", _("Yearly figures"), queue),
            (transfers, "asked_at", _("Transfers to this country"), queue),
            (Remark.objects.answerable_by(self.by).filter(**here), "made_at", _("Remarks of readers"), queue),
            (pairs, "found_at", _("Likely duplicates"), duplicates),
        ]
        ages = [
            (found.order_by().aggregate(number=Count("pk"), oldest=Min(since)), title, url)
            for found, since, title, url in asked
        ]
        found = [Waited(title, age["number"], age["oldest"], url) for age, title, url in ages if age["number"]]
        return [*found, *(age for own in gather("waited_in", self.by, self.country.iso2) for age in own)]

    @cached_property
    def states(self) -> list[tuple[str, int]]:
        """Organisations by state, in the order of their life; drafts are their editors' own."""
        found = Organisation.objects.filter(country=self.country).not_merged().order_by()
        counts = dict(found.values_list("status").annotate(Count("pk")))
        kept = [status for status in OrganisationStatus if status != OrganisationStatus.DRAFT]
        return [(str(status.label), counts[status]) for status in kept if counts.get(status)]

    @cached_property
    def _late(self) -> list[Organisation]:
        return list(owing_figures(self.year).filter(country=self.country).order_by("sort_key", "pk"))

    @property
    def late(self) -> list[Organisation]:
        """The first of those who owe last year's figures."""
        return self._late[:SHOWN]

    @property
    def late_total(self) -> int:
        return len(self._late)

    @cached_property
    def stale(self) -> list[Organisation]:
        """Those that are out of date for the longest time."""
        found = Organisation.objects.filter(country=self.country, status=OrganisationStatus.STALE)
        return list(found.order_by("verified_until", "pk")[:SHOWN])

    @cached_property
    def due(self) -> list[Organisation]:
        """Those that will be out of date next."""
        return list(Organisation.objects.filter(country=self.country).due_within(SOON)[:SHOWN])

    @cached_property
    def without_editor(self) -> int:
        """Listed organisations that nobody edits: nobody is asked for their figures."""
        listed = Organisation.objects.in_directory().filter(country=self.country)
        return listed.exclude(pk__in=Membership.objects.values("organisation")).count()

    @cached_property
    def figures_states(self) -> list[tuple[str, int]]:
        """Last year's figures of listed organisations by state; a draft is its editors' own."""
        listed = Organisation.objects.in_directory().filter(country=self.country)
        found = YearlyFigures.objects.filter(organisation__in=listed, year=self.year).order_by()
        counts = dict(found.values_list("status").annotate(Count("pk")))
        kept = [status for status in FiguresStatus if status != FiguresStatus.DRAFT]
        return [(str(status.label), counts[status]) for status in kept if counts.get(status)]

    @cached_property
    def listed(self) -> int:
        """Those out of date included."""
        return Organisation.objects.in_directory().filter(country=self.country).count()

    @property
    def reported(self) -> int:
        """Listed organisations whose figures of last year are accepted."""
        return dict(self.figures_states).get(str(FiguresStatus.ACCEPTED.label), 0)

    @cached_property
    def offices(self) -> list[FocalPoint]:
        """Who serves the country today, deputies last."""
        return list(FocalPoint.objects.serving().of(self.country).select_related("user"))
