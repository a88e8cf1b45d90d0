"""Writing start-ups from a file, and taking that back."""

from datetime import date
from typing import Any

from django.utils import timezone

from incubators.models import ImportRun, Sdg, Sector, Startup
from incubators.services.imports.entries import Entry, changed_in
from incubators.services.imports.kind import Undone, counted
from incubators.services.imports.locking import locked_keys
from incubators.services.imports.verdicts import Verdict

BATCH = 500
PLAIN = ("name", "city", "stage", "summary", "language", "website", "team_size")
CHANGED = (*PLAIN, "founded", "import_run", "updated_at")
Written = list[tuple[Startup, Entry]]


def write_startups(verdicts: list[Verdict], *, run: ImportRun) -> None:
    """New ones without a member and not shown; changed ones as the file says."""
    made = _add([verdict for verdict in verdicts if verdict.outcome == "new"], run)
    changed = _change(changed_in(verdicts), run)
    _replace(Startup.sectors.through, "sector_id", dict(Sector.objects.values_list("code", "pk")), made + changed)
    _replace(Startup.sdgs.through, "sdg_id", dict(Sdg.objects.values_list("number", "pk")), made + changed)


def _add(verdicts: list[Verdict], run: ImportRun) -> Written:
    pairs = []
    for verdict in verdicts:
        entry = verdict.candidate
        startup = Startup(country_id=entry.place, source_key=entry.key)
        _fill(startup, entry, run)
        verdict.page = f"/startups/{startup.uid}/"
        pairs.append((startup, entry))
    Startup.objects.bulk_create([startup for startup, _entry in pairs], batch_size=BATCH)
    run.keep_before(new=[startup.uid for startup, _entry in pairs])
    return pairs


def _change(verdicts: dict[int, Verdict], run: ImportRun) -> Written:
    if not verdicts:
        return []
    rows = Startup.objects.filter(pk__in=verdicts).select_for_update(of=("self",)).order_by("pk")
    found = list(rows.prefetch_related("sectors", "sdgs"))
    pairs = [(startup, verdicts[startup.pk].candidate) for startup in found]
    run.keep_before(changed={str(startup.uid): _snapshot(startup) for startup in found})
    for startup, entry in pairs:
        _fill(startup, entry, run)
    Startup.objects.bulk_update(found, CHANGED, batch_size=BATCH)
    return pairs


def _fill(startup: Startup, entry: Entry, run: ImportRun) -> None:
    """What the row says; what it does not speak of stays."""
    for name in (*PLAIN, "founded"):
        setattr(startup, name, entry.values.get(name, getattr(startup, name)))
    startup.import_run, startup.updated_at = run, timezone.now()


def _replace(through: Any, column: str, ids: dict[Any, int], written: Written) -> None:
    """The rows of a many-to-many relation, of those whose file has a column for it."""
    name = "sectors" if column == "sector_id" else "sdgs"
    _put(
        through,
        column,
        ids,
        [(startup.pk, entry.values[name]) for startup, entry in written if name in entry.values],
    )


def _put(through: Any, column: str, ids: dict[Any, int], spoken_of: list[tuple[int, Any]]) -> None:
    """`spoken_of`: start-ups by primary key, each with the codes that take the place of what it has."""
    through.objects.filter(startup__in=[pk for pk, _codes in spoken_of]).delete()
    rows = [
        through(startup_id=pk, **{column: ids[code]})
        for pk, codes in spoken_of
        for code in sorted(codes)
        if code in ids
    ]
    through.objects.bulk_create(rows, batch_size=BATCH)


def _snapshot(startup: Startup) -> dict[str, Any]:
    """What it says before an import changes it, JSON-ready."""
    return {
        **{name: getattr(startup, name) for name in PLAIN},
        "founded": startup.founded.isoformat() if startup.founded else "",
        "import_run": startup.import_run_id,
        "sectors": [sector.code for sector in startup.sectors.all()],
        "sdgs": [goal.number for goal in startup.sdgs.all()],
    }


def undo_startups(run: ImportRun) -> Undone:
    """Remove those that it brought and that nobody keeps or has placed; set back those that it changed."""
    rows = Startup.objects.filter(import_run=run)
    locked_keys(rows)
    held = rows.kept_by_nobody().filter(updated_at__lte=run.done_at).order_by("pk")
    new, changed = run.before["new"], run.before["changed"]
    brought = list(held.filter(uid__in=new, placements=None, entries=None))
    Startup.objects.filter(pk__in=[startup.pk for startup in brought]).delete()
    found = list(held.filter(uid__in=changed))
    for startup in found:
        values = changed[str(startup.uid)]
        for name in PLAIN:
            setattr(startup, name, values[name])
        startup.founded = date.fromisoformat(values["founded"]) if values["founded"] else None
        startup.import_run_id, startup.updated_at = values["import_run"], timezone.now()
    Startup.objects.bulk_update(found, CHANGED, batch_size=BATCH)
    sectors = [(startup.pk, changed[str(startup.uid)]["sectors"]) for startup in found]
    _put(Startup.sectors.through, "sector_id", dict(Sector.objects.values_list("code", "pk")), sectors)
    goals = [(startup.pk, changed[str(startup.uid)]["sdgs"]) for startup in found]
    _put(Startup.sdgs.through, "sdg_id", dict(Sdg.objects.values_list("number", "pk")), goals)
    return counted(run, len(brought), len(found))
