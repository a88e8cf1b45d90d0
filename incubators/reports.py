"""Tables out: the list, and what an import's report has to tell."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from operator import itemgetter
from typing import Any

from django.contrib.auth.models import AnonymousUser

from incubators.facets import listing_of
from incubators.listing_values import DESCRIPTIONS
from incubators.models import City, Figure, ImportRun, Organisation, YearlyFigures
from incubators.services.imports.kind import ImportedKind
from incubators.services.imports.kinds import kind_of
from incubators.services.imports.report import told_here
from incubators.tables import table_of
from network_platform.languages import WORKING_LANGUAGES, in_language
from network_platform.people.models import User
from network_platform.zones import today

COLUMNS = (
    "uid",
    "name_en",
    "name_ru",
    "names",
    "kind",
    "country_iso2",
    "city",
    "website",
    "founded_year",
    "sectors",
    "sdgs",
    "languages",
    *DESCRIPTIONS,
    "listing",
    "verified_until",
    "source_url",
    "page",
)
# Of these columns, read first, `directory_table` makes those; all others are columns of the organisation as they are.
MADE_OF = ("pk", "titles", "descriptions", "country__iso2", "city", "languages", "status", "verified_until", "slug")
MADE = (
    "name_en",
    "name_ru",
    "names",
    "country_iso2",
    "city",
    "sectors",
    "sdgs",
    "languages",
    *DESCRIPTIONS,
    "listing",
    "page",
)
READ = (*MADE_OF, *(name for name in COLUMNS if name not in (*MADE, *MADE_OF)))
PLACES = {name: place for place, name in enumerate((*READ, *MADE))}
in_order = itemgetter(*(PLACES[name] for name in COLUMNS))

MOST_TOLD = 300
MISTAKE = "mistake"
TOLD_FIRST = ("error", "duplicate", "changed", "unchanged", "new")


def told_rows(report: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows of an import's report that say something: what needs somebody first, what is new last."""
    rows = [row for row in report["rows"] if row["outcome"] != "unchanged" or row["reason"]]
    return sorted(rows, key=lambda row: (TOLD_FIRST.index(row["outcome"]), row["row"]))


def spelled(rows: list[dict[str, Any]], kind: ImportedKind) -> list[dict[str, Any]]:
    """These rows with sentences, columns and codes in the reader's words."""
    labels: dict[Any, str] = kind.labels()
    words = {column: dict(pairs) for column, pairs in kind.codes()}

    def heading(column: str | None) -> str:
        return str(labels.get(column, column or ""))

    def value(column: str, text: str) -> str:
        known = words.get(column, {})
        return "; ".join(str(known.get(part, part)) for part in text.split("; ")) if known else text

    return [
        {
            **row,
            "column": heading(row["column"]),
            "mistakes": [{**each, "column": heading(each["column"])} for each in row.get("mistakes", [])],
            "changes": [
                {"column": heading(name), **{at: value(name, each[at]) for at in ("before", "after")}}
                for each in row.get("changes", [])
                for name in [each["column"]]
            ],
        }
        for row in told_here(rows)
    ]


def seen_only(rows: list[dict[str, Any]], kind: ImportedKind, user: User) -> list[dict[str, Any]]:
    """These rows without what they resemble and the reader may read no more: offices end, reports stay."""
    uids = {match["uid"] for row in rows for match in row["matches"]}
    seen = set(map(str, kind.seen_by(user).filter(uid__in=uids).values_list("uid", flat=True))) if uids else set()
    return [row | {"matches": [match for match in row["matches"] if match["uid"] in seen]} for row in rows]


def mistakes_of(row: dict[str, Any]) -> list[dict[str, str]]:
    """All mistakes of a row of a report; one that was kept with its first mistake only tells that."""
    return row.get("mistakes") or [{"column": row["column"], "reason": row["reason"]}]


def mistakes_table(run: ImportRun) -> Iterator[list[str]]:
    """The rows of an imported file that were refused, as they came, with our columns and what is wrong in each."""
    table = table_of(run.text, needed=kind_of(run.kind).needed(), mapping=run.mapping)
    columns = table.columns
    wrong = {row["row"]: row for row in told_here([row for row in run.report["rows"] if row["outcome"] == "error"])}
    yield [*columns, MISTAKE]
    for number, cells in table.rows:
        if number in wrong:
            said = " ".join(f"{each['column']}: {each['reason']}" for each in mistakes_of(wrong[number]))
            yield [*(cells.get(name, "") for name in columns), said]


def directory_table(ids: set[int], base_url: str) -> Iterator[tuple[Any, ...]]:
    """The public list's organisations with these primary keys, in order of name: four queries, no contact data."""
    yield COLUMNS
    sectors, goals, cities, day = _sector_codes(), _goal_numbers(), _city_names(), today()
    organisations = Organisation.objects.visible_to(AnonymousUser()).in_directory().order_by("sort_key", "pk")
    for row in organisations.values_list(*READ).iterator(chunk_size=2000):
        pk, titles, descriptions, iso2, city, languages, status, until, slug, *_as_they_are = row
        if pk in ids:
            made = (
                titles.get("en", ""),
                titles.get("ru", ""),
                "; ".join([f"{code}: {text}" for code, text in titles.items() if code not in WORKING_LANGUAGES]),
                iso2,
                cities.get(city, ""),
                sectors.get(pk, ""),
                goals.get(pk, ""),
                "; ".join(languages),
                *[descriptions.get(code, "") for code in DESCRIPTIONS.values()],
                listing_of(status, until, day),
                f"{base_url}/incubators/{slug}/",
            )
            yield in_order(row + made)


def _city_names() -> dict[int, str]:
    return {pk: in_language(names, "en") for pk, names in City.objects.values_list("pk", "names")}


def _sector_codes() -> dict[int, str]:
    """Of each organisation, in the order of the sectors."""
    pairs = Organisation.sectors.through.objects.values_list("organisation_id", "sector__order", "sector__code")
    return _joined(pairs.iterator(chunk_size=5000))


def _goal_numbers() -> dict[int, str]:
    pairs = Organisation.sdgs.through.objects.values_list("organisation_id", "sdg__number", "sdg__number")
    return _joined(pairs.iterator(chunk_size=5000))


def _joined(triples: Iterable[tuple[int, int, Any]]) -> dict[int, str]:
    """By organisation, from (organisation, place, value)."""
    found: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for organisation, place, value in triples:
        found[organisation].append((place, str(value)))
    return {pk: "; ".join([value for _place, value in sorted(ones)]) for pk, ones in found.items()}


def figures_table(organisation: Organisation) -> Iterator[list[Any]]:
    """What the organisation publishes of its yearly figures, one number a row, with its definition."""
    yield ["code", "name", "kind", "currency", "year", "value", "definition"]
    shown = YearlyFigures.objects.public().filter(organisation=organisation)
    values = Figure.objects.filter(figures__in=shown).select_related("figures", "definition__indicator")
    for each in values.order_by("definition__indicator__order", "money_kind", "currency", "figures__year"):
        indicator, value = each.definition.indicator, f"{each.value.normalize():f}"
        what = [indicator.code, str(indicator), each.money_kind, each.currency]
        yield [*what, each.figures.year, value, str(each.definition)]
