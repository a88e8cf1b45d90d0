"""Outbox rows for tests."""

from itertools import count

from network_platform.background.models import Message
from network_platform.background.services import send_message

_numbers = count()


def make_message(to="reader@mail.example", **fields) -> Message:
    """A message of an existing template; fields not asked by `send_message` are set on the row."""
    message = send_message(
        template="people/groups_changed",
        to=to,
        dedupe_key=f"test:{next(_numbers)}",
        context={"added": ["editors"], "removed": []},
    )
    Message.objects.filter(pk=message.pk).update(**fields)
    message.refresh_from_db()
    return message
