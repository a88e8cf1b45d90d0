"""How the API knows a token, and what it lets it do."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from network_platform.people.models import User
from network_platform.tokens.models import Token
from network_platform.tokens.services import token_of

SCHEME = "bearer"


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer npt_…`. Without the header it says nothing; a wrong or ended token is refused with 401."""

    def authenticate(self, request: Request) -> tuple[User, Token] | None:
        scheme, _blank, secret = get_authorization_header(request).decode("latin-1").partition(" ")
        if scheme.lower() != SCHEME:
            return None
        token = token_of(secret.strip())
        if token is None:
            raise AuthenticationFailed("The token is not known, was revoked, or has ended.")
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class WritesWithToken(BasePermission):
    """Everybody reads; writing takes a token with the view's `write_scope`. A session alone writes nothing."""

    message = "Writing takes a token with the right to do so."

    def has_permission(self, request: Request, view: Any) -> bool:
        if request.method in SAFE_METHODS or not hasattr(view, "write_scope"):
            return True  # a view without a scope has no method that writes
        if isinstance(request.user, AnonymousUser) or not isinstance(request.auth, Token):
            return False
        return view.write_scope in request.auth.scopes


class WithToken(WritesWithToken):
    """Reading takes the token as well."""

    def has_permission(self, request: Request, view: Any) -> bool:
        return isinstance(request.auth, Token) and view.write_scope in request.auth.scopes


class TokenInSchema(OpenApiAuthenticationExtension):
    """Names the token in the API's description."""

    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": SCHEME, "description": "A personal token, made under Settings."}
