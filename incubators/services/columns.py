"""Which of our columns a file's headings mean: guessed, remembered, or said by the person who imports."""

import re
from collections.abc import Iterable, Mapping

from django.core.exceptions import PermissionDenied
from django.db import transaction

from incubators.enums import ImportKind, ImportStatus
from incubators.models import ColumnMapping, ImportRun
from incubators.services.import_rows import ALIASES, COLUMNS, NEEDED
from incubators.tables import headings_of, missing_columns
from network_platform.people.models import User

READ = (*COLUMNS, "names", "uid")
# Columns of our own tables that say nothing to an import.
SILENT = ("listing", "verified_until", "page", "mistake")
LEFT_OUT = ""
# What people write above a column, in small letters without signs.
_WORDS = {
    "name_en": "name; name english; english name; organisation; organization; title; organisation name",
    "name_ru": "название; наименование; название на русском; имя; организация; полное название",
    "name_local": "local name; national name; название на государственном языке; аталышы; атауы; nomi; adı; номи",
    "other_names": "aliases; short name; acronym; сокращение; другие названия; краткое название",
    "type": "kind; type of organisation; category; тип; вид; категория; тип организации",
    "country_iso2": "country; country code; iso; iso2; страна; код страны; өлкө; ел; mamlakat; ölkə",
    "city": "town; location; город; населенный пункт; шаар; қала; shahar; şəhər",
    "website": "site; web; url; web site; homepage; link; сайт; вебсайт; веб сайт; ссылка; адрес сайта",
    "founded_year": "founded; year; year founded; established; year of foundation; год; год основания; год создания",
    "description_en": "description; about; english description; description english",
    "description_ru": "описание; о нас; описание на русском; деятельность",
    "sectors": "sector; industry; industries; focus; отрасль; отрасли; сектор; секторы; направления",
    "source_url": "source; source link; источник; ссылка на источник",
    "source_note": "note; notes; comment; remarks; примечание; комментарий; заметка",
}
_MEANS = {word.strip(): column for column, words in _WORDS.items() for word in words.split(";")}
_SIGNS = re.compile(r"[\W_]+")


def guess(headings: Iterable[str], *, by: User, kind: str = ImportKind.ORGANISATIONS) -> dict[str, str]:
    """Our column by heading, LEFT_OUT for what is not understood; each column once, the first heading keeps it."""
    own = ColumnMapping.objects.filter(by=by, kind=kind)
    remembered = dict(own.values_list("heading", "column"))
    found: dict[str, str] = {}
    for heading in headings:
        column = remembered.get(heading, _meant_by(heading))
        found[heading] = LEFT_OUT if column in found.values() else column
    return found


def is_plain(mapping: Mapping[str, str]) -> bool:
    """Nothing has to be asked: every heading is our own word, or one that says nothing to an import."""
    known = {*READ, *ALIASES, *SILENT}
    return all(heading in known for heading in mapping) and not missing(mapping)


def missing(mapping: Mapping[str, str]) -> list[str]:
    """The needed columns that no heading stands for; of a choice the first one."""
    return [choice[0] for choice in missing_columns(mapping.values(), NEEDED)]


@transaction.atomic
def remember(*, run: ImportRun, by: User, mapping: Mapping[str, str]) -> ImportRun:
    """Keep what the headings of this file mean, for this file and as the next guess."""
    run = ImportRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if run.by_id != by.pk or run.status != ImportStatus.CHECKED:
        raise PermissionDenied
    run.mapping = {heading: mapping.get(heading, LEFT_OUT) for heading in headings_of(run.text)}
    run.save(update_fields=["mapping"])
    rows = [ColumnMapping(by=by, kind=run.kind, heading=each[:120], column=run.mapping[each]) for each in run.mapping]
    ColumnMapping.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["by", "kind", "heading"], update_fields=["column"]
    )
    return run


def _meant_by(heading: str) -> str:
    if heading in READ:
        return heading
    if heading in SILENT:
        return LEFT_OUT
    plain = _SIGNS.sub(" ", heading.replace("ё", "е")).strip()
    return ALIASES.get(heading) or _MEANS.get(plain, LEFT_OUT)
