"""Asking the search text. Every question names the audiences that ask; what others may read does not exist for it."""

from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.db.models import Case, F, Func, QuerySet, UUIDField, When, Window
from django.db.models.functions import Collate, RowNumber

from network_platform.search.matching import Matches, Question, question_of
from network_platform.search.models import SearchDocument
from network_platform.search.text import asked_words


class AsUid(Func):
    """A key as the UUID that it is, so that it compares with `uid` columns on either database."""

    output_field = UUIDField()
    template = "%(expressions)s::uuid"

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, Any]:
        return super().as_sql(compiler, connection, template="REPLACE(%(expressions)s, '-', '')", **context)


def open_to(question: Question) -> QuerySet[SearchDocument]:
    """The documents that may answer the question, whatever its words."""
    found = SearchDocument.objects.filter(audience__in=question.audiences)
    return found.filter(kind__in=question.kinds) if question.kinds else found


def matching(
    words: str, *, audiences: Iterable[str], kinds: Iterable[str] = (), language: str = "", country: str = ""
) -> QuerySet[SearchDocument]:
    """Every document with all these words, in no order; a thing comes once for each audience and language."""
    asked = asked_words(words)
    if not asked:
        return SearchDocument.objects.none()
    question = question_of(asked, audiences, kinds)
    narrowed = {name: value for name, value in {"language": language, "country": country}.items() if value}
    return open_to(question).filter(Matches(question), **narrowed)


def find(
    words: str,
    *,
    audiences: Iterable[str],
    kinds: Iterable[str] = (),
    language: str = "",
    country: str = "",
    prefer: str = "",
) -> QuerySet[SearchDocument]:
    """Things that match every word among those these audiences may see: title hits first, then by title.

    A thing comes once, in the language `prefer` if it has that. No words, no results. The last word may be
    a beginning.
    """
    audiences, kinds = list(audiences), list(kinds)
    found = matching(words, audiences=audiences, kinds=kinds, language=language, country=country)
    if not (asked := asked_words(words)):
        return found
    in_title = Matches(question_of(asked, audiences, kinds), in_title=True)
    rank = Case(When(pk__in=SearchDocument.objects.filter(in_title).values("pk"), then=0), default=1)
    strange = Case(When(language=prefer, then=0), default=1)
    place = Collate(F("place"), "C" if connection.vendor == "postgresql" else "BINARY")
    first = Window(RowNumber(), partition_by=["kind", "key"], order_by=[strange, "rank", place, "pk"])
    found = found.defer("title_tokens", "body_tokens").annotate(rank=rank)
    return found.annotate(nth=first).filter(nth=1).order_by("rank", place)


def keys(words: str, *, kind: str, audiences: Iterable[str]) -> QuerySet[SearchDocument]:
    """The uids of the matching things of one kind: a subquery for `filter(uid__in=keys(...))`."""
    return matching(words, kinds=[kind], audiences=audiences).annotate(uid=AsUid("key")).values_list("uid", flat=True)
