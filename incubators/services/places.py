"""Who takes which place in the public sums and in the comparison; why there are places: docs/comparing-figures.md."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.db.models import Max, QuerySet

from incubators.benchmark import SIZE_OF, size_of
from incubators.models import ComparedPlace, Country, Figure, Indicator, SumPlace, YearlyFigures

Number = tuple[int, str, str]  # indicator, kind of money, currency
Part = dict[str, Any]  # what makes it, by column
BATCH = 500


@transaction.atomic
def take_places(accepted: Collection[YearlyFigures]) -> None:
    """Give a place at the end to each number of these that has none, in the order in which they come.

    What was accepted once and is accepted again as it was has its place already; the place of another number, or of one
    that is no longer reported, is left empty for ever. As many queries for many figures as for one, in each country and
    in each part of the comparison; others that take places there wait.
    """
    by_country: dict[int, list[YearlyFigures]] = defaultdict(list)
    for figures in accepted:
        by_country[figures.organisation.country_id].append(figures)
    for country, reports in sorted(by_country.items()):
        Country.objects.select_for_update(no_key=True).get(pk=country)
        _take(SumPlace.objects.filter(country=country), {"country_id": country}, reports)
    take_compared_places(accepted)


def take_compared_places(accepted: Collection[YearlyFigures]) -> None:
    """The same for the comparison, by kind and class of size; to be called in a transaction. A number has one place
    ever, in the part in which it was accepted first; what is published leaves it for one among what was published.
    """
    parts = _parts(accepted)
    if not parts:
        return
    Indicator.objects.select_for_update(no_key=True).get(code=SIZE_OF)
    for (kind, size, was_published), reports in parts.items():
        if was_published:
            ComparedPlace.objects.filter(figures__in=reports, was_published=False).update(figures=None)
        part = {"kind": kind, "size": size, "was_published": was_published}
        _take(ComparedPlace.objects.all(), part, reports)


def _parts(accepted: Collection[YearlyFigures]) -> dict[tuple[str, int | None, bool], list[YearlyFigures]]:
    """By kind, size, and whether they are published; of others whose size is not reported are in none."""
    supported = Figure.objects.filter(figures__in=accepted, definition__indicator__code=SIZE_OF)
    sizes = {figures: size_of(value) for figures, value in supported.values_list("figures", "value")}
    found: dict[tuple[str, int | None, bool], list[YearlyFigures]] = defaultdict(list)
    for figures in accepted:
        size = sizes.get(figures.pk)
        if size is not None or figures.is_published:
            found[figures.organisation.kind, size, figures.is_published].append(figures)
    return found


def _take(held: QuerySet[Any], part: Part, reports: Collection[YearlyFigures]) -> None:
    """For reports of one part, which is locked. A number that has its place among those held with the same value keeps
    it; a place whose number is another now, or gone, is left empty; what has no place takes the next one of its line.
    """
    told: dict[int, dict[Number, Figure]] = defaultdict(dict)
    for figure in Figure.objects.filter(figures__in=reports).select_related("definition").order_by("pk"):
        told[figure.figures_id][figure.definition.indicator_id, figure.money_kind, figure.currency] = figure
    left = []
    for place in held.filter(figures__in=reports):
        said = told[place.figures_id].get((place.indicator_id, place.money_kind, place.currency))
        if said is not None and said.value == place.value:
            del told[place.figures_id][place.indicator_id, place.money_kind, place.currency]
        else:
            left.append(place.pk)
    if left:
        held.filter(pk__in=left).update(figures=None)
    free = _free(held.filter(**part, year__in={report.year for report in reports}))
    taken = []
    for report in reports:
        for number, figure in told[report.pk].items():
            indicator, kind, currency = number
            taken.append(
                held.model(
                    **part,
                    year=report.year,
                    indicator_id=indicator,
                    money_kind=kind,
                    currency=currency,
                    number=free[report.year, number],
                    figures=report,
                    value=figure.value,
                )
            )
            free[report.year, number] += 1
    held.model.objects.bulk_create(taken, batch_size=BATCH)


def _free(places: QuerySet[Any]) -> dict[tuple[int, Number], int]:
    """The next place of each year and line."""
    lasts = places.values_list("year", "indicator", "money_kind", "currency").annotate(last=Max("number"))
    found: dict[tuple[int, Number], int] = defaultdict(int)
    for year, indicator, kind, currency, last in lasts.order_by():
        found[year, (indicator, kind, currency)] = last + 1
    return found
