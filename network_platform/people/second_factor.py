"""Which second steps an account has."""

from allauth.mfa.models import Authenticator
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser


def ways_of(user: AbstractBaseUser | AnonymousUser) -> set[str]:
    """`totp`, `webauthn`, `recovery_codes`; of the latter only if one is left."""
    return {each.type for each in Authenticator.objects.filter(user_id=user.pk) if not _used_up(each)}


def _used_up(authenticator: Authenticator) -> bool:
    return authenticator.type == Authenticator.Type.RECOVERY_CODES and not authenticator.wrap().get_unused_codes()
