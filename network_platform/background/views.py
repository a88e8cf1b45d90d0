"""The secretariat's page about messages. It shows no contents: mails may hold codes."""

from uuid import UUID

from django.contrib import messages as notices
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from network_platform.background.models import Message, MessageState
from network_platform.background.pages import page_of, states_of
from network_platform.background.rules import can_manage_messages
from network_platform.background.services import retry_failed, retry_message
from network_platform.people.requests import SignedInRequest


@require_safe
@login_required
def messages(request: HttpRequest) -> HttpResponse:
    if not can_manage_messages(request.user):
        raise PermissionDenied
    found = Message.objects.visible_to(request.user)
    state = request.GET.get("state", "")
    state = state if state in MessageState.values else ""
    page = page_of(found.filter(state=state) if state else found, before=request.GET.get("before", ""))
    return render(
        request, "background/messages.html", {"page": page, "states": states_of(found, state), "state": state}
    )


@require_POST
@login_required
def retry(request: SignedInRequest, uid: UUID) -> HttpResponse:
    if not can_manage_messages(request.user):
        raise PermissionDenied
    message = get_object_or_404(Message.objects.visible_to(request.user), uid=uid)
    if retry_message(message=message, by=request.user).state == MessageState.QUEUED:
        notices.success(request, _("The message is in the queue again."))
    return redirect("messages")


@require_POST
@login_required
def retry_all(request: SignedInRequest) -> HttpResponse:
    if not can_manage_messages(request.user):
        raise PermissionDenied
    count = retry_failed(by=request.user)
    text = ngettext("%(n)d message is in the queue again.", "%(n)d messages are in the queue again.", count)
    notices.success(request, text % {"n": count})
    return redirect("messages")
