"""What a team does with its entry: start, save, submit, withdraw; and the door through which its state moves."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from competitions.enums import AssignmentState, EntryState, SheetState
from competitions.lifecycle import ENTRY, RELEASABLE, VOIDABLE
from competitions.models import (
    Assignment,
    Attachment,
    Competition,
    Entry,
    FormVersion,
    Revision,
    Round,
    ScoreSheet,
    Track,
)
from competitions.rules import can_delete_draft, can_edit_entry, can_withdraw_entry, is_editable_at, is_of_startup
from competitions.services import letters
from competitions.services.answers import as_typed, clean_answers
from competitions.services.attachments import put_back
from competitions.services.definitions import questions_of
from competitions.services.digests import canonical, digest_of
from competitions.services.eligibility import Case, Finding, blocking, findings
from competitions.services.states import ReasonMissing, move_assignment, move_sheet
from incubators.models import Startup
from incubators.rules import can_edit_startup
from incubators.services.startups import create_startup, update_startup
from network_platform.drafts import NOTHING
from network_platform.journal.services import Line, record, record_all
from network_platform.people.models import User

NOT_WITHDRAWABLE = _("Only the start-up’s own people withdraw an entry, and only before the winners are announced.")


class DeadlinePassed(Exception):
    """The server received it after the competition's last moment (or before its first)."""


class EntryFrozen(Exception):
    """Applications are open, but this entry is withdrawn, with judges or decided."""


class EntryChanged(Exception):
    """The draft is not the one that was reviewed."""


class NotEligible(Exception):
    """`findings`: the rules that stop the application."""

    def __init__(self, found: list[Finding]) -> None:
        super().__init__(", ".join(finding.rule.kind for finding in found))
        self.findings = found


class EntryIncomplete(Exception):
    """`problems`: question code to what to do."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__(", ".join(problems))
        self.problems = problems


def startup_described(*, by: User, **values: Any) -> Startup:
    """The person's start-up of that name and country, or a new one, as `values` describe it now; nothing is stored."""
    named = Startup.objects.editable_by(by).filter(name=values["name"], country=values["country"])
    startup = named.order_by("pk").first() or Startup()
    for key, value in values.items():
        setattr(startup, key, value)
    return startup


@transaction.atomic
def start_entry_described(
    *, competition: Competition, by: User, described: Mapping[str, Any], confirmed: frozenset[int], **choices: Any
) -> Entry:
    """A draft for a start-up that is described at the door (name, country and more of its profile).

    Of one name and country a person has one start-up: described again, its profile says what was typed last. Nothing
    is stored unless that passes. `choices` as in `start_entry`; raises the same.
    """
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    startup = startup_described(by=by, **described)
    stopped = blocking(findings(Case(startup, competition, confirmed, draft_of(startup, competition))))
    if stopped:
        raise NotEligible(stopped)
    if startup.pk is None:
        startup = create_startup(by=by, language=choices["language"], **described)
    else:
        version = Startup.objects.select_for_update(no_key=True).values_list("version", flat=True).get(pk=startup.pk)
        left = {name: text for name, text in startup.typed.items() if name not in described}
        startup = update_startup(startup=startup, by=by, version=version, **described, typed=left)
    return start_entry(competition=competition, startup=startup, by=by, confirmed=confirmed, **choices)


def draft_of(startup: Startup, competition: Competition) -> Entry | None:
    if startup.pk is None:
        return None
    return Entry.objects.filter(competition=competition, startup=startup, state=EntryState.DRAFT).first()


def _withdrawn_answers(startup: Startup, form: FormVersion) -> dict[str, str]:
    """What the start-up's last withdrawn entry says to the questions of this form."""
    entries = Entry.objects.filter(competition=form.competition_id, startup=startup, state=EntryState.WITHDRAWN)
    last = entries.order_by("-pk").first()
    asked = {question.code for question in questions_of(form)}
    return {code: text for code, text in last.answers.items() if code in asked} if last else {}


