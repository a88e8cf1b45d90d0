"""docs/rules.md is what the code allows."""

from network_platform.management.commands.rules_table import TABLE, page, rules


def test_the_page_of_rules_is_current() -> None:
    assert TABLE.read_text() == page(), "run `manage.py rules_table --write`"


def test_every_rule_says_who_may() -> None:
    assert [f"{rule.app}.{rule.name}" for rule in rules() if not rule.says] == []
