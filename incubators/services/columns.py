"""Which of our columns a file's headings mean: guessed, remembered, or said by the person who imports."""

import re
from collections.abc import Iterable, Mapping

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import override

from incubators.enums import ImportStatus
from incubators.models import ColumnMapping, ImportRun
from incubators.services.imports.kind import ImportedKind
from incubators.tables import headings_of, missing_columns
from network_platform.languages import WORKING_LANGUAGES
from network_platform.people.models import User

# Columns of our own tables that say nothing to an import.
SILENT = ("listing", "verified_until", "page", "mistake")
LEFT_OUT = ""
_SIGNS = re.compile(r"[\W_]+")


def guess(headings: Iterable[str], *, by: User, kind: ImportedKind) -> dict[str, str]:
    """Our column by heading, LEFT_OUT for what is not understood; each column once, the first heading keeps it."""
    own = ColumnMapping.objects.filter(by=by, kind=kind.code, column__in=[LEFT_OUT, *kind.read])
    remembered = dict(own.values_list("heading", "column"))
    meant = _meanings_of(kind)
    found: dict[str, str] = {}
    for heading in headings:
        column = remembered.get(heading, meant.get(heading) or meant.get(_plain(heading), LEFT_OUT))
        found[heading] = LEFT_OUT if column in found.values() else column
    return found


def is_plain(mapping: Mapping[str, str], kind: ImportedKind) -> bool:
    """Nothing has to be asked: every heading is our own word, or one that says nothing to an import."""
    known = {*kind.read, *kind.aliases, *SILENT}
    return all(heading in known for heading in mapping) and not missing(mapping, kind)


def missing(mapping: Mapping[str, str], kind: ImportedKind) -> list[str]:
    """The needed columns that no heading stands for; of a choice the first one."""
    return [choice[0] for choice in missing_columns(mapping.values(), kind.needed())]


def not_understood(run: ImportRun, kind: ImportedKind) -> set[str]:
    """Headings that are no word of ours and that this person has never answered for."""
    meant = _meanings_of(kind)
    answered = set(ColumnMapping.objects.filter(by=run.by, kind=run.kind).values_list("heading", flat=True))
    return {each for each in run.mapping if each[:120] not in answered and not {each, _plain(each)} & meant.keys()}


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


def _meanings_of(kind: ImportedKind) -> dict[str, str]:
    """Our column by what people write above it; last by what we call it, in either working language."""
    words = {word.strip(): column for column, several in kind.words.items() for word in several.split(";")}
    own = {column: column for column in kind.read}
    return _called(kind) | words | dict.fromkeys(SILENT, LEFT_OUT) | dict(kind.aliases) | own


def _called(kind: ImportedKind) -> dict[str, str]:
    found: dict[str, str] = {}
    for language in WORKING_LANGUAGES:
        with override(language):
            found |= {_plain(label.lower()): column for column, label in kind.labels().items()}
    return found


def _plain(heading: str) -> str:
    return _SIGNS.sub(" ", heading.replace("ё", "е")).strip()
