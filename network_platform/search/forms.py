"""What the address of the search page may hold; whatever else stands there is ignored."""

from dataclasses import dataclass

from django.http import QueryDict

from network_platform.typed import whole_number, without_nul

LONGEST_QUESTION = 200


@dataclass(frozen=True)
class Asked:
    words: str
    kind: str
    page: int


def asked_in(query: QueryDict) -> Asked:
    words = " ".join(query.get("q", "").replace("\x00", " ").split())[:LONGEST_QUESTION]
    page = query.get("page", "1")
    return Asked(words, without_nul(query.get("kind", ""))[:40], whole_number(page, 1))