@transaction.atomic
def start_entry(
    *,
    competition: Competition,
    startup: Startup,
    by: User,
    language: str,
    track: Track | None = None,
    confirmed: frozenset[int] = frozenset(),
    is_again: bool = False,
    now: datetime | None = None,
) -> Entry:
    """A draft for the start-up, or the one it has. Raises DeadlinePassed, NotEligible.

    `is_again`: with the answers of the entry that was withdrawn last, as far as their questions are still asked.
    """
    if not can_edit_startup(by, startup):
        raise PermissionDenied
    if not competition.takes_entries_at(now or timezone.now()):
        raise DeadlinePassed
    Startup.objects.select_for_update(no_key=True).get(pk=startup.pk)
    draft = draft_of(startup, competition)
    if draft is not None:
        return draft
    stopped = blocking(findings(Case(startup, competition, confirmed)))
    if stopped:
        raise NotEligible(stopped)
    form = FormVersion.objects.get(competition=competition, is_current=True)
    entry = Entry.objects.create(
        competition=competition,
        startup=startup,
        form=form,
        answers=_withdrawn_answers(startup, form) if is_again else {},
        track=track,
        language=language,
        stage=startup.stage,
        confirmed=sorted(confirmed),
        started_by=by,
    )
    record(verb="entry.started", thing=entry, by=by, scope=f"person:{by.uid}", label=str(competition))
    return entry


def save_answers(
    *,
    entry: Entry,
    values: Mapping[str, str],
    based_on: int,
    save_id: uuid.UUID | None = None,
    seen: Mapping[str, str] = NOTHING,
) -> Entry:
    """Save typed `values` (question code to text) over the version they were based on; who may is the caller's rule.

    Answers to different questions merge, `seen` tells what the page showed of each. Raises StaleWrite with the standing
    texts where somebody else changed the same question since. The same `save_id` again, and values that change nothing,
    leave the entry as it is. One statement, no lock: the write counts only if the version is still the one that was
    read.
    """
    typed = {code: as_typed(value) for code, value in values.items()}
    while True:
        changed = _leave_theirs(entry, typed, based_on, save_id, seen)
        if entry.is_repeat(save_id) or not changed or _write(entry, changed, save_id):
            return entry
        entry.refresh_from_db(fields=["answers", "touched", "version", "last_save"])


def _leave_theirs(
    entry: Entry, typed: dict[str, str], based_on: int, save_id: uuid.UUID | None, seen: Mapping[str, str]
) -> dict[str, str]:
    """What is to be written of `typed`. Raises StaleWrite."""
    changed = {code: text for code, text in typed.items() if entry.answers.get(code, "") != text}
    others = {code for code, version in entry.touched.items() if version > based_on} - (typed.keys() - changed.keys())
    mine = {code: text for code, text in changed.items() if code in others}
    entry.theirs = NOTHING
    if others:
        stands = {code: entry.answers.get(code, "") for code in others}
        entry.leave_theirs(save_id=save_id, mine=mine, stands=stands, seen=seen)
    return {code: text for code, text in changed.items() if code not in entry.theirs}


def _write(entry: Entry, changed: dict[str, str], save_id: uuid.UUID | None) -> bool:
    version = entry.version + 1
    fields = {
        "answers": {**entry.answers, **changed},
        "touched": {**entry.touched, **dict.fromkeys(changed, version)},
        "version": version,
        "last_save": save_id,
        "saved_at": timezone.now(),
    }
    written = Entry.objects.filter(pk=entry.pk, version=entry.version).update(**fields)
    if written:
        for name, value in fields.items():
            setattr(entry, name, value)
    return bool(written)


@transaction.atomic
def submit_entry(*, entry: Entry, by: User, received_at: datetime, reviewed: str | None = None) -> Revision:
    """Freeze the draft as a submission. `received_at`: when the server received the request; `reviewed`: the
    `draft_digest` of what the person read before sending it, if there was a page to read.

    Raises DeadlinePassed, EntryFrozen, EntryChanged, EntryIncomplete, NotEligible. Submitting the same content again
    changes nothing, unless the organiser asked for it.
    """
    own = Entry.objects.of_team(by).select_for_update(of=("self", "competition"), no_key=True)
    row = own.select_related("competition", "startup__country", "form", "track").filter(pk=entry.pk).first()
    if row is None:
        raise PermissionDenied
    competition = row.competition
    if not is_editable_at(row, received_at):
        raise EntryFrozen if competition.takes_entries_at(received_at) else DeadlinePassed
    attachments = list(row.attachments.current())
    if reviewed not in (None, draft_digest(row, attachments)):
        raise EntryChanged
    answers = _demand_complete(row, attachments)
    stopped = blocking(findings(Case(row.startup, competition, row.confirmed, row)))
    if stopped:
        raise NotEligible(stopped)
    if row.state == EntryState.SUBMITTED and _is_same(cast(Revision, row.standing), answers, attachments):
        return cast(Revision, row.standing)
    return _freeze(row, answers, attachments, by, received_at)


