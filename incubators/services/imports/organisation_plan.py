"""What an import would do, row by row, beside what the registry holds.

Organisations are no `ComparedKind`: they bear many names, each a row of its own, of which the file may know some; a row
is found by any of them, and its names are merged with those that are there, where other columns are replaced.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from incubators.enums import PUBLIC_STATUSES, NameKind, OrganisationStatus
from incubators.listing_values import DESCRIPTIONS, PLAIN
from incubators.models import City, Country, Organisation, OrganisationName
from incubators.names import slug_of
from incubators.services.imports.cells import lines_of
from incubators.services.imports.compared_rows import spare
from incubators.services.imports.organisation_rows import Candidate
from incubators.services.imports.sentences import Kept, Sentence, filled, kept
from incubators.services.imports.verdicts import Change, Plan, Verdict, shown
from incubators.services.names import Name
from network_platform.languages import WORKING_LANGUAGES
from network_platform.spreadsheets import safe

COMPARED_COLUMNS = (*PLAIN, "source_url", "source_note")
COLUMN_OF = {"kind": "type"}


@dataclass
class OrganisationVerdict(Verdict):
    """`names` is what the organisation will be called."""

    names: list[Name] = field(default_factory=list)


@dataclass
class OrganisationPlan(Plan[OrganisationVerdict]):
    """With the countries and cities concerned, and the slugs that are not free."""

    countries: dict[str, Country] = field(default_factory=dict)
    cities: dict[tuple[str, str], City] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)


@dataclass
class HeldOrganisation:
    """An organisation as the registry holds it, in the words of a row. Plain values: 10,000 of them are compared."""

    pk: int
    uid: str
    titles: dict[str, str]
    slug: str
    status: str
    columns: dict[str, Any]
    city: str
    city_names: dict[str, str]
    is_kept: bool
    sectors: set[str] = field(default_factory=set)
    goals: set[int] = field(default_factory=set)
    names: list[Name] = field(default_factory=list)


class Register:
    """The organisations of the countries concerned, findable by uid, import key and name. Four queries."""

    def __init__(self, countries: Iterable[Country]) -> None:
        self.by_uid: dict[tuple[str, str], HeldOrganisation] = {}
        self.by_key: dict[tuple[str, str], HeldOrganisation] = {}
        self.by_name: dict[tuple[str, str], dict[int, HeldOrganisation]] = defaultdict(dict)
        rows = Organisation.objects.filter(country__in=list(countries))
        held = self._read(rows)
        for pk, code in rows.exclude(sectors=None).order_by("pk").values_list("pk", "sectors__code"):
            held[pk].sectors.add(code)
        for pk, number in rows.exclude(sdgs=None).order_by("pk").values_list("pk", "sdgs__number"):
            held[pk].goals.add(number)
        names = OrganisationName.objects.filter(organisation__in=rows).order_by("pk")
        columns = ("organisation_id", "text", "kind", "language", "until", "skeleton", "organisation__country__iso2")
        for pk, text, kind, language, until, sound, iso2 in names.values_list(*columns):
            held[pk].names.append(Name(text, kind, language or ("en" if kind == NameKind.DISPLAY else ""), until))
            if kind != NameKind.ACRONYM:
                self.by_name[iso2, sound][pk] = held[pk]

    def _read(self, rows: QuerySet[Organisation]) -> dict[int, HeldOrganisation]:
        held = {}
        own = ("pk", "uid", "titles", "slug", "status", "source_key", "country__iso2", "city__slug", "city__names")
        free = Organisation.objects.kept_by_nobody().filter(pk=OuterRef("pk"))
        for row in (
            rows.annotate(is_free=Exists(free))
            .order_by("pk")
            .values(*own, "is_free", "descriptions", *COMPARED_COLUMNS)
            .iterator(chunk_size=2000)
        ):
            texts = {name: row["descriptions"].get(code, "") for name, code in DESCRIPTIONS.items()}
            columns = texts | {name: row[name] for name in COMPARED_COLUMNS} | {"languages": sorted(row["languages"])}
            place = (row["city__slug"] or "", row["city__names"] or {})
            each = HeldOrganisation(
                row["pk"],
                str(row["uid"]),
                row["titles"],
                row["slug"],
                row["status"],
                columns,
                *place,
                is_kept=not row["is_free"],
            )
            held[each.pk] = self.by_uid[row["country__iso2"], each.uid] = each
            if row["source_key"]:
                self.by_key[row["country__iso2"], row["source_key"]] = each
        return held

    def known(self, candidate: Candidate) -> HeldOrganisation | None:
        """The organisation that the row is about, if it says so by its uid or comes again from an import."""
        return self.by_uid.get((candidate.iso2, candidate.uid)) or self.by_key.get((candidate.iso2, candidate.key))

    def namesakes(self, candidate: Candidate) -> list[HeldOrganisation]:
        """Other organisations of the country that bear the row's name, in any script."""
        return list(self.by_name.get((candidate.iso2, candidate.key), {}).values())


