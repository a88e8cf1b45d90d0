"""`country_competitions` for the registry's page of a country."""

from typing import Any

from django import template

from competitions.models import Competition
from incubators.models import Country

register = template.Library()


@register.inclusion_tag("competitions/public/of_country.html")
def country_competitions(country: Country) -> dict[str, Any]:
    """Those that take entries from this country now. One query."""
    return {"competitions": list(Competition.objects.open().filter(countries=country))}
