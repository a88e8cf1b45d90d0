"""Making imports findable: a small one at once, a large one by a worker."""

from datetime import timedelta

from django.utils import timezone

from incubators.models import ImportRun
from incubators.services.imports.kind import INDEXED_AT_ONCE, in_parts
from incubators.services.imports.kinds import kind_of
from network_platform.background.services import after_commit

LEFT_AFTER = timedelta(minutes=5)


def index_or_leave(run: ImportRun) -> None:
    """The caller saves the run."""
    what = kind_of(run.kind)
    if not what.needs_index:
        run.indexed_at = timezone.now()
    elif len(run.before["new"]) + len(run.before["changed"]) <= INDEXED_AT_ONCE:
        what.index(what.written_by(run))
        run.indexed_at = timezone.now()
    else:
        after_commit("incubators.tasks.index_import", run.pk)


def index_run(run: ImportRun) -> None:
    """Put everything that the import touched into the search text, a part at a time."""
    what = kind_of(run.kind)
    for part in in_parts(what.written_by(run)):
        what.index(part)
    ImportRun.objects.filter(pk=run.pk).update(indexed_at=timezone.now())


def index_left_behind() -> int:
    """Index the imports that no worker has finished: the broker was lost, or the worker. Returns how many."""
    runs = list(ImportRun.objects.left_behind(timezone.now() - LEFT_AFTER).defer("text", "report"))
    for run in runs:
        index_run(run)
    return len(runs)
