"""Writing an entry's values, as `listing_values` knows them, to the rows of its organisation."""

from typing import Any

from incubators.listing_values import PLAIN, descriptions_of, host_of, names_in, title_of
from incubators.models import Organisation, Sdg, Sector
from incubators.services.names import change_names, free_slug, set_titles
from incubators.services.reference import city_of


def apply_values(organisation: Organisation, values: dict[str, Any]) -> None:
    """Write complete, checked values to the rows; the caller saves the organisation in the same transaction. A plain
    field that was added after they were sent stays as it is, as does a description in a language that they do not name.
    """
    change_names(organisation, names_in(values))
    if values["city"] != str(organisation.city or ""):
        organisation.city = city_of(organisation.country, values["city"], language=values["display"])
    for name in PLAIN:
        setattr(organisation, name, values.get(name, getattr(organisation, name)))
    organisation.website_host = host_of(organisation.website)
    written = {**organisation.descriptions, **descriptions_of(values)}
    organisation.descriptions = {code: text for code, text in written.items() if text}
    organisation.sectors.set(Sector.objects.filter(code__in=values["sectors"]))
    organisation.sdgs.set(Sdg.objects.filter(number__in=values["sdgs"]))


def take_draft_title(organisation: Organisation, values: dict[str, Any]) -> None:
    """Let an organisation that was never listed bear the name that its draft gives it."""
    if title_of(values):
        set_titles(organisation, names_in(values))


def give_slug(organisation: Organisation, values: dict[str, Any]) -> None:
    """Unsaved: when it is listed, its address is made of its name, and stays so; as a draft it had its uid."""
    if organisation.slug == str(organisation.uid):
        organisation.slug = free_slug(title_of(values))
