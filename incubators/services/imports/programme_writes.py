"""Writing programmes from a file, and taking that back."""

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from incubators.enums import ProgrammeKind, ProgrammeStatus
from incubators.listing_values import DESCRIPTIONS
from incubators.models import Cohort, ImportRun, Membership, OpenCall, Organisation, Placement, Programme, Sector
from incubators.services.imports.compared_rows import CheckedRow, changed_in
from incubators.services.imports.kind import Part, TakenBack, Untouched, in_parts
from incubators.services.imports.locking import locked_keys
from incubators.services.imports.verdicts import Verdict
from incubators.services.reindexing import documents_of_programme, touch_registry
from incubators.services.related import replace_related
from network_platform.search.services import drop_many, put_many

BATCH = 500
PLAIN = ("kind", "status", "weeks", "website")
CHANGED = (*PLAIN, "titles", "descriptions", "languages", "import_run", "updated_at")
Written = list[tuple[Programme, CheckedRow]]


def write_programmes(verdicts: list[Verdict], *, run: ImportRun) -> None:
    """New ones published, or as drafts where the organisation has editors; changed ones as the file says."""
    made = _add([verdict for verdict in verdicts if verdict.outcome == "new"], run)
    changed = _change(changed_in(verdicts), run)
    _replace_sectors([(each.pk, row.values["sectors"]) for each, row in made + changed if "sectors" in row.values])
    _keep_cohorts(made + changed)
    touch_registry()


def _add(verdicts: list[Verdict], run: ImportRun) -> Written:
    owners = Organisation.objects.locked().order_by("pk").in_bulk([verdict.candidate.place for verdict in verdicts])
    edited = set(Membership.objects.filter(organisation__in=owners).values_list("organisation", flat=True))
    pairs = []
    for verdict in verdicts:
        entry = verdict.candidate
        programme = Programme(
            organisation=owners[entry.place],
            kind=ProgrammeKind.OTHER,
            status=ProgrammeStatus.PUBLISHED,
            source_key=entry.key,
            created_by=run.by,
        )
        _fill(programme, entry, run)
        if entry.place in edited:
            programme.status = ProgrammeStatus.DRAFT
        if programme.status != ProgrammeStatus.DRAFT:
            verdict.page = f"/programmes/{programme.uid}/"
        pairs.append((programme, entry))
    Programme.objects.bulk_create([programme for programme, _entry in pairs], batch_size=BATCH)
    run.keep_before(new=[programme.uid for programme, _entry in pairs])
    return pairs


def _change(verdicts: dict[int, Verdict], run: ImportRun) -> Written:
    if not verdicts:
        return []
    rows = Programme.objects.filter(pk__in=verdicts).select_for_update(of=("self",)).order_by("pk")
    found = list(rows.select_related("organisation__country").prefetch_related("sectors", "cohorts"))
    pairs = [(programme, verdicts[programme.pk].candidate) for programme in found]
    run.keep_before(changed={str(programme.uid): _snapshot(programme) for programme in found})
    for programme, entry in pairs:
        _fill(programme, entry, run)
    Programme.objects.bulk_update(found, CHANGED, batch_size=BATCH)
    return pairs


def _fill(programme: Programme, entry: CheckedRow, run: ImportRun) -> None:
    """What the row says; what it does not speak of stays."""
    said, national = entry.values, programme.organisation.country.languages[0]
    titles = {"name_en": "en", "name_ru": "ru", "name_local": national}
    programme.titles = _merged(programme.titles, {titles[name]: said[name] for name in titles if name in said})
    texts = {code: said[name] for name, code in DESCRIPTIONS.items() if name in said}
    programme.descriptions = _merged(programme.descriptions, texts)
    for name in PLAIN:
        setattr(programme, name, said.get(name, getattr(programme, name)))
    programme.languages = list(said.get("languages", programme.languages))
    programme.import_run, programme.updated_at = run, timezone.now()


def _merged(held: dict[str, str], said: dict[str, str]) -> dict[str, str]:
    """An empty text takes away that of the language, unless another column said one."""
    return {code: text for code, text in {**held, **said}.items() if text}


def _replace_sectors(said: list[tuple[int, Any]]) -> None:
    ids = dict(Sector.objects.values_list("code", "pk"))
    replace_related(Programme.sectors.through, "programme", "sector", ids, said)


