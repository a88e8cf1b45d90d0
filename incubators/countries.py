"""What a country's page shows."""

from functools import cached_property

from incubators.enums import OrganisationKind
from incubators.facets import Question
from incubators.indexing import current_index
from incubators.models import Country, FocalPoint, OpenCall
from incubators.offers import calls_in_country
from incubators.profiles import Row, rows_of

SHOWN = 12


class CountryPage:
    """Counts from the list's index, and the organisations that were confirmed last."""

    def __init__(self, country: Country) -> None:
        self.country = country
        self.index = current_index()
        self.value = country.iso2.lower()

    @property
    def question(self) -> Question:
        return Question(chosen={"country": (self.value,)})

    @cached_property
    def total(self) -> int:
        return self.index.selected(self.question).bit_count()

    @cached_property
    def verified(self) -> int:
        return self.index.counts("listing", self.question).get("verified", 0)

    @cached_property
    def kinds(self) -> list[tuple[str, str, int]]:
        """(value, label, number) of the kinds that the country has, the most frequent first."""
        counts = self.index.counts("kind", self.question)
        found = [(value, str(OrganisationKind(value).label), n) for value, n in counts.items() if n]
        return sorted(found, key=lambda row: (-row[2], row[1]))

    @cached_property
    def organisations(self) -> list[Row]:
        """Verified ones first, then by name."""
        verified = self.index.selected(Question(chosen={"country": (self.value,), "listing": ("verified",)}))
        places = sorted(self.index.in_order(self.question), key=lambda n: not verified >> n & 1)[:SHOWN]
        return rows_of([self.index.ids[place] for place in places])

    @cached_property
    def calls(self) -> list[OpenCall]:
        """The next ones to end."""
        return list(calls_in_country(self.country))

    @cached_property
    def focal_points(self) -> list[str]:
        """Names only, in letters that the reader knows: the office is public, the address is not. Empty: the
        secretariat serves the country.
        """
        terms = FocalPoint.objects.serving().of(self.country).filter(is_deputy=False)
        return [term.user.name_here for term in terms.select_related("user")]
