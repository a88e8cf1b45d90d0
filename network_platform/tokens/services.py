"""Making, using and revoking tokens."""

import hashlib
import secrets
from collections.abc import Collection
from datetime import timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from network_platform.journal.services import record
from network_platform.people.models import User
from network_platform.tokens.models import KeyedWrite, Token
from network_platform.tokens.scopes import scopes

BEGINS = "npt_"
MOST_USABLE = 20
LONGEST_DAYS = 365
NOTED_EVERY = timedelta(minutes=1)
WRITES_KEPT = timedelta(days=1)


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def create_token(*, user: User, name: str, scope: Collection[str], days: int) -> tuple[Token, str]:
    """The token and its secret of 47 signs, which is shown once and cannot be found again."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if unknown := set(scope) - scopes().keys():
        raise ValidationError(_("There is no such right: %(names)s.") % {"names": ", ".join(sorted(unknown))})
    if not 1 <= days <= LONGEST_DAYS:
        raise ValidationError(_("A token lasts %(most)s days at most.") % {"most": LONGEST_DAYS})
    if Token.objects.revocable_by(user).count() >= MOST_USABLE:
        raise ValidationError(_("You have %(most)s tokens. Revoke one that you do not need.") % {"most": MOST_USABLE})
    secret = BEGINS + secrets.token_urlsafe(32)
    token = Token.objects.create(
        user=user,
        name=name,
        digest=digest_of(secret),
        hint=secret[-4:],
        scopes=sorted(scope),
        expires_at=timezone.now() + timedelta(days=days),
    )
    after = {"scopes": token.scopes, "expires": token.expires_at}
    record(verb="token.made", thing=token, by=user, scope=f"person:{user.uid}", after=after)
    return token, secret


@transaction.atomic
def revoke_token(*, token: Token, by: User) -> None:
    """It opens nothing from now on. Twice does no harm."""
    token = Token.objects.select_for_update(of=("self",)).get(pk=token.pk)
    if token.user_id != by.pk:
        raise PermissionDenied
    if token.revoked_at is None:
        token.revoked_at = timezone.now()
        token.save(update_fields=["revoked_at"])
        record(verb="token.revoked", thing=token, by=by, scope=f"person:{by.uid}")


def token_of(secret: str) -> Token | None:
    """The usable token with this secret, its use noted once a minute."""
    token = Token.objects.usable().select_related("user").filter(digest=digest_of(secret)).first()
    now = timezone.now()
    if token and (token.last_used_at is None or token.last_used_at < now - NOTED_EVERY):
        token.last_used_at = now
        Token.objects.filter(pk=token.pk).update(last_used_at=now)
    return token


def forget_writes() -> int:
    """Drop keyed writes that nobody repeats any more. Returns how many."""
    return KeyedWrite.objects.filter(at__lt=timezone.now() - WRITES_KEPT).delete()[0]
