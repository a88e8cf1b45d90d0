"""A new installation gets its first person of the secretariat from the command line."""

import pytest
from django.core.management import CommandError, call_command

from network_platform.journal.models import Record
from network_platform.people.models import User

pytestmark = pytest.mark.django_db


def test_the_first_person_is_made_and_journaled(capsys) -> None:
    call_command("appoint", "Chief@speca.test", name="Chief Sample")

    person = User.objects.get(email="chief@speca.test")
    assert person.is_secretariat
    assert not person.has_usable_password()
    entry = Record.objects.get(verb="person.groups")
    assert (entry.actor, entry.thing_uid, entry.after) == (None, str(person.uid), {"groups": ["secretariat"]})
    assert "speca.test" not in str(entry.after) + entry.label

    call_command("appoint", "chief@speca.test")
    assert capsys.readouterr().out.splitlines() == ["Appointed.", "Already in the secretariat."]
    assert Record.objects.filter(verb="person.groups").count() == 1


def test_what_is_no_address_is_refused() -> None:
    with pytest.raises(CommandError, match="not an e-mail address"):
        call_command("appoint", "chief")
