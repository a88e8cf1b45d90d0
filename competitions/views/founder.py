"""A team's side: apply, write, attach, submit, follow."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from competitions import rules
from competitions.applying import Application
from competitions.doors import asked_to_sign_in
from competitions.entry_pages import form_context, receipt_context, review_context, status_context
from competitions.enums import EntryState
from competitions.forms.answers import AnswersForm, saved_form, typed_on
from competitions.models import Attachment, Competition, Entry, Revision
from competitions.services import attachments, entries
from competitions.services.answers import clean_answers
from competitions.services.definitions import FormPage, pages_of
from competitions.services.letters import to_the_second
from network_platform.drafts import NOTHING, Seen, StaleWrite
from network_platform.identifiers import uid_in
from network_platform.people.requests import SignedInRequest, is_signed_in
from network_platform.saving import clash, saved_answer, seen_of, shown_in, version_of
from network_platform.uploads import UploadRefused, as_download

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@login_required
def own(request: HttpRequest) -> HttpResponse:
    """My entries, the newest first; which may be deleted, which were changed and not sent again, and in the place of
    which one may apply once more.
    """
    parts = ("competition", "startup", "track")
    mine = list(Entry.objects.of_team(request.user).select_related(*parts).order_by("-pk"))
    kept = {each.competition_id for each in mine if each.state != EntryState.WITHDRAWN}
    gone = {
        each.competition: each.pk for each in reversed(mine) if each.competition_id not in kept
    }  # the newest of each
    context = {
        "entries": mine,
        "again": {pk for competition, pk in gone.items() if rules.can_start_entry(request.user, competition)},
        "deletable": set(Entry.objects.deletable_by(request.user).values_list("pk", flat=True)),
        "unsent": set(Entry.objects.editable_by(request.user).changed_since_sent().values_list("pk", flat=True)),
    }
    return render(request, "competitions/founder/own.html", context)


@get_or_post
def apply(request: HttpRequest, slug: str) -> HttpResponse:
    """The check before the long form; whoever passes gets a draft."""
    competition = get_object_or_404(Competition.objects.visible_to(request.user), slug=slug)
    if not is_signed_in(request):
        return asked_to_sign_in(request, competition=competition)
    application = Application(request, competition)
    if not rules.can_start_entry(request.user, competition):
        return _closed(request, competition)
    try:
        entry = application.start() if request.method == "POST" else application.only_draft()
    except entries.DeadlinePassed:
        return _closed(request, competition)
    if entry:
        if entry in application.drafts:
            messages.info(request, _("You have begun this application already: here is your draft."))
        for finding in application.warnings:
            messages.warning(request, _("Preferred, not required: %(condition)s") % {"condition": finding.words})
        return redirect("competitions:entry", uid=entry.uid)
    return render(request, "competitions/founder/apply.html", application.context())


@require_safe
@login_required
def entry(request: SignedInRequest, uid: uuid.UUID) -> HttpResponse:
    """A draft opens on its first page; what was submitted, on its status."""
    found = _of_team(request, uid)
    if found.state == EntryState.DRAFT and rules.is_editable_at(found, timezone.now()):
        page = pages_of(found.form)[0]
        return _render_page(request, found, page, saved_form(page, found.answers, found.version))
    return render(request, "competitions/founder/status.html", status_context(found, request.user, timezone.now()))


@get_or_post
@login_required
def page(request: SignedInRequest, uid: uuid.UUID, number: int) -> HttpResponse:
    """One page of the form. POST saves what was typed whatever it is, then does what the button said."""
    found, now = _of_team(request, uid), timezone.now()
    one = _page_of(found, number)
    if not rules.is_editable_at(found, now):
        return _too_late(request, found, now, one)
    if request.method != "POST":
        demand = "all" if "check" in request.GET else ""
        return _render_page(request, found, one, saved_form(one, found.answers, found.version, demand=demand))
    return _save_page(request, found, one, now)


@require_POST
@login_required
def autosave(request: HttpRequest, uid: uuid.UUID, number: int) -> JsonResponse:
    """What was typed so far: 200 with the new version, 409 with the texts that stand, 404 when it is closed."""
    editable = Entry.objects.editable_by(request.user).select_related("form", "competition")
    found = get_object_or_404(editable, uid=uid)
    typed = typed_on(_page_of(found, number), request.POST)
    based_on, name = version_of(request), request.headers.get("X-Save-Id")
    save_id = None if name is None else uid_in(name)
    if based_on < 0 or (name is not None and save_id is None):
        return JsonResponse({"error": "version or X-Save-Id"}, status=400)
    try:
        saved = entries.save_answers(
            entry=found, values=typed, based_on=based_on, save_id=save_id, seen=seen_of(request)
        )
    except StaleWrite as stale:
        return clash(stale)
    return JsonResponse(saved_answer(saved, typed, saved.saved_at, saved.competition.time_zone))


@get_or_post
@login_required
def review(request: SignedInRequest, uid: uuid.UUID) -> HttpResponse:
    """Everything on one page, what is missing on top; POST submits. The hour that counts is taken first."""
    received_at = timezone.now()
    found = _of_team(request, uid)
    if request.method == "POST":
        return _submit(request, found, received_at)
    if not rules.is_editable_at(found, received_at):
        return redirect("competitions:entry", uid=uid)
    return render(request, "competitions/founder/review.html", review_context(found, request.user))


@require_safe
@login_required
def receipt(request: SignedInRequest, uid: uuid.UUID) -> HttpResponse:
    found = _submitted(request, uid)
    return render(request, "competitions/founder/receipt.html", receipt_context(found, request.user.time_zone))


@require_safe
@login_required
def content(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """The very bytes whose digest the receipt shows."""
    found = _submitted(request, uid)
    standing = cast(Revision, found.standing)
    response = HttpResponse(standing.content, content_type="application/json")
    name = f"{found.number}-{standing.number}.json"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response


@get_or_post
@login_required
def withdraw(request: SignedInRequest, uid: uuid.UUID) -> HttpResponse:
    found = _of_team(request, uid)
    if rules.can_delete_draft(request.user, found):
        return _delete(request, found)
    if request.method == "POST":
        entries.withdraw_entry(entry=found, by=request.user)
        messages.success(request, _("The entry is withdrawn."))
        return redirect("competitions:entries")
    if not rules.can_withdraw_entry(request.user, found):
        raise PermissionDenied(entries.NOT_WITHDRAWABLE)
    context = {"entry": found, "can_begin_again": rules.can_start_entry(request.user, found.competition)}
    return render(request, "competitions/founder/withdraw.html", context)


@get_or_post
@login_required
def revert(request: SignedInRequest, uid: uuid.UUID) -> HttpResponse:
    """Throw away the changes that were not sent; asks first."""
    found, now = _of_team(request, uid), timezone.now()
    if not rules.is_editable_at(found, now):
        raise PermissionDenied
    if request.method != "POST":
        if not found.is_changed_since_sent:
            return redirect("competitions:entry", uid=uid)
        return render(request, "competitions/founder/revert.html", {"entry": found})
    entries.revert_entry(entry=found, by=request.user, now=now)
    messages.success(request, _("The draft says again what you sent."))
    return redirect("competitions:entry", uid=uid)


def _delete(request: SignedInRequest, found: Entry) -> HttpResponse:
    """A draft of which nothing was sent leaves nothing behind."""
    if request.method != "POST":
        return render(request, "competitions/founder/delete.html", {"entry": found})
    entries.delete_draft(entry=found, by=request.user)
    messages.success(request, _("The draft is deleted."))
    return redirect("competitions:entries")


@require_safe
@login_required
def attachment(request: HttpRequest, uid: uuid.UUID) -> FileResponse:
    """A file of an entry, for those who may read it; always as a download."""
    visible = Attachment.objects.visible_to(request.user)
    found = get_object_or_404(visible, uid=uid)
    return as_download(found.file, name=found.name, content_type="application/pdf")


def _of_team(request: HttpRequest, uid: uuid.UUID) -> Entry:
    rows = Entry.objects.of_team(request.user)
    return get_object_or_404(
        rows.select_related("competition", "startup__country", "form", "track", "standing"), uid=uid
    )


def _too_late(request: SignedInRequest, found: Entry, now: datetime, one: FormPage) -> HttpResponse:
    """A page that was open too long gives back what was typed; the entry itself stays as it was."""
    if request.method != "POST":
        return redirect("competitions:entry", uid=found.uid)
    typed = [(question, request.POST.get(question.code)) for question in one.questions]
    return _closed(request, found.competition, entry=found, received_at=now, typed=typed)


def _closed(
    request: SignedInRequest, competition: Competition, *, received_at: datetime | None = None, **more: Any
) -> HttpResponse:
    """Why nothing is taken: the hour, or (`is_frozen`) where the entry stands while applications are open."""
    context = {"competition": competition, **more}
    if received_at is not None:
        context["is_frozen"] = competition.takes_entries_at(received_at)
        context["received"] = to_the_second(received_at, request.user.time_zone, competition.time_zone)
    return render(request, "competitions/founder/closed.html", context, status=403)


def _submitted(request: HttpRequest, uid: uuid.UUID) -> Entry:
    rows = Entry.objects.of_team(request.user).filter(standing__isnull=False)
    return get_object_or_404(rows.select_related("competition", "startup", "standing"), uid=uid)


def _page_of(found: Entry, number: int) -> FormPage:
    pages = pages_of(found.form)
    if not 1 <= number <= len(pages):
        raise Http404
    return pages[number - 1]


def _render_page(
    request: SignedInRequest,
    found: Entry,
    one: FormPage,
    form: AnswersForm,
    *,
    status: int = 200,
    refused: Mapping[str, str] = NOTHING,
    seen: Seen | None = None,
) -> HttpResponse:
    context = form_context(found, request.user, one, form, refused=refused)
    context["seen"] = seen or shown_in(form)
    return render(request, "competitions/founder/form.html", context, status=status)


def _save_page(request: SignedInRequest, found: Entry, one: FormPage, now: datetime) -> HttpResponse:
    act = request.POST.get("act", "next")
    typed = typed_on(one, request.POST)
    try:
        entries.save_answers(entry=found, values=typed, based_on=version_of(request), seen=seen_of(request))
    except StaleWrite as stale:
        return _render_stale(request, found, one, typed, stale)
    refused = _change_files(request, found, one, act, now)
    form = saved_form(one, found.answers, found.version, demand="right")
    if refused or (act == "next" and not form.is_valid()):
        return _render_page(request, found, one, form, refused=refused)
    return _go_on(request, found, one, act)


def _render_stale(
    request: SignedInRequest, found: Entry, one: FormPage, typed: Mapping[str, str], stale: StaleWrite
) -> HttpResponse:
    """Both texts, and the new version beneath: saving again is then a decision, not an accident."""
    values = {**found.answers, **typed, **stale.merged, "version": stale.version}
    fresh = AnswersForm(values, page=one)
    fresh.is_valid()
    fresh.show_theirs(stale.theirs)
    return _render_page(request, found, one, fresh, status=409, seen=stale.seen)


def _change_files(request: SignedInRequest, found: Entry, one: FormPage, act: str, now: datetime) -> dict[str, str]:
    """Add what was chosen, take away what was asked; why a question's file was refused. The hour of receipt counts."""
    if act.startswith("remove:"):
        gone = get_object_or_404(found.attachments, uid=uid_in(act.removeprefix("remove:")))
        attachments.remove_attachment(attachment=gone, by=request.user, now=now)
    try:
        for question in one.file_questions:
            for upload in request.FILES.getlist(f"file-{question.code}"):
                kept = attachments.add_attachment(
                    entry=found, question=question, upload=upload, by=request.user, now=now
                )
                if kept.uploaded_at < now:
                    words = _("This file is here already: %(name)s. It is kept once.")
                    messages.info(request, words % {"name": kept.name})
    except UploadRefused as refusal:
        return {question.code: f"{upload.name}: {refusal}"}
    return {}


