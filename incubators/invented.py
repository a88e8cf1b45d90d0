"""A registry of any size that nobody has to believe: the same for the same seed. For measuring, never for showing.

Organisations come through the import, as a whole country's list would; what hangs on them is written in bulk.
"""

import csv
import io
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby, islice
from typing import Any

from django.contrib.auth.models import Group
from django.db import models, transaction
from django.utils import timezone

from incubators.enums import (
    FiguresStatus,
    MoneyKind,
    OrganisationKind,
    PlacementOutcome,
    PlacementStatus,
    ProgrammeKind,
    ProgrammeStatus,
    StartupStage,
)
from incubators.models import (
    Cohort,
    Country,
    Figure,
    ImportRun,
    Indicator,
    Organisation,
    Placement,
    Programme,
    Sector,
    Startup,
    YearlyFigures,
)
from incubators.services.importing import check_file, commit_import
from incubators.services.imports.indexing import index_run
from incubators.services.imports.organisation_rows import COLUMNS
from incubators.services.places import take_places
from incubators.services.reindexing import touch_registry
from network_platform.people.models import User

FIRST = ["Steppe", "Oasis", "River", "Summit", "Caravan", "Saffron", "Turquoise", "Juniper", "Falcon", "Apricot"]
SECOND = ["Hub", "Park", "Lab", "House", "Centre", "Works", "Campus", "Foundry", "School", "Fund"]
CITIES = ["Almaty", "Osh", "Khujand", "Dushanbe", "Samarkand", "Baku", "Ganja", "Mary", "Kabul", "Herat"]
TEXT = "gives rooms, mentors and first customers to teams in agriculture, water, textiles and health of the region"
LAST_YEAR = 2025
YEARS = 5
AT_ONCE = 2_000  # rows in one statement
IN_A_FILE = 10_000


