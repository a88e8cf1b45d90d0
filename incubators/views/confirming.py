"""Saying that an entry is still true: on its page, or by the link of a reminder without signing in."""

from contextlib import suppress
from datetime import date
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from incubators.enums import FieldGroup
from incubators.models import Organisation
from incubators.profiles import profile_of
from incubators.services.confirming import ALL_GROUPS, answer_link, confirm_organisation, link_behind
from incubators.views.methods import reads_and_writes
from network_platform.people.requests import SignedInRequest


@login_required
@require_POST
def confirm(request: SignedInRequest, slug: str) -> HttpResponse:
    """All of the entry is still true, or one `group` of its fields."""
    organisation = get_object_or_404(Organisation.objects.confirmable_by(request.user), slug=slug)
    groups = [group for group in FieldGroup if group in request.POST.getlist("group")] or ALL_GROUPS
    try:
        confirmed = confirm_organisation(organisation=organisation, by=request.user, groups=groups)
    except PermissionDenied:
        messages.warning(request, _("This entry cannot be confirmed any more: it was changed in the meantime."))
    else:
        until = date_format(cast(date, confirmed.verified_until), "DATE_FORMAT")
        messages.success(request, _("Thank you. The entry counts as confirmed until %(date)s.") % {"date": until})
    return redirect("incubators:detail", slug)


@never_cache
@reads_and_writes
def still_true(request: HttpRequest, token: str) -> HttpResponse:
    """Where a reminder leads. Opening it changes nothing, as programs that look through mails open links too."""
    link = link_behind(token)
    if link and request.method == "POST" and link.can_answer:
        with suppress(PermissionDenied):  # somebody was faster: the page says where it stands
            answer_link(link=link)
        return redirect(request.path)
    context: dict[str, Any] = {"link": link}
    if link and link.can_answer:
        context |= {"organisation": link.organisation, "profile": profile_of(link.organisation)}
    found = link is not None and (link.can_answer or link.is_answered)
    return render(request, "incubators/still_true.html", context, status=200 if found else 404)
