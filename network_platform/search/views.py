"""The one page that searches everything its reader may see."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from network_platform.people.audience import audiences_of
from network_platform.search.forms import asked_in
from network_platform.search.pages import address, lines_of, tabs_for
from network_platform.search.results import results_for


@require_safe
@never_cache
def search(request: HttpRequest) -> HttpResponse:
    """Results in the reader's language where a thing has that; not for other search engines."""
    asked = asked_in(request.GET)
    results = results_for(
        asked.words,
        audiences=audiences_of(request.user),
        kind=asked.kind,
        prefer=get_language() or "",
        page=asked.page,
    )
    context = {
        "asked": asked,
        "results": results,
        "lines": lines_of(results, asked.words),
        "tabs": tabs_for(results, asked),
        "previous": address(asked, page=results.page - 1) if results.page > 1 else "",
        "next": address(asked, page=results.page + 1) if results.page < results.pages else "",
    }
    response = render(request, "search/search.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response
