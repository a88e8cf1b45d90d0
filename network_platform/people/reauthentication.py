"""Asking again who it is, before something that cannot be taken back."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

View = Callable[..., HttpResponse]


def asks_again(view: View) -> View:
    """Password, passkey or code of the app within the last minutes; who has none of these signs in afresh by mail."""

    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if get_reauthentication_flows(request.user):
            return reauthentication_required(view)(request, *args, **kwargs)
        if signed_in_just_now(request):
            return view(request, *args, **kwargs)
        return sign_in_afresh(request)

    return guarded


def signed_in_just_now(request: HttpRequest) -> bool:
    records = get_authentication_records(request, request.user)
    return bool(records) and time.time() - records[-1]["at"] < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT


def sign_in_afresh(request: HttpRequest) -> HttpResponse:
    """A page whose button signs out and leads, through a code by mail, back to where the person was going."""
    back = f"{reverse('account_request_login_code')}?{urlencode({'next': request.path})}"
    return render(request, "people/afresh.html", {"target": back}, status=403)
