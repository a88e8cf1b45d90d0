"""Whole pages for visitors who are not signed in, kept until something that they show is written.

    @cached_page("registry")
    def directory(request): ...

    def show(organisation):
        ...
        touch("registry")            # in the service that writes, inside its transaction

A view that opts in promises that a visitor's page depends on the address alone. The key is made of host, path, known
query, language and the generation of each topic; `touch` changes the generation after commit, so that old pages are
simply never found again. A page is kept only when it is a 200 without cookies, in HTML or a file that is made of the
same, and only asked for when the visitor brings no session. Every such page has an ETag, and a browser that has it gets
a 304. `kept` does the same for a value that many pages are made of, and that no reader changes.

Generations live in the cache too. With a shared cache (CACHE_URL) a write is seen by all processes at once. Without
one, each process has its own memory: the process that writes sees it at once, the others after `LIVES_FOR` at most.
A lost cache costs rendering, and half a second for each question that it leaves unanswered: without a generation
nothing is kept or found. One that comes back with what it knew before may have missed a `touch`; such pages, too, are
gone after `LIVES_FOR`.
"""

import hashlib
from collections.abc import Callable, Collection
from functools import wraps
from typing import Any, TypeVar, cast
from urllib.parse import urlencode

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers
from django.utils.translation import get_language

from network_platform.identifiers import new_uid

LIVES_FOR = 600 if settings.CACHE_URL else 60
LONGEST_QUERY = 500
KEPT = ("text/html", "text/csv", "image/svg+xml", "application/pdf")
View = Callable[..., HttpResponse]
Value = TypeVar("Value")


def cached_page(*topics: str, query: Collection[str] = (), lives_for: int = LIVES_FOR) -> Callable[[View], View]:
    """Keep a visitor's page of this view. `query` names the parameters it reads; with any other it is not kept.

    A page that tells the time ("closes in an hour") says how many seconds that may be old.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not is_shareable(request, query):
                return view(request, *args, **kwargs)
            key = page_key(request, topics)
            kept = cache.get(key) if key else None
            response = HttpResponse(kept[0], headers=kept[1]) if kept else view(request, *args, **kwargs)
            if kept is None and may_keep(request, response):
                finish(response)
                if key:
                    cache.set(key, (response.content, dict(response.headers)), lives_for)
            if "ETag" not in response:
                return response
            return cast(HttpResponse, get_conditional_response(request, response["ETag"], None, response))

        return wrapped

    return decorate


def kept(name: str, *topics: str, make: Callable[[], Value], lives_for: int = LIVES_FOR) -> Value:
    """What `make` returns, never None, from the first call on until something of these topics is written.

    `name` tells all that it depends on beside them; a language or a person is not for here.
    """
    known = generations(*topics)
    if not known:
        return make()
    key = "value:" + hashlib.sha256("\n".join([name, *known]).encode()).hexdigest()
    found = cache.get(key)
    if found is None:
        found = make()
        cache.set(key, found, lives_for)
    return found


def touch(*topics: str) -> None:
    """Say that something of these topics was written; pages that show it are made anew after commit."""
    transaction.on_commit(lambda: cache.set_many({_generation(topic): _new() for topic in topics}, None), robust=True)


def is_shareable(request: HttpRequest, query: Collection[str]) -> bool:
    """A visitor without a session or a notice, who asks with nothing but known parameters."""
    private = {settings.SESSION_COOKIE_NAME, "messages"} & request.COOKIES.keys()
    known = set(request.GET) <= set(query) and len(request.META.get("QUERY_STRING", "")) <= LONGEST_QUERY
    return request.method in {"GET", "HEAD"} and not private and known


def may_keep(request: HttpRequest, response: HttpResponse) -> bool:
    """A whole page or file for anybody: no cookie, no form's token, nothing begun in a session."""
    if hasattr(response, "render"):
        response.render()
    personal = response.cookies or "CSRF_COOKIE_NEEDS_UPDATE" in request.META or _session_begun(request)
    whole = response.status_code == 200 and not response.streaming
    known = response.headers.get("Content-Type", "").startswith(KEPT)
    return bool(whole and known and not personal and not _is_private(response))


def finish(response: HttpResponse) -> None:
    """Name the page's content, and let browsers ask again each time whether it is still so."""
    response["ETag"] = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    patch_vary_headers(response, ["Cookie", "Accept-Language"])
    patch_cache_control(response, private=True, no_cache=True)


def page_key(request: HttpRequest, topics: Collection[str]) -> str:
    """'' when the cache does not keep generations, because it is lost."""
    known = generations(*topics)
    if not known:
        return ""
    asked = urlencode(sorted((name, value) for name in request.GET for value in request.GET.getlist(name)))
    parts = [request.get_host(), str(request.scheme), request.path, asked, get_language() or "", *known]
    return "page:" + hashlib.sha256("\n".join(parts).encode()).hexdigest()


def generations(*topics: str) -> list[str]:
    """One word a topic, another one after each `touch`. Empty when the cache does not keep them, because it is lost."""
    names = [_generation(topic) for topic in sorted(topics)]
    known = cache.get_many(names)
    words = [known.get(name) or _begun(name) for name in names]
    return words if all(words) else []


def _begun(name: str) -> str:
    """A first generation, or the one that another process began meanwhile; '' if the cache is lost."""
    first = _new()
    return first if cache.add(name, first, None) else cache.get(name) or ""


def _session_begun(request: HttpRequest) -> bool:
    """Whether the view left something for this visitor alone, in the session or as a notice."""
    session, notices = getattr(request, "session", None), getattr(request, "_messages", None)
    return bool(getattr(session, "modified", False) or getattr(notices, "added_new", False))


def _generation(topic: str) -> str:
    return f"generation:{topic}"


def _new() -> str:
    return new_uid().hex


def _is_private(response: HttpResponse) -> bool:
    return any(word in response.headers.get("Cache-Control", "") for word in ("private", "no-store"))
