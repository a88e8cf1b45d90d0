"""Triggers that refuse a write, on both databases, for migrations. Each guard: name, table, events, refused when."""

from collections.abc import Callable, Iterable

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

Guard = tuple[str, str, tuple[str, ...], str]
Step = Callable[[object, BaseDatabaseSchemaEditor], None]


def installing(guards: Iterable[Guard]) -> Step:
    def install(apps: object, editor: BaseDatabaseSchemaEditor) -> None:
        make = _sqlite if editor.connection.vendor == "sqlite" else _postgresql
        for guard in guards:
            for statement in make(*guard):
                editor.execute(statement, params=None)

    return install


def removing(guards: Iterable[Guard]) -> Step:
    def remove(apps: object, editor: BaseDatabaseSchemaEditor) -> None:
        for name, table, events, _ in guards:
            for event in events if editor.connection.vendor == "sqlite" else ():
                editor.execute(f"DROP TRIGGER IF EXISTS {name}_{event.lower()}", params=None)
            if editor.connection.vendor == "postgresql":
                editor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}", params=None)
                editor.execute(f"DROP FUNCTION IF EXISTS {name}()", params=None)

    return remove


def _sqlite(name: str, table: str, events: tuple[str, ...], condition: str) -> list[str]:
    return [
        f"CREATE TRIGGER {name}_{event.lower()} BEFORE {event} ON {table} WHEN {condition} "
        f"BEGIN SELECT RAISE(ABORT, '{name}'); END"
        for event in events
    ]


def _postgresql(name: str, table: str, events: tuple[str, ...], condition: str) -> list[str]:
    return [
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {condition} THEN "
        f"RAISE EXCEPTION '{name}' USING ERRCODE = 'check_violation'; END IF; "
        "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$",
        f"CREATE TRIGGER {name} BEFORE {' OR '.join(events)} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
    ]
