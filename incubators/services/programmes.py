"""Writing programmes, their cohorts and their calls for start-ups. Editors publish them themselves."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from incubators.enums import CallStatus, ProgrammeStatus
from incubators.lifecycle import CALL, PROGRAMME
from incubators.models import Cohort, OpenCall, Organisation, Programme
from incubators.rules import can_delete_programme, can_edit_call, can_edit_organisation, can_edit_programme
from incubators.services.news import tell_feed_of_call
from incubators.services.reindexing import reindex_programme, touch_registry
from network_platform.drafts import StaleWrite
from network_platform.journal.services import record
from network_platform.people.models import User

PROGRAMME_FIELDS = ("kind", "titles", "descriptions", "languages", "weeks", "website")
CALL_FIELDS = ("cohort", "titles", "descriptions", "opens_at", "closes_at", "zone", "apply_url")
COHORT_FIELDS = ("name", "starts", "ends", "places")


@transaction.atomic
def create_programme(*, organisation: Organisation, by: User, sectors: Any = (), **values: Any) -> Programme:
    """A draft. `values`: any of PROGRAMME_FIELDS."""
    organisation = Organisation.objects.locked().get(pk=organisation.pk)
    if not can_edit_organisation(by, organisation):
        raise PermissionDenied
    programme = Programme.objects.create(organisation=organisation, created_by=by, **values)
    programme.sectors.set(sectors)
    record(verb="programme.created", thing=programme, by=by, scope=programme.scope)
    return programme


@transaction.atomic
def update_programme(
    *,
    programme: Programme,
    by: User,
    version: int,
    to: ProgrammeStatus | None = None,
    sectors: Any = None,
    **values: Any,
) -> Programme:
    """Write `values` (any of PROGRAMME_FIELDS) over `version`, then move it `to` that state: both or neither.

    Raises StaleWrite if somebody saved in between, IllegalMove.
    """
    programme = locked_programme(programme)
    if not can_edit_programme(by, programme):
        raise PermissionDenied
    if version != programme.version:
        raise StaleWrite(programme.version, {})
    before = {name: getattr(programme, name) for name in PROGRAMME_FIELDS}
    for name in PROGRAMME_FIELDS:
        setattr(programme, name, values.get(name, before[name]))
    if sectors is not None:
        programme.sectors.set(sectors)
    programme.step(None)
    _keep_programme(programme, "programme.changed", by, **_changes(programme, before))
    return move_programme(programme=programme, to=to, by=by) if to else programme


@transaction.atomic
def move_programme(*, programme: Programme, to: ProgrammeStatus, by: User) -> Programme:
    programme = locked_programme(programme)
    move = PROGRAMME.check(programme.status, to)
    if not can_edit_programme(by, programme):
        raise PermissionDenied
    before, programme.status = programme.status, to
    _keep_programme(programme, move.verb, by, before={"status": before}, after={"status": to})
    return programme


@transaction.atomic
def delete_programme(*, programme: Programme, by: User) -> None:
    """A draft, with its cohorts and the drafts of its calls."""
    programme = locked_programme(programme)
    if not can_delete_programme(by, programme):
        raise PermissionDenied
    record(verb="programme.deleted", thing=programme, by=by, scope=programme.scope)
    programme.delete()


@transaction.atomic
def save_cohort(*, programme: Programme, by: User, cohort: Cohort | None = None, **values: Any) -> Cohort:
    """Add a cohort, or change one; the programme counts as written, too. `values`: COHORT_FIELDS."""
    programme = locked_programme(programme)
    if not can_edit_programme(by, programme):
        raise PermissionDenied
    saved = Cohort(programme=programme) if cohort is None else programme.cohorts.get(pk=cohort.pk)
    before = {} if cohort is None else {name: getattr(saved, name) for name in COHORT_FIELDS}
    for name in COHORT_FIELDS:
        setattr(saved, name, values[name])
    saved.save()
    programme.updated_at = timezone.now()
    programme.save(update_fields=["updated_at"])
    _show(programme)
    verb = "cohort.added" if cohort is None else "cohort.changed"
    changes = _changes(saved, before) if before else {}
    record(verb=verb, thing=saved, by=by, scope=programme.scope, **changes)
    return saved


@transaction.atomic
def create_call(*, programme: Programme, by: User, **values: Any) -> OpenCall:
    """A draft. `values`: any of CALL_FIELDS, moments in UTC."""
    programme = locked_programme(programme)
    if not can_edit_programme(by, programme):
        raise PermissionDenied
    call = OpenCall.objects.create(programme=programme, created_by=by, **values)
    record(verb="call.created", thing=call, by=by, scope=programme.scope)
    return call


@transaction.atomic
def update_call(*, call: OpenCall, by: User, version: int, to: CallStatus | None = None, **values: Any) -> OpenCall:
    """Write `values` (any of CALL_FIELDS) over `version`, then move it `to` that state: both or neither.

    Raises StaleWrite if somebody saved in between, and what `move_call` raises.
    """
    call = _locked_call(call)
    if not can_edit_call(by, call):
        raise PermissionDenied
    if version != call.version:
        raise StaleWrite(call.version, {})
    before = {name: getattr(call, name) for name in CALL_FIELDS}
    for name in CALL_FIELDS:
        setattr(call, name, values.get(name, before[name]))
    call.step(None)
    _keep_call(call, "call.changed", by, **_changes(call, before))
    return move_call(call=call, to=to, by=by) if to else call


@transaction.atomic
def move_call(*, call: OpenCall, to: CallStatus, by: User | None, reason: str = "") -> OpenCall:
    """Publish, close, withdraw, open again. `by` is None when the platform closes what is over."""
    call = _locked_call(call)
    move = CALL.check(call.status, to)
    now = timezone.now()
    if not (_is_over(call, to, now) if by is None else can_edit_call(by, call)):
        raise PermissionDenied
    if move.needs_reason and not reason.strip():
        raise ValidationError(_("A reason is needed."))
    if to == CallStatus.PUBLISHED and call.closes_at <= now:
        raise ValidationError({"closes_at": _("The end is past. Set a later one, then publish.")})
    if to == CallStatus.PUBLISHED and call.programme.status != ProgrammeStatus.PUBLISHED:
        raise ValidationError(_("Publish the programme first: its calls are shown with it."))
    before, call.status = call.status, to
    call.closed_at = now if to == CallStatus.CLOSED else None
    _keep_call(call, move.verb, by, before={"status": before}, after={"status": to}, reason=reason.strip())
    return call


def close_calls() -> int:
    """Close what is over, each in a transaction of its own. Returns how many."""
    closed = 0
    for call in list(OpenCall.objects.over_at(timezone.now()).only("pk")):
        try:
            move_call(call=call, to=CallStatus.CLOSED, by=None)
            closed += 1
        except PermissionDenied:
            continue  # its end was moved since the query
    return closed


def _is_over(call: OpenCall, to: CallStatus, now: datetime) -> bool:
    return to == CallStatus.CLOSED and call.closes_at <= now


def locked_programme(programme: Programme) -> Programme:
    """The organisation first, as everybody locks it before what belongs to it."""
    organisation = Organisation.objects.locked().get(pk=programme.organisation_id)
    locked = Programme.objects.select_for_update(of=("self",)).get(pk=programme.pk)
    locked.organisation = organisation
    return locked


def _locked_call(call: OpenCall) -> OpenCall:
    programme = locked_programme(call.programme)
    locked = OpenCall.objects.select_for_update(of=("self",)).get(pk=call.pk)
    locked.programme = programme
    return locked


def _keep_programme(programme: Programme, verb: str, by: User, **changes: Any) -> None:
    programme.updated_at = timezone.now()
    programme.save()
    _show(programme)
    record(verb=verb, thing=programme, by=by, scope=programme.scope, **changes)


def _keep_call(call: OpenCall, verb: str, by: User | None, **changes: Any) -> None:
    call.updated_at = timezone.now()
    call.save()
    _show(call.programme)
    tell_feed_of_call(call, verb)
    record(verb=verb, thing=call, by=by, scope=call.programme.scope, **changes)


def _show(programme: Programme) -> None:
    """What readers see and find is another now, if they see this programme's organisation at all."""
    if programme.organisation.is_public:
        reindex_programme(programme)
        touch_registry()


def _changes(thing: Any, before: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """`before` and `after` of the fields that differ, as the journal takes them."""
    changed = [name for name, value in before.items() if getattr(thing, name) != value]
    return {
        "before": {name: _plain(before[name]) for name in changed},
        "after": {name: _plain(getattr(thing, name)) for name in changed},
    }


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Cohort) else value
