"""Filters of a list: checkboxes with counts, and links that add or remove one choice. Works on GET alone."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.http import HttpRequest
from django.utils.formats import localize
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from network_platform.hyphens import unbroken

BOX = (
    '<div class="form-check"><input class="form-check-input" type="checkbox" id="{id}" name="{name}" value="{value}"'
    '{checked}><label for="{id}">{label}{count}</label></div>'
)
COUNT = ' <span class="num">{}</span>'
PAGING = ("cursor", "page", "after", "before")
FEW = 2


@dataclass(frozen=True)
class Option:
    """One value of a facet; `id` is its own among the facets of one list."""

    id: str
    value: str
    label: str | Promise
    count: int | None
    chosen: bool
    toggled: Callable[[], str]

    @property
    def toggle_url(self) -> str:
        """The list with this value added, or removed if it is chosen."""
        return self.toggled()


@dataclass(frozen=True)
class Facet:
    """With `first`, the options after that many are folded away behind the words `more`."""

    name: str
    title: str | Promise
    options: list[Option] = field(default_factory=list)
    first: int | None = None
    more: str | Promise = ""

    @property
    def leading(self) -> list[Option]:
        return self.options[: self.first]

    @property
    def rest(self) -> list[Option]:
        return self.options[self.first :] if self.first is not None else []

    @property
    def is_long(self) -> bool:
        """Too long to stand open on a phone."""
        return len(self.options) > FEW

    @property
    def chosen(self) -> list[Option]:
        return [option for option in self.options if option.chosen]


def boxes(facet: Facet, options: Iterable[Option], prefix: str = "") -> SafeString:
    """The checkboxes of these options of a facet. A list has some fifty: made here, they take a fifth of the time."""
    checked = SafeString(" checked")
    parts = (
        {
            "id": f"{prefix}{option.id}",
            "name": facet.name,
            "value": option.value,
            "checked": checked if option.chosen else "",
            "label": _held(option.label),
            "count": "" if option.count is None else format_html(COUNT, localize(option.count)),
        }
        for option in options
    )
    return format_html_join("", BOX, parts)


def _held(label: str | Promise) -> SafeString:
    """With its words held together; a label is a flex box, so that they need one of their own around them."""
    words = unbroken(label)
    return format_html("<span>{}</span>", words) if "</span>" in words else words


def toggled(request: HttpRequest, name: str, value: str) -> str:
    """This list's address with `value` of `name` added or removed, on the first page."""
    query = request.GET.copy()
    values = query.getlist(name)
    query.setlist(name, [v for v in values if v != value] if value in values else [*values, value])
    for paging in PAGING:
        query.pop(paging, None)
    return f"{request.path}?{query.urlencode()}" if query else request.path


def facet(
    request: HttpRequest,
    name: str,
    title: str | Promise,
    choices: Iterable[tuple[Any, str | Promise, int | None]],
    *,
    first: int | None = None,
    more: str | Promise = "",
    unknown: Iterable[str] = (),
) -> Facet:
    """A facet from (value, label, count) triples; what the address chooses is marked.

    `unknown`: values that the address chooses and that have no name here; they stand last, to be taken away.
    """
    chosen = set(request.GET.getlist(name))
    choices = [*choices, *((value, named_unknown(title), 0) for value in unknown)]
    options = [
        Option(f"f-{name}-{n}", value, label, count, value in chosen, partial(toggled, request, name, value))
        for n, (value, label, count) in enumerate(((str(value), label, count) for value, label, count in choices), 1)
    ]
    return Facet(name, title, options, first, more)


def named_unknown(title: str | Promise) -> str:
    """For a value of which nothing is known but whose place it takes: never the code of an address."""
    return _("%(title)s: not in this list") % {"title": title}


def cleared(request: HttpRequest, facets: Iterable[Facet]) -> str:
    """This list's address without any filter, the words searched for kept."""
    query = request.GET.copy()
    for name in (*PAGING, *(facet.name for facet in facets)):
        query.pop(name, None)
    return f"{request.path}?{query.urlencode()}" if query else request.path


def on_page(request: HttpRequest, after: str) -> str:
    """This list's address with the page that begins after `after`; empty: the first page."""
    query = request.GET.copy()
    for name in PAGING:
        query.pop(name, None)
    if after:
        query["after"] = after
    return f"{request.path}?{query.urlencode()}" if query else request.path
