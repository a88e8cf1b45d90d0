"""What an import would do, row by row, beside what the registry holds."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from incubators.enums import NameKind, Origin
from incubators.models import City, Country, Organisation, OrganisationName
from incubators.names import slug_of
from incubators.services.import_rows import Candidate
from network_platform.languages import in_language

COMPARED = ("kind", "website", "founded_year", "descriptions", "source_url", "source_note")
COLUMN_OF = {"kind": "type", "descriptions": "description_en"}


@dataclass
class Verdict:
    """`outcome`: new, changed, unchanged or duplicate. `changes` is the primary key of the row to change."""

    candidate: Candidate
    outcome: str
    column: str = ""
    reason: str = ""
    matches: list[dict[str, str]] = field(default_factory=list)
    changes: int | None = None


@dataclass
class Plan:
    verdicts: list[Verdict] = field(default_factory=list)
    countries: dict[str, Country] = field(default_factory=dict)
    cities: dict[tuple[str, str], City] = field(default_factory=dict)

    def of(self, outcome: str) -> list[Verdict]:
        return [verdict for verdict in self.verdicts if verdict.outcome == outcome]


@dataclass
class Held:
    """An organisation as the registry holds it, in the words of a row. Plain values: 10,000 of them are compared."""

    pk: int
    uid: str
    title: str
    slug: str
    origin: str
    columns: dict[str, Any]
    city: str
    sectors: set[str] = field(default_factory=set)
    names: set[tuple[str, str, str]] = field(default_factory=set)


class Register:
    """The organisations of the countries concerned, findable by import key and by name. Three queries."""

    def __init__(self, countries: Iterable[Country]) -> None:
        self.by_key: dict[tuple[str, str], Held] = {}
        self.by_name: dict[tuple[str, str], dict[int, Held]] = defaultdict(dict)
        rows = Organisation.objects.filter(country__in=list(countries))
        held = self._read(rows)
        for pk, code in rows.exclude(sectors=None).order_by("pk").values_list("pk", "sectors__code"):
            held[pk].sectors.add(code)
        names = OrganisationName.objects.filter(organisation__in=rows).order_by("pk")
        columns = ("organisation_id", "text", "kind", "language", "skeleton", "organisation__country__iso2")
        for pk, text, kind, language, sound, iso2 in names.values_list(*columns):
            held[pk].names.add((text, kind, language))
            if kind != NameKind.ACRONYM:
                self.by_name[iso2, sound][pk] = held[pk]

    def _read(self, rows: QuerySet[Organisation]) -> dict[int, Held]:
        held = {}
        own = ("pk", "uid", "titles", "slug", "origin", "source_key", "country__iso2", "city__slug")
        for row in rows.order_by("pk").values(*own, *COMPARED).iterator(chunk_size=2000):
            columns = {name: row[name] for name in COMPARED}
            title, city = in_language(row["titles"]), row["city__slug"] or ""
            each = Held(row["pk"], str(row["uid"]), title, row["slug"], row["origin"], columns, city)
            held[each.pk] = each
            if row["source_key"]:
                self.by_key[row["country__iso2"], row["source_key"]] = each
        return held

    def namesakes(self, candidate: Candidate) -> list[Held]:
        """Other organisations of the country that bear the row's name, in any script."""
        return list(self.by_name.get((candidate.iso2, candidate.key), {}).values())


def plan_of(candidates: list[Candidate], countries: dict[str, Country]) -> Plan:
    plan = Plan(countries=countries)
    concerned = {candidate.iso2 for candidate in candidates}
    register = Register(countries[iso2] for iso2 in concerned)
    cities = City.objects.filter(country__iso2__in=concerned).select_related("country")
    plan.cities = {(city.country.iso2, city.slug): city for city in cities}
    seen: dict[tuple[str, str], Candidate] = {}
    for candidate in candidates:
        first = seen.setdefault((candidate.iso2, candidate.key), candidate)
        plan.verdicts.append(_verdict(candidate, register, first))
    return plan


def _verdict(candidate: Candidate, register: Register, first: Candidate) -> Verdict:
    if first is not candidate:
        reason = _("The same name stands in row %(row)s.") % {"row": first.row}
        return Verdict(candidate, "duplicate", "name_en", reason)
    known = register.by_key.get((candidate.iso2, candidate.key))
    if known is not None:
        return _compared(candidate, known)
    namesakes = register.namesakes(candidate)
    if namesakes:
        matches = [{"uid": each.uid, "name": each.title, "url": f"/incubators/{each.slug}/"} for each in namesakes]
        return Verdict(candidate, "duplicate", "name_en", _("The registry has this name already."), matches)
    return Verdict(candidate, "new", reason=candidate.note)


def _compared(candidate: Candidate, held: Held) -> Verdict:
    different = differences(candidate, held)
    if not different:
        return Verdict(candidate, "unchanged")
    if held.origin != Origin.IMPORT:
        return Verdict(candidate, "unchanged", different[0], _kept_by_editors())
    reason = _("Different: %(columns)s.") % {"columns": ", ".join(different)}
    return Verdict(candidate, "changed", different[0], reason, changes=held.pk)


def spare_taken_over(plan: Plan) -> None:
    """Lock what the plan would change, and leave alone what editors have taken over since it was made."""
    changed = {verdict.changes: verdict for verdict in plan.of("changed")}
    if not changed:
        return
    if not changed:
        return
    locked = Organisation.objects.filter(pk__in=changed, origin=Origin.IMPORT).select_for_update().order_by("pk")
    for pk in changed.keys() - set(locked.values_list("pk", flat=True)):
        verdict = changed[pk]
        verdict.outcome, verdict.reason, verdict.changes = "unchanged", _kept_by_editors(), None


def _kept_by_editors() -> str:
    return _("Its editors keep this entry; the file does not change it.")


def differences(candidate: Candidate, held: Held) -> list[str]:
    """The columns in which the row says something else than the registry."""
    found = [COLUMN_OF.get(name, name) for name in COMPARED if candidate.columns[name] != held.columns[name]]
    if (slug_of(candidate.city) if candidate.city else "") != held.city:
        found.append("city")
    if candidate.sectors != held.sectors:
        found.append("sectors")
    if {(name.text, name.kind, name.language) for name in candidate.names} != held.names:
        found.append("other_names")
    return found
