"""allauth's forms in our words: no placeholders instead of labels, one sentence of help, the name at sign-up."""

from typing import TYPE_CHECKING, Any

from allauth.account import forms as account
from allauth.account.adapter import get_adapter
from allauth.core import context
from allauth.mfa.base import forms as mfa
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.contrib import messages
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from network_platform.people.limits import seconds_left, too_many_codes
from network_platform.people.models import User
from network_platform.people.names import clean_name
from network_platform.people.second_factor import ways_of
from network_platform.people.zones import clean_zone

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

TOO_MANY = "too_many_login_attempts"
PASSWORD_HELP = _("At least 10 characters. A few words together are easier to remember than symbols.")


class PlainWords:
    """Mixed into allauth's forms: `labels` and `helps` by field name; codes get a keyboard of digits.

    `too_many`: what is said when a limit was reached.
    """

    labels: dict[str, Any] = {}
    helps: dict[str, Any] = {}
    too_many: "str | _StrPromise" = _("Too many failed tries. Wait five minutes and try once more.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, forms.Field] = self.fields  # type: ignore[attr-defined]
        for name, field in fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = self.labels.get(name, LABELS.get(name, field.label))
            field.help_text = self.helps.get(name, HELPS.get(name, ""))

    def add_error(self, field: str | None, error: Any) -> None:
        """allauth says "try again later" whatever was tried."""
        if getattr(error, "code", "") == TOO_MANY:
            error = forms.ValidationError(self.too_many, code=TOO_MANY)
        super().add_error(field, error)  # type: ignore[misc]


LABELS = {
    "login": _("E-mail"),
    "email": _("E-mail"),
    "password": _("Password"),
    "password1": _("New password"),
    "password2": _("New password again"),
    "oldpassword": _("Current password"),
    "remember": _("This is my own device; stay signed in for 30 days"),
    "code": _("Code from the e-mail"),
    "passwordless": _("Sign in with this key alone"),
    "name": _("Name of the key"),
}
HELPS = {
    "password1": PASSWORD_HELP,
    "passwordless": _("The device then asks for your fingerprint, face or PIN, and no password is needed."),
    "code": _("You can paste the whole code."),
}


class CodeFromMail(PlainWords):
    wrong = _("The code is not correct. Check the digits, or ask for a new code.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        code = self.fields["code"]  # type: ignore[attr-defined]
        code.widget.attrs.update({"inputmode": "numeric", "class": "code-in", "maxlength": 9})

    def clean_code(self) -> str:
        """Not only that it is wrong, but what to do."""
        try:
            code: str = super().clean_code()  # type: ignore[misc]
        except forms.ValidationError as refused:
            if refused.code == "incorrect_code":
                raise forms.ValidationError(self.wrong, code=refused.code) from refused
            raise
        return code


class CodeFromApp(CodeFromMail):
    wrong = _("The code is not correct. Check the digits; the app shows a new code twice a minute.")
    labels = {"code": _("Code from the app")}


class OwnCode(CodeFromApp):
    """Asks for the codes that the account has; `ways` are those of `ways_of`."""

    user: User

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ways = ways_of(self.user)
        code = self.fields["code"]  # type: ignore[attr-defined]
        if "totp" not in self.ways:
            code.label, code.help_text = _("Recovery code"), _("One of those you keep for the day the key is lost.")
            self.wrong = _("The code is not correct, or it was used before. Check the digits, or take another one.")
        elif "recovery_codes" in self.ways:
            code.help_text = _("Six digits; a recovery code works as well.")
        else:
            code.help_text = _("Six digits.")


class SignIn(PlainWords, account.LoginForm):
    too_many = _(
        "Too many failed tries. Wait five minutes and try once more, or let us send you a code by e-mail: the button "
        "is below."
    )


class SignUp(PlainWords, account.SignupForm):
    """E-mail, name, password. A known address costs the same time as a new one."""

    labels = {"password1": _("Password"), "name": _("Your name")}
    helps = {"password1": PASSWORD_HELP, "name": _("In your own script, as colleagues know it.")}
    field_order = ["name", "email", "password1", "time_zone"]

    name = forms.CharField(max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    time_zone = forms.CharField(required=False, widget=forms.HiddenInput(attrs={"data-own-zone": ""}))

    def clean_name(self) -> str:
        return clean_name(self.cleaned_data["name"])

    def clean_time_zone(self) -> str:
        return clean_zone(self.cleaned_data["time_zone"]) or "UTC"

    def try_save(self, request: HttpRequest) -> Any:
        if self.account_already_exists:
            make_password(self.cleaned_data["password1"])
        return super().try_save(request)

    def signup(self, request: HttpRequest, user: User) -> None:
        user.name = self.cleaned_data["name"]
        user.time_zone = self.cleaned_data["time_zone"]
        user.save(update_fields=["name", "time_zone"])


class Reauthenticate(PlainWords, account.ReauthenticateForm):
    pass


class RequestCode(PlainWords, account.RequestLoginCodeForm):
    """An invitation that leads here brings its address along. A limit counts codes here, not failed tries."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].initial = context.request.GET.get("email", "")

    @property
    def too_many(self) -> str:  # type: ignore[override]
        address = self.cleaned_data.get("email") or self.data.get("email", "")
        return too_many_codes(seconds_left(context.request, "request_login_code", address.strip().lower()))


class ConfirmSignInCode(CodeFromMail, account.ConfirmLoginCodeForm):
    pass


class ConfirmAddressCode(CodeFromMail, account.ConfirmEmailVerificationCodeForm):
    pass


class ConfirmResetCode(CodeFromMail, account.ConfirmPasswordResetCodeForm):
    pass


class RequestReset(PlainWords, account.ResetPasswordForm):
    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        """Asked for on the page of the code, it says that a new one is on its way, whoever has the address."""
        email: str = super().save(request, **kwargs)
        get_adapter().add_message(request, messages.SUCCESS, "account/messages/code_sent_again.txt")
        return email


class NewPassword(PlainWords, account.ResetPasswordKeyForm):
    pass


class ChangePassword(PlainWords, account.ChangePasswordForm):
    pass


class SetPassword(PlainWords, account.SetPasswordForm):
    pass


class ChangeAddress(PlainWords, account.AddEmailForm):
    labels = {"email": _("New e-mail")}


class SecondFactor(OwnCode, mfa.AuthenticateForm):
    pass


class SecondFactorAgain(OwnCode, mfa.ReauthenticateForm):
    pass


class ActivateApp(CodeFromApp, totp.ActivateTOTPForm):
    helps = {"code": _("Six digits that the app shows now.")}


class OwnPasskey:
    """Mixed into allauth's forms of a passkey of a known account."""

    refused = _("This passkey was not accepted. Try again, or choose another way.")
    too_many = _("Too many failed tries. Wait five minutes and try once more.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        credential = self.fields["credential"]  # type: ignore[attr-defined]
        credential.error_messages = {"required": self.refused, "invalid": self.refused}

    def clean_credential(self) -> Authenticator:
        try:
            return super().clean_credential()  # type: ignore[misc]
        except forms.ValidationError as refused:
            words = self.too_many if refused.code == TOO_MANY else self.refused
            raise forms.ValidationError(words, code=refused.code) from refused


class PasskeySecond(OwnPasskey, webauthn.AuthenticateWebAuthnForm):
    pass


class PasskeyAgain(OwnPasskey, webauthn.ReauthenticateWebAuthnForm):
    pass


class SignInWithPasskey(webauthn.LoginWebAuthnForm):
    """Refused, it says what the key is for, and never whether there is such an account."""

    unknown = _(
        "This passkey opens no account here: it may have been removed, or the page was open for too long. Try again, "
        "or sign in with your password."
    )
    not_alone = _(
        "This passkey was made for the second step and does not sign in alone. Sign in with your password here; the "
        "key is asked for next."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["credential"].error_messages = {"required": self.unknown, "invalid": self.unknown}

    def clean_credential(self) -> Authenticator:
        """Only a key that signs in alone brings the handle of its account."""
        try:
            return super().clean_credential()
        except forms.ValidationError as refused:
            response = self.cleaned_data["credential"].get("response", {})
            words = self.unknown if response.get("userHandle") else self.not_alone
            raise forms.ValidationError(words, code=refused.code) from refused


class AddPasskey(PlainWords, webauthn.AddWebAuthnForm):
    pass


class RenamePasskey(PlainWords, webauthn.EditWebAuthnForm):
    pass
