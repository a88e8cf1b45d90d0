"""Readers say that something about an organisation is wrong; who serves the country answers."""

from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils import timezone, translation

from incubators.enums import RemarkStatus
from incubators.lifecycle import REMARK
from incubators.models import Organisation, Remark
from incubators.rules import can_answer_remark
from incubators.services.letters import reviewers_of, write_to
from network_platform.background.models import Message, MessageState
from network_platform.background.services import forget_addressees, send_message
from network_platform.journal.services import record
from network_platform.people.models import User
from network_platform.zones import today

MOST_A_DAY = 10
A_DAY = timedelta(days=1)
ANSWERS = "incubators/remark:"  # how the keys of the mails to readers begin
ADDRESSES_KEPT = timedelta(days=30)  # of answers that could not be delivered


class TooManyRemarksError(Exception):
    """There are MOST_A_DAY remarks of the last day on this organisation, or from this address."""


@transaction.atomic
def make_remark(
    *, organisation: Organisation, text: str, group: str = "", address: str = "", language: str, by: User | None
) -> Remark:
    """Into the country's queue; who answers gets one mail an entry and day. `address` is kept until the answer and
    shown to nobody.
    """
    organisation = Organisation.objects.locked().get(pk=organisation.pk)
    if not Organisation.objects.in_directory().filter(pk=organisation.pk).exists():
        raise PermissionDenied
    lately = Remark.objects.filter(made_at__gt=timezone.now() - A_DAY)
    own = lately.filter(address__iexact=address) if address else lately.none()
    if lately.filter(organisation=organisation).count() >= MOST_A_DAY or own.count() >= MOST_A_DAY:
        raise TooManyRemarksError
    remark = Remark.objects.create(
        organisation=organisation, text=text, group=group, address=address, language=language, by=by
    )
    _tell_reviewers(remark)
    return remark


@transaction.atomic
def answer_remark(*, remark: Remark, to: RemarkStatus, by: User) -> Remark:
    """Mended or set aside. The writer gets one mail if they left an address, which is forgotten then."""
    organisation = Organisation.objects.locked().get(pk=remark.organisation_id)
    remark = Remark.objects.select_for_update(of=("self",)).get(pk=remark.pk)
    remark.organisation = organisation
    move = REMARK.check(remark.status, to)
    if not can_answer_remark(by, remark):
        raise PermissionDenied
    if remark.address:
        send_message(
            template=f"incubators/remark_{to}",
            to=remark.address,
            language=remark.language,
            dedupe_key=f"{ANSWERS}{remark.uid}",
            context={"titles": organisation.titles, "path": _path(organisation, remark.language)},
        )
    remark.status, remark.address = to, ""
    remark.answered_at, remark.answered_by = timezone.now(), by
    remark.save()
    record(verb=move.verb, thing=organisation, by=by, scope=organisation.scope)
    return remark


def forget_addresses() -> int:
    """Of readers whose answer has left, or has not within ADDRESSES_KEPT: the outbox holds them no longer."""
    written = Message.objects.filter(dedupe_key__startswith=ANSWERS).exclude(address="")
    over = Q(state__in=(MessageState.SENT, MessageState.LATE)) | Q(created_at__lt=timezone.now() - ADDRESSES_KEPT)
    keys = list(written.filter(over).exclude(state=MessageState.SENDING).values_list("dedupe_key", flat=True))
    forget_addressees(keys=keys)
    return len(keys)


def _tell_reviewers(remark: Remark) -> None:
    """Without what the reader wrote: it is read on the page."""
    organisation = remark.organisation
    page = ("incubators:remark", remark.uid)
    told = {"titles": organisation.titles, "country": organisation.country.names}
    for person in reviewers_of(organisation.country):
        write_to(person, "incubators/remark_made", page=page, step=f"{organisation.uid}:{today()}", context=told)


def _path(organisation: Organisation, language: str) -> str:
    with translation.override(language):
        return organisation.get_absolute_url()
