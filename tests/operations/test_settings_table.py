"""docs/settings.md is what the code declares."""

import re
from pathlib import Path

from network_platform.environment import BASE_DIR, VARIABLES
from network_platform.management.commands.settings_table import TABLE, table


def test_table_in_docs_is_current() -> None:
    assert TABLE.read_text() == table(), "run `make settings-table`"


def test_every_variable_has_one_row() -> None:
    rows = re.findall(r"^\| `(\w+)` \|", table(), re.MULTILINE)

    assert sorted(rows) == sorted(VARIABLES)


def test_code_reads_the_environment_only_through_declarations() -> None:
    """`os.environ` outside the table would be a setting that nobody finds."""
    allowed = {"environment.py", "manage.py", "wsgi.py", "celery.py", "plan.py", "services.py"}
    apps = ("network_platform", "incubators", "mentors", "competitions", "cms")
    readers = [
        str(path.relative_to(BASE_DIR))
        for app in apps
        for path in Path(BASE_DIR / app).rglob("*.py")
        if "os.environ" in path.read_text() and path.name not in allowed
    ]

    assert readers == []
