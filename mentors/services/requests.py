"""Asking an expert, and what becomes of it."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from incubators.models import Startup
from incubators.rules import can_edit_startup
from mentors.enums import RequestState
from mentors.lifecycle import ASKER, EXPERT, REQUEST
from mentors.models import Engagement, Expertise, ExpertRole, Letter, Request
from mentors.models.requests import ANSWER_WITHIN
from mentors.rules import can_answer_request, can_ask_role, can_withdraw_request
from mentors.services import mails
from mentors.services.answers import remember_answer_time
from mentors.services.locks import lock_expert
from mentors.services.roles import set_availability
from network_platform.journal.services import record
from network_platform.lifecycle import IllegalMove, Move
from network_platform.people.models import User

MOST_OPEN = 5
MOST_A_WEEK = 10
REMIND_BEFORE = timedelta(days=2)


@transaction.atomic
def ask_expert(
    *,
    role: ExpertRole,
    by: User,
    need: str,
    language: str,
    startup: Startup | None = None,
    skills: Iterable[Expertise] = (),
) -> Request:
    """Put a need before one expert; refuses what would be a mass mailing."""
    person = User.objects.select_for_update(no_key=True).get(pk=by.pk)
    lock_expert(role.expert_id)
    row = ExpertRole.objects.with_people().get(pk=role.pk)
    if not can_ask_role(by, row) or (startup is not None and not can_edit_startup(by, startup)):
        raise PermissionDenied
    _refuse_too_many(person, row)
    asked = Request.objects.create(
        asker=person, expert=row.expert, role=row, need=need.strip(), language=language, startup=startup
    )
    asked.skills.set(skills)
    return move_request(asked=asked, to=RequestState.OFFERED, by=by)


@transaction.atomic
def accept_request(*, asked: Request, by: User, availability: str, message: str = "") -> Engagement:
    """Begin an engagement. The expert's row is locked first: two acceptances never pass the same last place."""
    lock_expert(asked.expert_id)
    role = ExpertRole.objects.with_people().get(pk=asked.role_id)
    row = move_request(asked=asked, to=RequestState.ACCEPTED, by=by, reply=message)
    if places_left(role) <= 0:
        raise ValidationError(_("Your month is full. Raise the number of requests a month, or decline."))
    engagement = Engagement.objects.create(request=row, role=role)
    if message.strip():
        Letter.objects.create(engagement=engagement, author=by, text=message.strip())
    set_availability(role=role, availability=availability, by=by)
    return engagement


@transaction.atomic
def decline_request(*, asked: Request, by: User, availability: str = "", reply: str = "") -> Request:
    row = move_request(asked=asked, to=RequestState.DECLINED, by=by, reply=reply)
    if availability:
        set_availability(role=row.role, availability=availability, by=by)
    return row


def withdraw_request(*, asked: Request, by: User) -> Request:
    return move_request(asked=asked, to=RequestState.WITHDRAWN, by=by)


def mark_read(*, asked: Request, by: User, until: datetime) -> None:
    """The answer and the messages written until then are before this person; the desk reminds of them no more.

    Not journaled: nobody decided anything.
    """
    now = timezone.now()
    if asked.asker_id == by.pk and asked.is_unread:
        Request.objects.unread_by(by).filter(pk=asked.pk).update(read_at=now)
    if asked.state == RequestState.ACCEPTED:
        letters = Letter.objects.unread_by(by).filter(engagement__request=asked, sent_at__lte=until)
        letters.update(read_at=now)


def expire_requests() -> int:
    """Close what nobody answered in time. Safe to repeat, and beside an answer given at the same moment."""
    expired = 0
    for asked in Request.objects.overdue():
        try:
            move_request(asked=asked, to=RequestState.EXPIRED, by=None)
        except IllegalMove:
            continue
        expired += 1
    return expired


def remind_experts() -> None:
    """Two days before the end, once."""
    soon = timezone.now() + REMIND_BEFORE
    for asked in Request.objects.offered().filter(expires_at__lte=soon, expires_at__gt=timezone.now()).with_people():
        mails.remind(asked)


@transaction.atomic
def move_request(*, asked: Request, to: str, by: User | None, reply: str = "") -> Request:
    """The one door, under the expert's lock. `by` is None for the platform, which lets requests expire."""
    lock_expert(asked.expert_id)
    row = Request.objects.with_people().get(pk=asked.pk)
    move = REQUEST.check(row.state, to)
    if not _may_move(row, move, by):
        raise PermissionDenied
    now = timezone.now()
    before, row.state, row.reply = row.state, RequestState(to), reply.strip()
    if to == RequestState.OFFERED:
        row.offered_at, row.expires_at = now, now + ANSWER_WITHIN
    elif row.offered_at is not None:
        row.answered_at = now
    _save(row)
    record(
        verb=move.verb,
        thing=row,
        by=by,
        label=f"{row.role.role}, {row.expert.country.iso2}",
        before={"state": before},
        after={"state": to},
    )
    remember_answer_time(row.expert)
    mails.request_moved(row, by)
    return row


def places_left(role: ExpertRole, now: datetime | None = None) -> int:
    """Of this month, which begins at midnight where the expert lives."""
    here = (now or timezone.now()).astimezone(ZoneInfo(role.expert.time_zone))
    month = here.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return role.capacity - role.engagements.begun_since(month).count()


def _may_move(row: Request, move: Move, by: User | None) -> bool:
    if by is None:
        return True
    if move.who == EXPERT:
        return can_answer_request(by, row)
    if move.target == RequestState.WITHDRAWN:
        return can_withdraw_request(by, row)
    return move.who == ASKER and row.asker_id == by.pk


def limit_reached(person: User) -> str:
    """Why this person can ask nobody now, in their language; empty if they can.

    Withdrawn requests count towards the week: taking back and asking again is no way around.
    """
    made = Request.objects.made_by(person)
    if made.offered().count() >= MOST_OPEN:
        words = ngettext(
            "You have %(n)d open request. Wait for an answer, or withdraw it.",
            "You have %(n)d open requests. Wait for an answer, or withdraw one.",
            MOST_OPEN,
        )
        return words % {"n": MOST_OPEN}
    if made.filter(offered_at__gte=timezone.now() - timedelta(days=7)).count() >= MOST_A_WEEK:
        return _("You have asked many experts this week. Ask again in a few days.")
    return ""


def _refuse_too_many(person: User, role: ExpertRole) -> None:
    if Request.objects.made_by(person).offered().filter(expert=role.expert).exists():
        raise ValidationError(_("Your request to this expert is still waiting for an answer."))
    if words := limit_reached(person):
        raise ValidationError(words)


def _save(row: Request) -> None:
    try:
        with transaction.atomic():
            row.save(update_fields=["state", "reply", "offered_at", "expires_at", "answered_at"])
    except IntegrityError:
        raise ValidationError(_("Your request to this expert is still waiting for an answer.")) from None
