"""Finding the organisation that a row names by its uid, its slug or its name."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from incubators.enums import MOVABLE, NameKind
from incubators.models import Membership, Organisation, OrganisationName
from incubators.models.organisations import OrganisationQuerySet
from incubators.names import skeleton
from incubators.services.imports.cells import CellError
from incubators.services.imports.sentences import filled


@dataclass(frozen=True)
class Owner:
    """`has_editors`: somebody edits its entry, and with it what it offers and reports."""

    pk: int
    titles: dict[str, str]
    iso2: str
    has_editors: bool


class Owners:
    """The organisations of the importer's countries that are listed; two queries."""

    def __init__(self, served: Collection[str]) -> None:
        self.found: dict[str, list[Owner]] = defaultdict(list)
        rows = Organisation.objects.filter(country__iso2__in=served, status__in=MOVABLE)
        editors = Exists(Membership.objects.filter(organisation=OuterRef("pk")))
        owners = {}
        organisation: Any
        for organisation in _briefly(rows.annotate(edited=editors)):
            owner = Owner(organisation.pk, organisation.titles, organisation.country.iso2, organisation.edited)
            owners[owner.pk] = owner
            self.found[str(organisation.uid)] = self.found[organisation.slug] = [owner]
        names = OrganisationName.objects.filter(organisation__in=rows).exclude(kind=NameKind.ACRONYM)
        for pk, sound in names.order_by("organisation").values_list("organisation", "skeleton"):
            if owners[pk] not in self.found[f"name {sound}"]:
                self.found[f"name {sound}"].append(owners[pk])

    def find(self, text: str, iso2: str = "") -> Owner:
        """The one that is meant; `iso2` narrows it to a country. Raises CellError."""
        if not text:
            raise CellError(
                "organisation", _("Write which organisation: its uid, the end of its page’s address, or its name.")
            )
        found = self.found.get(text.lower()) or self.found.get(f"name {skeleton(text)}", [])
        found = [owner for owner in found if iso2 in ("", owner.iso2)]
        if not found:
            words = _("“%(text)s” is not a listed organisation of a country that you serve.")
            raise CellError("organisation", filled(words, {"text": text[:80]}))
        if len(found) > 1:
            words = _("%(number)s organisations bear this name. Write the uid of the one that is meant.")
            raise CellError("organisation", filled(words, {"number": len(found)}))
        return found[0]


def _briefly(organisations: OrganisationQuerySet) -> OrganisationQuerySet:
    columns = ("uid", "slug", "titles", "country__iso2")
    return organisations.select_related("country").only(*columns).order_by("pk")
