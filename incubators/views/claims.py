"""Claiming an entry; evidence for an own claim: a mailbox at the organisation's domain, a letter."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from incubators.forms.claims import LetterForm, MailboxForm
from incubators.forms.review import ClaimForm
from incubators.mailboxes import has_own_domain, vouches
from incubators.models import Claim, Organisation
from incubators.rules import can_claim_organisation
from incubators.services.claims import MOST_OPEN, TooManyClaimsError, claim_organisation
from incubators.services.evidence import (
    LETTERS_KEPT,
    TooManyMailsError,
    ask_mailbox,
    keep_letter,
    mailbox_behind,
    prove_mailbox,
)
from incubators.services.letters import is_read_by_secretariat
from incubators.views.methods import reads, reads_and_writes
from network_platform.people.requests import SignedInRequest
from network_platform.saving import say_taken
from network_platform.uploads import UploadRefused, as_download


@reads_and_writes
@login_required
def claim(request: SignedInRequest, slug: str) -> HttpResponse:
    """“This is ours”: ask to become the entry's editor."""
    visible = Organisation.objects.visible_to(request.user).select_related("country", "city")
    organisation = get_object_or_404(visible, slug=slug)
    if not can_claim_organisation(request.user, organisation):
        return redirect("incubators:edit", slug)
    last = organisation.claims.filter(user=request.user).order_by("-pk").first()
    by_secretariat = is_read_by_secretariat(organisation, claimant=request.user)
    initial = {"evidence": last.evidence} if last and last.is_refused else {}
    key = f"claim:{organisation.uid}:{request.user.uid}"
    form = ClaimForm(request.POST or None, by_secretariat=by_secretariat, initial=initial)
    if form.is_valid() and _claimed(request, organisation, form):
        say_taken(request, _("Your claim was sent. You will get a mail as soon as there is an answer."), key)
        return redirect("incubators:claim", slug)
    context = {"organisation": organisation, "form": form, "last": last, "by_secretariat": by_secretariat, "key": key}
    context["has_domain"] = has_own_domain(organisation.website_host)
    context["vouches"] = vouches(request.user.confirmed_email, organisation.website_host)
    return render(request, "incubators/editor/claim.html", context, status=422 if form.is_bound else 200)


@reads_and_writes
@login_required
def ask(request: SignedInRequest, slug: str) -> HttpResponse:
    """An address at the organisation's domain gets a link."""
    claim = _own(request, slug)
    form = MailboxForm(request.POST or None, host=claim.organisation.website_host)
    if form.is_valid():
        try:
            ask_mailbox(claim=claim, address=form.cleaned_data["address"], by=request.user)
            messages.success(request, _("A link is on its way. Open it within 24 hours, signed in as yourself."))
            return redirect("incubators:claim", slug)
        except TooManyMailsError:
            form.add_error(None, _("Too many such mails left today. Try again tomorrow."))
    context = {"claim": claim, "form": form, "has_domain": has_own_domain(claim.organisation.website_host)}
    return render(request, "incubators/editor/mailbox.html", context, status=422 if form.errors else 200)


@reads_and_writes
@login_required
def mailbox(request: SignedInRequest, token: str) -> HttpResponse:
    """Asks, as programs open links too; then notes that the claimant reads mail there."""
    found = mailbox_behind(token, by=request.user)
    if request.method == "POST" and found:
        found = prove_mailbox(token=token, by=request.user)
        if found:
            messages.success(request, _("Noted: you read mail at %(address)s.") % {"address": found.address})
            return redirect("incubators:claim", found.claim.organisation.slug)
    if found is None:
        return render(request, "incubators/editor/link_gone.html", status=410)
    return render(request, "incubators/editor/mailbox_link.html", {"mailbox": found})


@reads_and_writes
@login_required
def attach(request: SignedInRequest, slug: str) -> HttpResponse:
    """A letter as PDF."""
    claim = _own(request, slug)
    form = LetterForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        try:
            keep_letter(claim=claim, upload=form.cleaned_data["letter"], by=request.user)
            messages.success(request, _("The letter is attached."))
            return redirect("incubators:claim", slug)
        except UploadRefused as refused:
            form.add_error("letter", str(refused))
    context = {"claim": claim, "form": form, "days": LETTERS_KEPT.days}
    return render(request, "incubators/editor/letter.html", context, status=422 if form.errors else 200)


@reads
@login_required
def letter(request: HttpRequest, uid: uuid.UUID) -> FileResponse:
    """The letter, for those who may read it; always as a download."""
    claim = get_object_or_404(Claim.objects.letter_visible_to(request.user), uid=uid)
    return as_download(claim.letter, name=claim.letter_name, content_type="application/pdf")


def _claimed(request: SignedInRequest, organisation: Organisation, form: ClaimForm) -> bool:
    try:
        claim_organisation(organisation=organisation, by=request.user, evidence=form.cleaned_data["evidence"])
    except TooManyClaimsError:
        words = _("%(most)s of your claims are from the last seven days or wait for an answer. Try again later.")
        form.add_error(None, words % {"most": MOST_OPEN})
        return False
    return True


def _own(request: HttpRequest, slug: str) -> Claim:
    own = Claim.objects.supportable_by(request.user).select_related("organisation__country")
    return get_object_or_404(own, organisation__slug=slug)
