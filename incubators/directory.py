"""One page of the public list: from the address to what the template shows."""

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property, partial

from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext_lazy
from django.utils.translation import gettext as _

from incubators.enums import OrganisationKind
from incubators.facets import FACETS, NAMES, Facet, Index, Question
from incubators.indexing import current_index
from incubators.profiles import Row, rows_of
from incubators.region import CountryRow, rows_under
from incubators.services.reindexing import SPOKEN
from network_platform import facets as filters
from network_platform.maps import outlines
from network_platform.people.audience import PUBLIC
from network_platform.search.matching import Matches
from network_platform.search.matching import question_of as search_question
from network_platform.search.queries import open_to
from network_platform.search.text import asked_words

PAGE = 20
EXPORTS = ("csv", "xlsx", "json")
LONGEST_QUESTION = 200
SORTS: dict[str, str | Promise] = {
    "relevance": gettext_lazy("Best match"),
    "name": pgettext_lazy("sort by", "Name"),
    "newest": gettext_lazy("Newest"),
}
# What an address of the list that is worth keeping may name.
COMMON = ("country", "kind", "sort")


@dataclass(frozen=True)
class Sorting:
    name: str
    label: str | Promise
    url: str
    chosen: bool


class Directory:
    """The list as one address asks for it. Everybody sees the same: only what is public is in the index."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.words = _words(request.GET)
        self.index: Index = current_index()
        self.question = question_of(request.GET, self.words, self.index)

    @cached_property
    def order(self) -> list[int]:
        return self.index.in_order(self.question)

    @property
    def total(self) -> int:
        return len(self.order)

    @cached_property
    def start(self) -> int:
        """The page begins after the organisation that the address names; a name that is gone begins the list."""
        after = self.request.GET.get("after", "")
        slugs = self.index.slugs
        return next((n + 1 for n, place in enumerate(self.order) if slugs[place] == after), 0) if after else 0

    @cached_property
    def rows(self) -> list[Row]:
        ids = [self.index.ids[place] for place in self.order[self.start : self.start + PAGE]]
        return rows_of(ids)

    @cached_property
    def facets(self) -> list[filters.Facet]:
        return [self._facet(facet) for facet in FACETS]

    @property
    def countries(self) -> list[CountryRow]:
        """The map of this list: each country leads to what the other filters leave of it."""
        return rows_under(self.index, self.question, lambda iso2: self._url(country=iso2, after=""))

    @property
    def is_of_countries(self) -> bool:
        """Whether the list is of some countries only; the map shows all, as the other filters leave them."""
        return "country" in self.question.chosen

    @property
    def has_filters(self) -> bool:
        return bool(self.question.chosen)

    @property
    def clear_url(self) -> str:
        return filters.cleared(self.request, self.facets)

    @property
    def sortings(self) -> list[Sorting]:
        names = SORTS if self.words else [name for name in SORTS if name != "relevance"]
        now = self.question.sort
        return [Sorting(name, SORTS[name], self._url(sort=name, after=""), name == now) for name in names]

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What the filters' form carries along."""
        return [(name, self.request.GET[name]) for name in ("q", "sort") if self.request.GET.get(name)]

    @property
    def query(self) -> str:
        """What the address asks for, whichever page of it is shown."""
        query = self.request.GET.copy()
        query.pop("after", None)
        return query.urlencode()

    @property
    def save_url(self) -> str:
        return f"{reverse('incubators:search-save')}?{self.query}"

    @property
    def embed_url(self) -> str:
        return f"{reverse('incubators:embed')}?{self.query}"

    @property
    def url(self) -> str:
        """The list itself, wherever a part of it is shown."""
        return f"{reverse('incubators:list')}?{self.query}".rstrip("?")

    @property
    def exports(self) -> list[tuple[str, str]]:
        """(name, address) of the same list as a file."""
        paths = [(form.upper(), reverse("incubators:export", args=[form])) for form in EXPORTS]
        return [(name, f"{path}?{self.query}" if self.query else path) for name, path in paths]

    @property
    def previous_url(self) -> str:
        if not self.start:
            return ""
        before = self.start - PAGE
        return self._url(after=self.index.slugs[self.order[before - 1]] if before > 0 else "")

    @property
    def next_url(self) -> str:
        end = self.start + PAGE
        return self._url(after=self.index.slugs[self.order[end - 1]]) if end < self.total else ""

    @property
    def page_text(self) -> str:
        last = min(self.start + PAGE, self.total)
        return _("%(first)s–%(last)s of %(total)s") % {"first": self.start + 1, "last": last, "total": self.total}

    @property
    def result_text(self) -> str:
        numbers = {"n": self.total, "words": self.words}
        if self.words and not self.total:
            return _("Nothing matches “%(words)s”") % numbers
        if self.question.only_some:
            return _("Nothing matches all words of “%(words)s”; these match some") % numbers
        if self.words:
            return ngettext("%(n)s matches “%(words)s”", "%(n)s match “%(words)s”", self.total) % numbers
        return ngettext("%(n)s organisation", "%(n)s organisations", self.total) % numbers

    def _facet(self, facet: Facet) -> filters.Facet:
        """Values that would give something, and those chosen; countries always, so that the seven stay in sight. Of a
        hidden facet only what is chosen.
        """
        counts = self.index.counts(facet.name, self.question)
        chosen = self.question.chosen.get(facet.name, ())
        label = partial(self.index.label, facet.name)
        known = self.index.labels[facet.name]
        shown = [v for v in known if (counts.get(v) and not facet.hidden) or v in chosen or facet.name == "country"]
        shown += [v for v in chosen if v not in known]
        first = None
        if facet.by_name:
            shown.sort(key=label)
        if facet.busiest:
            fullest = sorted(shown, key=lambda v: counts.get(v, 0), reverse=True)[: facet.busiest]
            leading = [*fullest, *(v for v in shown if v in chosen and v not in fullest)]
            rest = (v for v in shown if v not in leading)
            shown = [*leading, *rest]
            first = len(leading)
        triples = [(value, label(value), counts.get(value, 0)) for value in shown]
        return filters.facet(self.request, facet.name, facet.title, triples, first=first, more=facet.more)

    def _url(self, **changes: str) -> str:
        query = self.request.GET.copy()
        for name, value in changes.items():
            query.pop(name, None)
            if value:
                query[name] = value
        return f"{self.request.path}?{query.urlencode()}" if query else self.request.path


