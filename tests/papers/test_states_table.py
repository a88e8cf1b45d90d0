"""docs/states.md is what the code allows."""

from network_platform.management.commands.states_table import TABLE, page


def test_the_page_of_states_is_current() -> None:
    assert TABLE.read_text() == page(), "run `manage.py states_table --write`"


def test_every_app_with_states_is_on_the_page() -> None:
    text = page()

    for heading in ("## Organisation", "## Entry", "## Score sheet", "## Request"):
        assert heading in text