@dataclass
class Invented:
    """How much of each there shall be. `figures` are reports of one organisation about one year, five years at most."""

    organisations: int
    startups: int
    figures: int
    seed: int

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)  # noqa: S311 - repeatable, not secret
        if self.figures > self.organisations * YEARS:
            raise ValueError(f"{self.organisations} organisations have at most {self.organisations * YEARS} figures.")

    def write(self, by: User) -> None:
        """Everything, in an empty registry: organisations in files of 10,000, then the rest in one transaction."""
        rows = self.rows()
        while part := list(islice(rows, IN_A_FILE)):
            import_rows(part, by)
        with transaction.atomic():
            self.write_startups()
            self.write_figures(by)
            touch_registry()

    def rows(self) -> Iterator[dict[str, Any]]:
        """Rows of an import file, every one with a name of its own."""
        countries = list(Country.objects.order_by("iso2").values_list("iso2", flat=True))
        sectors = list(Sector.objects.order_by("code").values_list("code", flat=True))
        for n in range(self.organisations):
            yield dict.fromkeys(COLUMNS, "") | {
                "name_en": f"{self.chance.choice(FIRST)} {self.chance.choice(SECOND)} {n}",
                "name_ru": f"Образец {n}",
                "type": self.chance.choice(OrganisationKind.values),
                "country_iso2": self.chance.choice(countries),
                "city": self.chance.choice(CITIES),
                "website": f"https://sample-{n}.example",
                "founded_year": self.chance.randint(1995, LAST_YEAR),
                "description_en": " ".join(self.chance.sample(TEXT.split(), 12)),
                "sectors": "; ".join(self.chance.sample(sectors, self.chance.randint(0, 3))),
            }

    def write_startups(self) -> None:
        """Start-ups, every tenth shown, each in a cohort of a programme of every fifth organisation."""
        cohorts = self.write_cohorts()
        countries = list(Country.objects.order_by("iso2"))
        sectors = list(Sector.objects.order_by("code"))
        now = timezone.now()
        startups = in_bulk(Startup, (self.startup(n, countries, now) for n in range(self.startups)))
        through = Startup.sectors.through
        in_bulk(through, (through(startup=each, sector=self.chance.choice(sectors)) for each in startups))
        if cohorts:
            in_bulk(Placement, (self.placement(each, self.chance.choice(cohorts)) for each in startups))

    def write_cohorts(self) -> list[Cohort]:
        hosts = list(Organisation.objects.filter(import_run__isnull=False).order_by("pk")[::5])
        programmes = in_bulk(
            Programme,
            (
                Programme(
                    organisation=each,
                    kind=self.chance.choice(ProgrammeKind.values),
                    status=ProgrammeStatus.PUBLISHED,
                    titles={"en": f"Programme of {each.titles.get('en', each.slug)}"},
                    languages=["ru"],
                    weeks=self.chance.randint(4, 40),
                )
                for each in hosts
            ),
        )
        return in_bulk(Cohort, (self.cohort(each, year) for each in programmes for year in (2024, 2025)))

    def cohort(self, programme: Programme, year: int) -> Cohort:
        starts = date(year, self.chance.randint(1, 6), 1)
        return Cohort(programme=programme, name=str(year), starts=starts, ends=starts + timedelta(weeks=20), places=12)

    def startup(self, n: int, countries: list[Country], now: Any) -> Startup:
        return Startup(
            name=f"Sample {self.chance.choice(FIRST)} {n}",
            country=self.chance.choice(countries),
            city=self.chance.choice(CITIES),
            stage=self.chance.choice(StartupStage.values),
            summary="An invented start-up.",
            founded=date(self.chance.randint(2015, LAST_YEAR), self.chance.randint(1, 12), 1),
            team_size=self.chance.randint(1, 30),
            shown_at=None if n % 10 else now,
        )

    def placement(self, startup: Startup, cohort: Cohort) -> Placement:
        return Placement(
            startup=startup,
            cohort=cohort,
            status=PlacementStatus.CONFIRMED,
            entered=cohort.starts,
            left=cohort.ends,
            outcome=self.chance.choice(PlacementOutcome.values),
        )

    def write_figures(self, by: User) -> None:
        """Accepted reports of the latest year first, one in four published, a number for every indicator asked."""
        places = list(Organisation.objects.filter(import_run__isnull=False).order_by("pk"))
        pairs = ((each, LAST_YEAR - back) for back in range(YEARS) for each in places)
        now = timezone.now()
        reports = in_bulk(
            YearlyFigures,
            (
                YearlyFigures(
                    organisation=organisation,
                    year=year,
                    status=FiguresStatus.ACCEPTED,
                    is_published=self.chance.random() < 0.25,
                    submitted_at=now,
                    submitted_by=by,
                    import_run_id=organisation.import_run_id,
                    decided_at=now,
                    decided_by=by,
                )
                for organisation, year in islice(pairs, self.figures)
            ),
        )
        asked = {year: list(Indicator.objects.asked_in(year)) for year in {report.year for report in reports}}
        in_bulk(Figure, (self.figure(report, each) for report in reports for each in asked[report.year]))
        for _year, of_a_year in groupby(reports, key=lambda report: report.year):
            take_places(list(of_a_year))

    def figure(self, report: YearlyFigures, indicator: Indicator) -> Figure:
        money = {"money_kind": MoneyKind.GRANT, "currency": "USD"} if indicator.is_money else {}
        value = self.chance.randint(0, 60) * (1_000 if indicator.is_money else 1)
        return Figure(figures=report, definition=indicator.definition_in(report.year), value=value, **money)


def import_rows(rows: list[dict[str, Any]], by: User) -> ImportRun:
    run = commit_import(run=check_file(data=as_file(rows), file_name="invented.csv", by=by), by=by)
    index_run(run)
    return run


def as_file(rows: list[dict[str, Any]]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def importer() -> User:
    """Somebody of the secretariat, without a password."""
    user, _created = User.objects.get_or_create(email="importer@invented.example")
    user.groups.add(Group.objects.get_or_create(name="secretariat")[0])
    return User.objects.get(pk=user.pk)


def in_bulk(model: type[models.Model], made: Iterator[Any]) -> list[Any]:
    """Written in statements of 2,000 rows, so that a million is never made at once; with their primary keys."""
    found: list[Any] = []
    while part := list(islice(made, AT_ONCE)):
        found += model._default_manager.bulk_create(part)
    return found
