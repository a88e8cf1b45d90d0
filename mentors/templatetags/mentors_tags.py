"""`country_experts` for the registry's page of a country."""

from typing import Any

from django import template

from incubators.models import Country
from mentors.models import Expert, ExpertRole

register = template.Library()
SHOWN = 6


@register.inclusion_tag("mentors/of_country.html")
def country_experts(country: Country) -> dict[str, Any]:
    """The first of those whom everybody may see, by name, and whether there are more. One query."""
    experts = Expert.objects.in_roles(ExpertRole.objects.public()).filter(country=country).order_by("name", "pk")
    found = list(experts[: SHOWN + 1])
    return {"country": country, "experts": found[:SHOWN], "more_exist": len(found) > SHOWN}
