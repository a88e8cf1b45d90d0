"""What everybody may be told of numbers that organisations keep to themselves: sums of many, and counts that are not
small.

The benchmark (`benchmark.py`) answers one editor and leaves out the organisations of who asks. A public sum is the same
for everybody, also for those who know a part of it, and stays on pages, in files and on paper. So its rule is stricter
(in plain words: docs/comparing-figures.md):

1. **One fixed partition.** Accepted figures are summed by country, year and line. There is no sum by kind or sector,
   none of the region: no sum can be taken from another.
2. **Six at a time.** On the day of acceptance a number takes the next place of its country, year and line, and no
   place is ever another's (`SumPlace`). Six places make a six: who knows one of six has five before them. What does
   not fill a six is not counted yet.
3. **A six counts whole or not at all.** It does not if one of them is empty (asked about again, moved to another
   country), publishes (its number could be taken away), is not on the public list, shares an editor with another one
   (who edits it, or ever sent its figures), or weighs too much: without the two largest the others must make a
   quarter of the largest. All of them nought tells everybody's number, and counts as weighing too much. So every sum
   that was ever read is one of whole sixes that never change, and so is whatever is reckoned from several.
4. **What an organisation publishes** is counted always: everybody can read it.
5. **From five up**, and **rounded** as the benchmark's numbers are.

Not guarded against: who left before they sent figures, and who serves or served the country, may know the numbers of
several.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from incubators.benchmark import GROUP, SIX, rounded
from incubators.models import Country, Membership, YearlyFigures

WEIGHT = 4  # the largest may be so many times what the others but the two largest make
HUNDREDTHS = 100


class Part(NamedTuple):
    """One place of a sum, with a number in hundredths; `organisation` and its `figures` are 0 if the place is empty.
    `is_listed`: on the public list now. A country has tens of thousands of these.
    """

    figures: int
    organisation: int
    value: int
    is_published: bool
    is_listed: bool


@dataclass(frozen=True)
class PublicSum:
    """Rounded, with the number of organisations that it counts and the figures of the last of them."""

    value: Decimal
    reporters: int
    last: int


def public_sum(parts: Iterable[Part], editors: Mapping[int, Collection[int]]) -> PublicSum | None:
    """Of all places of a sum in their order; None if there is nothing that may be told.

    `editors` are the people who edit each organisation, each of them once.
    """
    found = counted(parts, editors)
    if len(found) < GROUP:
        return None
    value = rounded(Decimal(sum(part.value for part in found)) / HUNDREDTHS)
    return PublicSum(value, len(found), found[-1].figures)


def counted(parts: Iterable[Part], editors: Mapping[int, Collection[int]]) -> list[Part]:
    parts = list(parts)
    sixes = [parts[first : first + SIX] for first in range(0, len(parts) - SIX + 1, SIX)]
    whole = [part for six in sixes if may_be_told(six, editors) for part in six]
    published = (part for part in parts if part.is_published and part.is_listed and part.organisation)
    return [*published, *whole]


def may_be_told(six: Collection[Part], editors: Mapping[int, Collection[int]]) -> bool:
    """Whether the sum of these six gives none of them away."""
    if any(not part.organisation or part.is_published or not part.is_listed for part in six):
        return False
    people = [person for part in six for person in editors.get(part.organisation, ())]
    if len(people) > len(set(people)):
        return False
    largest, _second, *others = sorted((part.value for part in six), reverse=True)
    return largest > 0 and sum(others) * WEIGHT >= largest


def editors_in(countries: Collection[Country]) -> dict[int, set[int]]:
    """The people who edit each organisation of these countries, or sent figures of it that are kept; one query.

    Who imported figures is not among them: that is who serves the country.
    """
    found: dict[int, set[int]] = {}
    edit = Membership.objects.filter(organisation__country__in=countries).values_list("organisation", "user")
    sent = YearlyFigures.objects.filter(
        organisation__country__in=countries, import_run=None, submitted_by__isnull=False
    )
    for organisation, person in edit.union(sent.order_by().values_list("organisation", "submitted_by")):
        found.setdefault(organisation, set()).add(person)
    return found


def told_apart(counts: Mapping[str, int]) -> tuple[dict[str, int], int]:
    """Those counts that are not small, and what all the others make together: nothing, or not small either.

    So a hidden count is the difference of no sums that are shown, unless all of them together are fewer than `GROUP`:
    then none is shown, and the rest is what there is.
    """
    shown = {name: number for name, number in counts.items() if number >= GROUP}
    rest = sum(counts.values()) - sum(shown.values())
    while 0 < rest < GROUP and shown:
        least = min(shown, key=lambda name: (shown[name], name))
        rest += shown.pop(least)
    return shown, rest
