"""Yearly figures from a file: sent, so that the focal point asks about them or accepts them as any others.

A column an indicator, named by its code. A cell of money holds amounts with their currency, the kind of money before a
colon: `grant: 12000 USD; equity: 5000 EUR`. What was accepted, and what its editors report, is never changed.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from incubators.enums import FiguresStatus, ImportKind, MoneyKind
from incubators.models import Country, ImportRun, Indicator, YearlyFigures
from incubators.models.figures import FIRST_YEAR_OF_FIGURES
from incubators.names import LONGEST_NAME
from incubators.services.figure_values import CURRENCIES, part_above_whole, read_figure
from incubators.services.imports.cells import CellError, Reading, choice_of, country_of, number_of, parts_of, said_by
from incubators.services.imports.compared_rows import CheckedRow, ComparedKind, Held, Shelf, spare
from incubators.services.imports.figure_writes import undo_figures, untouched_figures, write_figures
from incubators.services.imports.kind import Part, TakenBack, Untouched
from incubators.services.imports.owners import Owners
from incubators.services.imports.sentences import Sentence, filled
from incubators.services.imports.verdicts import Plan, Verdict
from incubators.tables import Needed
from incubators.yearly import last_year
from network_platform.languages import WORKING_LANGUAGES
from network_platform.people.models import User

# Of a text without two blanks side by side.
_MONEY = re.compile(r"(?:([^:]+):)?\s*([A-Za-z]{3})?\s*(-?[\d\s.,]+?)\s*([A-Za-z]{3})?")


@dataclass(frozen=True, order=True)
class Amount:
    """Money of one kind in one currency."""

    kind: str
    currency: str
    value: Decimal

    def __str__(self) -> str:
        return f"{self.kind}: {self.value.normalize():f} {self.currency}"


@dataclass
class FiguresWorld:
    served: Mapping[str, Country]
    owners: Owners
    currencies: Collection[str]
    indicators: dict[str, Indicator]
    asked: dict[int, frozenset[str]] = field(default_factory=dict)

    def asked_in(self, year: int) -> frozenset[str]:
        if year not in self.asked:
            self.asked[year] = frozenset(Indicator.objects.asked_in(year).values_list("code", flat=True))
        return self.asked[year]


class YearlyReports(ComparedKind):
    code = ImportKind.FIGURES
    naming = ("organisation",)
    longest = {"organisation": LONGEST_NAME, "note": 1500}

    @property
    def also(self) -> tuple[str, ...]:  # type: ignore[override]
        """Columns for files that keep kind and currency of money apart."""
        money = [each.code for each in Indicator.objects.all() if each.is_money]
        return ("country_iso2", "currency", *(f"{code}_{part}" for code in money for part in ("kind", "currency")))

    @property
    def aliases(self) -> dict[str, str]:  # type: ignore[override]
        return {"country": "country_iso2"}

    @property
    def words(self) -> dict[str, str]:  # type: ignore[override]
        own = {
            "organisation": "organization; organisation name; organisation slug; organisation uid; incubator; "
            "организация; название организации; инкубатор",
            "year": "reporting year; год; отчетный год",
            "note": "notes; comment; примечание; комментарий",
            "currency": "валюта",
            "country_iso2": "country code; iso2; страна; код страны",
        }
        return own | {each.code: "; ".join(_names(each)) for each in Indicator.objects.all()}

    def columns(self) -> tuple[str, ...]:
        return ("organisation", "year", *Indicator.objects.values_list("code", flat=True), "note")

    def needed(self) -> Needed:
        return ("organisation", "year", tuple(Indicator.objects.values_list("code", flat=True)))

    def labels(self) -> dict[str, str]:
        labels = {
            "organisation": _("Organisation"),
            "year": _("Year"),
            "note": _("Note for the focal point"),
            "country_iso2": _("Country"),
            "currency": _("Currency of all money"),
        }
        for each in Indicator.objects.all():
            labels[each.code] = str(each)
            if each.is_money:
                labels[f"{each.code}_kind"] = _("Kind of “%(indicator)s”") % {"indicator": each}
                labels[f"{each.code}_currency"] = _("Currency of “%(indicator)s”") % {"indicator": each}
        return labels

    def example(self) -> dict[str, str]:
        shown = {"organisation": "Sample Hub", "year": str(last_year())}
        for number, each in enumerate(Indicator.objects.all(), 1):
            shown[each.code] = "grant: 12000 USD; equity: 5000 EUR" if each.is_money else str(40 // number)
        return shown

    def codes(self) -> list[tuple[str, list[tuple[str, str]]]]:
        indicators, kinds = list(Indicator.objects.all()), [(kind.value, str(kind.label)) for kind in MoneyKind]
        units = [(each.code, f"{each} ({each.get_unit_display()})") for each in indicators]
        return [(_("indicators"), units), *((each.code, kinds) for each in indicators if each.is_money)]

    def world(self, *, by: User, served: Mapping[str, Country]) -> FiguresWorld:
        own = Country.objects.values_list("currency", flat=True)
        indicators = {each.code: each for each in Indicator.objects.all()}
        return FiguresWorld(served, Owners(served), {*CURRENCIES, *own}, indicators)

    def entry_of(self, number: int, cells: dict[str, str], reading: Reading, world: FiguresWorld) -> CheckedRow | None:
        iso2 = reading.read(country_of, cells["country_iso2"], world.served) if cells.get("country_iso2") else ""
        owner = reading.read(world.owners.find, cells.get("organisation", ""), iso2 or "")
        year = reading.read(_year, cells.get("year", ""))
        if year is None:
            return None
        values: dict[str, Any] = {}
        for code in [code for code in world.indicators if code in cells]:
            values[code] = reading.read(_value, code, cells, world, year)
        if not reading.mistakes:
            reading.read(_check_whole, values)
        if "note" in cells:
            values["note"] = cells["note"]
        if owner is None:
            return None
        return CheckedRow(number, owner.iso2, _titles(owner.titles, year), owner.pk, str(year), values)

    def shelf_of(self, entries: list[CheckedRow], *, by: User, world: FiguresWorld) -> Shelf:
        shelf = Shelf()
        rows = YearlyFigures.objects.filter(
            organisation__country__iso2__in={entry.iso2 for entry in entries},
            year__in={int(entry.key) for entry in entries},
        )
        free = set(rows.kept_by_nobody().values_list("pk", flat=True))
        seen = set(rows.visible_to(by).values_list("pk", flat=True))
        for figures in rows.with_values().select_related("organisation"):
            held = _held(figures, is_free=figures.pk in free, is_seen=figures.pk in seen)
            shelf.by_key[held.place, held.key] = held
        return shelf

    def kept(self) -> Sentence:
        return gettext_lazy("The organisation’s editors report this year themselves; the file does not change it.")

    def refused(self, held: Held, entry: CheckedRow) -> tuple[str, Sentence]:
        if held.values["status"] == FiguresStatus.ACCEPTED:
            pairs = ((column, self.value_of(held, column, entry), value) for column, value in entry.values.items())
            wrong = next(column for column, before, after in pairs if before != after)
            return wrong, gettext_lazy("These figures were accepted and are not overwritten. Ask about them first.")
        if not held.is_free:
            return "", ""
        code, words = part_above_whole({**held.values, **entry.values})
        return code, words

    def value_of(self, held: Held, column: str, entry: CheckedRow) -> Any:
        """Money that was not reported is an empty set."""
        empty: frozenset[Any] | None = frozenset() if isinstance(entry.values[column], frozenset) else None
        return held.values.get(column, empty)

    def spare(self, verdicts: list[Verdict]) -> None:
        spare(verdicts, YearlyFigures.objects.kept_by_nobody(), self.kept())

    def write(self, plan: Plan[Verdict], verdicts: list[Verdict], *, run: ImportRun) -> None:
        write_figures(verdicts, run=run)

    def untouched(self, run: ImportRun) -> Untouched:
        return untouched_figures(run)

    def undo(self, run: ImportRun, part: Part) -> TakenBack:
        return undo_figures(run, part)

    def seen_by(self, user: User) -> QuerySet[YearlyFigures]:
        return YearlyFigures.objects.visible_to(user).select_related("organisation")


def _titles(names: Mapping[str, str], year: int) -> dict[str, str]:
    return {code: f"{name}, {year}" for code, name in names.items()}


def _names(indicator: Indicator) -> list[str]:
    """In English and Russian, in small letters without signs."""
    found = []
    for language in WORKING_LANGUAGES:
        with override(language):
            found.append(re.sub(r"[\W_]+", " ", str(indicator).lower().replace("ё", "е")).strip())
    return found


def _year(text: str) -> int | None:
    year = number_of("year", text, FIRST_YEAR_OF_FIGURES, last_year())
    if year is None:
        raise CellError("year", gettext_lazy("Write the year that the figures are about."))
    return year


def _value(code: str, cells: dict[str, str], world: FiguresWorld, year: int) -> Any:
    """A number, or a set of amounts; None and the empty set are not reported."""
    indicator, text = world.indicators[code], cells[code]
    if text and code not in world.asked_in(year):
        raise CellError(
            code, filled(gettext_lazy("This was not asked in %(year)s. Leave the cell empty."), {"year": year})
        )
    if indicator.is_money:
        return _amounts(code, text, cells, world)
    return _number(code, text, whole=True) if text else None


def _number(code: str, text: str, *, whole: bool) -> Decimal:
    try:
        return read_figure(text, whole=whole)
    except ValidationError as error:
        raise CellError(code, said_by(error)) from None


def _amounts(code: str, text: str, cells: dict[str, str], world: FiguresWorld) -> frozenset[Amount]:
    found: dict[tuple[str, str], Amount] = {}
    for part in parts_of(text):
        amount = _amount(code, part, cells, world)
        if (amount.kind, amount.currency) in found:
            raise CellError(code, gettext_lazy("One kind in one currency stands there twice: add the two up."))
        found[amount.kind, amount.currency] = amount
    return frozenset(found.values())


def _amount(code: str, part: str, cells: dict[str, str], world: FiguresWorld) -> Amount:
    read = _MONEY.fullmatch(" ".join(part.split()))
    if read is None:
        raise CellError(code, gettext_lazy("Write money such as “12000 USD” or “grant: 12000 USD; equity: 5000 EUR”."))
    currency = read[2] or read[4] or cells.get(f"{code}_currency") or cells.get("currency") or ""
    if not currency:
        raise CellError(code, gettext_lazy("In which currency? Write it after the amount, such as “12000 USD”."))
    if currency.upper() not in world.currencies:
        words = gettext_lazy("“%(code)s” is not the code of a currency that is counted. Write one of: %(codes)s.")
        known = ", ".join(sorted(world.currencies))
        raise CellError(code, filled(words, {"code": currency[:10], "codes": known}))
    kind = choice_of(code, MoneyKind, (read[1] or cells.get(f"{code}_kind") or MoneyKind.OTHER).strip())
    return Amount(kind, currency.upper(), _number(code, read[3], whole=False))


def _check_whole(values: dict[str, Any]) -> None:
    code, words = part_above_whole(values)
    if code:
        raise CellError(code, words)
    if not any(value not in (None, frozenset()) for value in values.values()):
        raise CellError(
            next(iter(values), "year"), gettext_lazy("Report at least one figure; what you do not know stays empty.")
        )


def _held(figures: YearlyFigures, *, is_free: bool, is_seen: bool) -> Held:
    values: dict[str, Any] = {"note": figures.note, "status": figures.status}
    for figure in figures.values.all():
        indicator = figure.definition.indicator
        if indicator.is_money:
            amount = Amount(figure.money_kind, figure.currency, figure.value)
            values[indicator.code] = values.get(indicator.code, frozenset()) | {amount}
        else:
            values[indicator.code] = figure.value
    title, page = _titles(figures.organisation.titles, figures.year), f"/incubators/queue/figures/{figures.uid}/"
    place, key = figures.organisation_id, str(figures.year)
    return Held(figures.pk, str(figures.uid), title, place, key, values, is_free, is_seen, page)
