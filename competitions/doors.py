"""The door of pages that need an account: why, and the way back."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse


def asked_with_a_code(request: HttpRequest, *, email: str = "", **context: Any) -> HttpResponse:
    """To an invited person who has an account already: a code to `email`, or another way in."""
    back = {"next": request.path}
    known = {"email": email} if email else {}
    context["code"] = f"{reverse('account_request_login_code')}?{urlencode(back | known)}"
    context["signin"] = f"{reverse('account_login')}?{urlencode(back)}"
    answer = render(request, "competitions/judge/asked.html", context, status=403)
    answer["Cache-Control"] = "private, no-store"
    return answer


def asked_to_sign_in(request: HttpRequest, *, email: str = "", **context: Any) -> HttpResponse:
    """To a visitor. `email` is filled in at sign-up; whether there is an account for it is not said."""
    back = {"next": request.path}
    known = {"email": email} if email else {}
    context["signup"] = f"{reverse('account_signup')}?{urlencode(back | known)}"
    context["signin"] = f"{reverse('account_login')}?{urlencode(back)}"
    answer = render(request, "competitions/founder/account.html", context, status=403)
    answer["Cache-Control"] = "private, no-store"
    return answer