def plan_of(candidates: list[Candidate], countries: dict[str, Country]) -> OrganisationPlan:
    plan = OrganisationPlan(countries=countries)
    concerned = {candidate.iso2 for candidate in candidates}
    register = Register(countries[iso2] for iso2 in concerned)
    cities = City.objects.filter(country__iso2__in=concerned).select_related("country")
    plan.cities = {(city.country.iso2, city.slug): city for city in cities}
    seen: dict[tuple[str, str], Candidate] = {}
    for candidate in candidates:
        known = register.known(candidate)
        first = seen.setdefault((candidate.iso2, known.uid if known else candidate.key), candidate)
        plan.verdicts.append(_verdict(candidate, register, first, known))
    return plan


def _verdict(
    candidate: Candidate, register: Register, first: Candidate, known: HeldOrganisation | None
) -> OrganisationVerdict:
    if first is not candidate:
        reason = filled(_("The same name stands in row %(row)s."), {"row": first.row})
        return OrganisationVerdict(candidate, "duplicate", candidate.name_column, reason)
    if known is not None:
        return replace(_compared(candidate, known), uid=known.uid, page=page_of(known.slug))
    namesakes = register.namesakes(candidate)
    if namesakes:
        matches = [_match(each) for each in namesakes]
        known_name = _("The registry has this name already.")
        return OrganisationVerdict(candidate, "duplicate", candidate.name_column, known_name, matches)
    return OrganisationVerdict(candidate, "new", reason=candidate.note, names=candidate.names)


def _match(held: HeldOrganisation) -> dict[str, Any]:
    """`state` says why not everybody reads it, if that is so: the importer serves its country, and may."""
    state = "" if held.status in PUBLIC_STATUSES else kept(OrganisationStatus(held.status).label)
    return {"uid": held.uid, "name": held.titles, "url": page_of(held.slug), "state": state}


def _compared(candidate: Candidate, held: HeldOrganisation) -> OrganisationVerdict:
    names = merged_names(candidate, held)
    different = differences(candidate, held, names)
    if not different:
        return OrganisationVerdict(candidate, "unchanged")
    if held.is_kept:
        return OrganisationVerdict(candidate, "unchanged", different[0].column, _kept(), different=different)
    columns = ", ".join(change.column for change in different)
    reason = filled(_("Different: %(columns)s."), {"columns": columns})
    found = OrganisationVerdict(candidate, "changed", different[0].column, reason, different=different)
    found.changes, found.names = held.pk, names
    return found


def page_of(slug: str) -> str:
    """The path below the language."""
    return f"/incubators/{slug}/"


def spare_taken_over(verdicts: list[OrganisationVerdict]) -> None:
    """Lock what they would change, and leave alone what editors have taken over since the plan was made."""
    spare(verdicts, Organisation.objects.kept_by_nobody(), _kept())


def _kept() -> Sentence:
    return _("This entry was confirmed, or its editors keep it; the file does not change it.")


