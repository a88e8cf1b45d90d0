"""Pages that everybody may read: the region, the countries, the list, an organisation."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language

from incubators.countries import CountryPage
from incubators.directory import Directory
from incubators.facets import NAMES
from incubators.models import Country, Organisation
from incubators.profiles import linked_data, profile_of
from incubators.region import region_rows
from incubators.reports import csv_lines, directory_table
from incubators.rules import can_claim_organisation, can_edit_organisation
from incubators.views.methods import reads
from network_platform.page_cache import cached_page

# What the list reads from its address.
ASKED = (*NAMES, "q", "sort", "after")


@reads
@cached_page("registry")
def region(request: HttpRequest) -> HttpResponse:
    """The map as a way in, and the same as a table."""
    return render(request, "incubators/region.html", {"countries": region_rows()})


@reads
@cached_page("registry", "pages")
def country(request: HttpRequest, iso2: str) -> HttpResponse:
    found = get_object_or_404(Country, iso2=iso2.upper())
    return render(request, "incubators/country.html", {"country": found, "page": CountryPage(found)})


@reads
@cached_page("registry", query=ASKED)
def directory(request: HttpRequest) -> HttpResponse:
    """The public list: everything that it shows is in the address."""
    return render(request, "incubators/list.html", {"list": Directory(request)})


@reads
def export(request: HttpRequest) -> StreamingHttpResponse:
    """The whole list of the same address as CSV, streamed."""
    found = Directory(request)
    ids = {found.index.ids[place] for place in found.order}
    base_url = f"{settings.BASE_URL}/{get_language()}"
    response = StreamingHttpResponse(csv_lines(directory_table(ids, base_url)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="organisations.csv"'
    response["X-Robots-Tag"] = "noindex"
    return response


@reads
@cached_page("registry")
def detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One organisation. What is not public is shown to those who edit or review it, and says so."""
    visible = Organisation.objects.visible_to(request.user).select_related("country", "city", "successor")
    organisation = get_object_or_404(visible, slug=slug)
    profile = profile_of(organisation)
    context = {
        "organisation": organisation,
        "profile": profile,
        "linked_data": linked_data(profile, request.build_absolute_uri(request.path)),
        "can_edit": can_edit_organisation(request.user, organisation),
        "can_claim": can_claim_organisation(request.user, organisation),
    }
    return render(request, "incubators/detail.html", context)
