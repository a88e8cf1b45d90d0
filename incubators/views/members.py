"""Those who edit an entry: who they are, asking somebody in, handing over, leaving."""

import uuid
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from incubators.enums import MemberRole
from incubators.forms.members import InviteForm
from incubators.forms.review import ReasonForm
from incubators.models import Invitation, Membership, Organisation
from incubators.rules import can_accept_invitation, can_invite_editor, can_view_editors
from incubators.services.by_mail import LINK_LASTS, OwnAddressError, TooManyInvitationsError
from incubators.services.invitations import (
    accept_invitation,
    invitation_behind,
    invite_editor,
    withdraw_invitation,
)
from incubators.services.letters import is_read_by_secretariat
from incubators.services.members import LastEditorError, end_membership, heir_of, is_last_editor
from incubators.views.methods import reads, reads_and_writes
from network_platform.lifecycle import IllegalMove
from network_platform.people.requests import SignedInRequest
from network_platform.quoting import inside_quotes


@reads
@login_required
def editors(request: HttpRequest, slug: str) -> HttpResponse:
    """Who edits the entry, for those who do and for those who serve its country; who is asked, for the former."""
    shown = Organisation.objects.editors_visible_to(request.user).select_related("country")
    organisation = get_object_or_404(shown, slug=slug)
    memberships = list(organisation.memberships.select_related("user").order_by("since", "pk"))
    endable = Membership.objects.endable_by(request.user).filter(organisation=organisation)
    invitations = Invitation.objects.withdrawable_by(request.user).filter(organisation=organisation)
    context = {
        "organisation": organisation,
        "memberships": memberships,
        "is_last": not any(each.user.is_active and each.user != request.user for each in memberships),
        "endable": set(endable.values_list("pk", flat=True)),
        "by_secretariat": is_read_by_secretariat(organisation),
        "claim_link": request.build_absolute_uri(reverse("incubators:claim", args=[slug])),
        "can_invite": can_invite_editor(request.user, organisation),
        "invitations": invitations.select_related("invited_by"),
    }
    return render(request, "incubators/editor/editors.html", context)


@reads_and_writes
@login_required
def end(request: SignedInRequest, slug: str, uid: uuid.UUID) -> HttpResponse:
    """Asks, then takes the entry out of the person's hands."""
    rows = Membership.objects.endable_by(request.user).select_related("organisation__country", "user")
    membership = get_object_or_404(rows, organisation__slug=slug, user__uid=uid)
    own = membership.user_id == request.user.pk
    form = ReasonForm(request.POST if request.method == "POST" else None, needed=not own)
    if not form.is_valid() or not _ended(request, membership, form):
        is_last = own and is_last_editor(membership)
        context = {"membership": membership, "form": form, "is_last": is_last, "heir": heir_of(membership)}
        return render(request, "incubators/editor/end.html", context, status=422 if form.is_bound else 200)
    messages.success(request, _gone(membership, own=own))
    if can_view_editors(request.user, membership.organisation):
        return redirect("incubators:editors", slug)
    return redirect("incubators:mine")


def _gone(membership: Membership, *, own: bool) -> str:
    """Who left reads it beside other entries, so the words name this one."""
    if own:
        return _("You no longer edit the entry of “%(title)s”.") % {
            "title": inside_quotes(str(membership.organisation))
        }
    return _("%(name)s no longer edits this entry.") % {"name": membership.user}


def _ended(request: SignedInRequest, membership: Membership, form: ReasonForm) -> bool:
    try:
        end_membership(membership=membership, by=request.user, reason=form.cleaned_data["reason"])
    except LastEditorError:
        form.add_error(None, _("You are its only editor. Hand it over first, or ask the focal point to close it."))
        return False
    return True


@reads_and_writes
@login_required
def invite(request: SignedInRequest, slug: str, *, hands_over: bool = False) -> HttpResponse:
    """An address to edit the entry too; or, if it is handed over, in one's own place."""
    organisation = get_object_or_404(Organisation.objects.inviting_for(request.user), slug=slug)
    data = request.POST if request.method == "POST" else None
    form = InviteForm(data, initial={"language": get_language()})
    if form.is_valid() and _invited(request, organisation, form, hands_over=hands_over):
        return redirect("incubators:editors", slug)
    context = {"organisation": organisation, "form": form, "hands_over": hands_over, "days": LINK_LASTS.days}
    owned = organisation.memberships.filter(user=request.user, role=MemberRole.OWNER)
    context["is_owner"] = hands_over and owned.exists()
    return render(request, "incubators/editor/invite.html", context, status=422 if form.errors else 200)


def _invited(request: SignedInRequest, organisation: Organisation, form: InviteForm, *, hands_over: bool) -> bool:
    """Says the same whether or not the address has an account."""
    try:
        _row, is_new = invite_editor(
            organisation=organisation, by=request.user, hands_over=hands_over, **form.cleaned_data
        )
    except OwnAddressError:
        form.add_error("email", _("This is your own address; you edit the entry already."))
        return False
    except TooManyInvitationsError:
        form.add_error(None, _("No more invitations today: those taken back count as well. Try again tomorrow."))
        return False
    if is_new:
        messages.success(request, _("The invitation is on its way."))
    else:
        messages.info(request, _("An invitation to this address waits for an answer already."))
    return True


@reads_and_writes
@login_required
def withdraw(request: SignedInRequest, slug: str, uid: uuid.UUID) -> HttpResponse:
    """Asks, then takes an invitation back."""
    rows = Invitation.objects.withdrawable_by(request.user).select_related("organisation__country")
    invitation = get_object_or_404(rows, organisation__slug=slug, uid=uid)
    if request.method != "POST":
        return render(request, "incubators/editor/withdraw_invitation.html", {"invitation": invitation})
    try:
        withdraw_invitation(invitation=invitation, by=request.user)
        messages.success(request, _("The invitation is taken back; its link no longer opens."))
    except (IllegalMove, PermissionDenied):
        messages.warning(request, _("It was answered or taken back in the meantime."))
    return redirect("incubators:editors", slug)


@reads_and_writes
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """The invited person says yes. Nobody else learns from the link what it is about."""
    found = invitation_behind(token)
    if found is not None and not request.user.is_authenticated:
        return door(request, email=found.email)
    if found is None or not request.user.is_authenticated or not can_accept_invitation(request.user, found):
        return render(request, "incubators/editor/link_gone.html", status=410)
    if request.method == "POST":
        try:
            accept_invitation(invitation=found, by=request.user)
        except (IllegalMove, PermissionDenied):
            return render(request, "incubators/editor/link_gone.html", status=410)
        messages.success(request, _("You edit this entry now. Please read it and mend what is not true."))
        return redirect("incubators:edit", found.organisation.slug)
    return render(request, "incubators/editor/invitation.html", {"invitation": found})


def door(request: HttpRequest, *, email: str, template: str = "incubators/editor/invitation_door.html") -> HttpResponse:
    """To a visitor: an account is needed. `email` is filled in at sign-up; whether it has an account is not said."""
    back = {"next": request.path}
    signup = f"{reverse('account_signup')}?{urlencode(back | {'email': email})}"
    context = {"signup": signup, "signin": f"{reverse('account_login')}?{urlencode(back)}"}
    answer = render(request, template, context, status=403)
    answer["Cache-Control"] = "private, no-store"
    return answer
