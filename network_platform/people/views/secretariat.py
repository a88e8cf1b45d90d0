"""The secretariat's pages about people: who is who, roles, access."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from network_platform.desk import gather
from network_platform.people.forms import AccessForm, GroupsForm, PeopleSearchForm
from network_platform.people.models import User
from network_platform.people.pages import page_of_people
from network_platform.people.reauthentication import asks_again
from network_platform.people.requests import SignedInRequest
from network_platform.people.rules import can_change_groups, can_deactivate_person, can_manage_people
from network_platform.people.services.roles import GROUPS, change_groups, deactivate_person, reactivate_person


@require_safe
@login_required
def people(request: HttpRequest) -> HttpResponse:
    if not can_manage_people(request.user):
        raise PermissionDenied
    form = PeopleSearchForm(request.GET)
    found = User.objects.visible_to(request.user).filter(erased_at=None)
    if form.is_valid():
        found = found.matching(form.cleaned_data["q"])
        if form.cleaned_data["group"]:
            found = found.filter(groups__name=form.cleaned_data["group"])
    page = page_of_people(found, after=request.GET.get("after", ""))
    chosen = form.cleaned_data.get("group", "") if form.is_valid() else ""
    return render(request, "people/people.html", {"form": form, "page": page, "chosen_group": chosen})


@require_safe
@login_required
def person(request: HttpRequest, uid: UUID) -> HttpResponse:
    shown = _manageable(request, uid)
    context = {
        "person": shown,
        "roles": [role for roles in gather("roles_of", shown) for role in roles],
        "may_change": can_change_groups(request.user, shown),
        "groups_form": GroupsForm(initial={"groups": sorted(shown.group_names & set(GROUPS))}),
        "access_form": AccessForm(auto_id="access_%s"),
    }
    return render(request, "people/person.html", context)


@require_POST
@asks_again
def person_groups(request: SignedInRequest, uid: UUID) -> HttpResponse:
    shown = _manageable(request, uid)
    form = GroupsForm(request.POST)
    if not can_change_groups(request.user, shown):
        raise PermissionDenied
    if form.is_valid():
        change_groups(
            person=shown,
            groups=set(form.cleaned_data["groups"]),
            by=request.user,
            reason=form.cleaned_data["reason"],
        )
        messages.success(request, _("The groups are changed; the person has been told by e-mail."))
    else:
        messages.error(request, _("Give a reason: it is recorded in the journal. Nothing was changed."))
    return redirect("person", uid=uid)


@require_POST
@asks_again
def person_access(request: SignedInRequest, uid: UUID) -> HttpResponse:
    shown = _manageable(request, uid)
    form = AccessForm(request.POST)
    if not can_deactivate_person(request.user, shown):
        raise PermissionDenied
    if form.is_valid():
        move = deactivate_person if shown.is_active else reactivate_person
        move(person=shown, by=request.user, reason=form.cleaned_data["reason"])
        messages.success(request, _("Access is closed.") if shown.is_active else _("Access is open again."))
    else:
        messages.error(request, _("Give a reason: it is recorded in the journal. Nothing was changed."))
    return redirect("person", uid=uid)


def _manageable(request: HttpRequest, uid: UUID) -> User:
    """The person, for those who manage people; to others the page does not exist."""
    if not can_manage_people(request.user):
        raise Http404
    return get_object_or_404(User.objects.visible_to(request.user).prefetch_related("groups"), uid=uid)
