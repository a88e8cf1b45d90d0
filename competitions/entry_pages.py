"""What the pages of an entry show, put together from the form, the answers, the files and the rules."""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as made_by
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, cast
from urllib.parse import urlencode

from django.forms import BoundField
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from competitions import rules
from competitions.calls import judges_have_read
from competitions.contents import answers_of, in_reader_form
from competitions.enums import CompetitionState, EntryState, QuestionKind
from competitions.forms.answers import AnswersForm
from competitions.forms.apply import TeamInviteForm, language_names
from competitions.models import Attachment, Decision, Entry, Question, Revision, ScoreSheet
from competitions.results import own_row
from competitions.services.answers import clean_answers
from competitions.services.definitions import FormPage, pages_of
from competitions.services.digests import in_parts
from competitions.services.eligibility import Case, findings
from competitions.services.entries import draft_digest
from competitions.services.letters import to_the_second
from incubators.enums import StartupStage
from network_platform.controls import mistakes
from network_platform.journal.models import Record
from network_platform.languages import in_language
from network_platform.people.models import User
from network_platform.zones import in_both

JUST_SENT = timedelta(minutes=5)


@dataclass(frozen=True)
class Item:
    """One question on a page of the form: a field, or a place for files, with why the last one was `refused`."""

    question: Question
    bound: BoundField | None = None
    files: list[Attachment] = made_by(default_factory=list)
    refused: str = ""

    @property
    def takes_more(self) -> bool:
        return len(self.files) < self.question.max_files


@dataclass(frozen=True)
class Answered:
    """One question on the review page, with what is wrong with its answer."""

    question: Question
    page: FormPage
    text: str
    files: list[Attachment]
    problem: str


def form_context(
    entry: Entry, user: User, page: FormPage, form: AnswersForm, *, refused: Mapping[str, str]
) -> dict[str, Any]:
    """`refused`: code of a question that takes files to why the last one was not taken."""
    files = _files(entry) if page.file_questions else {}
    items = [
        Item(question, files=files.get(question.code, []), refused=refused.get(question.code, ""))
        if question.kind == QuestionKind.FILE
        else Item(question, bound=form[question.code])
        for question in page.questions
    ]
    return {
        "entry": entry,
        "competition": entry.competition,
        "page": page,
        "pages": pages_of(entry.form),
        "steps": steps(entry, page.number),
        "form": form,
        "items": items,
        "can_delete": rules.can_delete_draft(user, entry),
        "wrong": _wrong(form, items),
    }


def _wrong(form: AnswersForm, items: list[Item]) -> list[dict[str, Any]]:
    """What is to be mended on the page, files among the answers, in the order of the questions."""
    refused = [
        {"id": f"id_file-{code}" if item.takes_more else "", "label": str(item.question), "message": item.refused}
        for item in items
        if item.refused and (code := item.question.code)
    ]
    places = {str(item.question): place for place, item in enumerate(items)}
    return sorted([*mistakes(form), *refused], key=lambda each: places.get(each["label"], -1))


def steps(entry: Entry, current: int) -> list[dict[str, str]]:
    """The pages of the form and the sending, for components/steps.html."""
    pages = pages_of(entry.form)
    found = [
        {
            "label": str(page.section),
            "url": reverse("competitions:entry-page", args=[entry.uid, page.number]),
            "state": "now" if page.number == current else "done" if _is_answered(entry, page) else "",
        }
        for page in pages
    ]
    state = "now" if current > len(pages) else ""
    return [*found, {"label": _("Send"), "url": reverse("competitions:entry-review", args=[entry.uid]), "state": state}]


def _is_answered(entry: Entry, page: FormPage) -> bool:
    needed = [q.code for q in page.questions if q.required and q.kind != QuestionKind.FILE]
    return bool(needed) and all(entry.answers.get(code) for code in needed)


