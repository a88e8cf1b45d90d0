"""A webhook with one delivery."""

from network_platform.changes.models import Change, Delivery, Endpoint
from network_platform.identifiers import new_uid
from network_platform.people.models import User


def delivery_of(user: User) -> Delivery:
    """Its address leads nowhere."""
    endpoint = Endpoint.objects.create(user=user, url=f"https://receiver.example/{new_uid()}", secret="sample")
    number = Change.objects.count() + 1
    change = Change.objects.create(number=number, event="organisation.listed", uid=new_uid())
    return Delivery.objects.create(endpoint=endpoint, change=change)
