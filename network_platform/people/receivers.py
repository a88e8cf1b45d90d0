"""What happens when allauth says that something happened to an account."""

from typing import Any

from allauth.account.internal.constants import LoginStageKey
from allauth.account.internal.stagekit import unstash_login
from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed
from django.contrib import messages
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils.translation import gettext as _

from network_platform.people.models import User
from network_platform.people.services.unconfirmed import drop_unproven_password


@receiver(email_confirmed, dispatch_uid="people.drop_password_of_a_stranger")
def drop_password_of_a_stranger(request: HttpRequest, email_address: EmailAddress, **kwargs: Any) -> None:
    """A password stays if it was typed in the very session that proves the account's first address.

    Whoever proves it by a code to sign in or to reset the password did not type the one that the account has.
    """
    user = email_address.user
    if was_proven_before(email_address) or typed_the_password(request, user):
        return
    if drop_unproven_password(user=user):
        messages.warning(request, _("The password that was set before this address was proven no longer counts."))


def was_proven_before(email_address: EmailAddress) -> bool:
    others = EmailAddress.objects.filter(user=email_address.user, verified=True)
    return others.exclude(pk=email_address.pk).exists()


def typed_the_password(request: HttpRequest, user: User) -> bool:
    """allauth holds such a session, after sign-up or a right password, at the stage that waits for the address."""
    login = unstash_login(request, peek=True)
    if login is None or login.user is None or login.user.pk != user.pk:
        return False
    return login.state.get("stages", {}).get("current") == LoginStageKey.VERIFY_EMAIL.value
