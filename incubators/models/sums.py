"""Places in the public sums of yearly figures: given once, never to another."""

from django.db import models

from incubators.enums import MoneyKind
from incubators.models.figures import Indicator, YearlyFigures
from incubators.models.reference import Country


class SumPlace(models.Model):
    """The place of one accepted number among all of its country, year and line, counted from 0.

    It is taken on the day of acceptance and says what was accepted then. Without `figures` it is empty for ever; and it
    counts only while its figures are accepted and of its country. Nobody reads it but `public_figures.py`.
    """

    country = models.ForeignKey(Country, on_delete=models.CASCADE, related_name="+")
    year = models.PositiveSmallIntegerField()
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="+")
    money_kind = models.CharField(max_length=10, choices=MoneyKind, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    number = models.PositiveIntegerField()
    figures = models.ForeignKey(
        YearlyFigures, null=True, blank=True, on_delete=models.SET_NULL, related_name="sum_places"
    )
    value = models.DecimalField(max_digits=16, decimal_places=2)

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