def _demand_complete(entry: Entry, attachments: list[Attachment]) -> dict[str, str]:
    answers, problems = clean_answers(questions_of(entry.form), entry.answers, attachments)
    if problems:
        raise EntryIncomplete(problems)
    return answers


def _is_same(standing: Revision, answers: dict[str, str], attachments: list[Attachment]) -> bool:
    held = set(standing.attachments.values_list("pk", flat=True))
    return standing.answers == answers and held == {attachment.pk for attachment in attachments}


def draft_digest(entry: Entry, attachments: list[Attachment]) -> str:
    """Names what the draft and its current files say; for `submit_entry`, which sends that and nothing else."""
    answers = {code: text for code, text in entry.answers.items() if text}
    files = sorted(str(attachment.uid) for attachment in attachments)
    return digest_of(canonical({"answers": answers, "files": files}))


def _freeze(
    entry: Entry, answers: dict[str, str], attachments: list[Attachment], by: User, received_at: datetime
) -> Revision:
    move = ENTRY.check(entry.state, EntryState.SUBMITTED)
    before = entry.state
    entry.serial = entry.serial or _next_serial(entry.competition)
    entry.stage = entry.startup.stage or entry.stage
    number = entry.standing.number + 1 if entry.standing else 1
    content = canonical(content_of(entry, number, answers, attachments, received_at))
    revision = Revision.objects.create(
        entry=entry,
        number=number,
        form=entry.form,
        answers=answers,
        content=content,
        digest=digest_of(content),
        language=entry.language,
        received_at=received_at,
        submitted_by=by,
    )
    revision.attachments.add(*attachments)
    entry.standing, entry.state = revision, EntryState.SUBMITTED
    entry.save(update_fields=["serial", "stage", "standing", "state"])
    letters.send_receipt(entry=entry, revision=revision, by=by)
    after = {"state": entry.state, "submission": number, "digest": revision.digest}
    _journal(entry, move.verb, by, before={"state": before}, after=after)
    return revision


def _next_serial(competition: Competition) -> int:
    """The caller holds the competition's row."""
    return (Entry.objects.filter(competition=competition).aggregate(last=Max("serial"))["last"] or 0) + 1


def content_of(
    entry: Entry, number: int, answers: dict[str, str], attachments: list[Attachment], received_at: datetime
) -> dict[str, Any]:
    """What the digest covers: the answers, the files by their digests, who, when, by which form."""
    startup = entry.startup
    return {
        "competition": entry.competition.slug,
        "entry": str(entry.uid),
        "number": entry.number,
        "submission": number,
        "received_at": received_at.isoformat(),
        "language": entry.language,
        "track": entry.track.code if entry.track else None,
        "startup": {"uid": str(startup.uid), "name": startup.name, "country": startup.country.iso2},
        "stage": entry.stage,
        "form": entry.form.digest,
        "answers": answers,
        "attachments": [
            {"question": a.question, "name": a.name, "size": a.size, "sha256": a.sha256} for a in attachments
        ],
    }


@transaction.atomic
def revert_entry(*, entry: Entry, by: User, now: datetime | None = None) -> Entry:
    """Throw away what was changed since the last submission: its answers and its files stand in the draft again.

    A page that is still open meets the change as it would a colleague's. Without changes nothing happens.
    """
    rows = Entry.objects.select_for_update(of=("self",), no_key=True).select_related("competition", "standing")
    row = rows.get(pk=entry.pk)
    if not can_edit_entry(by, row, now):
        raise PermissionDenied
    sent = row.standing
    if sent is None or not row.is_changed_since_sent:
        return row
    codes = row.answers.keys() | sent.answers.keys()
    changed = [code for code in codes if row.answers.get(code, "") != sent.answers.get(code, "")]
    row.version += 1
    row.touched = {**row.touched, **dict.fromkeys(changed, row.version)}
    row.answers, row.last_save, row.saved_at = sent.answers, None, sent.received_at
    row.save(update_fields=["answers", "touched", "version", "last_save", "saved_at"])
    put_back(entry=row, sent=sent)
    scope = f"person:{by.uid}"
    record(verb="entry.reverted", thing=row, by=by, scope=scope, label=f"{row.competition}: {row}")
    return row


