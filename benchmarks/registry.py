"""The registry at 10,000 organisations, 30,000 start-ups and 50,000 yearly figures: CPU milliseconds and queries of its
pages, the API, the files and an import. On PostgreSQL with DATABASE_URL of an empty database.

    PLATFORM_VAR=/tmp/bench python benchmarks/registry.py [organisations]

It migrates, invents a registry once (seeded, the same every time) and asks. A visitor's page is measured made anew and
kept; a page with another query is made anew of sums that are kept. Beside them floors: the least that Django does for
an answer, and the list as it would be made without what is kept for it.
"""

import sys
from itertools import islice

from _measuring import anew, kept, often, once  # isort: skip
from django.core.management import call_command
from django.db import connection
from django.db.models import Count
from django.template import Context, Engine
from django.test import Client

from incubators import indexing
from incubators.invented import LAST_YEAR, Invented, as_file, importer
from incubators.models import Membership, Organisation
from incubators.services.importing import check_file, commit_import
from incubators.services.imports.indexing import index_run
from incubators.services.pairs import find_pairs

SEED = 20261123
PLAIN_LIST = Engine().from_string(
    "{% for row in rows %}<li><a href='{{ row.slug }}'>{{ row.titles.en }}</a> {{ row.country.slug }}, {{ row.kind }}"
    "{% for sector in row.sectors.all %} {{ sector.code }}{% endfor %}</li>{% endfor %}"
    "{% for facet in facets %}{% for value, count in facet %}<li>{{ value }} {{ count }}</li>{% endfor %}{% endfor %}"
)
FACETS = ("country", "kind", "city", "sectors", "sdgs", "verified_until")


def fill(invented: Invented) -> None:
    data, by = as_file(list(islice(invented.rows(), invented.organisations))), importer()
    run = once("dry run of a file with its report", lambda: check_file(data=data, file_name="x.csv", by=by))
    run = once("commit, judged again", lambda: commit_import(run=run, by=by))
    once("the search text, by a worker", lambda: index_run(run))
    again = once("dry run of the same file", lambda: check_file(data=data, file_name="x.csv", by=by))
    print(run.report["counts"], again.report["counts"])
    once("start-ups, invented in bulk", invented.write_startups)
    once("yearly figures, invented in bulk", lambda: invented.write_figures(by))


def plain_list() -> None:
    """Floor: twenty rows with their sectors, and six facets counted in SQL, through a template of three lines."""
    listed = Organisation.objects.in_directory()
    rows = listed.select_related("country").prefetch_related("sectors").order_by("sort_key")[:20]
    facets = [listed.values_list(facet).annotate(count=Count("pk")).order_by("-count")[:20] for facet in FACETS]
    PLAIN_LIST.render(Context({"rows": rows, "facets": facets}))


def main(number: int) -> None:
    call_command("migrate", verbosity=0)
    invented = Invented(number, number * 3, number * 5, SEED)
    print(f"{connection.vendor}, {number} organisations, {invented.startups} start-ups, {invented.figures} figures")
    if Organisation.objects.count() < number:
        fill(invented)
    once("likely duplicates in all countries, the first night", find_pairs)
    once("index of the list's facets, after a change", lambda: indexing.build_index(indexing.today()))
    client = Client()
    often("floor: an answer without a page, through all middleware", anew(client, "/health/live"))
    often("floor: a list and six facets as Django makes them", plain_list)
    often("list, made anew", anew(client, "/en/incubators/"))
    often("list with three filters, made anew", anew(client, "/en/incubators/?country=kz&country=kg&kind=hub"))
    often("list with words, made anew", anew(client, "/en/incubators/?q=steppe+hub"))
    often("list in Russian with words and a filter, made anew", anew(client, "/ru/incubators/?q=образцы&country=kz"))
    often("list, kept", kept(client, "/en/incubators/"))
    often("country, made anew", anew(client, "/en/countries/kz/"))
    often("detail, made anew", anew(client, Organisation.objects.order_by("pk")[7].get_absolute_url()))
    often("country in numbers, made anew", anew(client, "/en/countries/kz/dashboard/"))
    often("the seven side by side, made anew", anew(client, "/en/countries/side-by-side/"))
    often("country in numbers, made of kept sums", kept(client, "/en/countries/kz/dashboard/?anew"))
    often("the seven side by side, made of kept sums", kept(client, "/en/countries/side-by-side/?anew"))
    often("API, 50 organisations", anew(client, "/api/v1/organisations/?country=kz"))
    often("API, 50 programmes", anew(client, "/api/v1/programmes/"))
    signed_in(client)
    once("CSV of everything, streamed", anew(client, "/en/incubators/export.csv"))
    once("XLSX of everything", anew(client, "/en/incubators/export.xlsx"))
    once("JSON of everything, streamed", anew(client, "/en/incubators/export.json"))


def signed_in(client: Client) -> None:
    """As an editor and as the secretariat: figures compared, and a country's figures on the desk."""
    person = importer()
    place = Organisation.objects.filter(yearly_figures__year=LAST_YEAR).order_by("pk")[7]
    Membership.objects.get_or_create(organisation=place, user=person)
    client.force_login(person)
    often("figures beside those of others", anew(client, f"/en/incubators/{place.slug}/figures/{LAST_YEAR}/benchmark/"))
    often("a country's figures on the desk", anew(client, "/en/incubators/queue/figures/"))
    often("a country's dashboard on the desk", anew(client, "/en/incubators/queue/country/"))
    often("a country's dashboard on the desk, of kept sums", kept(client, "/en/incubators/queue/country/"))
    client.logout()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
