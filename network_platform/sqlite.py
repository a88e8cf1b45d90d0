"""SQLite as it is built today: Django 5.2 assumes 999 variables a statement, the library takes far more."""

import sqlite3
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper


def allow_wide_statements(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    """Let bulk writes use as many variables as this library allows, so that 10,000 rows are few statements."""
    if connection.vendor == "sqlite":
        limit = connection.connection.getlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER)
        connection.features.max_query_params = max(limit, connection.features.max_query_params)
