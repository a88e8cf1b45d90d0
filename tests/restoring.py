"""The database after a transactional test, as it was when the process began: roots, permissions and rows of migrations
too, which Django's flush would take along.

SQLite copies all pages back. PostgreSQL deletes all rows, triggers aside (of small tables that is much quicker than to
truncate them, which is what other people than its superuser must do), and copies the first ones in again. Both take milliseconds where making each row anew takes seconds.
"""

import sqlite3
from collections.abc import Callable
from typing import Any

from django.db import connection, transaction

from network_platform.journal.guard import lifted


def keep() -> Callable[[], None]:
    """Keep the database as it is now; what is returned brings it back."""
    return _keep_pages() if connection.vendor == "sqlite" else _keep_rows()


def _keep_pages() -> Callable[[], None]:
    first = sqlite3.connect(":memory:", check_same_thread=False)
    connection.ensure_connection()
    connection.connection.backup(first)

    def bring_back() -> None:
        connection.ensure_connection()
        first.backup(connection.connection)

    return bring_back


def _keep_rows() -> Callable[[], None]:
    quoted = connection.ops.quote_name
    tables = sorted(connection.introspection.django_table_names(only_existing=True, include_views=False))
    rows: dict[str, bytes] = {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT usesuper FROM pg_user WHERE usename = current_user")
        (is_superuser,) = cursor.fetchone()
        for table in _filled(cursor, tables):
            with cursor.copy(f"COPY {quoted(table)} TO STDOUT (FORMAT binary)") as copied:
                rows[table] = b"".join(bytes(part) for part in copied)

    def bring_back() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            filled_now = _filled(cursor, tables)
            if is_superuser:
                cursor.execute("SET LOCAL session_replication_role = replica")
                for table in filled_now:
                    cursor.execute(f"DELETE FROM {quoted(table)}")
            elif filled_now:
                with lifted():
                    cursor.execute(f"TRUNCATE {', '.join(map(quoted, filled_now))} CASCADE")
            for table, data in rows.items():
                with cursor.copy(f"COPY {quoted(table)} FROM STDIN (FORMAT binary)") as copied:
                    copied.write(data)

    return bring_back


def _filled(cursor: Any, tables: list[str]) -> list[str]:
    """Those that hold rows."""
    quoted = connection.ops.quote_name
    asked = " UNION ALL ".join(f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {quoted(table)})" for table in tables)
    cursor.execute(asked)
    return [table for (table,) in cursor.fetchall()]
