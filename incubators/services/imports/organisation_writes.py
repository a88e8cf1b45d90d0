"""Writing an import's plan in bulk: the number of statements does not grow with the rows."""

from typing import cast

from django.db import transaction
from django.utils import timezone

from incubators.enums import OrganisationStatus, Origin
from incubators.listing_values import DESCRIPTIONS, host_of
from incubators.models import City, ImportRun, Organisation, OrganisationName, Sdg, Sector
from incubators.names import slug_of
from incubators.services.entry_undo import UNDO_COLUMNS, snapshot
from incubators.services.imports.organisation_plan import OrganisationPlan, OrganisationVerdict, page_of
from incubators.services.names import RESERVED_SLUGS, name_rows, set_titles
from incubators.services.news import tell_feed_of_import
from incubators.services.reindexing import documents_of, touch_registry, with_words
from incubators.services.related import replace_related
from network_platform.search.services import put_many
from network_platform.zones import today

BATCH = 2000
CHANGED = (*UNDO_COLUMNS, "city", "source_date", "import_run", "updated_at")

Written = list[tuple[Organisation, OrganisationVerdict]]


def write_plan(plan: OrganisationPlan, verdicts: list[OrganisationVerdict], *, run: ImportRun) -> None:
    """Add the new organisations as listed and unverified, change the changed ones, and show both to readers.

    `verdicts` are those of the plan that are to be written. What it did is added to `run.before`.
    """
    _add_cities(plan, verdicts)
    made = _add_new(plan, [verdict for verdict in verdicts if verdict.outcome == "new"], run)
    changed = _change(
        plan, {cast(int, verdict.changes): verdict for verdict in verdicts if verdict.outcome == "changed"}, run
    )
    run.keep_before(new=[organisation.uid for organisation, _verdict in made])
    _replace_names(made + changed, changed)
    _replace_sectors_and_goals(made + changed)
    if made or changed:
        touch_registry()
        tell_feed_of_import([each for each, _verdict in made], [each for each, _verdict in changed])


def _add_cities(plan: OrganisationPlan, verdicts: list[OrganisationVerdict]) -> None:
    wanted = {
        (verdict.candidate.iso2, slug_of(verdict.candidate.city)): verdict.candidate.city
        for verdict in verdicts
        if verdict.candidate.city
    }
    missing = [
        City(country=plan.countries[iso2], slug=slug, names={"en": text})
        for (iso2, slug), text in wanted.items()
        if (iso2, slug) not in plan.cities
    ]
    for city in City.objects.bulk_create(missing, batch_size=BATCH):
        plan.cities[city.country.iso2, city.slug] = city


def _add_new(plan: OrganisationPlan, verdicts: list[OrganisationVerdict], run: ImportRun) -> Written:
    if not plan.taken:
        plan.taken = set(Organisation.objects.values_list("slug", flat=True)) | RESERVED_SLUGS
    now = timezone.now()
    pairs = []
    for verdict in verdicts:
        candidate = verdict.candidate
        organisation = Organisation(
            country=plan.countries[candidate.iso2],
            slug=_free(slug_of(candidate.title), plan.taken),
            status=OrganisationStatus.LISTED,
            origin=Origin.IMPORT,
            source_key=candidate.key,
            listed_at=now,
            created_at=now,
            updated_at=now,
            created_by=run.by,
        )
        _fill(organisation, verdict, plan, run)
        verdict.page = page_of(organisation.slug)
        pairs.append((organisation, verdict))
    Organisation.objects.bulk_create([organisation for organisation, _verdict in pairs], batch_size=BATCH)
    return pairs


def _change(plan: OrganisationPlan, verdicts: dict[int, OrganisationVerdict], run: ImportRun) -> Written:
    if not verdicts:
        return []
    found = Organisation.objects.locked().filter(pk__in=verdicts)
    pairs = [(organisation, verdicts[organisation.pk]) for organisation in found]
    run.keep_before(changed=snapshot(organisation for organisation, _verdict in pairs))
    for organisation, verdict in pairs:
        _fill(organisation, verdict, plan, run)
    Organisation.objects.bulk_update([organisation for organisation, _verdict in pairs], CHANGED, batch_size=500)
    return pairs


def _fill(organisation: Organisation, verdict: OrganisationVerdict, plan: OrganisationPlan, run: ImportRun) -> None:
    """What the row says; what it does not speak of stays."""
    candidate = verdict.candidate
    said = {DESCRIPTIONS[name]: text for name, text in candidate.columns.items() if name in DESCRIPTIONS}
    merged = {**organisation.descriptions, **said}
    organisation.descriptions = {code: text for code, text in merged.items() if text}
    for name, value in candidate.columns.items():
        if name not in DESCRIPTIONS:
            setattr(organisation, name, value)
    organisation.website_host = host_of(organisation.website)
    if "city" in candidate.given:
        organisation.city = plan.cities[candidate.iso2, slug_of(candidate.city)] if candidate.city else None
    organisation.source_date = today()
    organisation.updated_at = timezone.now()
    organisation.import_run = run
    set_titles(organisation, verdict.names)


def _replace_names(written: Written, changed: Written) -> None:
    if changed:
        OrganisationName.objects.filter(organisation__in=[each.pk for each, _verdict in changed]).delete()
    rows = [row for organisation, verdict in written for row in name_rows(organisation, verdict.names)]
    OrganisationName.objects.bulk_create(rows, batch_size=BATCH)


def _replace_sectors_and_goals(written: Written) -> None:
    """As far as the rows speak of them."""
    candidates = [(organisation.pk, verdict.candidate) for organisation, verdict in written]
    sectors = [(pk, candidate.sectors) for pk, candidate in candidates if "sectors" in candidate.given]
    goals = [(pk, candidate.goals) for pk, candidate in candidates if "sdgs" in candidate.given]
    if sectors:
        ids = dict(Sector.objects.values_list("code", "pk"))
        replace_related(Organisation.sectors.through, "organisation", "sector", ids, sectors)
    if goals:
        numbers = dict(Sdg.objects.values_list("number", "pk"))
        replace_related(Organisation.sdgs.through, "organisation", "sdg", numbers, goals)


@transaction.atomic
def index_organisations(ids: list[int]) -> None:
    """The rows are locked, so that nothing is shown of what is being suspended at the same moment."""
    organisations = with_words(Organisation.objects.filter(pk__in=ids)).select_for_update(of=("self",)).order_by("pk")
    put_many(document for organisation in organisations for document in documents_of(organisation))


def _free(slug: str, taken: set[str]) -> str:
    """The slug, or with the first number that makes it free; remembers it as taken."""
    found = (
        slug
        if slug not in taken
        else next(numbered for number in range(2, 10**6) if (numbered := f"{slug}-{number}") not in taken)
    )
    taken.add(found)
    return found