def _go_on(request: HttpRequest, found: Entry, one: FormPage, act: str) -> HttpResponse:
    if act != "next":
        if act == "save":
            messages.success(request, _("Saved. You can go on whenever you like, on any device."))
        return redirect("competitions:entry-page", uid=found.uid, number=one.number)
    if one.number < len(pages_of(found.form)):
        _say_what_is_missing(request, found, one)
        return redirect("competitions:entry-page", uid=found.uid, number=one.number + 1)
    return redirect("competitions:entry-review", uid=found.uid)


def _say_what_is_missing(request: HttpRequest, found: Entry, one: FormPage) -> None:
    """The page that follows says it; the last page is followed by the review, which names every answer."""
    files = found.attachments.current() if one.file_questions else ()
    _cleaned, problems = clean_answers(one.questions, found.answers, files)
    if missing := len(problems):
        words = ngettext(
            "“%(page)s”: %(n)s required answer is still missing. You can add it any time before you send.",
            "“%(page)s”: %(n)s required answers are still missing. You can add them any time before you send.",
            missing,
        )
        messages.info(request, words % {"page": one.section, "n": missing})


def _submit(request: SignedInRequest, found: Entry, received_at: datetime) -> HttpResponse:
    reviewed = request.POST.get("reviewed", "")
    try:
        entries.submit_entry(entry=found, by=request.user, received_at=received_at, reviewed=reviewed)
    except (entries.DeadlinePassed, entries.EntryFrozen):
        return _closed(request, found.competition, entry=_of_team(request, found.uid), received_at=received_at)
    except entries.EntryChanged:
        context = review_context(_of_team(request, found.uid), request.user, is_changed=True)
        return render(request, "competitions/founder/review.html", context, status=409)
    except (entries.EntryIncomplete, entries.NotEligible):
        context = review_context(found, request.user, tried=True)
        return render(request, "competitions/founder/review.html", context)
    return redirect("competitions:entry-receipt", uid=found.uid)
