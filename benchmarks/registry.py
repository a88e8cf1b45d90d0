"""The registry at 10,000 organisations: CPU milliseconds and queries of its pages, the API, the CSV and an import.

    PLATFORM_VAR=/tmp/bench python benchmarks/registry.py [organisations]

It migrates, imports invented organisations once (seeded, the same every time) and asks. A visitor's page is measured
made anew and kept.
"""

import csv
import io
import random
import sys
from collections.abc import Iterator
from typing import Any

from _measuring import anew, kept, often, once  # isort: skip
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import connection
from django.test import Client

from incubators import indexing
from incubators.enums import OrganisationKind
from incubators.models import Country, Organisation, Sector
from incubators.services.importing import check_file, commit_import
from incubators.services.imports.indexing import index_run
from incubators.services.imports.organisation_rows import COLUMNS
from incubators.services.pairs import find_pairs
from network_platform.people.models import User

SEED = 20261123
FIRST = ["Steppe", "Oasis", "River", "Summit", "Caravan", "Saffron", "Turquoise", "Juniper", "Falcon", "Apricot"]
SECOND = ["Hub", "Park", "Lab", "House", "Centre", "Works", "Campus", "Foundry", "School", "Fund"]
CITIES = ["Almaty", "Osh", "Khujand", "Dushanbe", "Samarkand", "Baku", "Ganja", "Mary", "Kabul", "Herat"]
TEXT = "gives rooms, mentors and first customers to teams in agriculture, water, textiles and health of the region"


def invented(number: int) -> Iterator[dict[str, Any]]:
    """Rows of an import file."""
    chance = random.Random(SEED)  # noqa: S311 - repeatable, not secret
    countries = list(Country.objects.values_list("iso2", flat=True))
    sectors = list(Sector.objects.values_list("code", flat=True))
    for n in range(number):
        yield dict.fromkeys(COLUMNS, "") | {
            "name_en": f"{chance.choice(FIRST)} {chance.choice(SECOND)} {n}",
            "name_ru": f"Образец {n}",
            "type": chance.choice(OrganisationKind.values),
            "country_iso2": chance.choice(countries),
            "city": chance.choice(CITIES),
            "website": f"https://sample-{n}.example",
            "founded_year": chance.randint(1995, 2026),
            "description_en": " ".join(chance.sample(TEXT.split(), 12)),
            "sectors": "; ".join(chance.sample(sectors, chance.randint(0, 3))),
        }


def as_file(number: int) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS)
    writer.writeheader()
    writer.writerows(invented(number))
    return text.getvalue().encode()


def importer() -> User:
    user, _created = User.objects.get_or_create(email="benchmark@registry.example")
    user.groups.add(Group.objects.get_or_create(name="secretariat")[0])
    return User.objects.get(pk=user.pk)


def fill(number: int) -> None:
    data, by = as_file(number), importer()
    run = once(f"dry run of {number} rows with its report", lambda: check_file(data=data, file_name="x.csv", by=by))
    run = once("commit, judged again", lambda: commit_import(run=run, by=by))
    once("the search text, by a worker", lambda: index_run(run))
    again = once("dry run of the same file", lambda: check_file(data=data, file_name="x.csv", by=by))
    print(run.report["counts"], again.report["counts"])


def main(number: int) -> None:
    call_command("migrate", verbosity=0)
    print(f"{connection.vendor}, {number} organisations")
    if Organisation.objects.count() < number:
        fill(number)
    once("likely duplicates in all countries, the first night", find_pairs)
    once("index of the list's facets, after a change", lambda: indexing.build_index(indexing.today()))
    client = Client()
    often("list, made anew", anew(client, "/en/incubators/"))
    often("list with three filters, made anew", anew(client, "/en/incubators/?country=kz&country=kg&kind=hub"))
    often("list with words, made anew", anew(client, "/en/incubators/?q=steppe+hub"))
    often("list in Russian with words and a filter, made anew", anew(client, "/ru/incubators/?q=образцы&country=kz"))
    often("list, kept", kept(client, "/en/incubators/"))
    often("country, made anew", anew(client, "/en/countries/kz/"))
    often("detail, made anew", anew(client, Organisation.objects.order_by("pk")[7].get_absolute_url()))
    often("API, 50 organisations", anew(client, "/api/v1/organisations/?country=kz"))
    once("CSV of everything, streamed", anew(client, "/en/incubators/export.csv"))
    once("XLSX of everything", anew(client, "/en/incubators/export.xlsx"))
    once("JSON of everything, streamed", anew(client, "/en/incubators/export.json"))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
