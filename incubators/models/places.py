"""Places of accepted numbers, in the public sums and in the comparison: given once, never to another."""

from django.db import models

from incubators.enums import MoneyKind, OrganisationKind
from incubators.models.figures import Indicator, YearlyFigures
from incubators.models.reference import Country


class Place(models.Model):
    """The place of one accepted number among all of its part, year and line, counted from 0.

    It is taken on the day of acceptance and says what was accepted then. Without `figures` it is empty for ever; and it
    counts only while its figures are accepted and of its part.
    """

    year = models.PositiveSmallIntegerField()
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="+")
    money_kind = models.CharField(max_length=10, choices=MoneyKind, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    number = models.PositiveIntegerField()
    figures = models.ForeignKey(YearlyFigures, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    value = models.DecimalField(max_digits=16, decimal_places=2)

    class Meta:
        abstract = True


class SumPlace(Place):
    """In the sums of a country. A number that comes to another country has a place in each. Nobody reads it but
    `public_figures.py`.
    """

    country = models.ForeignKey(Country, on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name = "place in a public sum"
        verbose_name_plural = "places in public sums"
        ordering = ["country", "year", "indicator", "money_kind", "currency", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["country", "year", "indicator", "money_kind", "currency", "number"], name="sum_place_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.country}, {self.year}: {self.number}"


class ComparedPlace(Place):
    """Among organisations of one kind and class of size, in the whole region. Nobody reads it but `benchmark.py`.

    A table beside that of the sums: a part is another thing here, and a number has one place in all parts together.
    What was published once stands apart, in no six (`was_published`); its size may be unknown.
    """

    kind = models.CharField(max_length=30, choices=OrganisationKind)
    size = models.PositiveSmallIntegerField(null=True, blank=True)
    was_published = models.BooleanField()

    class Meta:
        verbose_name = "place in a comparison"
        verbose_name_plural = "places in comparisons"
        ordering = ["year", "kind", "size", "was_published", "indicator", "money_kind", "currency", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["year", "kind", "size", "was_published", "indicator", "money_kind", "currency", "number"],
                name="compared_place_once",
            ),
            models.UniqueConstraint(
                fields=["figures", "indicator", "money_kind", "currency"], name="compared_place_of_a_number"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}, {self.year}: {self.number}"
