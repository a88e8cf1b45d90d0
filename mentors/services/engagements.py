"""What follows an accepted request."""

from datetime import timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mentors.enums import EngagementState
from mentors.lifecycle import ENGAGEMENT
from mentors.models import Engagement, Letter
from mentors.rules import can_write_in_engagement
from mentors.services import mails
from network_platform.journal.services import record
from network_platform.people.models import User

MOST_LETTERS_A_DAY = 30


@transaction.atomic
def send_letter(*, engagement: Engagement, by: User, text: str) -> Letter:
    """Pass a message on: it stands on the page and goes out by mail, without an address."""
    row = _locked(engagement)
    if not can_write_in_engagement(by, row):
        raise PermissionDenied
    since = timezone.now() - timedelta(days=1)
    if row.letters.filter(author=by, sent_at__gte=since).count() >= MOST_LETTERS_A_DAY:
        raise ValidationError(_("That is enough messages for one day. Write again tomorrow."))
    letter = Letter.objects.create(engagement=row, author=by, text=text.strip())
    mails.letter_sent(letter)
    return letter


@transaction.atomic
def move_engagement(*, engagement: Engagement, to: str, by: User, is_erased: bool = False) -> Engagement:
    """The one door. The other of the two is told; of somebody who is being erased without a name, and the journal
    names nobody.
    """
    row = _locked(engagement)
    move = ENGAGEMENT.check(row.state, to)
    if not can_write_in_engagement(by, row):
        raise PermissionDenied
    before, row.state, row.ended_at = row.state, EngagementState(to), timezone.now()
    row.save(update_fields=["state", "ended_at"])
    record(
        verb=move.verb,
        thing=row,
        by=None if is_erased else by,
        label=f"{row.role.role}, {row.role.expert.country.iso2}",
        before={"state": before},
        after={"state": to},
    )
    mails.engagement_ended(row, by)
    return row


def _locked(engagement: Engagement) -> Engagement:
    rows = Engagement.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("request__asker", "request__expert__user", "role__expert__country").get(pk=engagement.pk)
