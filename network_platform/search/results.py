"""What the search page shows for one question: three queries, and bounded work however common the words are."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from django.db.models import Q

from network_platform.search.kinds import kind_place
from network_platform.search.matching import Matches, Question, question_of
from network_platform.search.models import SearchDocument
from network_platform.search.queries import open_to
from network_platform.search.text import asked_words

PAGE_SIZE = 20
MOST_HITS = 300


class Hit(NamedTuple):
    """One document that matches."""

    in_body_only: bool
    place: str
    pk: int
    kind: str
    key: str
    language: str

    @property
    def thing(self) -> tuple[str, str]:
        return self.kind, self.key


@dataclass(frozen=True)
class Results:
    """One page of things. `more_exist` says that the words are so common that only the first were looked at.

    `only_some` says that nothing has every word: these have some of them.
    """

    things: list[SearchDocument] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    total: int = 0
    page: int = 1
    pages: int = 1
    more_exist: bool = False
    only_some: bool = False


def results_for(words: str, *, audiences: Collection[str], kind: str = "", prefer: str = "", page: int = 1) -> Results:
    """The page `page` of things with all these words, or else with some; each once, in `prefer` if it has that."""
    asked = asked_words(words)
    if not asked:
        return Results()
    question = question_of(asked, audiences)
    hits, more_exist = hits_of(question)
    only_some = not hits and len(asked) > 1
    if only_some:
        question = replace(question, some=True)
        hits, more_exist = hits_of(question)
    things = once(hits, prefer)
    counts = Counter(hit.kind for hit in things)
    if kind and more_exist:
        things = once(hits_of(replace(question, kinds=(kind,)))[0], prefer)
    shown = [hit for hit in things if kind in ("", hit.kind)]
    pages = max(1, -(-len(shown) // PAGE_SIZE))
    page = min(max(page, 1), pages)
    documents = documents_for(shown[(page - 1) * PAGE_SIZE : page * PAGE_SIZE], question, prefer)
    return Results(documents, dict(sorted(counts.items())), len(shown), page, pages, more_exist, only_some)


def hits_of(question: Question) -> tuple[list[Hit], bool]:
    """At most twice `MOST_HITS` documents, those with every word in the title first, and whether there are more."""
    in_title = _first(question, in_title=True)
    hits = {row[1]: Hit(False, *row) for row in in_title}
    anywhere = _first(question, in_title=False) if len(in_title) < MOST_HITS else []
    hits.update({row[1]: Hit(True, *row) for row in anywhere if row[1] not in hits})
    return list(hits.values()), MOST_HITS in (len(in_title), len(anywhere))


def once(hits: Iterable[Hit], prefer: str) -> list[Hit]:
    """Each thing once: shown in the preferred language, placed by its best document.

    Words in the title come first, then what has them in the preferred language, then the kinds in their order.
    """
    shown: dict[tuple[str, str], Hit] = {}
    in_title = set()
    for hit in sorted(hits, key=lambda hit: (hit.language != prefer, hit.in_body_only, hit.place, hit.pk)):
        shown.setdefault(hit.thing, hit)
        if not hit.in_body_only:
            in_title.add(hit.thing)
    return sorted(
        shown.values(),
        key=lambda hit: (
            hit.thing not in in_title,
            bool(prefer) and hit.language not in ("", prefer),
            kind_place(hit.kind),
            hit.place,
        ),
    )


def documents_for(hits: list[Hit], question: Question, prefer: str) -> list[SearchDocument]:
    """What the hits show: the same thing in the preferred language where that exists, though it lacks the words."""
    other = [hit for hit in hits if prefer and hit.language not in ("", prefer)]
    twins = Q(kind__in={hit.kind for hit in other}, key__in={hit.key for hit in other}, language=prefer)
    wanted = Q(pk__in=[hit.pk for hit in hits]) | (twins & Q(audience__in=question.audiences))
    found = SearchDocument.objects.defer("title_tokens", "body_tokens").filter(wanted)
    by_pk = {document.pk: document for document in found}
    preferred = {_identity(document): document for document in by_pk.values() if document.language == prefer}
    return [preferred.get(_identity(by_pk[hit.pk]), by_pk[hit.pk]) for hit in hits if hit.pk in by_pk]


def _identity(document: SearchDocument) -> tuple[str, str, str]:
    return document.kind, document.key, document.audience


def _first(question: Question, *, in_title: bool) -> list[tuple[Any, ...]]:
    """The oldest of the documents that match: where to stop must be the same on every database."""
    found = open_to(question).filter(Matches(question, in_title=in_title, most=MOST_HITS))
    return list(found.order_by("pk").values_list("place", "pk", "kind", "key", "language")[:MOST_HITS])
