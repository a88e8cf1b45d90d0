"""Pages that everybody may read: the region, the countries, the list, an organisation."""

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from incubators.countries import CountryPage
from incubators.directory import COMMON, Directory, in_small_letters, is_common
from incubators.enums import OrganisationStatus
from incubators.models import Country, FormerAddress, Organisation, Revision
from incubators.offers import with_offers
from incubators.profiles import Profile, ages_of, linked_data, profile_from, profile_of
from incubators.region import region_rows
from incubators.reports import figures_table
from incubators.rules import (
    can_claim_organisation,
    can_confirm_organisation,
    can_edit_organisation,
    can_move_organisation,
    can_view_editors,
    can_view_source_note,
)
from incubators.views.addresses import leads_on
from incubators.views.methods import reads
from incubators.yearly import published_lines
from network_platform.page_cache import cached_page
from network_platform.spreadsheets import csv_lines

MINUTE = 60  # these pages tell which calls are open


@reads
@cached_page("registry")
def region(request: HttpRequest) -> HttpResponse:
    """The map as a way in, and the same as a table."""
    return render(request, "incubators/region.html", {"countries": region_rows()})


@reads
@cached_page("registry", "pages", "people", "competitions", "mentors", lives_for=MINUTE)
def country(request: HttpRequest, iso2: str) -> HttpResponse:
    """A country has one address, in small letters."""
    found = get_object_or_404(Country, iso2=iso2.upper())
    if not iso2.islower():
        return redirect("incubators:country", iso2, permanent=True)
    return render(request, "incubators/country.html", {"country": found, "page": CountryPage(found)})


@reads
def directory(request: HttpRequest) -> HttpResponse:
    """The public list: everything that it shows is in the address."""
    if query := in_small_letters(request.GET):
        return redirect(f"{request.path}?{query}", permanent=True)
    return (_kept_directory if is_common(request.GET) else _directory)(request)


def _directory(request: HttpRequest) -> HttpResponse:
    return render(request, "incubators/list.html", {"list": Directory(request)})


_kept_directory = cached_page("registry", query=COMMON, lives_for=MINUTE)(_directory)


@reads
@leads_on
@cached_page("registry", "startups", lives_for=MINUTE)
def detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One organisation. What is not public is shown to those who edit or review it, and says so."""
    visible = Organisation.objects.visible_to(request.user).select_related("country", "city", "successor")
    organisation = get_object_or_404(visible, slug=slug)
    if organisation.status == OrganisationStatus.CLOSED and (kept := _kept_of(organisation)):
        return redirect(kept)  # a merger can be undone, and browsers keep what is said to be for ever
    profile, can_claim = _profile(request, organisation), can_claim_organisation(request.user, organisation)
    context = {
        "organisation": organisation,
        "profile": profile,
        "linked_data": linked_data(profile, request.build_absolute_uri(request.path)),
        "offers": with_offers(organisation.programmes.visible_to(request.user).shown()),
        "can_edit": can_edit_organisation(request.user, organisation),
        "sees_source_note": can_view_source_note(request.user, organisation),
        "can_claim": can_claim,
        "own_claim": can_claim and organisation.claims.open().filter(user=request.user.pk).exists(),
        "can_confirm": can_confirm_organisation(request.user, organisation),
        "ages": ages_of(organisation),
        "can_move": can_move_organisation(request.user, organisation),
        "predecessors": organisation.predecessors.public().not_merged().order_by("sort_key", "pk"),
        "can_view_editors": can_view_editors(request.user, organisation),
        "lines": published_lines(organisation),
    }
    return render(request, "incubators/detail.html", context)


@reads
def published_figures(request: HttpRequest, slug: str) -> StreamingHttpResponse:
    """The figures that an organisation publishes, as CSV."""
    organisation = get_object_or_404(Organisation.objects.public(), slug=slug)
    response = StreamingHttpResponse(csv_lines(figures_table(organisation)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="figures-{organisation.slug}.csv"'
    response["X-Robots-Tag"] = "noindex"
    return response


def _kept_of(organisation: Organisation) -> Organisation | None:
    """What it was merged into."""
    address = FormerAddress.objects.filter(slug=organisation.slug).select_related("organisation").first()
    return address.organisation if address else None


def _profile(request: HttpRequest, organisation: Organisation) -> Profile:
    """From the rows; of what was never listed as it was sent, for those who may read that."""
    if organisation.listed_at is None and not organisation.is_public:
        revisions = Revision.objects.visible_to(request.user).filter(organisation=organisation)
        if sent := revisions.sent().first():
            return profile_from(organisation, sent.as_sent)
    return profile_of(organisation)
