"""Writing yearly figures from a file, and taking that back."""

from collections import defaultdict
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from incubators.enums import FiguresStatus
from incubators.lifecycle import FIGURES
from incubators.models import Figure, ImportRun, Indicator, YearlyFigures
from incubators.services.imports.compared_rows import CheckedRow, changed_in
from incubators.services.imports.kind import Part, TakenBack, Untouched
from incubators.services.imports.locking import locked_keys
from incubators.services.imports.verdicts import Verdict

BATCH = 500
CHANGED = ("status", "note", "question", "version", "import_run", "submitted_at", "submitted_by", "updated_at")
Written = list[tuple[YearlyFigures, CheckedRow]]


def write_figures(verdicts: list[Verdict], *, run: ImportRun) -> None:
    """New years as sent by who imports them; changed ones sent anew."""
    indicators = {each.code: each for each in Indicator.objects.prefetch_related("definitions")}
    made = _add([verdict for verdict in verdicts if verdict.outcome == "new"], run)
    changed = _change(changed_in(verdicts), run)
    _replace_values(made, changed, indicators)


def _add(verdicts: list[Verdict], run: ImportRun) -> Written:
    pairs = []
    for verdict in verdicts:
        entry = verdict.candidate
        figures = YearlyFigures(organisation_id=entry.place, year=int(entry.key), status=FiguresStatus.SUBMITTED)
        _send(figures, entry, run)
        verdict.page = f"/incubators/queue/figures/{figures.uid}/"
        pairs.append((figures, entry))
    YearlyFigures.objects.bulk_create([figures for figures, _entry in pairs], batch_size=BATCH)
    run.keep_before(new=[figures.uid for figures, _entry in pairs])
    return pairs


def _change(verdicts: dict[int, Verdict], run: ImportRun) -> Written:
    if not verdicts:
        return []
    rows = YearlyFigures.objects.filter(pk__in=verdicts).select_for_update(of=("self",))
    found = list(rows.with_values())
    pairs = [(figures, verdicts[figures.pk].candidate) for figures in found]
    run.keep_before(changed={str(figures.uid): _snapshot(figures) for figures in found})
    for figures, entry in pairs:
        if figures.status != FiguresStatus.SUBMITTED:
            FIGURES.check(figures.status, FiguresStatus.SUBMITTED)
            figures.status = FiguresStatus.SUBMITTED
        figures.step(None)
        _send(figures, entry, run)
    YearlyFigures.objects.bulk_update(found, CHANGED, batch_size=BATCH)
    return pairs


def _send(figures: YearlyFigures, entry: CheckedRow, run: ImportRun) -> None:
    figures.note = entry.values.get("note", figures.note)
    figures.import_run, figures.submitted_by = run, run.by
    figures.submitted_at = figures.updated_at = timezone.now()


def _replace_values(made: Written, changed: Written, indicators: dict[str, Indicator]) -> None:
    """The numbers of those indicators that the file has a column for: the same in all its rows."""
    alike: dict[frozenset[str], list[int]] = defaultdict(list)
    for figures, entry in changed:
        alike[frozenset(indicators.keys() & entry.values.keys())].append(figures.pk)
    for codes, pks in alike.items():
        Figure.objects.filter(figures__in=pks, definition__indicator__code__in=codes).delete()
    rows = [
        row
        for figures, entry in made + changed
        for code, value in entry.values.items()
        if code in indicators
        for row in _rows(figures, indicators[code], value)
    ]
    Figure.objects.bulk_create(rows, batch_size=BATCH)


def _rows(figures: YearlyFigures, indicator: Indicator, value: Any) -> list[Figure]:
    if value is None:
        return []
    definition = None if value == frozenset() else indicator.definition_in(figures.year)
    if isinstance(value, Decimal):
        return [Figure(figures=figures, definition=definition, value=value)]
    return [
        Figure(figures=figures, definition=definition, value=each.value, money_kind=each.kind, currency=each.currency)
        for each in sorted(value)
    ]


def _snapshot(figures: YearlyFigures) -> dict[str, Any]:
    """What was sent before an import changes it, JSON-ready."""
    return {
        "status": figures.status,
        "note": figures.note,
        "question": figures.question,
        "import_run": figures.import_run_id,
        "submitted_at": figures.submitted_at.isoformat() if figures.submitted_at else "",
        "submitted_by": figures.submitted_by_id,
        "values": [
            [each.definition_id, str(each.value), each.money_kind, each.currency] for each in figures.values.all()
        ],
    }


def untouched_figures(run: ImportRun) -> Untouched:
    """What is not accepted or asked about, and what its editors have not begun."""
    held = YearlyFigures.objects.filter(import_run=run).kept_by_nobody().order_by("pk")
    held = held.filter(status=FiguresStatus.SUBMITTED, updated_at__lte=run.done_at)
    return Untouched(held, held)


def undo_figures(run: ImportRun, part: Part) -> TakenBack:
    locked_keys(YearlyFigures.objects.filter(import_run=run, uid__in=[*part.new, *part.changed]))
    held = untouched_figures(run).removable
    brought, changed = list(held.filter(uid__in=part.new)), part.changed
    YearlyFigures.objects.filter(pk__in=[figures.pk for figures in brought]).delete()
    found = list(held.filter(uid__in=changed))
    for figures in found:
        _restore(figures, changed[str(figures.uid)])
    YearlyFigures.objects.bulk_update(found, CHANGED, batch_size=BATCH)
    Figure.objects.filter(figures__in=found).delete()
    rows = [row for figures in found for row in _values_before(figures, changed[str(figures.uid)])]
    Figure.objects.bulk_create(rows, batch_size=BATCH)
    return TakenBack([figures.uid for figures in brought], [figures.uid for figures in found])


def _restore(figures: YearlyFigures, values: dict[str, Any]) -> None:
    """As it was sent before; a question that was open then is open again."""
    if values["status"] != figures.status:
        FIGURES.check(figures.status, values["status"])
        figures.status = values["status"]
    figures.note, figures.question = values["note"], values["question"]
    figures.import_run_id, figures.submitted_by_id = values["import_run"], values["submitted_by"]
    figures.submitted_at = datetime.fromisoformat(values["submitted_at"]) if values["submitted_at"] else None
    figures.updated_at = timezone.now()
    figures.step(None)


def _values_before(figures: YearlyFigures, values: dict[str, Any]) -> list[Figure]:
    return [
        Figure(figures=figures, definition_id=definition, value=Decimal(value), money_kind=kind, currency=currency)
        for definition, value, kind, currency in values["values"]
    ]
