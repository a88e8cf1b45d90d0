"""Where the header and the footer lead, in one place, and how a page is found in another language."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest
from django.urls import Resolver404, resolve, translate_url
from django.utils.functional import Promise
from django.utils.translation import get_language, get_language_info, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from network_platform.desk import gather


@dataclass(frozen=True)
class Place:
    """One link; `path` is without the language prefix when it begins with no slash."""

    key: str
    label: str | Promise
    path: str

    @property
    def url(self) -> str:
        return self.path if self.path.startswith("/") else f"/{get_language()}/{self.path}"


MAIN = (
    Place("registry", _("Registry"), "incubators/"),
    Place("countries", _("Countries"), "countries/"),
    Place("competitions", _("Competitions"), "competitions/"),
    Place("mentors", _("Mentors"), "mentors/"),
    Place("handbooks", _("Handbooks"), "handbooks/"),
    Place("news", _("News"), "news/"),
)
FOOTER = (
    Place("results", _("How results are computed"), "how-results-are-computed/"),
    Place("report", _("Working-group report"), "documents/speca-working-group-2023/"),
    Place("search", _("Search the site"), "search/"),
    Place("api", _("Data for developers (API)"), "/api/docs/"),
    Place("privacy", pgettext_lazy("page", "Privacy"), "privacy/"),
    Place("accessibility", _("Accessibility"), "accessibility/"),
    Place("contact", _("Write to us"), "contact/"),
)


@dataclass(frozen=True)
class Edition:
    """The same page in one language: `url` keeps the query, `canonical` is absolute and without it."""

    code: str
    name: str
    url: str
    canonical: str
    current: bool


def in_other_language(path: str, code: str) -> str:
    """The address of the same page in the language `code`."""
    translated = translate_url(path, code)
    if translated != path or code == get_language():
        return translated
    first, _slash, rest = path.lstrip("/").partition("/")
    return f"/{code}/{rest}" if first in dict(settings.LANGUAGES) else f"/{code}/"


def query_in(request: HttpRequest, code: str) -> str:
    """The query of the request, with the address to return to in the language `code` as well."""
    query = request.META.get("QUERY_STRING") or ""
    back = request.GET.get(REDIRECT_FIELD_NAME, "")
    if back.startswith(tuple(f"/{each}/" for each in dict(settings.LANGUAGES))):
        changed = request.GET.copy()
        path, mark, rest = back.partition("?")
        changed[REDIRECT_FIELD_NAME] = in_other_language(path, code) + mark + rest
        query = changed.urlencode(safe="/")
    return f"?{query}" if query else ""


def why_sign_in(back: str) -> str:
    """What who signs in to go on to this address gets there, in one sentence; empty where no app says it."""
    first, _slash, rest = back.partition("?")[0].lstrip("/").partition("/")
    if first not in dict(settings.LANGUAGES):
        return ""
    try:
        name = resolve(f"/{get_language()}/{rest}").view_name
    except Resolver404:
        return ""
    return next((words[name] for words in gather("reasons_to_sign_in") if name in words), "")


def editions(request: HttpRequest, alternates: dict[str, str] | None = None) -> list[Edition]:
    """This page in every language; `alternates` (code to path) says so for pages whose addresses differ."""
    found = []
    for code, _name in settings.LANGUAGES:
        path = (alternates or {}).get(code) or in_other_language(request.path, code)
        name = str(get_language_info(code)["name_local"])
        canonical = settings.BASE_URL.rstrip("/") + path
        found.append(
            Edition(
                code, name[:1].upper() + name[1:], path + query_in(request, code), canonical, code == get_language()
            )
        )
    return found
