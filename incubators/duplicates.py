"""Which organisations may be the same: what somebody is about to list, and pairs of those in the registry."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from incubators.enums import MOVABLE
from incubators.likeness import ENOUGH, MAIL, SITE, Side, block_keys, likeness, side
from incubators.models import Country, Membership, Organisation, OrganisationName
from incubators.models.organisations import OrganisationQuerySet
from network_platform.people.models import User

MOST = 5
MOST_TOGETHER = 120  # organisations with one key: more have only a common word in common


@dataclass(frozen=True)
class Likeness:
    """A candidate with the name that came nearest; `score` is 0 to 100."""

    organisation: Organisation
    name: str
    score: int


@dataclass(frozen=True)
class Pair:
    """Primary keys, the smaller one first."""

    first: int
    second: int
    score: int
    signs: list[str]


def likely_duplicates(name: str, *, country: Country, by: User) -> list[Likeness]:
    """The organisations of the country, among those that `by` may see, whose names are like this one."""
    asked = side([name])
    keys = set(block_keys(asked))
    names = OrganisationName.objects.filter(
        organisation__in=Organisation.objects.visible_to(by).filter(country=country)
    )
    best: dict[int, tuple[int, str]] = {}
    for pk, text in names.values_list("organisation_id", "text"):
        held = side([text])
        if keys.isdisjoint(block_keys(held)):
            continue
        score, _signs = likeness(asked, held)
        if score >= ENOUGH:
            best[pk] = max(best.get(pk, (0, "")), (score, text))
    order = sorted(best, key=lambda pk: best[pk], reverse=True)[:MOST]
    found = Organisation.objects.select_related("country", "city").in_bulk(order)
    return [Likeness(found[pk], best[pk][1], best[pk][0]) for pk in order]


def likely_pairs(country: Country) -> Iterator[Pair]:
    """Pairs of the country's listed, old and suspended organisations that may be one. Only those that share a key are
    compared, so that ten thousand do not make fifty million pairs.
    """
    sides = _sides(Organisation.objects.filter(country=country, status__in=MOVABLE))
    for first, second in sorted(_together(sides)):
        score, signs = likeness(sides[first], sides[second])
        if score >= ENOUGH:
            yield Pair(first, second, score, signs)


def likely_pairs_across() -> Iterator[Pair]:
    """Pairs of two countries: only those that share a site or a mail domain are compared at all."""
    movable = Organisation.objects.filter(status__in=MOVABLE)
    countries = dict(movable.values_list("pk", "country_id"))
    blocks: dict[tuple[str, str], set[int]] = defaultdict(set)
    for pk, host in movable.exclude(website_host="").values_list("pk", "website_host").iterator(chunk_size=5000):
        blocks[SITE, host.lower()].add(pk)
    editors = Membership.objects.filter(organisation__in=movable, user__is_active=True)
    for pk, address in editors.values_list("organisation_id", "user__email").iterator(chunk_size=5000):
        blocks[MAIL, address.rpartition("@")[2].lower()].add(pk)
    together = {
        pair
        for block in blocks.values()
        if len(block) <= MOST_TOGETHER
        for pair in combinations(sorted(block), 2)
        if countries[pair[0]] != countries[pair[1]]
    }
    sides = _sides(movable.filter(pk__in={pk for pair in together for pk in pair}))
    for first, second in sorted(together):
        one, other = sides[first], sides[second]
        if not (one.host and one.host == other.host) and one.mails.isdisjoint(other.mails):
            continue  # a public mailbox says nothing
        score, signs = likeness(one, other)
        if score >= ENOUGH:
            yield Pair(first, second, score, signs)


def _together(sides: dict[int, Side]) -> set[tuple[int, int]]:
    blocks: dict[object, list[int]] = defaultdict(list)
    for pk, each in sides.items():
        for key in set(block_keys(each)):
            blocks[key].append(pk)
    small = (sorted(block) for block in blocks.values() if len(block) <= MOST_TOGETHER)
    return {pair for block in small for pair in combinations(block, 2)}


def _sides(organisations: OrganisationQuerySet) -> dict[int, Side]:
    """By primary key; three queries."""
    texts, mails = defaultdict(list), defaultdict(set)
    names = OrganisationName.objects.filter(organisation__in=organisations)
    for pk, text in names.values_list("organisation_id", "text").iterator(chunk_size=5000):
        texts[pk].append(text)
    editors = Membership.objects.filter(organisation__in=organisations, user__is_active=True)
    for pk, address in editors.values_list("organisation_id", "user__email"):
        mails[pk].add(address.rpartition("@")[2].lower())
    return {
        pk: side(texts[pk], website_host=host, mails=mails[pk], city=city or "")
        for pk, host, city in organisations.values_list("pk", "website_host", "city__slug")
    }
