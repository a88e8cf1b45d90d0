"""Start-ups that came by import and have no founder: finding them, inviting a founder, accepting."""

import uuid
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from incubators.forms.members import InviteForm
from incubators.models import FounderInvitation, Startup
from incubators.rules import can_accept_founder_invitation, can_view_startup, is_reviewer
from incubators.services.by_mail import LINK_LASTS, OwnAddressError, TooManyInvitationsError
from incubators.services.founders import (
    accept_founder_invitation,
    founder_invitation_behind,
    invite_founder,
    withdraw_founder_invitation,
)
from incubators.views.members import door
from incubators.views.methods import reads, reads_and_writes
from network_platform.lifecycle import IllegalMove
from network_platform.people.requests import SignedInRequest
from network_platform.typed import without_nul

PAGE_SIZE = 50


@reads
@login_required
def startups(request: HttpRequest) -> HttpResponse:
    """Those to which this person may invite a founder, by name."""
    free = Startup.objects.inviting_for(request.user)
    if not is_reviewer(request.user) and not free.exists():
        raise Http404
    words = without_nul(request.GET.get("q", ""))[:200].strip()
    found = free.called_like(words) if words else free
    waits = Exists(FounderInvitation.objects.answerable().filter(startup=OuterRef("pk")))
    rows = found.select_related("country").annotate(is_invited=waits)
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"page": page, "words": words} | _around(page, words)
    return render(request, "incubators/without_founder/list.html", context)


def _around(page: Page, words: str) -> dict[str, str]:
    """Addresses of the pages before and after this one, or ''."""
    other = {"previous": page.has_previous() and page.number - 1, "next": page.has_next() and page.number + 1}
    query = {"q": words} if words else {}
    return {name: f"?{urlencode(query | {'page': number})}" if number else "" for name, number in other.items()}


@reads_and_writes
@login_required
def invite(request: SignedInRequest, uid: uuid.UUID) -> HttpResponse:
    """Who is invited, and a form to invite somebody; what was sent is taken back by that."""
    startup = get_object_or_404(Startup.objects.inviting_for(request.user).select_related("country"), uid=uid)
    form = InviteForm(request.POST if request.method == "POST" else None, initial={"language": get_language()})
    if form.is_valid() and _invited(request, startup, form):
        return redirect("incubators:founder-invite", uid)
    waiting = FounderInvitation.objects.answerable().filter(startup=startup).select_related("invited_by").first()
    context = {"startup": startup, "form": form, "waiting": waiting, "days": LINK_LASTS.days}
    context["can_view"] = can_view_startup(request.user, startup)
    return render(request, "incubators/without_founder/invite.html", context, status=422 if form.errors else 200)


def _invited(request: SignedInRequest, startup: Startup, form: InviteForm) -> bool:
    """Says the same whether or not the address has an account."""
    try:
        invite_founder(startup=startup, by=request.user, **form.cleaned_data)
    except OwnAddressError:
        form.add_error("email", _("This is your own address. Somebody else invites you, not you yourself."))
        return False
    except TooManyInvitationsError:
        form.add_error(None, _("No more invitations today: those taken back count as well. Try again tomorrow."))
        return False
    messages.success(request, _("The invitation is on its way."))
    return True


@reads_and_writes
@login_required
def withdraw(request: SignedInRequest, uid: uuid.UUID, invitation: uuid.UUID) -> HttpResponse:
    """Asks, then takes the invitation back."""
    rows = FounderInvitation.objects.withdrawable_by(request.user).select_related("startup__country")
    found = get_object_or_404(rows, startup__uid=uid, uid=invitation)
    if request.method != "POST":
        return render(
            request, "incubators/without_founder/withdraw.html", {"invitation": found, "startup": found.startup}
        )
    try:
        withdraw_founder_invitation(invitation=found, by=request.user)
        messages.success(request, _("The invitation is taken back; its link no longer opens."))
    except (IllegalMove, PermissionDenied):
        messages.warning(request, _("It was answered or taken back in the meantime."))
        return redirect("desk")
    return redirect("incubators:founder-invite", uid)


@reads_and_writes
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """The founder says yes. Nobody else learns from the link what it is about."""
    found = founder_invitation_behind(token)
    if found is not None and not request.user.is_authenticated:
        return door(request, email=found.email, template="incubators/without_founder/door.html")
    if found is None or not request.user.is_authenticated or not can_accept_founder_invitation(request.user, found):
        return render(request, "incubators/editor/link_gone.html", status=410)
    if request.method != "POST":
        return render(
            request, "incubators/without_founder/invitation.html", {"invitation": found, "startup": found.startup}
        )
    try:
        accept_founder_invitation(invitation=found, by=request.user)
    except (IllegalMove, PermissionDenied, FounderInvitation.DoesNotExist, Startup.DoesNotExist):
        return render(request, "incubators/editor/link_gone.html", status=410)
    messages.success(request, _("The profile is yours now. Please read it and mend what is not true."))
    return redirect("incubators:startup-edit", found.startup.uid)
