"""Who takes which place in the public sums; why there are places: docs/comparing-figures.md."""

from collections import defaultdict
from collections.abc import Collection, Iterable

from django.db import transaction
from django.db.models import Max

from incubators.models import Country, Figure, SumPlace, YearlyFigures

Number = tuple[int, str, str]  # indicator, kind of money, currency
BATCH = 500


@transaction.atomic
def take_places(accepted: Iterable[YearlyFigures]) -> None:
    """Give a place at the end to each number of these that has none in its country, in the order in which they come.

    What was accepted once and is accepted again as it was has its place already; the place of another number, or of one
    that is no longer reported, is left empty for ever. Of one country: five queries, however many figures; others that
    take places there wait.
    """
    by_country: dict[int, list[YearlyFigures]] = defaultdict(list)
    for figures in accepted:
        by_country[figures.organisation.country_id].append(figures)
    for country, reports in sorted(by_country.items()):
        Country.objects.select_for_update(no_key=True).get(pk=country)
        _take(country, reports)


def _take(country: int, reports: Collection[YearlyFigures]) -> None:
    """For reports of one country, whose row is locked. A number that has its place with the same value keeps it; a
    place whose number is another now, or gone, is left empty; what has no place takes the next one of its line.
    """
    told: dict[int, dict[Number, Figure]] = defaultdict(dict)
    for figure in Figure.objects.filter(figures__in=reports).select_related("definition").order_by("pk"):
        told[figure.figures_id][figure.definition.indicator_id, figure.money_kind, figure.currency] = figure
    left = []
    for place in SumPlace.objects.filter(country=country, figures__in=reports):
        number = told[place.figures_id].get((place.indicator_id, place.money_kind, place.currency))
        if number is not None and number.value == place.value:
            del told[place.figures_id][place.indicator_id, place.money_kind, place.currency]
        else:
            left.append(place.pk)
    if left:
        SumPlace.objects.filter(pk__in=left).update(figures=None)
    years = {report.year for report in reports}
    line = ("year", "indicator", "money_kind", "currency")
    lasts = SumPlace.objects.filter(country=country, year__in=years).values_list(*line).annotate(last=Max("number"))
    free: dict[tuple[int, Number], int] = defaultdict(int)
    for year, indicator, kind, currency, last in lasts.order_by():
        free[year, (indicator, kind, currency)] = last + 1
    taken = []
    for report in reports:
        for number, figure in told[report.pk].items():
            indicator, kind, currency = number
            taken.append(
                SumPlace(
                    country_id=country,
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
    SumPlace.objects.bulk_create(taken, batch_size=BATCH)
