"""What `manage.py prepare` says while it works."""

import io
import re

from django.core.management.base import OutputWrapper

from network_platform.management.commands import migrate, prepare


def test_each_line_begins_with_the_seconds_since_the_start() -> None:
    written = io.StringIO()
    out = prepare.Timed(OutputWrapper(written))
    out.began -= 12

    out.write("Migrating ...")
    out.write("people: 3 logins\n")

    assert re.sub(r"1[23]", "12", written.getvalue()) == " 12 s  Migrating ...\n 12 s  people: 3 logins\n"


def test_progress_is_told_only_after_a_silence() -> None:
    written = io.StringIO()
    out = prepare.Timed(written)

    out.write_now_and_then("1 of 3")
    out.last -= prepare.SILENCE
    out.write_now_and_then("2 of 3")
    out.write_now_and_then("3 of 3")

    assert written.getvalue() == "  0 s  2 of 3\n"


def test_migrating_tells_how_many_are_applied() -> None:
    told: list[int] = []
    command = migrate.Command()
    command.verbosity, command.applied, command.tell = 0, 0, told.append

    for action in ("apply_start", "apply_success", "apply_start", "apply_success", "render_success"):
        command.migration_progress_callback(action)

    assert told == [1, 2]
