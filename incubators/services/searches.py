"""Filters of the public list that a reader keeps, and the monthly mail of what is new in them.

They are a reader's own business: the journal, which others read, says nothing of them.
"""

from datetime import datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone, translation

from incubators.directory import places_of, shortest
from incubators.indexing import current_index
from incubators.models import Organisation, SavedSearch
from incubators.rules import can_change_search, is_active
from incubators.services.letters import path_in, write_to
from network_platform.people.models import User

MOST_SEARCHES = 20
NAMED = 10
STOP = "incubators.searches-stop"


class TooManySearchesError(Exception):
    """The person keeps as many as one may."""


@transaction.atomic
def save_search(*, by: User, name: str, query: QueryDict) -> SavedSearch:
    """Keep what this address of the list asks for; kept already, it gets the new name."""
    if not is_active(by):
        raise PermissionDenied
    User.objects.select_for_update().get(pk=by.pk)
    own, asked = SavedSearch.objects.visible_to(by), shortest(query)
    if not own.filter(query=asked).exists() and own.count() >= MOST_SEARCHES:
        raise TooManySearchesError
    return SavedSearch.objects.update_or_create(user=by, query=asked, defaults={"name": name})[0]


@transaction.atomic
def update_search(*, search: SavedSearch, by: User, name: str, is_mailed: bool) -> SavedSearch:
    """Whoever wants the mail again hears of what is new from now on."""
    search = _locked(search, by)
    if is_mailed and not search.is_mailed:
        search.told_until = timezone.now()
    search.name, search.is_mailed = name, is_mailed
    search.save()
    return search


@transaction.atomic
def delete_search(*, search: SavedSearch, by: User) -> None:
    _locked(search, by).delete()


def stop_mails(*, user: User) -> int:
    """No more mail about any of the person's searches; they stay. Returns how many were mailed."""
    return user.saved_searches.filter(is_mailed=True).update(is_mailed=False)


def reader_behind(token: str) -> User | None:
    """Whose mails a link in such a mail stops."""
    try:
        return User.objects.filter(uid=signing.loads(token, salt=STOP), is_active=True).first()
    except signing.BadSignature:
        return None


def mail_searches() -> int:
    """On the first day of a month, or as soon as possible after it: one mail to each reader for whom something is new.

    Each in a transaction of its own. Returns how many were written.
    """
    month = timezone.now().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    readers = User.objects.filter(saved_searches__in=SavedSearch.objects.due(month)).distinct().order_by("pk")
    return sum(_tell(reader, month) for reader in list(readers))


@transaction.atomic
def _tell(reader: User, month: datetime) -> bool:
    searches = list(reader.saved_searches.due(month).select_for_update(of=("self",)))
    now = timezone.now()
    with translation.override(reader.language):
        told = [told for search in searches if (told := _news_of(search, now))]
    SavedSearch.objects.filter(pk__in=[search.pk for search in searches]).update(told_until=now)
    if not told:
        return False
    stop = path_in(reader, "incubators:searches-stop", signing.dumps(str(reader.uid), salt=STOP))
    write_to(
        reader,
        "incubators/new_in_searches",
        page=("incubators:searches",),
        step=f"{month:%Y-%m}",
        context={"searches": told, "unsubscribe": stop},
    )
    return True


def _news_of(search: SavedSearch, now: datetime) -> dict[str, Any]:
    """What was listed since the last mail, in the active language; empty if nothing was."""
    index = current_index()
    found = {index.ids[place] for place in places_of(QueryDict(search.query), index)}
    new = _listed_between(search.told_until, now).values_list("pk", "titles")
    titles = [titles for pk, titles in new if pk in found]
    path = f"{reverse('incubators:list')}?{search.query}&sort=newest".replace("?&", "?")
    more = max(len(titles) - NAMED, 0)
    return {"name": search.name, "titles": titles[:NAMED], "more": more, "path": path} if titles else {}


def _listed_between(since: datetime, until: datetime) -> Any:
    public = Organisation.objects.visible_to(AnonymousUser()).in_directory()
    return public.filter(listed_at__gt=since, listed_at__lte=until).order_by("sort_key", "pk")


def _locked(search: SavedSearch, by: User) -> SavedSearch:
    search = SavedSearch.objects.select_for_update(of=("self",)).get(pk=search.pk)
    if not can_change_search(by, search):
        raise PermissionDenied
    return search
