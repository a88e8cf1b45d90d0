"""An organisation's editors: write its entry, keep it true, send it."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from incubators.differences import in_words
from incubators.editing import Editing
from incubators.forms.listing import SECTION_TITLES, ListingForm, as_typed, field_names
from incubators.listing_values import SECTIONS
from incubators.models import Organisation, Revision
from incubators.profiles import ages_of, profile_from
from incubators.reviewing import Review
from incubators.rules import can_confirm_organisation
from incubators.services.letters import is_read_by_secretariat
from incubators.services.listing import (
    MOST_A_WEEK,
    NothingChangedError,
    TooManySentError,
    discard_draft,
    open_revision,
    remove_declined,
    save_revision,
    submit_revision,
)
from incubators.services.review import withdraw_revision
from incubators.views.addresses import leads_on
from incubators.views.methods import reads, reads_and_writes
from incubators.views.saving import Shown, save_or_show
from network_platform.drafts import StaleWrite, Values
from network_platform.lifecycle import IllegalMove
from network_platform.people.requests import SignedInRequest
from network_platform.saving import clash, save_id_of, saved_answer, seen_of, shown_in, version_of


class AlreadySent(Http404):
    """The entry waits for an answer: there is nothing to edit at this address, but its editors get another page."""

    def __init__(self, revision: Revision) -> None:
        super().__init__()
        self.revision = revision


def says_if_sent(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Who goes back to a page of the form after sending it reads that it was sent, and where it can be read."""

    @wraps(view)
    def told(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except AlreadySent as sent:
            typed = _too_late(request, sent.revision, kwargs.get("section", ""))
            return render(
                request, "incubators/editor/sent.html", {"revision": sent.revision, "typed": typed}, status=409
            )

    return told


@reads
@login_required
def mine(request: SignedInRequest) -> HttpResponse:
    """The organisations that the person edits."""
    own = Organisation.objects.filter(memberships__user=request.user).select_related("country", "city")
    return render(request, "incubators/editor/mine.html", {"organisations": own.order_by("sort_key")})


@reads_and_writes
@login_required
@leads_on
def edit(request: SignedInRequest, slug: str) -> HttpResponse:
    """Where the entry stands: steps, comments, what is missing. POST opens a revision of a listed organisation, or
    `again` one of what was declined.
    """
    organisation = _editable(request, slug)
    if request.method == "POST":
        open_revision(organisation=organisation, by=request.user, again="again" in request.POST)
        return redirect("incubators:section", slug, "names")
    latest = organisation.revisions.order_by("-pk").first()
    editing = Editing(organisation, latest)
    context = {"organisation": organisation, "editing": editing}
    context["can_confirm"] = can_confirm_organisation(request.user, organisation)
    context["ages"] = ages_of(organisation)
    context["by_secretariat"] = is_read_by_secretariat(organisation)
    if editing.is_waiting or editing.is_declined:
        context["profile"] = profile_from(organisation, cast(Revision, latest).values)
        context["review"] = Review(cast(Revision, latest), by=request.user)
    return render(request, "incubators/editor/edit.html", context)


@reads_and_writes
@login_required
@leads_on
@says_if_sent
def section(request: SignedInRequest, slug: str, section: str) -> HttpResponse:
    """One step of the form: saved whether it is complete or not, then the next one if what it needs is there; or the
    one before.
    """
    revision = _open_revision(request, slug, section)
    organisation = revision.organisation
    form = ListingForm(revision.values, organisation=organisation, section=section, bound=False)
    shown = Shown(form, 200)
    if request.method == "POST":
        shown = save_or_show(
            revision,
            save=lambda: _save(request, revision, section),
            saved_form=lambda saved: ListingForm(saved.values, organisation=organisation, section=section),
            merged_form=lambda merged: _merged_form(revision, section, merged),
        )
        form = cast(ListingForm, shown.form)
        leaves = bool({"later", "back"} & request.POST.keys())
        wrong = form.complaints_about_what_is_there(goes_on=not leaves)
        if not shown.is_clash and (leaves or not wrong):
            return _after(request, slug, section, form)
    form.take_comments(revision.comments, answered=revision.answered)
    context = {"organisation": organisation, "revision": revision, "form": form, "section": section}
    context |= {"section_title": SECTION_TITLES[section], "editing": Editing(organisation, revision, section)}
    context |= {"theirs": shown.theirs, "seen": shown.seen or shown_in(form), "before": _around(section)[0]}
    return render(request, "incubators/editor/section.html", context, status=shown.status)


@login_required
@require_POST
def autosave(request: SignedInRequest, slug: str, section: str) -> JsonResponse:
    """What the page sends while somebody types; see docs/components.md."""
    revision = _open_revision(request, slug, section)
    try:
        saved = _save(request, revision, section)
    except StaleWrite as stale:
        return clash(stale)
    return JsonResponse(saved_answer(saved, _typed(request, revision, section), saved.saved_at))


@reads
@login_required
@leads_on
@says_if_sent
def preview(request: HttpRequest, slug: str) -> HttpResponse:
    """The entry as readers will see it, and what is still missing."""
    revision = _open_revision(request, slug)
    editing = Editing(revision.organisation, revision, "preview")
    context = {
        "organisation": revision.organisation,
        "revision": revision,
        "form": editing.form,
        "profile": profile_from(revision.organisation, revision.values),
        "editing": editing,
        "by_secretariat": is_read_by_secretariat(revision.organisation),
    }
    return render(request, "incubators/editor/preview.html", context)


@login_required
@require_POST
@leads_on
@says_if_sent
def submit(request: SignedInRequest, slug: str) -> HttpResponse:
    """Sends; who has sent it and did not get the answer finds it sent."""
    try:
        revision = _open_revision(request, slug)
    except AlreadySent as before:
        if before.revision.submitted_by_id != request.user.pk:
            raise
        return _is_sent(request, slug)
    form = ListingForm(revision.values, organisation=revision.organisation)
    if not form.is_valid():
        return redirect("incubators:preview", slug)
    try:
        based_on, by = version_of(request), request.user
        sent = submit_revision(revision=revision, by=by, version=based_on, values=form.entry())
    except StaleWrite:
        messages.warning(request, _("Somebody saved this entry in between. Look again, then send it."))
        return redirect("incubators:preview", slug)
    except TooManySentError:
        words = _("You have sent %(most)s entries in the last seven days. It is saved; send it in a few days.")
        messages.warning(request, words % {"most": MOST_A_WEEK})
        return redirect("incubators:preview", slug)
    except NothingChangedError:
        messages.warning(request, _("Nothing is changed yet: the entry says what the page says already."))
        return redirect("incubators:preview", slug)
    return _is_sent(request, sent.organisation.slug)


def _is_sent(request: HttpRequest, slug: str) -> HttpResponse:
    messages.success(request, _("Sent. You will get a mail as soon as there is an answer."))
    return redirect("incubators:edit", slug)


@reads_and_writes
@login_required
@leads_on
def withdraw(request: SignedInRequest, slug: str) -> HttpResponse:
    """Asks, then takes back what nobody has answered yet."""
    waiting = Revision.objects.withdrawable_by(request.user).select_related("organisation__country")
    revision = waiting.filter(organisation__slug=slug).first()
    if revision is None:
        return _nothing_waits(request, _editable(request, slug))
    if request.method != "POST":
        context = {"revision": revision, "by_secretariat": is_read_by_secretariat(revision.organisation)}
        return render(request, "incubators/editor/withdraw.html", context)
    try:
        withdraw_revision(revision=revision, by=request.user)
    except IllegalMove:
        return _nothing_waits(request, revision.organisation)
    messages.success(request, _("Taken back. You can change it and send it again."))
    return redirect("incubators:edit", slug)


@reads_and_writes
@login_required
@leads_on
@says_if_sent
def discard(request: SignedInRequest, slug: str) -> HttpResponse:
    """Asks, then drops what has not been sent, or came back and is not wanted any more."""
    revision = _open_revision(request, slug)
    if not revision.can_be_discarded:
        raise Http404
    if request.method == "POST":
        discard_draft(revision=revision, by=request.user)
        messages.success(request, _("The draft is gone."))
        return redirect("incubators:mine")
    return render(request, "incubators/editor/discard.html", {"revision": revision})


@reads_and_writes
@login_required
def remove(request: SignedInRequest, slug: str) -> HttpResponse:
    """Asks, then deletes what was declined and never listed."""
    organisation = get_object_or_404(Organisation.objects.removable_by(request.user), slug=slug)
    if request.method == "POST":
        remove_declined(organisation=organisation, by=request.user)
        messages.success(request, _("The entry is deleted."))
        return redirect("incubators:mine")
    return render(request, "incubators/editor/remove.html", {"organisation": organisation})


def _editable(request: HttpRequest, slug: str) -> Organisation:
    own = Organisation.objects.editable_by(request.user).select_related("country", "city")
    return get_object_or_404(own, slug=slug)


def _nothing_waits(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    messages.warning(request, _("There is nothing to take back: it was answered or taken back in the meantime."))
    return redirect("incubators:edit", organisation.slug)


def _open_revision(request: HttpRequest, slug: str, section: str = "") -> Revision:
    """The revision that the person may edit now; 404 for everybody else, and for sections that do not exist."""
    if section and section not in SECTIONS:
        raise Http404
    revisions = Revision.objects.editable_by(request.user).select_related("organisation__country")
    revision = revisions.filter(organisation__slug=slug).first()
    if revision is None:
        raise _waiting_or_nothing(request, slug)
    return revision


def _waiting_or_nothing(request: HttpRequest, slug: str) -> Http404:
    own = Organisation.objects.editable_by(request.user).select_related("country")
    waiting = Revision.objects.waiting().filter(organisation__in=own, organisation__slug=slug).first()
    return AlreadySent(waiting) if waiting else Http404()


def _typed(request: HttpRequest, revision: Revision, section: str) -> dict[str, Any]:
    return as_typed(request.POST, field_names(section, revision.organisation, revision.values))


def _too_late(request: HttpRequest, revision: Revision, section: str) -> list[tuple[str, str]]:
    """(label, text) of what was typed into a section after a colleague had sent the entry."""
    if request.method != "POST" or section not in SECTIONS:
        return []
    values = {**revision.values, **_typed(request, revision, section)}
    form = ListingForm(values, organisation=revision.organisation, section=section)
    texts = ((name, field, in_words(field, form[name].data)) for name, field in form.fields.items())
    return [(str(f.label), text) for name, f, text in texts if text != in_words(f, revision.values.get(name))]


def _merged_form(revision: Revision, section: str, merged: Values) -> ListingForm:
    """On top of what stands in the other sections by now."""
    revision.refresh_from_db()
    return ListingForm({**revision.values, **merged}, organisation=revision.organisation, section=section)


def _save(request: SignedInRequest, revision: Revision, section: str) -> Revision:
    """Keep what was typed into the section, complete or not; with the id of the save, if the page sends one."""
    return save_revision(
        revision=revision,
        by=request.user,
        version=version_of(request),
        save_id=save_id_of(request),
        values=_typed(request, revision, section),
        seen=seen_of(request),
    )


def _around(section: str) -> tuple[str, str]:
    """The step before, empty for the first, and the next one."""
    steps = ["", *SECTIONS, "preview"]
    at = steps.index(section)
    return steps[at - 1], steps[at + 1]


def _after(request: HttpRequest, slug: str, section: str, form: ListingForm) -> HttpResponseRedirect:
    """A draft may hold anything, so going back and leaving need no right answers."""
    before, following = _around(section)
    if "later" in request.POST:
        return _left(request, slug, form)
    if "back" in request.POST and before:
        return redirect("incubators:section", slug, before)
    if following == "preview":
        return redirect("incubators:preview", slug)
    return redirect("incubators:section", slug, following)


def _left(request: HttpRequest, slug: str, form: ListingForm) -> HttpResponseRedirect:
    """The page that follows says what cannot be sent as it is."""
    if form.errors:
        labels = ", ".join(str(form.fields[name].label) for name in form.errors)
        words = _("The draft is saved. Look at these again before you send it: %(labels)s.")
        messages.warning(request, words % {"labels": labels})
    else:
        messages.success(request, _("Saved. You can go on whenever you like, on any device."))
    return redirect("incubators:edit", slug)
