"""One page of the list of experts, with its facets: five queries, whatever stands on it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.db.models import CharField, Count, F, Q, QuerySet, Value

from mentors.models import Expert, ExpertRole
from mentors.models.roles import NARROW, ExpertRoleQuerySet, Wanted
from network_platform.people.models import User

PAGE_SIZE = 20
AT_ONCE = 500
FIELDS = {
    "role": "role",
    "availability": "availability",
    "skill": "skills__code",
    "sector": "sectors__code",
    "language": "expert__languages__language",
    "country": "expert__country__iso2",
}
Counts = dict[str, dict[str, int]]


@dataclass(frozen=True)
class Page:
    """`before` and `after` are the cursors of the pages around this one, or ''."""

    experts: list[Expert]
    before: str
    after: str


def roles_shown_to(user: User | AnonymousUser) -> ExpertRoleQuerySet:
    """What the list, the API and the export begin with."""
    return ExpertRole.objects.visible_to(user).findable()


def facet_counts(user: User | AnonymousUser, wanted: Wanted) -> Counts:
    """How many experts each value of each facet would show; one query."""
    first, *rest = (_counted(user, wanted, name) for name in NARROW)
    counts: Counts = {name: {} for name in NARROW}
    for facet, code, number in first.union(*rest, all=True):
        if code is not None:
            counts[facet][code] = number
    return counts


def total(counts: Counts, wanted: Wanted) -> int:
    """Everybody has one country, so the countries' counts add up."""
    found = counts["country"]
    return sum(found.get(code, 0) for code in wanted.country or found)


def page_of(user: User | AnonymousUser, wanted: Wanted, *, after: str = "", before: str = "") -> Page:
    """By key, not by offset: a cursor is the rank and slug of the expert at the edge."""
    backwards, cursor = bool(before), _parsed(before or after)
    shown = roles_shown_to(user)
    keys = shown.matching(wanted).keys_in_order()
    if cursor:
        keys = _beyond(keys, *cursor, backwards=backwards)
    edge = list(keys.order_by("-rank", "-expert__slug")[: PAGE_SIZE + 1] if backwards else keys[: PAGE_SIZE + 1])
    more, edge = len(edge) > PAGE_SIZE, edge[:PAGE_SIZE]
    if backwards:
        edge.reverse()
    has_before, has_after = (more, True) if backwards and cursor else (bool(cursor), more)
    return Page(
        experts=shown.with_cards([key for key, _rank, _slug in edge]),
        before=_cursor(*edge[0][1:]) if edge and has_before else "",
        after=_cursor(*edge[-1][1:]) if edge and has_after else "",
    )


def every_expert(user: User | AnonymousUser, wanted: Wanted) -> Iterator[Expert]:
    """All of them, in the list's order, for the export; four queries for each 500."""
    shown = roles_shown_to(user)
    keys = [key for key, _rank, _slug in shown.matching(wanted).keys_in_order()]
    for begin in range(0, len(keys), AT_ONCE):
        yield from shown.with_cards(keys[begin : begin + AT_ONCE])


def _counted(user: User | AnonymousUser, wanted: Wanted, name: str) -> QuerySet:
    roles = roles_shown_to(user).matching(wanted, without=name).order_by()
    named = roles.annotate(facet=Value(name, output_field=CharField()), code=F(FIELDS[name]))
    return (
        named.values("facet", "code")
        .annotate(number=Count("expert", distinct=True))
        .values_list("facet", "code", "number")
    )


def _beyond(keys: QuerySet, rank: int, slug: str, *, backwards: bool) -> QuerySet:
    way = "lt" if backwards else "gt"
    return keys.filter(Q(**{f"rank__{way}": rank}) | Q(**{"rank": rank, f"expert__slug__{way}": slug}))


def _cursor(rank: int, slug: str) -> str:
    return f"{rank}.{slug}"


def _parsed(cursor: str) -> tuple[int, str] | None:
    rank, dot, slug = cursor.partition(".")
    return (int(rank), slug) if dot and rank.isdigit() and len(rank) == 1 else None


def known(values: Iterable[str], allowed: Iterable[str]) -> tuple[str, ...]:
    """Values of the address that mean something; others are left out."""
    codes = set(allowed)
    return tuple(dict.fromkeys(value for value in values if value in codes))