@transaction.atomic
def withdraw_entry(*, entry: Entry, by: User) -> Entry:
    """Take the entry out of the competition and from its judges, at any time before the announcement.

    The rounds are locked first, as judges' and managers' services lock them. Withdrawing again changes nothing.
    What was never sent is deleted instead, see `delete_draft`.
    """
    list(Round.objects.select_for_update(no_key=True).filter(competition=entry.competition_id).order_by("pk"))
    rows = Entry.objects.select_for_update(of=("self",), no_key=True).select_related("competition", "startup")
    row = rows.get(pk=entry.pk)
    if row.state == EntryState.WITHDRAWN and is_of_startup(by, row):
        return row
    if not can_withdraw_entry(by, row):
        raise PermissionDenied(NOT_WITHDRAWABLE)
    _take_from_judges(row)
    return move_entry(entry=row, to=EntryState.WITHDRAWN, by=by)


@transaction.atomic
def delete_draft(*, entry: Entry, by: User) -> None:
    """Delete a draft that was never sent, with its files and its invitations; the others of the team are told."""
    rows = Entry.objects.select_for_update(of=("self",), no_key=True).select_related("competition", "startup")
    row = rows.get(pk=entry.pk)
    if not can_delete_draft(by, row):
        raise PermissionDenied(NOT_WITHDRAWABLE)
    letters.send_deleted(entry=row, by=by)
    files = [attachment.file for attachment in row.attachments.all() if attachment.file]
    row.attachments.all().delete()
    scope = f"person:{by.uid}"
    record(verb="entry.deleted", thing=row, by=by, scope=scope, label=f"{row.competition}: {row.startup.name}")
    row.delete()
    for file in files:
        transaction.on_commit(partial(file.storage.delete, str(file.name)))


def _take_from_judges(entry: Entry) -> None:
    """Void what was scored and release the seats: a withdrawn entry is neither read nor ranked."""
    seats = Assignment.objects.select_for_update(of=("self",), no_key=True).filter(entry=entry, state__in=RELEASABLE)
    sheets = ScoreSheet.objects.select_for_update(of=("self",)).filter(assignment__entry=entry, state__in=VOIDABLE)
    given = list(seats.select_related("round__competition", "entry", "judge"))
    begun = list(sheets.select_related("assignment__round__competition", "assignment__entry", "assignment__judge"))
    why = "entry withdrawn"
    for sheet in begun:
        move_sheet(sheet=sheet, to=SheetState.VOID, by=None, reason=why)
    for seat in given:
        move_assignment(assignment=seat, to=AssignmentState.RELEASED, by=None, reason=why)


def move_entry(*, entry: Entry, to: str, by: User | None, reason: str = "") -> Entry:
    """One entry through the one door, see `move_entries`."""
    move_entries(moves={entry: to}, by=by, reason=reason)
    return entry


@transaction.atomic
def move_entries(*, moves: Mapping[Entry, str], by: User | None, reason: str = "") -> None:
    """The one door: lock the rows, check the table, write, write to the teams, journal. Who may is the caller's rule.

    `moves`: entry -> state. The number of queries does not grow with them.
    """
    rows = Entry.objects.select_for_update(no_key=True).filter(pk__in=[entry.pk for entry in moves])
    before = dict(rows.order_by("pk").values_list("pk", "state"))
    legal = {entry: ENTRY.check(before[entry.pk], to) for entry, to in moves.items()}
    without_reason = [move.verb for move in legal.values() if move.needs_reason and not reason.strip()]
    if without_reason:
        raise ReasonMissing(without_reason[0])
    for state in set(moves.values()):
        Entry.objects.filter(pk__in=[entry.pk for entry, to in moves.items() if to == state]).update(state=state)
    for entry, to in moves.items():
        entry.state = to
    letters.send_moves(entries=moves, reason=reason, by=by)
    lines = (
        _line(entry, move.verb, by, before={"state": before[entry.pk]}, after={"state": entry.state}, reason=reason)
        for entry, move in legal.items()
    )
    record_all(lines, by=by)


def _journal(entry: Entry, verb: str, by: User | None, **details: Any) -> None:
    record_all([_line(entry, verb, by, **details)], by=by)


def _line(entry: Entry, verb: str, by: User | None, **details: Any) -> Line:
    """Numbers and digests only: the content of an entry never goes to the journal."""
    scope = entry.competition.scope_token if entry.serial else f"person:{by.uid}" if by else "secretariat"
    return Line(verb, entry, scope=scope, label=f"{entry.competition}: {entry}", **details)
