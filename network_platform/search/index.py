"""The full-text index below the documents' tokens, in the words of either database.

SQLite: an FTS5 table fed by triggers. A later migration that rebuilds the documents' table loses the triggers and must
call `build` again; `is_whole` tells, and `manage.py doctor` reports it.

PostgreSQL: GIN indexes over an expression, and a function that asks them. Left to itself the planner reads the whole
table as soon as a word is common, which takes 100 times as long; it cannot know that a long text is dear to unpack.
Long texts lie beside the table, so that visiting many matches reads few pages.
"""

from typing import Any

from django.db import connection
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

FORGET = (
    "INSERT INTO search_text (search_text, rowid, title_tokens, body_tokens)"
    " VALUES ('delete', old.id, old.title_tokens, old.body_tokens);"
)
KEEP = "INSERT INTO search_text (rowid, title_tokens, body_tokens) VALUES (new.id, new.title_tokens, new.body_tokens);"
CHANGED = "old.title_tokens <> new.title_tokens OR old.body_tokens <> new.body_tokens"
TABLE = "search_searchdocument"
TITLE = "search_vector(title_tokens)"
TEXT = "search_vector(title_tokens || ' ' || body_tokens)"
VECTOR = """
CREATE OR REPLACE FUNCTION search_vector(tokens text) RETURNS tsvector
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN RETURN array_to_tsvector(array_remove(string_to_array(tokens, ' '), '')); END $$
"""
MATCHES = f"""
CREATE OR REPLACE FUNCTION search_matches(
    question tsquery, in_title boolean, audiences text[], kinds text[], most integer
) RETURNS SETOF bigint LANGUAGE plpgsql STABLE ROWS 500
SET enable_seqscan = off SET max_parallel_workers_per_gather = 0 SET jit = off AS $$
BEGIN
    IF in_title THEN
        RETURN QUERY SELECT id FROM {TABLE}
        WHERE {TITLE} @@ question AND audience = ANY (audiences) AND (kinds = '{{}}' OR kind = ANY (kinds))
        ORDER BY id + 0 LIMIT most;
    ELSE
        RETURN QUERY SELECT id FROM {TABLE}
        WHERE {TEXT} @@ question AND audience = ANY (audiences) AND (kinds = '{{}}' OR kind = ANY (kinds))
        ORDER BY id + 0 LIMIT most;
    END IF;
END $$
"""  # noqa: S608 - nothing in it comes from outside
BUILD = {
    "sqlite": [
        f"CREATE VIRTUAL TABLE search_text USING fts5(title_tokens, body_tokens, content='{TABLE}',"
        " content_rowid='id', tokenize='ascii', detail='column')",
        f"CREATE TRIGGER search_text_insert AFTER INSERT ON {TABLE} BEGIN {KEEP} END",
        f"CREATE TRIGGER search_text_delete AFTER DELETE ON {TABLE} BEGIN {FORGET} END",
        f"CREATE TRIGGER search_text_update AFTER UPDATE ON {TABLE} WHEN {CHANGED} BEGIN {FORGET} {KEEP} END",
    ],
    "postgresql": [
        VECTOR,
        f"ALTER TABLE {TABLE} SET (toast_tuple_target = 256)",
        f"CREATE INDEX search_title_text ON {TABLE} USING gin ({TITLE}) WITH (gin_pending_list_limit = 256)",
        f"CREATE INDEX search_text ON {TABLE} USING gin ({TEXT}) WITH (gin_pending_list_limit = 256)",
        MATCHES,
    ],
}
REMOVE = {
    "sqlite": [
        "DROP TRIGGER IF EXISTS search_text_insert",
        "DROP TRIGGER IF EXISTS search_text_delete",
        "DROP TRIGGER IF EXISTS search_text_update",
        "DROP TABLE IF EXISTS search_text",
    ],
    "postgresql": [
        "DROP FUNCTION IF EXISTS search_matches",
        "DROP INDEX IF EXISTS search_text",
        "DROP INDEX IF EXISTS search_title_text",
        "DROP FUNCTION IF EXISTS search_vector",
    ],
}


def build(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in BUILD[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


def remove(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in REMOVE[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


def is_whole() -> bool:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT COUNT(*) FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'search_text_%'")
            return cursor.fetchone()[0] == 3
        cursor.execute("SELECT COUNT(*) FROM pg_indexes WHERE indexname IN ('search_text', 'search_title_text')")
        return cursor.fetchone()[0] == 2
