"""Organisations from a file: listed as unverified, and never changed once they were confirmed or editors keep them."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from incubators.enums import ImportKind, OrganisationKind
from incubators.listing_values import DESCRIPTIONS, FIELD_LABELS, description_label, name_label
from incubators.models import Country, ImportRun, Language, Organisation, Sdg, Sector
from incubators.services.imports.cells import RowError
from incubators.services.imports.kind import ImportedKind, Judged, Mistaken, Part, Rows, TakenBack, Untouched
from incubators.services.imports.organisation_plan import (
    OrganisationPlan,
    OrganisationVerdict,
    plan_of,
    spare_taken_over,
)
from incubators.services.imports.organisation_rows import ALIASES, COLUMNS, NEEDED, Candidate, candidate_of, title_in
from incubators.services.imports.organisation_undo import undo_organisations, untouched_organisations
from incubators.services.imports.organisation_writes import index_organisations, write_plan
from incubators.tables import Needed
from network_platform.people.models import User


class Organisations(ImportedKind):
    code = ImportKind.ORGANISATIONS
    also = ("names", "uid", *(name for name in DESCRIPTIONS if name not in COLUMNS))
    aliases = ALIASES
    needs_index = True
    words = {
        "name_en": "name; name english; english name; organisation; organization; title; organisation name",
        "name_ru": "название; наименование; название на русском; имя; организация; полное название",
        "name_local": "local name; national name; название на государственном языке; аталышы; атауы; nomi; adı; номи",
        "other_names": "aliases; short name; acronym; сокращение; другие названия; краткое название",
        "type": "kind; type of organisation; category; тип; вид; категория; тип организации",
        "country_iso2": "country; country code; iso; iso2; страна; код страны; өлкө; ел; mamlakat; ölkə",
        "city": "town; location; город; населенный пункт; шаар; қала; shahar; şəhər",
        "website": "site; web; url; web site; homepage; link; сайт; вебсайт; веб сайт; ссылка; адрес сайта",
        "founded_year": "founded; year; year founded; established; year of foundation; год; год основания; "
        "год создания",
        "description_en": "description; about; english description; description english",
        "description_ru": "описание; о нас; описание на русском; деятельность",
        "sectors": "sector; industry; industries; focus; отрасль; отрасли; сектор; секторы; направления",
        "sdgs": "sdg; goals; цур; цели; цели устойчивого развития",
        "languages": "language; working languages; languages of work; язык; языки; рабочие языки; языки работы",
        "source_url": "source; source link; источник; ссылка на источник",
        "source_note": "note; notes; comment; remarks; примечание; комментарий; заметка",
    }

    def columns(self) -> tuple[str, ...]:
        return COLUMNS

    def needed(self) -> Needed:
        return NEEDED

    def labels(self) -> dict[str, str]:
        own = {ALIASES.get(name, name): str(label) for name, label in FIELD_LABELS.items()}
        return {
            **{column: label for column, label in own.items() if column in COLUMNS},
            "name_en": name_label("en"),
            "name_ru": name_label("ru"),
            "name_local": _("Name in a national language"),
            "country_iso2": _("Country"),
            **{name: description_label(code) for name, code in DESCRIPTIONS.items()},
            "source_url": _("Source"),
            "source_note": _("Note on the source"),
            "names": _("Names with the code of their language"),
            "uid": _("Number in the registry (uid)"),
        }

    def example(self) -> dict[str, str]:
        return {
            "name_en": "Sample Hub",
            "name_ru": "Образец",
            "other_names": "SH; Sample Lab",
            "type": "hub",
            "country_iso2": "KZ",
            "city": "Almaty",
            "website": "https://sample.example",
            "founded_year": "2018",
            "description_en": "Rooms and mentors for teams.",
            "sectors": "ict; circular",
            "sdgs": "9; 12",
            "languages": "en; ru; kk",
            "source_url": "https://sample.example/about",
        }

    def codes(self) -> list[tuple[str, list[tuple[str, str]]]]:
        sectors = [(sector.code, str(sector)) for sector in Sector.objects.all()]
        return [
            ("type", [(kind.value, str(kind.label)) for kind in OrganisationKind]),
            ("sectors", sectors),
            ("sdgs", [(str(goal.number), str(goal)) for goal in Sdg.objects.all()]),
            ("languages", [(language.code, str(language)) for language in Language.objects.all()]),
        ]

    def judge(self, rows: Rows, *, by: User, served: Mapping[str, Country]) -> Judged:
        sectors, languages = Sector.objects.by_word(), Language.objects.by_code()
        candidates: list[Candidate] = []
        mistaken: list[Mistaken] = []
        for number, cells in rows:
            try:
                candidates.append(candidate_of(number, cells, countries=served, sectors=sectors, languages=languages))
            except RowError as error:
                mistaken.append(Mistaken(number, error, title_in(cells)))
        return Judged(plan_of(candidates, dict(served)), mistaken)

    def spare(self, verdicts: list[OrganisationVerdict]) -> None:
        spare_taken_over(verdicts)

    def write(self, plan: OrganisationPlan, verdicts: list[OrganisationVerdict], *, run: ImportRun) -> None:
        write_plan(plan, verdicts, run=run)

    def untouched(self, run: ImportRun) -> Untouched:
        return untouched_organisations(run)

    def undo(self, run: ImportRun, part: Part) -> TakenBack:
        return undo_organisations(run, part)

    def seen_by(self, user: User) -> QuerySet[Organisation]:
        return Organisation.objects.visible_to(user)

    def written_by(self, run: ImportRun) -> list[int]:
        return list(run.organisations.order_by("pk").values_list("pk", flat=True))

    def index(self, pks: list[Any]) -> None:
        index_organisations(pks)
