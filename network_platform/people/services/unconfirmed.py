"""Accounts that nobody ever opened."""

from datetime import timedelta

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import Exists, OuterRef, ProtectedError
from django.utils import timezone

from network_platform.people.models import User, UserQuerySet

KEPT_FOR = timedelta(days=7)


def never_confirmed() -> UserQuerySet:
    """Signed up more than a week ago, never confirmed the address, never came in. Invited people are not among them."""
    addresses = EmailAddress.objects.filter(user=OuterRef("pk"))
    return User.objects.filter(
        Exists(addresses),
        ~Exists(addresses.filter(verified=True)),
        last_login=None,
        date_joined__lt=timezone.now() - KEPT_FOR,
    )


def forget_unconfirmed() -> int:
    """Delete them, so that an address stays free for whom it belongs to; how many went."""
    gone = 0
    for user in never_confirmed():
        try:
            with transaction.atomic():
                user.delete()
            gone += 1
        except ProtectedError:  # somebody already refers to this person: they stay
            continue
    return gone
