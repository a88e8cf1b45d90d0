"""Writing start-ups from a file, and taking that back."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils import timezone

from incubators.models import ImportRun, Sdg, Sector, Startup
from incubators.services.imports.compared_rows import CheckedRow, changed_in
from incubators.services.imports.kind import Part, TakenBack, Untouched
from incubators.services.imports.locking import locked_keys
from incubators.services.imports.verdicts import Verdict
from incubators.services.related import replace_related
from incubators.services.startups import COLUMNS

BATCH = 500
NOT_PLAIN = ("country", "founded", "typed")  # it stays where it is; a day; what is typed and not valid is no file's
PLAIN = tuple(name for name in COLUMNS if name not in NOT_PLAIN)
CHANGED = (*PLAIN, "founded", "import_run", "updated_at")
Written = list[tuple[Startup, CheckedRow]]


def write_startups(verdicts: list[Verdict], *, run: ImportRun) -> None:
    """New ones without a member and not shown; changed ones as the file says."""
    made = _add([verdict for verdict in verdicts if verdict.outcome == "new"], run)
    changed = _change(changed_in(verdicts), run)
    _replace([(startup.pk, entry.values) for startup, entry in made + changed])


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


def _fill(startup: Startup, entry: CheckedRow, run: ImportRun) -> None:
    """What the row says; what it does not speak of stays."""
    for name in (*PLAIN, "founded"):
        setattr(startup, name, entry.values.get(name, getattr(startup, name)))
    startup.import_run, startup.updated_at = run, timezone.now()


def _replace(said: list[tuple[int, Mapping[str, Any]]]) -> None:
    """Sectors and goals of start-ups, by primary key, as far as their values speak of them."""
    for through, other, name, ids in (
        (Startup.sectors.through, "sector", "sectors", Sector.objects.values_list("code", "pk")),
        (Startup.sdgs.through, "sdg", "sdgs", Sdg.objects.values_list("number", "pk")),
    ):
        spoken_of = [(pk, values[name]) for pk, values in said if name in values]
        replace_related(through, "startup", other, dict(ids), spoken_of)


def _snapshot(startup: Startup) -> dict[str, Any]:
    """What it says before an import changes it, JSON-ready."""
    return {
        **{name: getattr(startup, name) for name in PLAIN},
        "founded": startup.founded.isoformat() if startup.founded else "",
        "import_run": startup.import_run_id,
        "sectors": [sector.code for sector in startup.sectors.all()],
        "sdgs": [goal.number for goal in startup.sdgs.all()],
    }


def untouched_startups(run: ImportRun) -> Untouched:
    """Those that nobody keeps; removed is none that was placed or entered, nor one to which a founder was invited."""
    held = Startup.objects.filter(import_run=run).kept_by_nobody().filter(updated_at__lte=run.done_at).order_by("pk")
    return Untouched(held.filter(placements=None, entries=None, invitations=None), held)


def undo_startups(run: ImportRun, part: Part) -> TakenBack:
    locked_keys(Startup.objects.filter(import_run=run, uid__in=[*part.new, *part.changed]))
    untouched, changed = untouched_startups(run), part.changed
    brought = list(untouched.removable.filter(uid__in=part.new))
    Startup.objects.filter(pk__in=[startup.pk for startup in brought]).delete()
    found = list(untouched.restorable.filter(uid__in=changed))
    for startup in found:
        values = changed[str(startup.uid)]
        for name in PLAIN:
            setattr(startup, name, values[name])
        startup.founded = date.fromisoformat(values["founded"]) if values["founded"] else None
        startup.import_run_id, startup.updated_at = values["import_run"], timezone.now()
    Startup.objects.bulk_update(found, CHANGED, batch_size=BATCH)
    _replace([(startup.pk, changed[str(startup.uid)]) for startup in found])
    return TakenBack([startup.uid for startup in brought], [startup.uid for startup in found])
