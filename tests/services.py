"""Do the database and the broker that the tests are to run on answer? `python -m tests.services`, before the tests."""

import os
import sys
from urllib.parse import urlsplit

import psycopg
import redis


def database(url: str) -> str:
    """'' or one sentence that says what to do."""
    try:
        with psycopg.connect(url, connect_timeout=5) as connection:
            allowed = connection.execute("SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = user").fetchone()
    except psycopg.OperationalError as error:
        reason = str(error).strip().splitlines()[-1]
        return f"PostgreSQL does not let us in at {place(url)} ({reason}): start it, or set DATABASE_URL."
    if not allowed or not allowed[0]:
        return f"The user of DATABASE_URL may not create databases at {place(url)}: `ALTER USER ... CREATEDB`."
    return ""


def broker(url: str) -> str:
    if not url.startswith(("redis", "unix")):
        return ""
    try:
        redis.Redis.from_url(url, socket_connect_timeout=5).ping()
    except redis.RedisError:
        return f"Redis does not answer at {place(url)}: start it, or set CELERY_BROKER_URL."
    return ""


def place(url: str) -> str:
    """Where it is, without name and password."""
    address = urlsplit(url)
    return f"{address.hostname or 'this machine'}:{address.port or 'its usual port'}"


def main() -> int:
    trouble = [database(os.environ["DATABASE_URL"]), broker(os.environ["CELERY_BROKER_URL"])]
    for sentence in filter(None, trouble):
        sys.stderr.write(sentence + "\n")
    return 1 if any(trouble) else 0


if __name__ == "__main__":
    sys.exit(main())
