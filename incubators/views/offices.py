"""The secretariat's pages about national focal points."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from incubators.forms.offices import AppointmentForm
from incubators.forms.review import ReasonForm
from incubators.models import Country, FocalPoint
from incubators.rules import can_appoint_focal_points
from incubators.services.offices import AlreadyInOfficeError, appoint_focal_point, end_term
from incubators.views.methods import reads, reads_and_writes
from network_platform.people.reauthentication import asks_again
from network_platform.people.requests import SignedInRequest


@reads
@login_required
def focal_points(request: HttpRequest) -> HttpResponse:
    """Who serves which country today."""
    if not can_appoint_focal_points(request.user):
        raise PermissionDenied
    terms = Prefetch("focal_points", FocalPoint.objects.current().select_related("user"), to_attr="terms")
    countries = sorted(Country.objects.prefetch_related(terms), key=str)
    return render(request, "incubators/offices/list.html", {"countries": countries})


@reads_and_writes
@asks_again
def appoint(request: SignedInRequest) -> HttpResponse:
    """Somebody who has an account becomes focal point or deputy from today on."""
    if not can_appoint_focal_points(request.user):
        raise PermissionDenied
    form = AppointmentForm(request.POST or None, initial=request.GET.dict(), by=request.user)
    if form.is_valid() and _appointed(request, form):
        return redirect("incubators:focal-points")
    return render(request, "incubators/offices/appoint.html", {"form": form}, status=422 if form.is_bound else 200)


@reads_and_writes
@asks_again
def end(request: SignedInRequest, iso2: str, uid: uuid.UUID) -> HttpResponse:
    """Asks for the reason, then ends the term."""
    if not can_appoint_focal_points(request.user):
        raise Http404
    terms = FocalPoint.objects.endable_by(request.user).select_related("user", "country")
    term = get_object_or_404(terms, country__iso2=iso2.upper(), user__uid=uid)
    form = ReasonForm(request.POST or None)
    if not form.is_valid():
        context = {"term": term, "form": form}
        return render(request, "incubators/offices/end.html", context, status=422 if form.is_bound else 200)
    end_term(term=term, by=request.user, reason=form.cleaned_data["reason"])
    messages.success(request, _("The term has ended; the person has been told by e-mail."))
    return redirect("incubators:focal-points")


def _appointed(request: SignedInRequest, form: AppointmentForm) -> bool:
    try:
        appoint_focal_point(by=request.user, **form.cleaned_data)
    except AlreadyInOfficeError:
        form.add_error("person", _("This person serves the country already. End that term first."))
        return False
    messages.success(request, _("Appointed from today on; the person has been told by e-mail."))
    return True
