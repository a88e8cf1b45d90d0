"""Signing in with a passkey alone: allauth's view, which does not forget where somebody was going."""

from allauth.account.utils import passthrough_next_redirect_url
from allauth.mfa.webauthn.views import LoginWebAuthnView
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.forms import Form
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse


class SignIn(LoginWebAuthnView):
    def form_invalid(self, form: Form) -> HttpResponse:
        """The refusal is a message of the page of signing in."""
        super().form_invalid(form)
        return HttpResponseRedirect(
            passthrough_next_redirect_url(self.request, reverse("account_login"), REDIRECT_FIELD_NAME)
        )
