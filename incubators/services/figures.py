"""Yearly figures: saved as one types, sent, asked about, accepted, shown."""

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from incubators.enums import FiguresStatus
from incubators.lifecycle import FIGURES
from incubators.models import Figure, Organisation, YearlyFigures
from incubators.rules import can_edit_figures, can_publish_figures, can_review_figures, can_withdraw_figures
from incubators.services.figure_values import values_of
from incubators.services.letters import Place, members_of, reviewers_of, write_to
from incubators.services.places import take_compared_places, take_places
from incubators.yearly import offered_years
from network_platform.drafts import NOTHING, StaleWrite
from network_platform.journal.services import record
from network_platform.page_cache import touch
from network_platform.people.models import User
from network_platform.typed import clipped

UNANSWERED = gettext_lazy(
    "The focal point has asked: change a figure, or explain it in the note. Then send them again."
)


@transaction.atomic
def save_figures(
    *,
    organisation: Organisation,
    year: int,
    by: User,
    version: int,
    save_id: uuid.UUID | None = None,
    values: Mapping[str, Any],
    seen: Mapping[str, str] = NOTHING,
) -> YearlyFigures:
    """Merge `values` as typed, complete or not, on top of `version`; raises StaleWrite if somebody saved in between
    what the page, which showed `seen`, changed too. The first save makes the row. Keystrokes are not journaled.
    """
    organisation = Organisation.objects.locked().get(pk=organisation.pk)
    figures = organisation.yearly_figures.select_for_update().filter(year=year).first()
    figures = figures or YearlyFigures(organisation=organisation, year=year)
    figures.organisation = organisation
    if not can_edit_figures(by, figures) or (figures.pk is None and year not in offered_years()):
        raise PermissionDenied
    mine = {name: clipped(value) for name, value in values.items()}
    repeat = figures.is_repeat(save_id)
    figures.typed = figures.merge(values_of(figures), based_on=version, save_id=save_id, mine=mine, seen=seen)
    if not repeat:
        figures.updated_at = timezone.now()
        figures.save()
    return figures


@transaction.atomic
def submit_figures(
    *,
    figures: YearlyFigures,
    by: User,
    version: int,
    values: Iterable[Figure],
    note: str = "",
    is_published: bool = False,
) -> YearlyFigures:
    """Send the year: `values`, unsaved and checked, take the place of what was sent before. At least one is needed.

    Raises StaleWrite if somebody saved after `version`.
    """
    figures, values = _locked(figures), list(values)
    if not can_edit_figures(by, figures):
        raise PermissionDenied
    if version != figures.version:
        raise StaleWrite(figures.version, {})
    if not values:
        raise ValidationError(_("Report at least one figure; what you do not know stays empty."))
    if figures.status == FiguresStatus.QUERIED and repeats_what_was_sent(figures, values, note=note):
        raise ValidationError(UNANSWERED)
    figures.values.all().delete()
    for value in values:
        value.figures = figures
    Figure.objects.bulk_create(values)
    figures.note, figures.is_published, figures.typed = note, is_published, {}
    figures.import_run = None  # what its editors have sent is theirs
    figures.step(None)
    return _move(figures, FiguresStatus.SUBMITTED, by)


def repeats_what_was_sent(figures: YearlyFigures, values: Iterable[Figure], *, note: str) -> bool:
    """Whether the same numbers and the same note stand there already: no answer to a question."""
    sent = figures.values.values_list("definition__indicator", "money_kind", "currency", "value")
    said = {(each.definition.indicator_id, each.money_kind, each.currency, each.value) for each in values}
    return set(sent) == said and _lines(note) == _lines(figures.note)


def _lines(text: str) -> list[str]:
    return text.strip().splitlines()


@transaction.atomic
def withdraw_figures(*, figures: YearlyFigures, by: User) -> YearlyFigures:
    """Take back what was sent and not answered, to be changed and sent again; raises IllegalMove if it was answered
    first. What a list has brought is its editors' from then on.
    """
    figures = _locked(figures)
    FIGURES.check(figures.status, FiguresStatus.DRAFT)
    if not can_withdraw_figures(by, figures):
        raise PermissionDenied
    figures.import_run = None
    return _move(figures, FiguresStatus.DRAFT, by)