def merged_names(candidate: Candidate, held: HeldOrganisation) -> list[Name]:
    """The row's names, and the registry's where the file has no column for them; the one shown first in front.

    A language may have two names in the registry and one in the file: what is there already says nothing new.
    """
    said: dict[str, list[Name]] = defaultdict(list)
    for name in candidate.names:
        said[_place(name)].append(name)
    stay = [name for name in held.names if not _replaces(candidate, said, name, held)]
    unique = {(name.text, _plain_kind(name), name.language): name for name in [*candidate.names, *stay]}
    front = next((name for name in stay if name.kind == NameKind.DISPLAY), None) or next(
        (name for name in held.names if name.kind == NameKind.DISPLAY and _key(name) in unique), candidate.names[0]
    )
    rest = [Name(*key, name.until) for key, name in unique.items() if key != _key(front)]
    return [Name(front.text, NameKind.DISPLAY, front.language), *rest]


def _replaces(candidate: Candidate, said: dict[str, list[Name]], name: Name, held: HeldOrganisation) -> bool:
    """Whether the row speaks for this name of the registry's."""
    place, given = _place(name), candidate.given
    columns = {"coded": {"names", "name_local"}, "uncoded": {"name_local"}}.get(place, {place})
    if not columns & given:
        return False
    there = {each.text for each in held.names if _place(each) == place}
    only_known = bool(said[place]) and {each.text for each in said[place]} <= there
    return not (only_known and "name_local" not in given and place != "other_names")


def _place(name: Name) -> str:
    """The column, or columns, in which a name stands."""
    if name.kind in (NameKind.ALIAS, NameKind.ACRONYM):
        return "other_names"
    if name.language in WORKING_LANGUAGES:
        return f"name_{name.language}"
    return "coded" if name.language else "uncoded"


def _plain_kind(name: Name) -> str:
    return NameKind.LABEL if name.kind == NameKind.DISPLAY else name.kind


def _key(name: Name) -> tuple[str, str, str]:
    return name.text, _plain_kind(name), name.language


def differences(candidate: Candidate, held: HeldOrganisation, names: list[Name]) -> list[Change]:
    """The columns in which the row says something else than the registry."""
    pairs: list[tuple[str, Any, Any]] = [
        (COLUMN_OF.get(name, name), held.columns[name], said) for name, said in candidate.columns.items()
    ]
    if "city" in candidate.given and (slug_of(candidate.city) if candidate.city else "") != held.city:
        pairs.append(("city", held.city_names, candidate.city))
    if "sectors" in candidate.given:
        pairs.append(("sectors", "; ".join(sorted(held.sectors)), "; ".join(sorted(candidate.sectors))))
    if "sdgs" in candidate.given:
        before, after = ("; ".join(map(str, sorted(goals))) for goals in (held.goals, candidate.goals))
        pairs.append(("sdgs", before, after))
    found = [Change(column, told(old), told(new)) for column, old, new in pairs if not _says_the_same(old, new)]
    return found + _different_names(held.names, names)


def _says_the_same(held: Any, said: Any) -> bool:
    """Texts are the same whatever parts their lines, and behind the apostrophe that our tables put before a sign."""
    if not isinstance(held, str):
        return held == said
    return lines_of(held) in (said, lines_of(said)) or lines_of(safe(held.strip())) == said


def told(value: Any) -> Kept:
    return value if isinstance(value, dict) else shown("; ".join(value) if isinstance(value, list) else value)


def _different_names(before: list[Name], after: list[Name]) -> list[Change]:
    found, old, new = [], {_key(name) for name in before}, {_key(name) for name in after}
    for place in ("name_en", "name_ru", "coded", "uncoded", "other_names"):
        texts = [
            "; ".join(name.text for name in names if _place(name) == place and _key(name) not in other)
            for names, other in ((before, new), (after, old))
        ]
        if any(texts):
            found.append(Change("name_local" if "coded" in place else place, *map(shown, texts)))
    return found
