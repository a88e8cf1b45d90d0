"""Sessions in the database, each knowing whose it is."""

from typing import Any, cast

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from network_platform.people.models import Session


class SessionStore(DatabaseStore):
    """Django's, with the person's key beside what is kept."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        row = cast(Session, super().create_model_instance(data))
        row.person_id = data.get(SESSION_KEY)
        return row
