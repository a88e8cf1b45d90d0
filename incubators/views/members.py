"""Those who edit an entry: who they are, and ending it."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from incubators.forms.review import ReasonForm
from incubators.models import Membership, Organisation
from incubators.rules import can_view_editors
from incubators.services.letters import is_read_by_secretariat
from incubators.services.members import end_membership
from incubators.views.methods import reads, reads_and_writes


@reads
@login_required
def editors(request: HttpRequest, slug: str) -> HttpResponse:
    """Who edits the entry, for those who do and for those who serve its country."""
    shown = Organisation.objects.editors_visible_to(request.user).select_related("country")
    organisation = get_object_or_404(shown, slug=slug)
    memberships = organisation.memberships.select_related("user").order_by("since", "pk")
    endable = Membership.objects.endable_by(request.user).filter(organisation=organisation)
    context = {
        "organisation": organisation,
        "memberships": memberships,
        "endable": set(endable.values_list("pk", flat=True)),
        "by_secretariat": is_read_by_secretariat(organisation),
        "claim_link": request.build_absolute_uri(reverse("incubators:claim", args=[slug])),
    }
    return render(request, "incubators/editor/editors.html", context)


@reads_and_writes
@login_required
def end(request: HttpRequest, slug: str, uid: uuid.UUID) -> HttpResponse:
    """Asks, then takes the entry out of the person's hands."""
    rows = Membership.objects.endable_by(request.user).select_related("organisation__country", "user")
    membership = get_object_or_404(rows, organisation__slug=slug, user__uid=uid)
    data = request.POST if request.method == "POST" else None
    form = ReasonForm(data, needed=membership.user_id != request.user.pk)
    if not form.is_valid():
        context = {"membership": membership, "form": form}
        return render(request, "incubators/editor/end.html", context, status=422 if form.is_bound else 200)
    end_membership(membership=membership, by=request.user, reason=form.cleaned_data["reason"])
    messages.success(request, _("%(name)s no longer edits this entry.") % {"name": membership.user})
    if can_view_editors(request.user, membership.organisation):
        return redirect("incubators:editors", slug)
    return redirect("incubators:mine")
