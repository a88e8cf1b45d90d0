"""Opaque public identifiers."""

import uuid

from uuid6 import uuid7


def new_uid() -> uuid.UUID:
    """A UUIDv7: sorts by time of creation, tells nothing else."""
    return uuid.UUID(int=uuid7().int)
