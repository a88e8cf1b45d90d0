"""Tokens."""

from collections.abc import Iterable

from network_platform.people.models import User
from network_platform.tokens.models import Token
from network_platform.tokens.services import create_token


def make_token(user: User, scopes: Iterable[str] = ()) -> tuple[Token, dict[str, str]]:
    """A token and the header that carries it."""
    token, secret = create_token(user=user, name="Sample", scope=list(scopes), days=30)
    return token, {"Authorization": f"Bearer {secret}"}


def token_of(user: User) -> Token:
    return make_token(user)[0]
