"""A person's own webhooks."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from network_platform.changes.forms import EndpointForm
from network_platform.changes.models import Delivery, Endpoint
from network_platform.changes.services import (
    create_endpoint,
    delete_endpoint,
    events,
    replay_delivery,
    resume_endpoint,
)
from network_platform.people.requests import SignedInRequest

SHOWN = 50


@require_safe
@login_required
def webhooks(request: HttpRequest) -> HttpResponse:
    return render(request, "changes/list.html", {"endpoints": _told(Endpoint.objects.visible_to(request.user))})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def new(request: SignedInRequest) -> HttpResponse:
    form = EndpointForm(request.POST or None)
    if form.is_valid():
        try:
            endpoint = create_endpoint(user=request.user, **form.cleaned_data)
            return redirect("webhook", endpoint.uid)
        except ValidationError as error:
            form.add_error("url", error)
    return render(request, "changes/new.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
@login_required
def webhook(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Its secret, and what it was told last."""
    endpoint = _own(request, uid)
    deliveries = endpoint.deliveries.select_related("change")[:SHOWN]
    context = {"endpoint": endpoint, "deliveries": deliveries, "labels": _labels(endpoint)}
    return render(request, "changes/webhook.html", context)


@login_required
@require_POST
def delete(request: SignedInRequest, uid: uuid.UUID) -> HttpResponse:
    delete_endpoint(endpoint=_own(request, uid), by=request.user)
    messages.success(request, _("The webhook is deleted; nothing more is sent to it."))
    return redirect("webhooks")


@login_required
@require_POST
def resume(request: SignedInRequest, uid: uuid.UUID) -> HttpResponse:
    resume_endpoint(endpoint=_own(request, uid), by=request.user)
    messages.success(request, _("What waits is being sent."))
    return redirect("webhook", uid)


@login_required
@require_POST
def replay(request: SignedInRequest, uid: uuid.UUID) -> HttpResponse:
    own = Delivery.objects.filter(endpoint__in=Endpoint.objects.visible_to(request.user))
    delivery = get_object_or_404(own.select_related("endpoint"), uid=uid)
    replay_delivery(delivery=delivery, by=request.user)
    messages.success(request, _("It is being sent once more."))
    return redirect("webhook", delivery.endpoint.uid)


def _own(request: HttpRequest, uid: uuid.UUID) -> Endpoint:
    return get_object_or_404(Endpoint.objects.visible_to(request.user), uid=uid)


def _labels(endpoint: Endpoint) -> list[str]:
    known = events()
    return [str(known.get(name, name)) for name in endpoint.events]


def _told(rows: Any) -> list[tuple[Endpoint, list[str]]]:
    return [(endpoint, _labels(endpoint)) for endpoint in rows]
