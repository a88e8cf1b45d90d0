"""What the ground gathers about tokens; see network_platform/desk.py."""

from typing import Any

from network_platform.people.models import User
from network_platform.tokens.models import Token


def personal_data(user: User) -> dict[str, Any]:
    own = Token.objects.filter(user=user).order_by("pk")
    return {"tokens": list(own.values("name", "hint", "scopes", "created_at", "expires_at", "last_used_at"))}


def erase(user: User) -> None:
    Token.objects.filter(user=user).delete()
