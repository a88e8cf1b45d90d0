"""Start-ups in cohorts: an organisation's editors propose, founders answer; and who reads a start-up's profile."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from incubators.consents import STARTUP_PROFILE
from incubators.enums import PlacementStatus
from incubators.forms.placements import OutcomeForm, ProposalForm, ShowForm
from incubators.models import Cohort, Placement, Programme, Startup
from incubators.rules import can_invite_founder
from incubators.services.placements import (
    TooManyProposalsError,
    answer_placement,
    end_placement,
    propose_placement,
    withdraw_proposal,
)
from incubators.services.showing import hide_startup, show_startup
from incubators.views.methods import reads, reads_and_writes
from network_platform.lifecycle import IllegalMove
from network_platform.people.consents import has_consented
from network_platform.people.requests import SignedInRequest

UP = ("programme__organisation__country",)


@reads_and_writes
@login_required
def propose(request: SignedInRequest, uid: uuid.UUID) -> HttpResponse:
    """Ask a start-up's founders. The answer is the same whether there is such a start-up or not."""
    own = Programme.objects.editable_by(request.user)
    cohort = get_object_or_404(Cohort.objects.filter(programme__in=own).select_related(*UP), uid=uid)
    form = ProposalForm(request.POST or None, cohort=cohort)
    if form.is_valid():
        try:
            _send(request, cohort, form)
            return redirect("incubators:cohort-edit", uid)
        except TooManyProposalsError:
            form.add_error(None, _("You have sent very many proposals today. Go on tomorrow."))
    context = {"form": form, "cohort": cohort, "programme": cohort.programme, "inside": True}
    context["organisation"] = cohort.programme.organisation
    return render(request, "incubators/programmes/propose.html", context, status=422 if form.is_bound else 200)


@reads_and_writes
@login_required
def outcome(request: SignedInRequest, uid: uuid.UUID) -> HttpResponse:
    """When a start-up left, and how."""
    own = Placement.objects.confirmed().editable_by(request.user).select_related("startup__country", f"cohort__{UP[0]}")
    placement = get_object_or_404(own, uid=uid)
    form = OutcomeForm(request.POST if request.method == "POST" else None, placement=placement)
    if form.is_valid():
        end_placement(placement=placement, by=request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("incubators:cohort-edit", placement.cohort.uid)
    programme = placement.cohort.programme
    context = {"form": form, "placement": placement, "programme": programme, "inside": True}
    context["organisation"] = programme.organisation
    context["can_invite"] = can_invite_founder(request.user, placement.startup)
    return render(request, "incubators/programmes/outcome.html", context, status=422 if form.is_bound else 200)


@reads
@login_required
def placements(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Where the founders' start-up was supported, as organisations say."""
    startup = get_object_or_404(Startup.objects.editable_by(request.user), uid=uid)
    rows = startup.placements.answerable_by(request.user).select_related("cohort__programme__organisation")
    context = {status.value: [each for each in rows if each.status == status] for status in PlacementStatus}
    return render(request, "incubators/founder/placements.html", context | {"startup": startup})


@login_required
@require_POST
def answer(request: SignedInRequest, uid: uuid.UUID) -> HttpResponse:
    """Yes, no, or a yes taken back."""
    own = Placement.objects.filter(startup__in=Startup.objects.editable_by(request.user))
    placement = get_object_or_404(own.select_related("startup", "cohort__programme"), uid=uid)
    to = PlacementStatus.CONFIRMED if request.POST.get("to") == "confirmed" else PlacementStatus.REFUSED
    try:
        answer_placement(placement=placement, to=to, by=request.user)
        messages.success(request, _("Your answer is saved."))
    except IllegalMove:
        messages.warning(request, _("That is not possible any more. See how it stands now."))
    return redirect("incubators:placements", placement.startup.uid)


@reads_and_writes
@login_required
def showing(request: SignedInRequest, uid: uuid.UUID) -> HttpResponse:
    """Who reads the profile: the team, or everybody."""
    startup = get_object_or_404(Startup.objects.editable_by(request.user).select_related("country"), uid=uid)
    if request.method == "POST" and "hide" in request.POST:
        hide_startup(startup=startup, by=request.user)
        messages.success(request, _("Only your team reads the profile now."))
        return redirect("incubators:startup-showing", uid)
    data = request.POST if request.method == "POST" else None
    form = ShowForm(data, agreed=has_consented(request.user, STARTUP_PROFILE))
    if form.is_valid():
        show_startup(startup=startup, by=request.user, agrees=True)
        messages.success(request, _("Everybody can read the profile now."))
        return redirect("incubators:startup-showing", uid)
    context = {"startup": startup, "form": form}
    return render(request, "incubators/founder/showing.html", context, status=422 if form.is_bound else 200)


def _send(request: SignedInRequest, cohort: Cohort, form: ProposalForm) -> None:
    said = form.cleaned_data
    if "take_back" in request.POST:
        withdraw_proposal(cohort=cohort, by=request.user, name=said["name"], email=said["email"])
        messages.success(request, _("If anybody was asked and has not answered, that is taken back."))
        return
    propose_placement(cohort=cohort, by=request.user, **said)
    words = _("If the start-up is here, its founders have a mail now. It stands below once they have confirmed.")
    messages.success(request, words)
