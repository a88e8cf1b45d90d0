"""Start-ups from a file: nobody reads them but who serves the country, until founders keep and show them.

Nobody is invited. Of a profile that its founders keep, an import changes and tells nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from incubators.enums import ImportKind, Script, StartupStage
from incubators.models import Country, ImportRun, Language, Sector, Startup
from incubators.names import script_of, skeleton
from incubators.services.imports.cells import (
    CellError,
    Reading,
    choice_of,
    country_of,
    day_of,
    goals_of,
    languages_of,
    number_of,
    sectors_of,
    website_of,
)
from incubators.services.imports.compared_rows import CheckedRow, ComparedKind, Held, Shelf, spare
from incubators.services.imports.kind import Part, TakenBack, Untouched
from incubators.services.imports.sentences import Sentence
from incubators.services.imports.startup_writes import undo_startups, untouched_startups, write_startups
from incubators.services.imports.verdicts import Plan, Verdict
from incubators.tables import Needed
from network_platform.people.models import User
from network_platform.zones import today

COLUMNS = (
    "name",
    "country_iso2",
    "city",
    "stage",
    "sectors",
    "sdgs",
    "founded",
    "team_size",
    "website",
    "summary",
    "language",
)
LONGEST = {"name": 150, "uid": 40, "city": 80, "website": 300, "summary": 1500}


@dataclass
class StartupWorld:
    served: Mapping[str, Country]
    countries: dict[str, int]  # primary keys by iso2
    sectors: Mapping[str, Sector]
    languages: Mapping[str, Language]


class Startups(ComparedKind):
    code = ImportKind.STARTUPS
    naming = ("name",)
    also = ("uid",)
    aliases = {"description": "summary", "country": "country_iso2"}
    longest = LONGEST
    words = {
        "name": "start up; startup; startup name; company; project; title; название; стартап; название стартапа; имя; "
        "наименование; наименование стартапа; компания; название компании; проект; название проекта",
        "country_iso2": "country code; iso; iso2; страна; код страны; өлкө; ел; mamlakat; ölkə",
        "city": "town; location; город; населенный пункт; шаар; қала; shahar; şəhər",
        "stage": "phase; стадия; этап; стадия развития",
        "sectors": "sector; industry; industries; отрасль; отрасли; сектор; секторы; направления",
        "sdgs": "sdg; goals; цур; цели; цели устойчивого развития",
        "founded": "founded on; founded year; year founded; year of foundation; год основания; date of foundation; "
        "registration; основан; дата основания; дата регистрации",
        "team_size": "team; people; employees; команда; размер команды; людей; сотрудников",
        "website": "site; web; url; web site; homepage; link; сайт; вебсайт; веб сайт; ссылка",
        "summary": "description en; description ru; about; pitch; what you do; "
        "описание; о нас; о проекте; деятельность",
        "language": "lang; language of the text; язык; язык описания",
    }

    def columns(self) -> tuple[str, ...]:
        return COLUMNS

    def needed(self) -> Needed:
        return ("name", "country_iso2")

    def labels(self) -> dict[str, str]:
        return {
            "name": pgettext("thing", "Name"),
            "country_iso2": _("Country"),
            "city": _("City"),
            "stage": _("Stage"),
            "sectors": _("Sectors"),
            "sdgs": _("Sustainable Development Goals"),
            "founded": _("Day of foundation"),
            "team_size": _("People in the team"),
            "website": _("Website"),
            "summary": _("What they do"),
            "language": _("Language of this text"),
            "uid": _("Number in the registry (uid)"),
        }

    def example(self) -> dict[str, str]:
        return {
            "name": "Sample Water",
            "country_iso2": "KZ",
            "city": "Almaty",
            "stage": "early_revenue",
            "sectors": "agritech; circular",
            "sdgs": "6; 12",
            "founded": "2023-05-31",
            "team_size": "7",
            "website": "https://water.example",
            "summary": "Sensors that tell farmers when to water.",
            "language": "en",
        }

    def codes(self) -> list[tuple[str, list[tuple[str, str]]]]:
        return [
            ("stage", [(stage.value, str(stage.label)) for stage in StartupStage]),
            ("sectors", [(sector.code, str(sector)) for sector in Sector.objects.all()]),
            ("language", [(language.code, str(language)) for language in Language.objects.all()]),
        ]

    def world(self, *, by: User, served: Mapping[str, Country]) -> StartupWorld:
        return StartupWorld(
            served,
            dict(Country.objects.values_list("iso2", "pk")),
            Sector.objects.by_word(),
            Language.objects.by_code(),
        )

    def entry_of(self, number: int, cells: dict[str, str], reading: Reading, world: StartupWorld) -> CheckedRow | None:
        iso2 = reading.read(country_of, cells.get("country_iso2", ""), world.served)
        name = reading.read(_name, cells.get("name", ""))
        values = {"name": name, **_values(cells, reading, world)}
        if iso2 is None or name is None:
            return None
        entry = CheckedRow(number, iso2, name, world.countries[iso2], skeleton(name)[:64], values)
        if len(cells.get("founded", "")) == 4:
            entry.note = gettext_lazy("Only the year of foundation is known; 1 January stands for the day.")
        return entry

    def shelf_of(self, entries: list[CheckedRow], *, by: User, world: StartupWorld) -> Shelf:
        shelf = Shelf()
        rows = Startup.objects.filter(country__iso2__in={entry.iso2 for entry in entries})
        seen = Exists(Startup.objects.visible_to(by).filter(pk=OuterRef("pk")))
        free = Exists(Startup.objects.kept_by_nobody().filter(pk=OuterRef("pk")))
        full = rows.annotate(is_seen=seen, is_free=free).prefetch_related("sectors", "sdgs").order_by("pk")
        for startup in full:
            held = _held(startup)
            if held.is_seen:
                shelf.by_uid[held.place, held.uid] = held
                shelf.by_name[held.place, skeleton(startup.name)[:64]].append(held)
            if startup.source_key:
                shelf.by_key[held.place, startup.source_key] = held
        return shelf

    def kept(self) -> Sentence:
        return gettext_lazy("Its founders keep this profile; the file does not change it.")

    def spare(self, verdicts: list[Verdict]) -> None:
        spare(verdicts, Startup.objects.kept_by_nobody(), self.kept())

    def write(self, plan: Plan[Verdict], verdicts: list[Verdict], *, run: ImportRun) -> None:
        write_startups(verdicts, run=run)

    def untouched(self, run: ImportRun) -> Untouched:
        return untouched_startups(run)

    def undo(self, run: ImportRun, part: Part) -> TakenBack:
        return undo_startups(run, part)

    def seen_by(self, user: User) -> QuerySet[Startup]:
        return Startup.objects.visible_to(user)


def _name(text: str) -> str:
    name = " ".join(text.split())
    if not skeleton(name):
        raise CellError("name", gettext_lazy("The name is missing."))
    return name


def _values(cells: dict[str, str], reading: Reading, world: StartupWorld) -> dict[str, Any]:
    """By column, of those that the file has; the language of a text that does not say it is that of its letters."""
    readers: dict[str, Callable[[str], Any]] = {
        "city": lambda text: " ".join(text.split()),
        "stage": lambda text: choice_of("stage", StartupStage, text),
        "sectors": lambda text: sectors_of(text, world.sectors),
        "sdgs": goals_of,
        "founded": _founded,
        "team_size": lambda text: number_of("team_size", text, 1, 30_000),
        "website": website_of,
        "summary": str,
        "language": lambda text: _language(text, world.languages),
    }
    found = {name: reading.read(read, cells[name]) for name, read in readers.items() if name in cells}
    if not found.get("language"):
        found.pop("language", None)
        if found.get("summary"):
            found["language"] = "ru" if script_of(found["summary"]) == Script.CYRILLIC else "en"
    return found


def _founded(text: str) -> Any:
    """A year alone stands for its first day."""
    is_year = len(text) == 4 and text.isascii() and text.isdigit()
    day = day_of("founded", f"{text}-01-01" if is_year else text)
    if day and day > today():
        raise CellError("founded", gettext_lazy("This day is in the future."))
    return day


def _language(text: str, known: Mapping[str, Language]) -> str:
    """One code, or an empty text."""
    if len(codes := languages_of("language", text, known)) > 1:
        raise CellError("language", gettext_lazy("Write one language: the one in which the text is written."))
    return "".join(codes)


def _held(startup: Any) -> Held:
    values = {
        **{name: getattr(startup, name) for name in ("name", "city", "stage", "founded", "team_size", "website")},
        "summary": startup.summary,
        "language": startup.language,
        "sectors": frozenset(sector.code for sector in startup.sectors.all()),
        "sdgs": frozenset(goal.number for goal in startup.sdgs.all()),
    }
    return Held(
        startup.pk,
        str(startup.uid),
        startup.name,
        startup.country_id,
        startup.source_key,
        values,
        is_free=startup.is_free,
        is_seen=startup.is_seen,
        page=f"/startups/{startup.uid}/",
    )
