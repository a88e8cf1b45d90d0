"""A person's own tokens."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from network_platform.people.reauthentication import asks_again
from network_platform.people.requests import SignedInRequest
from network_platform.tokens.forms import TokenForm
from network_platform.tokens.models import Token
from network_platform.tokens.scopes import scopes
from network_platform.tokens.services import create_token, revoke_token


@require_safe
@login_required
def tokens(request: HttpRequest) -> HttpResponse:
    return render(request, "tokens/list.html", {"tokens": _told(Token.objects.visible_to(request.user))})


@require_http_methods(["GET", "HEAD", "POST"])
@asks_again
def new(request: SignedInRequest) -> HttpResponse:
    """Makes a token and shows its secret, this once."""
    form = TokenForm(request.POST or None)
    if form.is_valid():
        try:
            token, secret = create_token(user=request.user, **form.cleaned_data)
            return render(request, "tokens/made.html", {"token": token, "secret": secret})
        except ValidationError as error:
            form.add_error(None, error)
    return render(request, "tokens/new.html", {"form": form}, status=422 if form.errors else 200)


@login_required
@require_POST
def revoke(request: SignedInRequest, uid: uuid.UUID) -> HttpResponse:
    token = get_object_or_404(Token.objects.revocable_by(request.user), uid=uid)
    revoke_token(token=token, by=request.user)
    messages.success(request, _("“%(name)s” is revoked. Whatever used it is refused from now on.") % {"name": token})
    return redirect("tokens")


def _told(rows: Any) -> list[tuple[Token, list[str]]]:
    """Each with what it may do, in words."""
    labels = scopes()
    return [(token, [str(labels.get(name, name)) for name in token.scopes]) for token in rows]