def review_context(entry: Entry, user: User, *, tried: bool = False, is_changed: bool = False) -> dict[str, Any]:
    """Every answer as it would be sent, `problems` on top, and the digest that says what was `reviewed`.

    `tried`: the button was pressed in vain; `is_changed`: because the draft had changed since.
    """
    pages, files = pages_of(entry.form), _files(entry)
    questions = [question for page in pages for question in page.questions]
    attachments = [attachment for group in files.values() for attachment in group]
    cleaned, problems = clean_answers(questions, entry.answers, attachments)
    sections = [
        (page, [_answered(entry, page, question, cleaned, files, problems) for question in page.questions])
        for page in pages
    ]
    case = Case(entry.startup, entry.competition, entry.confirmed, entry)
    found = findings(case)
    back = urlencode({"next": reverse("competitions:entry-review", args=[entry.uid])})
    return {
        "stage": StartupStage(case.stage).label if case.stage else "",
        "language": language_names([entry.language]).get(entry.language, entry.language),
        "profile": f"{entry.startup.get_absolute_url()}?{back}" if rules.is_of_startup(user, entry) else "",
        "entry": entry,
        "competition": entry.competition,
        "sections": sections,
        "problems": [line for _page, lines in sections for line in lines if line.problem],
        "blocking": [finding for finding in found if finding.blocks],
        "warnings": [finding for finding in found if finding.warns],
        "steps": steps(entry, len(pages) + 1),
        "last_page": len(pages),
        "reviewed": draft_digest(entry, attachments),
        "tried": tried,
        "is_changed": is_changed,
    }


def _answered(
    entry: Entry,
    page: FormPage,
    question: Question,
    cleaned: dict[str, str],
    files: dict[str, list[Attachment]],
    problems: dict[str, str],
) -> Answered:
    text = in_reader_form(question, cleaned.get(question.code, entry.answers.get(question.code, "")))
    if question.kind == QuestionKind.CHOICE:
        text = next((in_language(c["labels"]) for c in question.choices if c["value"] == text), text)
    return Answered(question, page, text, files.get(question.code, []), problems.get(question.code, ""))


def _files(entry: Entry) -> dict[str, list[Attachment]]:
    found: dict[str, list[Attachment]] = {}
    for attachment in entry.attachments.current():
        found.setdefault(attachment.question, []).append(attachment)
    return found


def status_context(entry: Entry, user: User, now: datetime) -> dict[str, Any]:
    """What was sent, where it stands, and after the announcement what the judges say."""
    is_editable = rules.is_editable_at(entry, now)
    unread = decided_unread(entry)
    return {
        "entry": entry,
        "competition": entry.competition,
        "revision": entry.standing,
        "answers": answers_of(entry.standing) if entry.standing else [],
        "is_editable": is_editable,
        "has_changes": is_editable and entry.is_changed_since_sent,
        "can_withdraw": rules.can_withdraw_entry(user, entry),
        "can_delete": rules.can_delete_draft(user, entry),
        "can_apply_again": _can_apply_again(entry, user, now),
        **victory(entry),
        "unread": unread,
        "events": events(entry, now, is_unread=unread is not None),
        "feedback": feedback(entry, user),
        "row": own_row(entry),
    }


def _can_apply_again(entry: Entry, user: User, now: datetime) -> bool:
    """In the place of what was withdrawn, as long as nothing else stands there."""
    if entry.state != EntryState.WITHDRAWN or not rules.can_start_entry(user, entry.competition, now):
        return False
    others = Entry.objects.of_team(user).filter(competition=entry.competition)
    return not others.exclude(state=EntryState.WITHDRAWN).exists()


def decided_unread(entry: Entry) -> Decision | None:
    """After the announcement, what was decided about an entry without a score sheet that counts: the team reads why."""
    if entry.competition.state != CompetitionState.ANNOUNCED:
        return None
    if entry.state not in (EntryState.RESERVE, EntryState.NOT_SELECTED):
        return None
    return Decision.objects.of_unread().filter(entry=entry).first()


def victory(entry: Entry) -> dict[str, Any]:
    """What the entry won, once everybody may know, and the stages that come after."""
    if entry.state != EntryState.WINNER:
        return {}
    won = Decision.objects.public().filter(entry=entry).select_related("award", "round").first()
    if won is None:
        return {}
    competition = entry.competition
    return {
        "won": won,
        "announced": in_both(competition.announced_at, competition.time_zone) if competition.announced_at else "",
        "following": list(competition.rounds.filter(order__gt=won.round.order)),
    }


