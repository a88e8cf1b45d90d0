"""The full-text condition, in the words of either database."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, F, Func
from django.db.models.sql.compiler import SQLCompiler

from network_platform.search.text import asked_beginnings, asked_tokens

Sql = tuple[str, Any]


@dataclass(frozen=True)
class Question:
    """Words that must all be there (the last may be a beginning), and who asks about which kinds (none: all).

    With `some`, any of the words is enough.
    """

    words: tuple[str, ...]
    audiences: tuple[str, ...]
    kinds: tuple[str, ...] = ()
    some: bool = False

    def as_text(self, *, either: str, both: str, beginning: str) -> str:
        """The full-text question. Tokens are ASCII letters and digits, so nothing in them can be an operator."""
        *complete, last = self.words
        terms = [sorted(asked_tokens(word)) for word in complete]
        begun = asked_beginnings(last)
        terms.append(sorted(asked_tokens(last) - begun) + [token + beginning for token in sorted(begun)])
        return (either if self.some else both).join(f"({either.join(each)})" for each in terms)


class Matches(Func):
    """Whether a document (or its title) answers the question; a condition for `filter`.

    With `most`, only so many of the oldest need to be told; the caller orders by primary key and cuts there.
    """

    output_field = BooleanField()
    conditional = True

    def __init__(self, question: Question, *, in_title: bool = False, most: int | None = None) -> None:
        super().__init__(F("pk"))
        self.question, self.in_title, self.most = question, in_title, most

    @property
    def identity(self) -> tuple[Any, ...]:
        return (*super().identity, self.question, self.in_title, self.most)

    def as_sqlite(self, compiler: SQLCompiler, connection: Any, **context: Any) -> Sql:
        row, _ = compiler.compile(self.source_expressions[0])
        text = self.question.as_text(either=" OR ", both=" AND ", beginning="*")
        scoped = f"{{title_tokens}} : ({text})" if self.in_title else text
        return f"{row} IN (SELECT rowid FROM search_text WHERE search_text MATCH %s)", [scoped]  # noqa: S608 - a column name

    def as_postgresql(self, compiler: SQLCompiler, connection: Any, **context: Any) -> Sql:
        row, _ = compiler.compile(self.source_expressions[0])
        text = self.question.as_text(either=" | ", both=" & ", beginning=":*")
        audiences, kinds = list(self.question.audiences), list(self.question.kinds)
        return (
            f"{row} IN (SELECT search_matches(%s::tsquery, %s, %s::text[], %s::text[], %s))",
            [text, self.in_title, audiences, kinds, self.most],
        )


def question_of(words: Iterable[str], audiences: Iterable[str], kinds: Iterable[str] = ()) -> Question:
    return Question(tuple(words), tuple(sorted(audiences)), tuple(sorted(kinds)))
