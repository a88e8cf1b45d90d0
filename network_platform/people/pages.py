"""Paging by key through people, newest first."""

from dataclasses import dataclass

from django.contrib.auth.models import Group
from django.db.models import Prefetch

from network_platform.people.models import User, UserQuerySet
from network_platform.typed import whole_number

PAGE = 50


@dataclass(frozen=True)
class Page:
    """`after` is the key of the next page, or '' on the last one."""

    people: list[User]
    after: str


def page_of_people(found: UserQuerySet, *, after: str) -> Page:
    if key := whole_number(after):
        found = found.filter(pk__lt=key)
    groups = Prefetch("groups", Group.objects.order_by("name"))
    rows = list(found.order_by("-pk").prefetch_related(groups)[: PAGE + 1])
    return Page(rows[:PAGE], str(rows[PAGE - 1].pk) if len(rows) > PAGE else "")
