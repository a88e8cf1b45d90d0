"""Addresses of experts' pages: Latin letters, whatever script the name is in."""

from anyascii import anyascii
from django.utils.text import slugify

from mentors.models import Expert

TAKEN = {"ask", "export", "join", "mine", "queue", "requests"}


def free_slug(name: str) -> str:
    """`ayan-primerov`, or `ayan-primerov-2` where that is taken."""
    stem = slugify(anyascii(name))[:70] or "expert"
    taken = TAKEN | set(Expert.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    number = 1
    while (slug := stem if number == 1 else f"{stem}-{number}") in taken:
        number += 1
    return slug
