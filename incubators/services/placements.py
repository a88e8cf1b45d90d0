"""Which start-up was in which cohort: an organisation proposes, the founders answer.

Nobody learns here who has an account or a start-up: a proposal is taken whether there is such a start-up or not, and
only its founders' yes shows the organisation that there is.
"""

from datetime import date, datetime, timedelta
from typing import cast

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from incubators.enums import PlacementOutcome, PlacementStatus
from incubators.lifecycle import PLACEMENT
from incubators.models import Cohort, Placement, Startup
from incubators.rules import can_answer_placement, can_edit_placement, can_edit_programme
from incubators.services.letters import Place, members_of, write_to
from incubators.services.programmes import locked_programme
from network_platform.journal.models import Record
from network_platform.journal.services import record
from network_platform.page_cache import touch
from network_platform.people.models import User

MOST_A_DAY = 50
A_DAY = timedelta(days=1)
ASKED_AGAIN_AFTER = timedelta(days=30)
SENT = "cohort.proposal_sent"


class TooManyProposalsError(Exception):
    """The person has sent MOST_A_DAY proposals in a day."""


@transaction.atomic
def propose_placement(*, cohort: Cohort, by: User, name: str, email: str, entered: date) -> None:
    """Ask the founders of the start-up of this name, one of whom has this address; there may be none.

    What waits for an answer is not asked again, and what was refused not within 30 days.
    """
    cohort.programme = locked_programme(cohort.programme)
    if not can_edit_programme(by, cohort.programme):
        raise PermissionDenied
    _count(cohort, by)
    for startup in _called(name, email):
        placement, created = Placement.objects.select_for_update(of=("self",)).get_or_create(
            startup=startup, cohort=cohort, defaults={"entered": entered, "proposed_by": by}
        )
        if created or _may_be_asked_again(placement):
            _ask(placement, by, entered)


@transaction.atomic
def withdraw_proposal(*, cohort: Cohort, by: User, name: str, email: str) -> None:
    """Take back what waits for an answer, if anything does."""
    cohort.programme = locked_programme(cohort.programme)
    if not can_edit_programme(by, cohort.programme):
        raise PermissionDenied
    waiting = cohort.placements.waiting().filter(startup__in=_called(name, email))
    for placement in waiting.select_for_update(of=("self",)):
        _move(placement, PlacementStatus.WITHDRAWN, by)


@transaction.atomic
def answer_placement(*, placement: Placement, to: PlacementStatus, by: User) -> Placement:
    """Confirm, refuse, or take a yes back. The organisation hears of a yes and of one taken back, not of a refusal."""
    locked_programme(placement.cohort.programme)
    placement = _locked(placement)
    PLACEMENT.check(placement.status, to)
    if not can_answer_placement(by, placement):
        raise PermissionDenied
    was_confirmed = placement.status == PlacementStatus.CONFIRMED
    placement.answered_by, placement.answered_at = by, timezone.now()
    if to == PlacementStatus.REFUSED:
        placement.left, placement.outcome = None, ""
    _move(placement, to, by)
    if was_confirmed or to == PlacementStatus.CONFIRMED:
        _tell_editors(placement)
    return placement


@transaction.atomic
def end_placement(
    *, placement: Placement, by: User, left: date | None, outcome: PlacementOutcome | str = ""
) -> Placement:
    """Say when the start-up left and with what outcome; neither: it is still there."""
    placement.cohort.programme = locked_programme(placement.cohort.programme)
    placement = _locked(placement)
    if placement.status != PlacementStatus.CONFIRMED or not can_edit_placement(by, placement):
        raise PermissionDenied
    if left and left < placement.entered:
        raise ValidationError({"left": _("It came on %(day)s only.") % {"day": placement.entered.isoformat()}})
    before = {"left": placement.left, "outcome": placement.outcome}
    placement.left, placement.outcome = left, outcome
    placement.save(update_fields=["left", "outcome"])
    touch("startups")
    record(verb="placement.ended", thing=placement, by=by, before=before, after={"left": left, "outcome": outcome})
    return placement


def _called(name: str, email: str) -> list[Startup]:
    """The start-ups of this name, however it is spaced, in whose team somebody with this address is."""
    founded = Startup.objects.filter(members__user__email__iexact=email.strip(), members__user__is_active=True)
    return [each for each in founded.order_by("pk") if each.name.casefold().split() == name.casefold().split()]


def _count(cohort: Cohort, by: User) -> None:
    """One act of a person at a time, counted whether there is such a start-up or not."""
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    if Record.objects.filter(actor=by, verb=SENT, at__gt=timezone.now() - A_DAY).count() >= MOST_A_DAY:
        raise TooManyProposalsError
    record(verb=SENT, thing=cohort, by=by, scope=cohort.programme.scope)


def _may_be_asked_again(placement: Placement) -> bool:
    if placement.status == PlacementStatus.REFUSED:
        return cast(datetime, placement.answered_at) < timezone.now() - ASKED_AGAIN_AFTER
    return placement.status == PlacementStatus.WITHDRAWN


def _ask(placement: Placement, by: User, entered: date) -> None:
    if placement.status != PlacementStatus.PROPOSED:
        PLACEMENT.check(placement.status, PlacementStatus.PROPOSED)
    placement.status = PlacementStatus.PROPOSED
    placement.entered, placement.proposed_by, placement.proposed_at = entered, by, timezone.now()
    placement.save()
    record(verb="placement.proposed", thing=placement, by=by)
    for person in User.objects.filter(startup_roles__startup=placement.startup, is_active=True):
        _write(placement, person, "proposed", ("incubators:placements", placement.startup.uid))


def _move(placement: Placement, to: PlacementStatus, by: User) -> None:
    """Only the secretariat reads of it in the journal: not every start-up shows itself."""
    move = PLACEMENT.check(placement.status, to)
    before, placement.status = placement.status, to
    placement.save()
    touch("startups")
    record(verb=move.verb, thing=placement, by=by, before={"status": before}, after={"status": to})


def _tell_editors(placement: Placement) -> None:
    for person in members_of(placement.cohort.programme.organisation):
        _write(placement, person, "answered", ("incubators:cohort-edit", placement.cohort.uid))


def _write(placement: Placement, person: User, what: str, page: Place) -> None:
    moment = cast(datetime, placement.answered_at if what == "answered" else placement.proposed_at)
    programme = placement.cohort.programme
    write_to(
        person,
        f"incubators/placement_{what}",
        page=page,
        step=f"{placement.uid}:{moment.isoformat()}",
        context={
            "startup": placement.startup.name,
            "organisation": programme.organisation.titles,
            "programme": programme.titles,
            "cohort": placement.cohort.name,
            "confirmed": placement.status == PlacementStatus.CONFIRMED,
        },
    )


def _locked(placement: Placement) -> Placement:
    rows = Placement.objects.select_for_update(of=("self",))
    return rows.select_related("startup", "cohort__programme__organisation__country").get(pk=placement.pk)
