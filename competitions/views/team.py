"""Who works on an entry."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from competitions.forms.apply import InviteForm
from competitions.models import Entry, TeamMember
from competitions.services import teams
from competitions.services.letters import team_of

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


@get_or_post
@login_required
def team(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """The people of an entry; an address invites one more."""
    entry = get_object_or_404(Entry.objects.editable_by(request.user).select_related("competition", "startup"), uid=uid)
    if request.POST.get("remove"):
        gone = get_object_or_404(entry.team, uid=request.POST["remove"])
        teams.remove_member(member=gone, by=request.user)
        return redirect("competitions:entry-team", uid=uid)
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            teams.invite_member(entry=entry, email=form.cleaned_data["email"], by=request.user)
        except teams.TooManyInvited:
            form.add_error("email", _("No more people can be invited to this entry. Take an invitation back first."))
        else:
            messages.success(request, _("The invitation is on its way."))
            return redirect("competitions:entry-team", uid=uid)
    context = {"entry": entry, "competition": entry.competition, "form": form, "people": team_of(entry)}
    return render(request, "competitions/founder/team.html", context)


@get_or_post
@login_required
def join(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """The invited person says yes. To anybody else the invitation does not exist."""
    invited = TeamMember.objects.select_related("entry__competition", "entry__startup", "invited_by")
    member = get_object_or_404(invited, uid=uid)
    if member.user_id == request.user.pk:
        return redirect("competitions:entry", uid=member.entry.uid)
    if not teams.is_invited(request.user, member):
        raise Http404
    if request.method == "POST":
        teams.join_team(member=member, by=request.user)
        return redirect("competitions:entry", uid=member.entry.uid)
    return render(request, "competitions/founder/join.html", {"member": member})
