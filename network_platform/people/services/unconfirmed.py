"""Accounts whose address nobody has proven yet: anybody may have made them, with any password."""

from datetime import timedelta

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import Exists, OuterRef, ProtectedError
from django.utils import timezone

from network_platform.journal.services import record
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


@transaction.atomic
def account_of(*, email: str, name: str, language: str) -> User:
    """The account of somebody who is given a part; made if there is none, entered with a code by e-mail.

    A row that a sign-up left unproven becomes as one just made: its password may be a stranger's.
    """
    user = User.objects.select_for_update().filter(email__iexact=email).first()
    if user is None:
        return User.objects.create_user(email, name=name, language=language)
    addresses = EmailAddress.objects.filter(user=user)
    if addresses.exists() and not addresses.filter(verified=True).exists():
        addresses.delete()
        drop_unproven_password(user=user)
    return user


@transaction.atomic
def drop_unproven_password(*, user: User) -> bool:
    """Leave the codes by mail as the only way in; whether there was a password. Open sessions end with it."""
    if not user.has_usable_password():
        return False
    user.set_unusable_password()
    user.save(update_fields=["password"])
    record(verb="person.password_dropped", thing=user, by=None, scope=f"person:{user.uid}", label=user.reference)
    return True
