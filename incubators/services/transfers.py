"""Moving an organisation to another country: one side asks, the other answers."""

from typing import cast

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from incubators.enums import MOVABLE, TransferStatus
from incubators.lifecycle import TRANSFER
from incubators.models import City, Country, Organisation, Transfer, YearlyFigures
from incubators.rules import can_answer_transfer, can_ask_for_transfer, can_withdraw_transfer
from incubators.services.letters import Place, members_of, reviewers_of, write_to
from incubators.services.news import tell_feed
from incubators.services.places import take_places
from incubators.services.reindexing import reindex_organisation
from network_platform.journal.services import record
from network_platform.people.models import User


@transaction.atomic
def ask_for_transfer(*, organisation: Organisation, target: Country, by: User, reason: str) -> Transfer:
    """The other country's office gets a mail; nothing moves before it agrees. Asking twice keeps the first wish."""
    organisation = Organisation.objects.locked().get(pk=organisation.pk)
    if not can_ask_for_transfer(by, organisation):
        raise PermissionDenied
    if not reason.strip() or target == organisation.country:
        raise ValidationError(_("Another country and a reason are needed."))
    if held := organisation.transfers.open().first():
        return held
    transfer = Transfer.objects.create(
        organisation=organisation, source=organisation.country, target=target, reason=reason.strip(), asked_by=by
    )
    _journal(transfer, "transfer.asked", by=by, reason=transfer.reason)
    for person in reviewers_of(target, without=[by]):
        _send(transfer, person, "incubators/transfer_asked", ("incubators:transfer-answer", transfer.uid))
    return transfer


@transaction.atomic
def answer_transfer(*, transfer: Transfer, to: TransferStatus, by: User, answer: str = "") -> Transfer:
    """Accept or refuse; with the yes the organisation is the other country's. Who asked and its editors are told."""
    organisation, transfer = _locked(transfer)
    move = TRANSFER.check(transfer.status, to)
    if to == TransferStatus.WITHDRAWN or not can_answer_transfer(by, transfer):
        raise PermissionDenied
    if to == TransferStatus.REFUSED and not answer.strip():
        raise ValidationError(_("A reason is needed."))
    if to == TransferStatus.ACCEPTED:
        _move(organisation, transfer.target)
    _close(transfer, to, by=by, answer=answer.strip())
    _journal(transfer, move.verb, by=by, reason=transfer.answer)
    people = {cast(User, transfer.asked_by), *(members_of(organisation) if to == TransferStatus.ACCEPTED else [])}
    for person in sorted((each for each in people if each.is_active and each != by), key=lambda each: each.pk):
        _send(transfer, person, f"incubators/transfer_{to}", ("incubators:detail", organisation.slug))
    return transfer


@transaction.atomic
def withdraw_transfer(*, transfer: Transfer, by: User) -> Transfer:
    _organisation, transfer = _locked(transfer)
    move = TRANSFER.check(transfer.status, TransferStatus.WITHDRAWN)
    if not can_withdraw_transfer(by, transfer):
        raise PermissionDenied
    _close(transfer, TransferStatus.WITHDRAWN, by=by)
    _journal(transfer, move.verb, by=by)
    return transfer


def _locked(transfer: Transfer) -> tuple[Organisation, Transfer]:
    """The organisation first, as everywhere."""
    organisation = Organisation.objects.locked().get(pk=transfer.organisation_id)
    rows = Transfer.objects.select_for_update(of=("self",)).select_related("source", "target", "asked_by")
    transfer = rows.get(pk=transfer.pk)
    transfer.organisation = organisation
    return organisation, transfer


def _move(organisation: Organisation, target: Country) -> None:
    """Its city stays behind unless the new country has one of that name; so does the key of its import if taken."""
    if organisation.status not in MOVABLE:
        raise ValidationError(_("Only what is listed, out of date or suspended can move."))
    if organisation.city:
        organisation.city = City.objects.filter(country=target, slug=organisation.city.slug).first()
    if Organisation.objects.filter(country=target, source_key=organisation.source_key).exists():
        organisation.source_key = ""
    organisation.country, organisation.updated_at = target, timezone.now()
    organisation.save()
    take_places(_accepted(organisation))
    reindex_organisation(organisation)


def _accepted(organisation: Organisation) -> list[YearlyFigures]:
    """In the order in which they were accepted, of this organisation as it is now."""
    figures = list(organisation.yearly_figures.accepted().order_by("decided_at", "pk"))
    for each in figures:
        each.organisation = organisation
    return figures


def _close(transfer: Transfer, to: TransferStatus, *, by: User, answer: str = "") -> None:
    transfer.status, transfer.answer = to, answer
    transfer.answered_at, transfer.answered_by = timezone.now(), by
    transfer.save()


def _journal(transfer: Transfer, verb: str, *, by: User, reason: str = "") -> None:
    """In both countries."""
    tell_feed(transfer.organisation, verb)
    for country in (transfer.source, transfer.target):
        record(
            verb=verb,
            thing=transfer.organisation,
            by=by,
            scope=f"country:{country.iso2}",
            before={"country": transfer.source.iso2},
            after={"country": transfer.target.iso2},
            reason=reason,
        )


def _send(transfer: Transfer, person: User, template: str, page: Place) -> None:
    write_to(
        person,
        template,
        page=page,
        step=str(transfer.uid),
        context={
            "titles": transfer.organisation.titles,
            "source": transfer.source.names,
            "target": transfer.target.names,
            "reason": transfer.reason,
            "answer": transfer.answer,
        },
    )