def accept_figures(*, figures: YearlyFigures, by: User, version: int | None = None) -> YearlyFigures:
    return _answer(figures, FiguresStatus.ACCEPTED, by, version)


def query_figures(*, figures: YearlyFigures, by: User, question: str, version: int | None = None) -> YearlyFigures:
    """Back to the editors with a question; what was accepted counts no more until it is accepted again."""
    return _answer(figures, FiguresStatus.QUERIED, by, version, question=question.strip())


@transaction.atomic
def publish_figures(*, figures: YearlyFigures, by: User, shown: bool) -> YearlyFigures:
    """Show accepted figures on the organisation's page, or take them off it."""
    figures = _locked(figures)
    if not can_publish_figures(by, figures):
        raise PermissionDenied
    if figures.is_published == shown:
        return figures
    figures.is_published = shown
    figures.save(update_fields=["is_published"])
    take_compared_places([figures])
    touch("registry")
    record(verb="figures.published" if shown else "figures.hidden", thing=figures, by=by, scope=figures.scope)
    return figures


@transaction.atomic
def _answer(
    figures: YearlyFigures, to: FiguresStatus, by: User, version: int | None, question: str = ""
) -> YearlyFigures:
    """`version` is what the reviewer has read; raises StaleWrite if the editors sent other figures since."""
    figures = _locked(figures)
    move = FIGURES.check(figures.status, to)
    if version is not None and version != figures.version:
        raise StaleWrite(figures.version, {})
    if not can_review_figures(by, figures):
        raise PermissionDenied
    if move.needs_reason and not question:
        raise ValidationError(_("Write your question."))
    figures.question = question
    return _move(figures, to, by)


def _move(figures: YearlyFigures, to: FiguresStatus, by: User) -> YearlyFigures:
    """The one door, for a locked row and who may: state, journal, messages."""
    move = FIGURES.check(figures.status, to)
    before, figures.status = figures.status, to
    now = timezone.now()
    if to == FiguresStatus.SUBMITTED:
        figures.submitted_at, figures.submitted_by = now, by
    elif to != FiguresStatus.DRAFT:
        figures.decided_at, figures.decided_by = now, by
    figures.updated_at = now
    figures.save()
    if to == FiguresStatus.ACCEPTED:
        take_places([figures])
    if FiguresStatus.ACCEPTED in (before, to):
        touch("registry")
    reason = figures.question if move.needs_reason else ""
    states = {"before": {"status": before}, "after": {"status": to}}
    record(verb=move.verb, thing=figures, by=by, scope=figures.scope, reason=reason, **states)
    _tell(figures, to)
    return figures


def _locked(figures: YearlyFigures) -> YearlyFigures:
    """The organisation first, as everybody locks it before what belongs to it."""
    organisation = Organisation.objects.locked().get(pk=figures.organisation_id)
    locked = YearlyFigures.objects.select_for_update(of=("self",)).get(pk=figures.pk)
    locked.organisation = organisation
    return locked


def _tell(figures: YearlyFigures, to: FiguresStatus) -> None:
    organisation = figures.organisation
    if to == FiguresStatus.DRAFT:
        return
    if to == FiguresStatus.SUBMITTED:
        for person in reviewers_of(organisation.country, without=members_of(organisation)):
            _send(figures, person, "incubators/figures_submitted", ("incubators:figures-review", figures.uid))
        return
    for person in members_of(organisation):
        place = "incubators:figures-edit" if to == FiguresStatus.QUERIED else "incubators:figures-year"
        _send(figures, person, f"incubators/figures_{to}", (place, organisation.slug, figures.year))


def _send(figures: YearlyFigures, person: User, template: str, page: Place) -> None:
    write_to(
        person,
        template,
        page=page,
        step=f"{figures.uid}:{figures.updated_at.isoformat()}",
        context={
            "titles": figures.organisation.titles,
            "country": figures.organisation.country.names,
            "year": figures.year,
            "question": figures.question,
            "is_published": figures.is_published,
        },
    )
