"""What the ground gathers about webhooks; see network_platform/desk.py."""

from typing import Any

from network_platform.changes.models import Delivery, Endpoint
from network_platform.people.models import User


def personal_data(user: User) -> dict[str, Any]:
    own = Endpoint.objects.filter(user=user).order_by("pk")
    return {"webhooks": list(own.values("url", "events", "created_at"))}


def erase(user: User) -> None:
    Delivery.objects.filter(endpoint__user=user).delete()
    Endpoint.objects.filter(user=user).delete()
