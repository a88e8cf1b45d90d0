"""Asking the search text. Every question names the audiences that ask; what others may read does not exist for it."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Func, QuerySet, UUIDField

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


def keys(words: str, *, kind: str, audiences: Iterable[str]) -> QuerySet[Any, UUID]:
    """The uids of the things of one kind that match every word: a subquery for `filter(uid__in=keys(...))`.

    In no order, and a thing once for each audience and language. No words, no results; the last may be a beginning.
    """
    asked = asked_words(words)
    found = SearchDocument.objects.none()
    if asked:
        question = question_of(asked, audiences, [kind])
        found = open_to(question).filter(Matches(question))
    return found.annotate(uid=AsUid("key")).values_list("uid", flat=True)