def _keep_cohorts(written: Written) -> None:
    """Add the cohort that a row names, or bring its days in step."""
    said = {programme.pk: entry.values["starts"] for programme, entry in written if "starts" in entry.values}
    there = {(each.programme_id, each.name): each for each in Cohort.objects.filter(programme__in=said)}
    rows = []
    for pk, cohort in said.items():
        row = there.get((pk, cohort.name)) or Cohort(programme_id=pk, name=cohort.name)
        for name, value in cohort.days.items():
            setattr(row, name, value)
        rows.append(row)
    Cohort.objects.bulk_create([row for row in rows if row.pk is None], batch_size=BATCH)
    Cohort.objects.bulk_update([row for row in rows if row.pk], ["starts", "ends", "places"], batch_size=BATCH)


def _snapshot(programme: Programme) -> dict[str, Any]:
    """What it says before an import changes it, JSON-ready."""
    return {
        **{name: getattr(programme, name) for name in (*PLAIN, "titles", "descriptions", "languages")},
        "import_run": programme.import_run_id,
        "sectors": [sector.code for sector in programme.sectors.all()],
        "cohorts": {
            cohort.name: [cohort.starts.isoformat(), cohort.ends and cohort.ends.isoformat(), cohort.places]
            for cohort in programme.cohorts.all()
        },
    }


@transaction.atomic
def index_programmes(pks: list[int]) -> None:
    """The rows are locked, so that nothing is shown of what is being hidden at the same moment."""
    rows = Programme.objects.filter(pk__in=pks).select_for_update(of=("self",)).order_by("pk")
    programmes = list(rows.select_related("organisation__country").prefetch_related("calls", "sectors"))
    drop_many("programme", [str(programme.uid) for programme in programmes])
    put_many(document for programme in programmes for document in documents_of_programme(programme))


def untouched_programmes(run: ImportRun) -> Untouched:
    """None that has calls or placements is removed, none of an organisation with editors is set back."""
    rows = Programme.objects.filter(import_run=run, version=0, updated_at__lte=run.done_at)
    held = rows.select_related("organisation__country").order_by("pk")
    return Untouched(held.filter(~_used()), held.filter(organisation__memberships=None))


def undo_programmes(run: ImportRun, part: Part) -> TakenBack:
    rows = Programme.objects.filter(import_run=run, uid__in=[*part.new, *part.changed])
    locked_keys(Organisation.objects.filter(pk__in=rows.values("organisation")))
    locked_keys(rows)
    untouched, changed = untouched_programmes(run), part.changed
    brought = list(untouched.removable.filter(uid__in=part.new))
    drop_many("programme", [str(programme.uid) for programme in brought])
    Programme.objects.filter(pk__in=[programme.pk for programme in brought]).delete()
    found = list(untouched.restorable.filter(uid__in=changed))
    for programme in found:
        _restore(programme, changed[str(programme.uid)])
    Programme.objects.bulk_update(found, CHANGED, batch_size=BATCH)
    _replace_sectors([(programme.pk, changed[str(programme.uid)]["sectors"]) for programme in found])
    _restore_cohorts(found, changed)
    for pks in in_parts([programme.pk for programme in found]):
        index_programmes(pks)
    touch_registry()
    return TakenBack([programme.uid for programme in brought], [programme.uid for programme in found])


def _used() -> Q:
    calls = Exists(OpenCall.objects.filter(programme=OuterRef("pk")))
    placed = Exists(Placement.objects.filter(cohort__programme=OuterRef("pk")))
    return Q(calls) | Q(placed)


def _restore(programme: Programme, values: dict[str, Any]) -> None:
    """Unsaved: the columns as they were."""
    for name in (*PLAIN, "titles", "descriptions", "languages"):
        setattr(programme, name, values[name])
    programme.import_run_id, programme.updated_at = values["import_run"], timezone.now()


def _restore_cohorts(found: list[Programme], changed: dict[str, Any]) -> None:
    """Those that were there get their days back; those that came since go, unless somebody was placed in them."""
    before = {programme.pk: changed[str(programme.uid)]["cohorts"] for programme in found}
    cohorts = Cohort.objects.filter(programme__in=found)
    placed = set(cohorts.exclude(placements=None).values_list("pk", flat=True))
    back, gone = [], []
    for cohort in cohorts.order_by("pk"):
        if days := before[cohort.programme_id].get(cohort.name):
            starts, ends, cohort.places = days
            cohort.starts, cohort.ends = date.fromisoformat(starts), ends and date.fromisoformat(ends)
            back.append(cohort)
        elif cohort.pk not in placed:
            gone.append(cohort.pk)
    Cohort.objects.filter(pk__in=gone).delete()
    Cohort.objects.bulk_update(back, ["starts", "ends", "places"], batch_size=BATCH)
