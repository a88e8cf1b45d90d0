"""Who works on an entry."""

import uuid
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from competitions.doors import asked_to_sign_in
from competitions.entry_pages import team_context
from competitions.forms.apply import TeamInviteForm
from competitions.models import Entry, TeamMember
from competitions.services import teams
from network_platform.identifiers import uid_in
from network_platform.people.requests import SignedInRequest
from network_platform.zones import in_both

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


@get_or_post
@login_required
def team(request: SignedInRequest, uid: uuid.UUID) -> HttpResponse:
    """The people of an entry; an address invites one more while the entry is edited."""
    entry = get_object_or_404(Entry.objects.of_team(request.user).select_related("competition", "startup"), uid=uid)
    if request.POST.get("remove"):
        return _remove(request, entry)
    if request.GET.get("remove"):
        return _ask(request, entry)
    form = TeamInviteForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _invite(request, entry, form):
        messages.success(request, _("The invitation is on its way."))
        return redirect("competitions:entry-team", uid=uid)
    return render(request, "competitions/founder/team.html", team_context(entry, request.user, form))


def _ask(request: HttpRequest, entry: Entry) -> HttpResponse:
    """Before an invitation is taken back or somebody is let go."""
    removable = entry.team.removable_by(request.user).select_related("user")
    member = get_object_or_404(removable, uid=uid_in(request.GET["remove"]))
    context = {"entry": entry, "competition": entry.competition, "member": member}
    return render(request, "competitions/founder/remove.html", context)


def _remove(request: SignedInRequest, entry: Entry) -> HttpResponse:
    removable = entry.team.removable_by(request.user).select_related("user")
    member = get_object_or_404(removable, uid=uid_in(request.POST["remove"]))
    teams.remove_member(member=member, by=request.user)
    if member.user_id == request.user.pk:
        messages.success(request, _("You no longer work on this entry."))
        return redirect("competitions:entries")
    if member.joined_at:
        messages.success(request, _("%(name)s no longer works on this entry.") % {"name": member.user})
    else:
        messages.success(
            request, _("The invitation of %(email)s is taken back; the link no longer opens.") % {"email": member.email}
        )
    return redirect("competitions:entry-team", uid=entry.uid)


def _invite(request: SignedInRequest, entry: Entry, form: TeamInviteForm) -> bool:
    """Whether a letter went out; else the form says why not."""
    now, in_team = timezone.now(), _("This person is already in the team of the entry.")
    try:
        member = teams.invite_member(entry=entry, email=form.cleaned_data["email"], by=request.user)
        if member.joined_at:
            form.add_error("email", in_team)
        elif member.invited_at < now:
            when = in_both(member.invited_at, entry.competition.time_zone, request.user.time_zone)
            words = _("An invitation to this address already waits for an answer; it was sent on %(when)s.")
            form.add_error("email", words % {"when": when})
    except teams.AlreadyInTeam:
        form.add_error("email", in_team)
    except teams.OwnAddress:
        form.add_error("email", _("This is your own address; you work on the entry already."))
    except teams.TooManyInvited:
        form.add_error("email", _("No more people can be invited to this entry. Take an invitation back first."))
    except teams.TooManyToday:
        form.add_error("email", _("No more invitations today: those taken back count as well. Try again tomorrow."))
    return form.is_valid()


@get_or_post
def join(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """The invited person says yes. Nobody else learns from the link what it is about."""
    invited = TeamMember.objects.select_related("entry__competition", "entry__startup", "invited_by")
    member = get_object_or_404(invited, uid=uid)
    if not request.user.is_authenticated:
        return asked_to_sign_in(request, email=member.email if member.joined_at is None else "")
    if member.user_id == request.user.pk:
        return redirect("competitions:entry", uid=member.entry.uid)
    if not teams.is_invited(request.user, member):
        context = {"signin": f"{reverse('account_login')}?{urlencode({'next': request.path})}"}
        return render(request, "competitions/founder/not_invited.html", context, status=403)
    if request.method == "POST":
        teams.join_team(member=member, by=request.user)
        messages.success(request, _("You work on this entry now."))
        return redirect("competitions:entry", uid=member.entry.uid)
    return render(request, "competitions/founder/join.html", {"member": member})
