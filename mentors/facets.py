"""Facets of the list of experts: from the address to what is wanted, and from counts to checkboxes."""

from collections.abc import Iterable
from typing import Any, cast

from django.core.cache import cache
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from incubators.models import Country, Sector
from mentors.enums import Availability, RoleKind, SpokenLanguage
from mentors.finding import Counts, known
from mentors.models import Expertise
from mentors.models.roles import NARROW, Wanted
from network_platform.facets import PAGING, Facet, facet
from network_platform.languages import in_language
from network_platform.people.audience import PUBLIC, SIGNED_IN

LONGEST_QUESTION = 200
Labels = dict[str, Any]


def labels() -> dict[str, Labels]:
    """Code to label of every facet, in the order in which they stand."""
    return {
        "role": dict(RoleKind.choices),
        "skill": _here(Expertise.objects.labels()),
        "language": {code: capfirst(label) for code, label in SpokenLanguage.choices},
        "country": _by_name(_here(_reference("country", Country, "iso2", "names"))),
        "availability": dict(Availability.choices),
        "sector": _here(_reference("sector", Sector, "code", "labels")),
    }


def wanted_from(request: HttpRequest) -> Wanted:
    """What the address asks for; values that mean nothing are left out."""
    asked = {name: values for name, values in request.GET.lists() if name in NARROW}
    chosen = {name: known(asked[name], codes) for name, codes in labels().items() if name in asked} if asked else {}
    audiences = (PUBLIC, SIGNED_IN) if request.user.is_authenticated else (PUBLIC,)
    return Wanted(words=request.GET.get("q", "").strip()[:LONGEST_QUESTION], audiences=audiences, **chosen)


def shown(request: HttpRequest, counts: Counts) -> list[Facet]:
    """Values that lead to somebody, and those that are chosen."""
    titles = {
        "role": _("Role"),
        "skill": _("Help with"),
        "language": _("Language"),
        "country": _("Country"),
        "availability": _("Availability"),
        "sector": _("Sector"),
    }
    return [
        facet(request, name, titles[name], _counted(request.GET.getlist(name), codes, counts[name]))
        for name, codes in labels().items()
    ]


def turned(request: HttpRequest, **cursor: str) -> str:
    """The page before or after this one, or ''."""
    if not any(cursor.values()):
        return ""
    query = _unpaged(request)
    query.update(cursor)
    return f"?{query.urlencode()}"


def without_paging(request: HttpRequest) -> str:
    return _unpaged(request).urlencode()


def _unpaged(request: HttpRequest) -> Any:
    query = request.GET.copy()
    for name in PAGING:
        query.pop(name, None)
    return query


def _counted(chosen: list[str], codes: Labels, counts: dict[str, int]) -> Iterable[tuple[str, Any, int]]:
    return [(code, label, counts.get(code, 0)) for code, label in codes.items() if code in counts or code in chosen]


def _here(texts: dict[str, dict[str, str]]) -> Labels:
    return {code: in_language(each) for code, each in texts.items()}


def _by_name(labels: Labels) -> Labels:
    return dict(sorted(labels.items(), key=lambda each: each[1]))


def _reference(name: str, model: type[Country] | type[Sector], code: str, texts: str) -> dict[str, dict[str, str]]:
    """Reference data changes with releases; five minutes in the cache of each process are safe."""
    found: Any = cache.get_or_set(f"mentors.{name}.labels", lambda: dict(model.objects.values_list(code, texts)), 300)
    return cast(dict[str, dict[str, str]], found)
