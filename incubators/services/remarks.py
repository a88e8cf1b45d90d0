"""Readers say that something about an organisation is wrong; who serves the country answers."""

from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone, translation

from incubators.enums import RemarkStatus
from incubators.lifecycle import REMARK
from incubators.models import Organisation, Remark
from incubators.rules import can_answer_remark
from network_platform.background.services import send_message
from network_platform.journal.services import record
from network_platform.people.models import User

MOST_A_DAY = 10
A_DAY = timedelta(days=1)


class TooManyRemarksError(Exception):
    """There are MOST_A_DAY remarks of the last day on this organisation, or from this address."""


@transaction.atomic
def make_remark(
    *, organisation: Organisation, text: str, group: str = "", address: str = "", language: str, by: User | None
) -> Remark:
    """Into the country's queue. `address` is kept until the answer and shown to nobody."""
    organisation = Organisation.objects.locked().get(pk=organisation.pk)
    if not Organisation.objects.in_directory().filter(pk=organisation.pk).exists():
        raise PermissionDenied
    lately = Remark.objects.filter(made_at__gt=timezone.now() - A_DAY)
    own = lately.filter(address__iexact=address) if address else lately.none()
    if lately.filter(organisation=organisation).count() >= MOST_A_DAY or own.count() >= MOST_A_DAY:
        raise TooManyRemarksError
    return Remark.objects.create(
        organisation=organisation, text=text, group=group, address=address, language=language, by=by
    )


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
            dedupe_key=f"incubators/remark:{remark.uid}",
            context={"titles": organisation.titles, "path": _path(organisation, remark.language)},
        )
    remark.status, remark.address = to, ""
    remark.answered_at, remark.answered_by = timezone.now(), by
    remark.save()
    record(verb=move.verb, thing=organisation, by=by, scope=organisation.scope)
    return remark


def _path(organisation: Organisation, language: str) -> str:
    with translation.override(language):
        return organisation.get_absolute_url()
