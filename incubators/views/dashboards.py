"""Countries in numbers: pages, charts as files, paper; and the desk of those who serve a country."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import get_language

from incubators.chart import Chart
from incubators.country_desk import CountryDesk
from incubators.dashboard import Dashboard
from incubators.models import Country
from incubators.papers import Paper, paper_of_country, paper_of_region
from incubators.rules import serves_country
from incubators.side_by_side import SideBySide
from incubators.views.country_figures import chosen_country
from incubators.views.focal import reviewers_only
from incubators.views.methods import reads
from network_platform.charts import svg_file
from network_platform.page_cache import cached_page
from network_platform.people.requests import SignedInRequest
from network_platform.spreadsheets import csv_lines

MINUTE = 60  # these pages tell which calls are open
SVG, CSV = "svg", "csv"


@reads
@cached_page("registry", "startups", lives_for=MINUTE)
def side_by_side(request: HttpRequest) -> HttpResponse:
    """The seven countries."""
    return render(request, "incubators/dashboard/side_by_side.html", {"page": SideBySide()})


@reads
@cached_page("registry", "startups", lives_for=MINUTE)
def side_by_side_file(request: HttpRequest, name: str, form: str) -> HttpResponse:
    """One of its charts as SVG or CSV."""
    return _file(request, SideBySide().chart(name), form, "countries")


@reads
@cached_page("registry", "startups", lives_for=MINUTE)
def side_by_side_paper(request: HttpRequest) -> HttpResponse:
    """All of it on two pages."""
    return _paper(request, paper_of_region(SideBySide()))


@reads
@cached_page("registry", "startups", lives_for=MINUTE)
def dashboard(request: HttpRequest, iso2: str) -> HttpResponse:
    """A country; those who serve it find at each gap the way to mend it."""
    country = _country(iso2)
    if not iso2.islower():
        return redirect("incubators:dashboard", iso2, permanent=True)
    context = {"country": country, "page": Dashboard(country), "serves": serves_country(request.user, country)}
    return render(request, "incubators/dashboard/country.html", context)


@reads
@cached_page("registry", "startups", lives_for=MINUTE)
def dashboard_file(request: HttpRequest, iso2: str, name: str, form: str) -> HttpResponse:
    """One of its charts as SVG or CSV."""
    country = _country(iso2)
    return _file(request, Dashboard(country).chart(name), form, country.iso2.lower(), str(country))


@reads
@cached_page("registry", "startups", lives_for=MINUTE)
def paper(request: HttpRequest, iso2: str) -> HttpResponse:
    """The whole dashboard on two pages."""
    return _paper(request, paper_of_country(Dashboard(_country(iso2))))


@reads
@reviewers_only
def desk(request: SignedInRequest) -> HttpResponse:
    """What waits, grows old and lacks in a country; `?country=KZ` chooses among those that one serves."""
    country, countries = chosen_country(request)
    context = {"desk": CountryDesk(country, by=request.user), "country": country, "countries": countries}
    return render(request, "incubators/focal/country_desk.html", context)


def _country(iso2: str) -> Country:
    return get_object_or_404(Country, iso2=iso2.upper())


def _paper(request: HttpRequest, paper: Paper) -> HttpResponse:
    """A browser that has it is told so before anything is set."""
    tag = quote_etag(paper.digest)
    response = get_conditional_response(request, tag) or HttpResponse(paper.pdf, content_type="application/pdf")
    response["ETag"], response["Cache-Control"], response["X-Robots-Tag"] = tag, "no-cache", "noindex"
    response["Content-Disposition"] = f'inline; filename="{paper.name}.pdf"'
    return response


def _file(request: HttpRequest, chart: Chart | None, form: str, place: str, where: str = "") -> HttpResponse:
    if chart is None or form not in (SVG, CSV):
        raise Http404
    title = f"{where}: {chart.title}" if where else chart.title
    if form == SVG:
        notes = [note for note in (chart.about, chart.source) if note]
        language = get_language() or "en"
        text = svg_file(title, chart.rows, notes=notes, language=language, over_years=chart.over_years)
        response = HttpResponse(text, content_type="image/svg+xml")
    else:
        response = HttpResponse("".join(csv_lines(chart.table)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{place}-{chart.name}.{form}"'
    response["X-Robots-Tag"] = "noindex"
    return response
