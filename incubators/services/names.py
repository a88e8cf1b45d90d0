"""Writing an organisation's names."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from incubators.enums import NameKind
from incubators.models import Organisation, OrganisationName
from incubators.names import script_of, skeleton, slug_of, sort_key
from network_platform.zones import today


@dataclass(frozen=True)
class Name:
    """A name as it is known before it is a row."""

    text: str
    kind: str = NameKind.LABEL
    language: str = ""
    until: date | None = None


def name_rows(organisation: Organisation, names: Iterable[Name]) -> list[OrganisationName]:
    """Unsaved rows, each name once; empty ones are left out."""
    unique = {(name.text, name.kind, name.language): name for name in names if name.text}
    return [
        OrganisationName(
            organisation=organisation,
            text=name.text,
            kind=name.kind,
            language=name.language,
            script=script_of(name.text),
            skeleton=skeleton(name.text)[:300],
            until=name.until,
        )
        for name in unique.values()
    ]


def set_titles(organisation: Organisation, names: Iterable[Name]) -> None:
    """Set the columns that are made from names, unsaved: `titles` and `sort_key`."""
    names = list(names)
    display = next(name for name in names if name.kind == NameKind.DISPLAY)
    labels = {name.language: name.text for name in names if name.kind == NameKind.LABEL and name.language}
    organisation.titles = {**labels, display.language or "en": display.text}
    organisation.sort_key = sort_key(display.text)


def set_names(organisation: Organisation, names: Iterable[Name]) -> None:
    """Replace all names of a saved organisation; the caller saves `titles` and `sort_key`."""
    names = list(names)
    set_titles(organisation, names)
    organisation.names.all().delete()
    OrganisationName.objects.bulk_create(name_rows(organisation, names))


def change_names(organisation: Organisation, names: Iterable[Name]) -> None:
    """Replace the names; one that readers have seen and that is dropped stays as a former one, with its last day."""
    names = list(names)
    borne = {name.text for name in names}
    seen = {row.text: row for row in organisation.names.all()} if organisation.listed_at else {}
    former = [
        Name(row.text, NameKind.ALIAS, row.language, until=row.until or today())
        for row in seen.values()
        if row.text not in borne
    ]
    set_names(organisation, [*names, *former])


def free_slug(text: str, *, taken: set[str] | None = None) -> str:
    """A slug that no organisation has, nor is called by in short; `taken` are further ones about to be used."""
    base = slug_of(text)
    used = set(Organisation.objects.filter(slug__startswith=base).values_list("slug", flat=True)) | (taken or set())
    if base not in used and base not in RESERVED_SLUGS and not _abbreviates_another(base):
        return base
    return next(slug for number in range(2, 10**6) if (slug := f"{base}-{number}") not in used)


def _abbreviates_another(slug: str) -> bool:
    """Whether this is how an organisation of the registry is called in short."""
    short = OrganisationName.objects.filter(kind=NameKind.ACRONYM, skeleton=skeleton(slug))
    return any(slug_of(text) == slug for text in short.values_list("text", flat=True))


# Words that the list's own addresses use.
RESERVED_SLUGS = {
    "claims",
    "duplicates",
    "embed",
    "export",
    "import",
    "invitations",
    "mergers",
    "mine",
    "new",
    "queue",
    "remarks",
    "searches",
    "still-true",
    "transfers",
}
