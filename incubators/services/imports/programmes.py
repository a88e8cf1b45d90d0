"""Programmes from a file: published, unless their organisation has editors, who then find them as drafts.

A row may name one cohort by its first day. `ProgrammeWorld` is what rows are read against.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from incubators.enums import ImportKind, ProgrammeKind, ProgrammeStatus
from incubators.lifecycle import PROGRAMME
from incubators.listing_values import DESCRIPTIONS, LONGEST_DESCRIPTION, description_label, name_label
from incubators.models import Cohort, Country, ImportRun, Language, Organisation, Programme, Sector
from incubators.names import LONGEST_NAME, skeleton
from incubators.services.imports.cells import (
    CellError,
    Reading,
    choice_of,
    country_of,
    day_of,
    languages_of,
    number_of,
    sectors_of,
    website_of,
)
from incubators.services.imports.compared_rows import CheckedRow, ComparedKind, Held, Shelf, spare, title_in
from incubators.services.imports.kind import Part, TakenBack, Untouched
from incubators.services.imports.locking import locked_keys
from incubators.services.imports.owners import Owners
from incubators.services.imports.programme_writes import (
    index_programmes,
    undo_programmes,
    untouched_programmes,
    write_programmes,
)
from incubators.services.imports.sentences import Sentence, in_a_row
from incubators.services.imports.verdicts import Plan, Verdict
from incubators.tables import Needed
from network_platform.lifecycle import IllegalMove
from network_platform.people.models import User

NAMES = ("name_en", "name_ru", "name_local")
COLUMNS = (
    "organisation",
    *NAMES,
    "kind",
    "status",
    "languages",
    "sectors",
    "weeks",
    "website",
    "description_en",
    "description_ru",
    "cohort",
    "starts",
    "ends",
    "places",
)


@dataclass(frozen=True)
class CohortSaid:
    """A cohort by its name, and what is said of it: `starts`, `ends`, `places`."""

    name: str
    days: dict[str, Any]

    def __str__(self) -> str:
        return ", ".join([self.name, *(str(each) for each in self.days.values() if each is not None)])


@dataclass
class ProgrammeWorld:
    served: Mapping[str, Country]
    owners: Owners
    sectors: Mapping[str, Sector]
    languages: Mapping[str, Language]
    editors: dict[int, bool]  # whether somebody edits the organisation of a row


class Programmes(ComparedKind):
    code = ImportKind.PROGRAMMES
    naming = NAMES
    also = ("uid", "country_iso2", *(name for name in DESCRIPTIONS if name not in COLUMNS))
    aliases = {"name": "name_en", "description": "description_en", "type": "kind", "country": "country_iso2"}
    needs_index = True
    longest = {
        **dict.fromkeys((*NAMES, "organisation"), LONGEST_NAME),
        "uid": 40,
        "website": 300,
        **dict.fromkeys(DESCRIPTIONS, LONGEST_DESCRIPTION),
        "cohort": 80,
    }
    words = {
        "organisation": "organization; organisation name; organisation slug; organisation uid; incubator; "
        "организация; название организации; инкубатор",
        "name_en": "programme; program; title; programme name; english name; name english",
        "name_ru": "название; название на русском; программа; название программы; наименование",
        "name_local": "local name; название на государственном языке; аталышы; атауы; nomi; adı; номи",
        "kind": "type of programme; вид; тип; вид программы; тип программы",
        "status": "state; статус; состояние",
        "languages": "language; язык; языки; языки работы",
        "sectors": "sector; industry; industries; отрасль; отрасли; сектор; секторы; направления",
        "weeks": "length; duration; length in weeks; недели; недель; длительность; длительность в неделях",
        "website": "site; web; url; link; сайт; ссылка",
        "description_en": "about; english description; description english",
        "description_ru": "описание; описание на русском; о программе",
        "cohort": "cohort name; batch; поток; набор; когорта",
        "starts": "start; start date; begins; first day; date start; начало; дата начала; первый день",
        "ends": "end; end date; last day; date end; окончание; дата окончания; конец; последний день",
        "places": "seats; места; мест; количество мест",
        "country_iso2": "country code; iso2; страна; код страны",
    }

    def columns(self) -> tuple[str, ...]:
        return COLUMNS

    def needed(self) -> Needed:
        return ("organisation", NAMES)

    def labels(self) -> dict[str, str]:
        return {
            "organisation": _("Organisation"),
            "name_en": name_label("en"),
            "name_ru": name_label("ru"),
            "name_local": _("Name in a national language"),
            "kind": _("Kind"),
            "status": _("State"),
            "languages": _("Languages of work"),
            "sectors": _("Sectors"),
            "weeks": _("Length in weeks"),
            "website": _("Website"),
            **{name: description_label(code) for name, code in DESCRIPTIONS.items()},
            "cohort": _("Name of the cohort"),
            "starts": _("First day"),
            "ends": _("Last day"),
            "places": _("Places for start-ups"),
            "uid": _("Number in the registry (uid)"),
            "country_iso2": _("Country"),
        }

    def example(self) -> dict[str, str]:
        return {
            "organisation": "Sample Hub",
            "name_en": "Sample School",
            "name_ru": "Школа-образец",
            "kind": "acceleration",
            "status": "published",
            "languages": "ru; kk",
            "sectors": "ict; circular",
            "weeks": "12",
            "website": "https://sample.example/school",
            "description_en": "Twelve weeks with mentors.",
            "cohort": "Spring 2026",
            "starts": "2026-03-01",
            "ends": "2026-05-24",
            "places": "20",
        }

    def codes(self) -> list[tuple[str, list[tuple[str, str]]]]:
        return [
            ("kind", [(kind.value, str(kind.label)) for kind in ProgrammeKind]),
            ("status", [(status.value, str(status.label)) for status in ProgrammeStatus]),
            ("sectors", [(sector.code, str(sector)) for sector in Sector.objects.all()]),
            ("languages", [(language.code, str(language)) for language in Language.objects.all()]),
        ]

    def world(self, *, by: User, served: Mapping[str, Country]) -> ProgrammeWorld:
        return ProgrammeWorld(
            served,
            Owners(served),
            Sector.objects.by_word(),
            Language.objects.by_code(),
            {},
        )

    def entry_of(
        self, number: int, cells: dict[str, str], reading: Reading, world: ProgrammeWorld
    ) -> CheckedRow | None:
        iso2 = reading.read(country_of, cells["country_iso2"], world.served) if cells.get("country_iso2") else ""
        owner = reading.read(world.owners.find, cells.get("organisation", ""), iso2 or "")
        title = reading.read(_title, cells)
        values = {name: " ".join(cells[name].split()) for name in NAMES if name in cells}
        values |= _plain_values(cells, reading, world)
        if cohort := reading.read(_cohort, cells, reading):
            values["starts"] = cohort
        if owner is None or title is None:
            return None
        world.editors[owner.pk] = owner.has_editors
        return CheckedRow(number, owner.iso2, title, owner.pk, skeleton(title)[:64], values)

    def shelf_of(self, entries: list[CheckedRow], *, by: User, world: ProgrammeWorld) -> Shelf:
        shelf = Shelf()
        places = {entry.place for entry in entries}
        rows = Programme.objects.filter(organisation__country__iso2__in={entry.iso2 for entry in entries})
        free = set(rows.kept_by_nobody().values_list("pk", flat=True))
        seen = free | set(rows.visible_to(by).values_list("pk", flat=True))
        full = rows.select_related("organisation__country").prefetch_related("sectors", "cohorts").order_by("pk")
        for programme in full:
            if programme.organisation_id in places:
                held = _held(programme, is_free=programme.pk in free, is_seen=programme.pk in seen)
                shelf.by_uid[held.place, held.uid] = held
                if programme.source_key:
                    shelf.by_key[held.place, programme.source_key] = held
                if held.is_seen:
                    for sound in {skeleton(title)[:64] for title in programme.titles.values()}:
                        shelf.by_name[held.place, sound].append(held)
        return shelf

    def kept(self) -> Sentence:
        return gettext_lazy("The organisation’s editors keep this programme; the file does not change it.")

    def refused(self, held: Held, entry: CheckedRow) -> tuple[str, Sentence]:
        status, cohort = entry.values.get("status", held.values["status"]), entry.values.get("starts")
        if not held.is_free:
            return "", ""
        if status != held.values["status"] and not _may_move(held.values["status"], status):
            words = gettext_lazy(
                "A programme that was published does not become a draft, nor a draft one that has ended."
            )
            return "status", words
        before = held.values["cohorts"].get(cohort.name) if cohort else None
        days = {**(before.days if before else {}), **(cohort.days if cohort else {})}
        if days.get("ends") and days["ends"] < days["starts"]:
            return "starts", gettext_lazy("The last day is before the first one.")
        return "", ""

    def value_of(self, held: Held, column: str, entry: CheckedRow) -> Any:
        """Of cohorts the one that the row names, in what the row says of it."""
        said = entry.values[column]
        if not isinstance(said, CohortSaid):
            return held.values.get(column)
        cohort = held.values["cohorts"].get(said.name)
        return cohort and CohortSaid(said.name, {name: cohort.days[name] for name in said.days})

    def noted(self, entry: CheckedRow, world: ProgrammeWorld) -> Sentence:
        waits = gettext_lazy("The organisation has editors: it waits for them as a draft.")
        return in_a_row(entry.note, waits if world.editors[entry.place] else "")

    def spare(self, verdicts: list[Verdict]) -> None:
        locked_keys(Organisation.objects.filter(pk__in={verdict.candidate.place for verdict in verdicts}))
        spare(verdicts, Programme.objects.kept_by_nobody(), self.kept())

    def write(self, plan: Plan[Verdict], verdicts: list[Verdict], *, run: ImportRun) -> None:
        write_programmes(verdicts, run=run)

    def untouched(self, run: ImportRun) -> Untouched:
        return untouched_programmes(run)

    def undo(self, run: ImportRun, part: Part) -> TakenBack:
        return undo_programmes(run, part)

    def seen_by(self, user: User) -> QuerySet[Programme]:
        return Programme.objects.visible_to(user)

    def written_by(self, run: ImportRun) -> list[int]:
        return list(run.programmes.order_by("pk").values_list("pk", flat=True))

    def index(self, pks: list[int]) -> None:
        index_programmes(pks)


def _may_move(source: str, target: str) -> bool:
    try:
        PROGRAMME.check(source, target)
    except IllegalMove:
        return False
    return True


def _title(cells: dict[str, str]) -> str:
    title = title_in(cells, NAMES)
    if not skeleton(title):
        raise CellError(next((name for name in NAMES if name in cells), NAMES[0]), gettext_lazy("The name is missing."))
    return title


def _plain_values(cells: dict[str, str], reading: Reading, world: ProgrammeWorld) -> dict[str, Any]:
    """By column, of those that the file has. An empty kind or state says nothing."""
    readers: dict[str, Callable[[str], Any]] = {
        "kind": lambda text: choice_of("kind", ProgrammeKind, text),
        "status": lambda text: choice_of("status", ProgrammeStatus, text),
        "weeks": lambda text: number_of("weeks", text, 1, 520),
        "languages": lambda text: languages_of("languages", text, world.languages),
        "sectors": lambda text: sectors_of(text, world.sectors),
        "website": website_of,
        **dict.fromkeys(DESCRIPTIONS, str),
    }
    found = {name: reading.read(read, cells[name]) for name, read in readers.items() if name in cells}
    return {name: value for name, value in found.items() if value or name not in ("kind", "status")}


def _cohort(cells: dict[str, str], reading: Reading) -> CohortSaid | None:
    """Nothing if the row names none. Without a name it is called after its year."""
    days: dict[str, Any] = {
        name: reading.read(day_of, name, cells[name]) for name in ("starts", "ends") if name in cells
    }
    if "places" in cells:
        days["places"] = reading.read(number_of, "places", cells["places"], 1, 30_000)
    name = " ".join(cells.get("cohort", "").split())
    if reading.mistakes or not (name or any(days.values())):
        return None
    starts, ends = days.get("starts"), days.get("ends")
    if starts is None:
        raise CellError("starts", gettext_lazy("Write the first day of the cohort."))
    if ends and ends < starts:
        raise CellError("ends", gettext_lazy("The last day is before the first one."))
    return CohortSaid(name or str(starts.year), days)


def _held(programme: Programme, *, is_free: bool, is_seen: bool) -> Held:
    texts = {name: programme.descriptions.get(code, "") for name, code in DESCRIPTIONS.items()}
    names = {"name_en": "en", "name_ru": "ru", "name_local": programme.organisation.country.languages[0]}
    values = {
        **{column: programme.titles.get(code, "") for column, code in names.items()},
        **texts,
        "kind": programme.kind,
        "status": programme.status,
        "weeks": programme.weeks,
        "languages": tuple(sorted(programme.languages)),
        "sectors": frozenset(sector.code for sector in programme.sectors.all()),
        "website": programme.website,
        "cohorts": {cohort.name: _said(cohort) for cohort in programme.cohorts.all()},
    }
    page = "" if programme.status == ProgrammeStatus.DRAFT else f"/programmes/{programme.uid}/"
    place, key = programme.organisation_id, programme.source_key
    return Held(programme.pk, str(programme.uid), programme.titles, place, key, values, is_free, is_seen, page)


def _said(cohort: Cohort) -> CohortSaid:
    return CohortSaid(cohort.name, {name: getattr(cohort, name) for name in ("starts", "ends", "places")})