def is_common(query: QueryDict) -> bool:
    """One of the few hundred addresses to which pages and doors lead; there is no end of the others."""
    known = {"country": {iso2.lower() for iso2 in outlines()}, "kind": OrganisationKind.values, "sort": SORTS}
    return all(len(values) == 1 and values[0] in known.get(name, ()) for name, values in query.lists())


def in_small_letters(query: QueryDict) -> str:
    """The query with its filters as they are written here, if they are written otherwise."""
    small = query.copy()
    for name in NAMES:
        if name in query:
            small.setlist(name, [value.lower() for value in query.getlist(name)])
    return small.urlencode() if small != query else ""


def question_of(query: QueryDict, words: str, index: Index) -> Question:
    """Unknown facet values stay, to be taken away by hand: they match nothing, which is what the address asks for."""
    chosen = {facet.name: tuple(filter(None, query.getlist(facet.name))) for facet in FACETS}
    sort = query.get("sort", "")
    sort = sort if sort in SORTS and (words or sort != "relevance") else "relevance" if words else "name"
    chosen = {name: values for name, values in chosen.items() if values}
    matching = matching_uids(words) if words else None
    if words and not matching:
        best, others = matching_some(words)
        some, leading = index.bits_of((*best, *others)), index.bits_of(best)
        return Question(chosen, some, leading, only_some=bool(best), sort=sort)
    in_title = matching_uids(words, in_title=True) if sort == "relevance" else ()
    found = None if matching is None else index.bits_of(matching)
    return Question(chosen, found, index.bits_of(in_title), sort=sort)


def places_of(query: QueryDict, index: Index) -> list[int]:
    """What an address of the list finds, on all its pages; one that says “these match some” finds nothing."""
    question = question_of(query, _words(query), index)
    return [] if question.only_some else index.in_order(question)


def shortest(query: QueryDict) -> str:
    """What an address of the list asks for, without order and page, always written the same way."""
    kept = QueryDict(mutable=True)
    if words := _words(query):
        kept["q"] = words
    for name in NAMES:
        kept.setlist(name, sorted({value.lower() for value in query.getlist(name) if value}))
    return kept.urlencode()


def described(query: str) -> str:
    """The words and the labels of the filters of an address in its shortest form. One query."""
    asked, index = QueryDict(query), current_index()
    labels = [index.label(name, value) for name in NAMES for value in asked.getlist(name)]
    words = [_("“%(words)s”") % {"words": asked["q"]}] if "q" in asked else []
    return ", ".join([*words, *labels]) or _("The whole registry")


def matching_uids(words: str, *, in_title: bool = False) -> tuple[str, ...]:
    """Uids of the public organisations with these words, or with these words in their title.

    Each language's document holds the names and labels of all languages, so asking one of them finds the same.
    """
    language = get_language() if get_language() in SPOKEN else SPOKEN[0]
    asked = asked_words(words)
    if not asked:
        return ()
    question = search_question(asked, [PUBLIC], ["organisation"])
    found = open_to(question).filter(Matches(question, in_title=in_title), language=language)
    return tuple(found.values_list("key", flat=True))


def matching_some(words: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Uids of organisations with any of these words: those that match best, and the others.

    A word that few have says more than one that many have.
    """
    asked = asked_words(words)
    found = [set(matching_uids(word)) for word in asked] if len(asked) > 1 else []
    weights: dict[str, float] = defaultdict(float)
    for uids in found:
        for uid in uids:
            weights[uid] += 1 / len(uids)
    most = max(weights.values(), default=0)
    best = tuple(uid for uid, weight in weights.items() if weight == most)
    return best, tuple(set(weights).difference(best))


def _words(query: QueryDict) -> str:
    return " ".join(query.get("q", "").replace("\x00", " ").split())[:LONGEST_QUESTION]
