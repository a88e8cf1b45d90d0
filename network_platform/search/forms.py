"""What the address of the search page may hold; whatever else stands there is ignored."""

from dataclasses import dataclass

from django.http import QueryDict

LONGEST_QUESTION = 200


@dataclass(frozen=True)
class Asked:
    words: str
    kind: str
    page: int


def asked_in(query: QueryDict) -> Asked:
    words = " ".join(query.get("q", "").replace("\x00", " ").split())[:LONGEST_QUESTION]
    page = query.get("page", "1")
    return Asked(words, query.get("kind", "")[:40], int(page) if page.isascii() and page.isdigit() else 1)
