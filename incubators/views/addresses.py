"""Where an entry is found: by its uid until it is listed, by its name from then on."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import ResolverMatch

from incubators.models import Organisation


def leads_on(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The address that an entry had as a draft leads to the one that it got when it was listed."""

    @wraps(view)
    def found(request: HttpRequest, slug: str, **kwargs: Any) -> HttpResponse:
        if (now := _slug_now(request, slug)) and now != slug:
            name = cast(ResolverMatch, request.resolver_match).view_name
            return redirect(name, slug=now, preserve_request=True, **kwargs)
        return view(request, slug=slug, **kwargs)

    return found


def _slug_now(request: HttpRequest, slug: str) -> str | None:
    try:
        uid = UUID(slug)
    except ValueError:
        return None
    visible = Organisation.objects.visible_to(request.user)
    return visible.filter(uid=uid).values_list("slug", flat=True).first()