def receipt_context(entry: Entry, zone: str) -> dict[str, Any]:
    """The digest comes in parts, so that it may break on a phone and still be copied whole.

    `is_new`: shown for a submission just made, after which the device need not keep what was typed. Later it may hold
    changes that were not saved yet.
    """
    revision = cast(Revision, entry.standing)
    return {
        "entry": entry,
        "withdrawn": _withdrawn(entry, zone),
        "revision": revision,
        "received": to_the_second(revision.received_at, zone, entry.competition.time_zone),
        "is_new": timezone.now() - revision.received_at < JUST_SENT,
        "changeable_until": _changeable_until(entry, zone),
        "digest_parts": in_parts(revision.digest),
        "answers": answers_of(revision),
        "versions": [
            (each, to_the_second(each.received_at, zone, entry.competition.time_zone), in_parts(each.digest))
            for each in entry.revisions.order_by("-number")
        ],
    }


def _changeable_until(entry: Entry, zone: str) -> str:
    """Until when the team can send it again, in words; nothing when it cannot, or has no deadline for it."""
    closes, now = entry.competition.closes_at, timezone.now()
    is_open = closes is not None and closes > now and rules.is_editable_at(entry, now)
    return in_both(closes, entry.competition.time_zone, zone) if closes and is_open else ""


def _withdrawn(entry: Entry, zone: str) -> str:
    """When the entry was withdrawn, in words; nothing while it counts."""
    if entry.state != EntryState.WITHDRAWN:
        return ""
    moved = Record.objects.about(entry).filter(verb="entry.withdrawn").first()
    return in_both(moved.at, entry.competition.time_zone, zone) if moved else ""


def feedback(entry: Entry, user: User) -> list[str]:
    """What judges wrote to the team, without names and in an order that says nothing of judges or hours."""
    if not rules.can_read_feedback(user, entry):
        return []
    texts = ScoreSheet.objects.counted().filter(assignment__entry=entry).exclude(feedback="")
    return sorted(texts.values_list("feedback", flat=True), key=lambda text: sha256(text.encode()).hexdigest())


def team_context(entry: Entry, user: User, form: TeamInviteForm) -> dict[str, Any]:
    """The start-up's own people, then those who help with this entry or are invited, each with: may be removed."""
    own = list(User.objects.filter(startup_roles__startup=entry.startup_id, is_active=True).order_by("pk"))
    members = entry.team.current().exclude(user__in=own).select_related("user").order_by("pk")
    removable = set(entry.team.removable_by(user).values_list("pk", flat=True))
    return {
        "entry": entry,
        "competition": entry.competition,
        "own": own,
        "members": [(member, member.pk in removable) for member in members],
        "can_invite": rules.can_edit_entry(user, entry),
        "form": form,
    }


def events(entry: Entry, now: datetime, *, is_unread: bool = False) -> list[dict[str, Any]]:
    """The entry's way, for components/timeline.html. Inner states of judging are one step for the team."""
    competition = entry.competition
    zone = competition.time_zone
    way: list[dict[str, Any]] = [{"label": _("Draft begun"), "text": in_both(entry.started_at, zone), "state": "done"}]
    for revision in entry.revisions.all():
        label = _("Submitted") if revision.number == 1 else _("Submitted again")
        way.append({"label": label, "text": in_both(revision.received_at, zone), "state": "done"})
    if entry.state in (EntryState.WITHDRAWN, EntryState.INELIGIBLE, EntryState.MORE_INFORMATION):
        label = entry.get_state_display().capitalize()
        return [*way, {"label": label, "text": _withdrawn(entry, zone), "state": "now"}]
    closes = competition.closes_at
    if closes:
        state = "done" if now > closes else ""
        way.append({"label": _("Applications close"), "text": in_both(closes, zone), "state": state})
    is_over = competition.state == CompetitionState.ANNOUNCED
    being_read = closes is not None and now > closes
    have_read = is_over or (being_read and judges_have_read(competition.rounds.all()))
    reading = "done" if have_read else "now" if being_read else ""
    read = _("Judges have read") if have_read else _("Judges read")
    label = _("No score sheet counts") if is_unread else read
    way.append({"label": label, "text": "", "state": "" if is_unread else reading})
    if not is_over:
        deciding = _("It is being decided.") if have_read else ""
        return [*way, {"label": _("Result"), "text": deciding, "state": "now" if have_read else ""}]
    when = in_both(competition.announced_at, zone) if competition.announced_at else ""
    return [*way, {"label": entry.get_state_display().capitalize(), "text": when, "state": "now"}]
