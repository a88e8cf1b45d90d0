"""Triggers that refuse to change or remove a record, whoever asks the database.

A later migration that rebuilds the table on SQLite loses its triggers and must call `install` again; `is_whole` tells,
and `manage.py doctor` reports it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

REFUSAL = "journal records are never changed or removed"
NAMES = {
    "sqlite": ("journal_no_update", "journal_no_delete"),
    "postgresql": ("journal_no_change", "journal_no_truncate"),
}
INSTALL = {
    "sqlite": [
        f"CREATE TRIGGER journal_no_{act} BEFORE {act} ON journal_record BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        for act in ("update", "delete")
    ],
    "postgresql": [
        "CREATE OR REPLACE FUNCTION journal_refuse() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$",
        "CREATE TRIGGER journal_no_change BEFORE UPDATE OR DELETE ON journal_record"
        " FOR EACH ROW EXECUTE FUNCTION journal_refuse()",
        "CREATE TRIGGER journal_no_truncate BEFORE TRUNCATE ON journal_record EXECUTE FUNCTION journal_refuse()",
    ],
}
REMOVE = {
    "sqlite": [f"DROP TRIGGER IF EXISTS {name}" for name in NAMES["sqlite"]],
    "postgresql": [f"DROP TRIGGER IF EXISTS {name} ON journal_record" for name in NAMES["postgresql"]],
}


def install(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in INSTALL[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


def remove(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in REMOVE[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


@contextmanager
def lifted() -> Iterator[None]:
    """Without the triggers inside: for emptying a test database, and for tests that tamper. Nothing else may."""
    _run(REMOVE[connection.vendor])
    try:
        yield
    finally:
        _run(INSTALL[connection.vendor])


def is_whole() -> bool:
    """Whether both triggers are there."""
    table, column = {"sqlite": ("sqlite_master", "name"), "postgresql": ("pg_trigger", "tgname")}[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM {table} WHERE {column} IN (%s, %s)", NAMES[connection.vendor])  # noqa: S608
        return cursor.fetchone()[0] == 2


def _run(statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
