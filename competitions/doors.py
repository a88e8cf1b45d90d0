"""The door of pages that need an account: why, and the way back."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse


def asked_with_a_code(request: HttpRequest, *, email: str, **context: Any) -> HttpResponse:
    """To an invited person who has an account already: a code to `email`, or another way in."""
    code = _way_back(request, "account_request_login_code", email)
    return _door(request, "competitions/judge/asked.html", code=code, **context)


def asked_to_sign_in(request: HttpRequest, *, email: str = "", **context: Any) -> HttpResponse:
    """To a visitor. `email` is filled in at sign-up; whether there is an account for it is not said."""
    signup = _way_back(request, "account_signup", email)
    return _door(request, "competitions/founder/account.html", signup=signup, **context)


def _door(request: HttpRequest, template: str, **context: Any) -> HttpResponse:
    answer = render(request, template, context | {"signin": _way_back(request, "account_login")}, status=403)
    answer["Cache-Control"] = "private, no-store"
    return answer


def _way_back(request: HttpRequest, page: str, email: str = "") -> str:
    """A page of accounts that leads back here."""
    return f"{reverse(page)}?{urlencode({'next': request.path} | ({'email': email} if email else {}))}"
