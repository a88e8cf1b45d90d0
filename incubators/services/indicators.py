"""What organisations are asked every year. The secretariat's."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from incubators.models import Definition, Figure, Indicator
from incubators.models.figures import FIRST_YEAR_OF_FIGURES
from incubators.rules import can_define_indicators
from network_platform.journal.services import record
from network_platform.people.models import User


def first_unreported(indicator: Indicator) -> int:
    """The first year after all for which figures of this indicator were sent."""
    last = Figure.objects.filter(definition__indicator=indicator).aggregate(year=models.Max("figures__year"))["year"]
    return FIRST_YEAR_OF_FIGURES if last is None else last + 1


def first_free(indicator: Indicator) -> int:
    """From which year on a new definition may hold: none of the years reported or defined so far changes."""
    last = indicator.definitions.aggregate(since=models.Max("since"))["since"]
    return max(first_unreported(indicator), FIRST_YEAR_OF_FIGURES if last is None else last + 1)


@transaction.atomic
def add_indicator(
    *, by: User, code: str, names: dict[str, str], unit: str, texts: dict[str, str], since: int
) -> Indicator:
    """Asked from `since` on, after those that are there."""
    _demand(by)
    order = (Indicator.objects.aggregate(last=models.Max("order"))["last"] or 0) + 1
    indicator = Indicator.objects.create(code=code, names=names, unit=unit, order=order)
    Definition.objects.create(indicator=indicator, version=1, since=since, texts=texts)
    record(verb="indicator.added", thing=indicator, by=by, after={"since": since})
    return indicator


@transaction.atomic
def define_indicator(*, indicator: Indicator, by: User, texts: dict[str, str], since: int) -> Definition:
    """A new version, for years that nobody has reported yet; the versions before it stay as they are."""
    _demand(by)
    indicator = Indicator.objects.select_for_update().get(pk=indicator.pk)
    if since < first_free(indicator):
        words = _("Earlier years are defined or reported already: choose %(year)s or later.")
        raise ValidationError(words % {"year": first_free(indicator)})
    version = indicator.definitions.aggregate(last=models.Max("version"))["last"] + 1
    definition = Definition.objects.create(indicator=indicator, version=version, since=since, texts=texts)
    record(verb="indicator.defined", thing=indicator, by=by, after={"version": version, "since": since})
    return definition


@transaction.atomic
def retire_indicator(*, indicator: Indicator, by: User, retired_from: int | None) -> Indicator:
    """Asked no more from that year on, in which nobody has reported it; None: asked again."""
    _demand(by)
    indicator = Indicator.objects.select_for_update().get(pk=indicator.pk)
    if retired_from is not None and retired_from < first_unreported(indicator):
        words = _("It was reported for earlier years: choose %(year)s or later.")
        raise ValidationError(words % {"year": first_unreported(indicator)})
    before, indicator.retired_from = indicator.retired_from, retired_from
    indicator.save(update_fields=["retired_from"])
    verb = "indicator.resumed" if retired_from is None else "indicator.retired"
    years = {"before": {"retired_from": before}, "after": {"retired_from": retired_from}}
    record(verb=verb, thing=indicator, by=by, **years)
    return indicator


def _demand(by: User) -> None:
    if not can_define_indicators(by):
        raise PermissionDenied
