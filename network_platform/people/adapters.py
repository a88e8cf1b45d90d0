"""Where allauth meets the platform: its mails go through our outbox, its answers stay on our site."""

from datetime import timedelta
from typing import Any

import qrcode
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.models import EmailAddress
from allauth.core import context as current
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, gettext, gettext_lazy

from network_platform.background.services import send_message
from network_platform.identifiers import new_uid
from network_platform.people.models import User
from network_platform.people.second_factor import ways_of
from network_platform.people.secrets import conceal, reveal
from network_platform.zones import in_words

# Mails to an address that may belong to nobody or to somebody else: they greet nobody by name.
TO_AN_ADDRESS = {
    "login_code",
    "password_reset_code",
    "email_confirmation",
    "email_confirmation_signup",
    "account_already_exists",
    "unknown_account",
}
WAYS = {
    "reauthenticate": gettext_lazy("Use the password"),
    "mfa_reauthenticate:webauthn": gettext_lazy("Use a passkey"),
}
# By whether the account has the app, and recovery codes that are left.
CODES = {
    (True, True): gettext_lazy("Use the app or a recovery code"),
    (True, False): gettext_lazy("Use the app"),
    (False, True): gettext_lazy("Use a recovery code"),
    (False, False): "",
}
SAID = ("code", "from_email", "to_email", "deleted_email")
MINUTES = {
    "login_code": settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT // 60,
    "password_reset_code": settings.ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT // 60,
    "email_confirmation": 15,
    "email_confirmation_signup": 15,
}


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": gettext_lazy("The address or the password is not correct."),
        "too_many_login_attempts": gettext_lazy("Too many wrong codes: this one no longer works. Ask for a new one."),
        "enter_current_password": gettext_lazy("This is not your current password."),
    }

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Put allauth's mail in the outbox as `account/<name>`, with plain values only."""
        name = template_prefix.rsplit("/", 1)[1]
        person = None if name in TO_AN_ADDRESS else self.person_of(context)
        to: User | str = person if person and person.email == email else email
        send_message(
            template=f"account/{name}",
            to=to,
            dedupe_key=f"account:{name}:{new_uid()}",
            context=plain(name, context) | moment_of(context, person),
            language=language_for(person),
            last_moment=timezone.now() + timedelta(minutes=MINUTES[name]) if name in MINUTES else None,
        )

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("settings")

    def person_of(self, context: dict[str, Any]) -> User | None:
        person = context.get("user") or getattr(current.request, "user", None)
        return person if isinstance(person, User) else None

    def send_notification_mail(
        self,
        template_prefix: str,
        user: AbstractBaseUser,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        super().send_notification_mail(template_prefix, user, {**(context or {}), "user": user}, email)

    def pre_login(self, request: HttpRequest, user: AbstractBaseUser, **hints: Any) -> HttpResponse | None:
        """Who was invited has no confirmed address yet; the code that came there confirms it."""
        response = super().pre_login(request, user, **hints)
        if response is None and came_by_code(request, user, hints.get("email") or ""):
            EmailAddress.objects.get_or_create(
                user=user, email=hints["email"], defaults={"verified": True, "primary": True}
            )
        return response

    def get_reauthentication_methods(self, user: AbstractBaseUser | AnonymousUser) -> list[dict[str, Any]]:
        """allauth's ways to prove again who it is, in our words, without codes that are used up."""
        ways = ways_of(user)
        words = WAYS | {"mfa_reauthenticate": CODES["totp" in ways, "recovery_codes" in ways]}
        methods = super().get_reauthentication_methods(user)
        return [method | {"description": words[method["id"]]} for method in methods if words[method["id"]]]

    def is_safe_url(self, url: str) -> bool:
        """`next` stays on the host that was asked."""
        request = current.request
        return url_has_allowed_host_and_scheme(
            url, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        )

    def new_user(self, request: HttpRequest) -> User:
        """Somebody who signs up reads the language of the page they did it on."""
        return User(language=get_language() or settings.LANGUAGE_CODE)


def came_by_code(request: HttpRequest, user: AbstractBaseUser, email: str) -> bool:
    """Whether the newest proof in this session is a code that was mailed to the account's own address."""
    records = get_authentication_records(request, user)
    return bool(
        email
        and records
        and records[-1]["method"] == "code"
        and records[-1].get("email") == email
        and isinstance(user, User)
        and user.email == email
    )


def plain(name: str, context: dict[str, Any]) -> dict[str, Any]:
    """What a mail says, as JSON: never who or what browser asked, which anybody could fill with a lure."""
    values: dict[str, Any] = {key: context[key] for key in SAID if key in context}
    if name in MINUTES:
        values["minutes"] = MINUTES[name]
    return {
        **values,
        "signup_path": reverse("account_signup"),
        "reset_path": reverse("account_reset_password"),
        "security_path": reverse("mfa_index"),
    }


def language_for(person: User | None) -> str:
    return person.language if person else get_language() or settings.LANGUAGE_CODE


def moment_of(context: dict[str, Any], person: User | None) -> dict[str, str]:
    """When it happened, in the person's language and zone."""
    if "timestamp" not in context:
        return {}
    with translation.override(language_for(person)):
        return {"at": in_words(context["timestamp"], reader=person.time_zone if person else None)}


class SecondFactorAdapter(DefaultMFAAdapter):
    def encrypt(self, text: str) -> str:
        return conceal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return reveal(encrypted_text)

    def _get_site_name(self) -> str:
        return settings.MFA_TOTP_ISSUER

    def build_totp_svg(self, url: str) -> str:
        """One path on white, readable for cameras in the dark scheme as well; no style attribute (strict CSP)."""
        code = qrcode.QRCode(border=4)
        code.add_data(url)
        rows = code.get_matrix()
        dots = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
        return format_html(
            '<svg role="img" aria-label="{}" width="220" height="220" viewBox="0 0 {} {}" shape-rendering="crispEdges">'
            '<path fill="#fff" d="M0 0h{}v{}H0z"/><path fill="#000" d="{}"/></svg>',
            gettext("QR code for the app"),
            len(rows),
            len(rows),
            len(rows),
            len(rows),
            dots,
        )
