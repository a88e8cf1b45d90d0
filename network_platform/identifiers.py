"""Opaque public identifiers."""

import uuid

from uuid6 import uuid7


def new_uid() -> uuid.UUID:
    """A UUIDv7: sorts by time of creation, tells nothing else."""
    return uuid.UUID(int=uuid7().int)


def uid_in(text: str) -> uuid.UUID | None:
    """The identifier that a form or a header brought, or None for anything else."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
