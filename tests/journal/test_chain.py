"""The chain cannot be changed, and tells when it was.

Tests that write records outside the test's transaction (`django_db(transaction=True)`, live servers) end with a flush,
which the triggers refuse. `network_platform.journal.guard.lifted()` takes them away meanwhile; `tests/conftest.py` does
that around every flush.
"""

import threading
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from network_platform.journal import guard
from network_platform.journal.models import Head, Record
from network_platform.journal.services import broken_records, record
from tests.journal.factories import MemberFactory


def write(count, by=None):
    thing = by or MemberFactory()
    return [record(verb="person.settings", thing=thing, by=thing, label=f"person {n}") for n in range(count)]


ACTS = {
    "update": lambda entry: Record.objects.filter(pk=entry.pk).update(label="other"),
    "delete": lambda entry: entry.delete(),
    "raw": lambda entry: connection.cursor().execute("UPDATE journal_record SET reason = 'x'"),
}


@pytest.mark.parametrize("act", ACTS)
def test_the_database_refuses_to_change_a_record(db, act):
    entry = write(1)[0]

    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        ACTS[act](entry)

    assert Record.objects.get().label == entry.label


def test_postgresql_refuses_to_empty_the_table(db):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no TRUNCATE")
    write(1)
    connection.check_constraints()

    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        connection.cursor().execute("TRUNCATE journal_record")


def test_records_form_a_chain(db):
    first, second, third = write(3)

    assert [second.previous_hash, third.previous_hash] == [first.hash, second.hash]
    assert (Head.objects.get().number, Head.objects.get().hash) == (third.number, third.hash)
    assert list(broken_records()) == []


def tampered(**changes):
    with guard.lifted():
        Record.objects.filter(number=2).update(**changes)


@pytest.mark.parametrize(
    "changes",
    [{"label": "x"}, {"after": {"state": "won"}}, {"reason": "because"}, {"actor": None}, {"scope": "public"}],
)
def test_verification_names_the_first_broken_record(db, changes):
    write(3)
    tampered(**changes)

    with pytest.raises(CommandError, match="Record 2 was changed after it was written"):
        call_command("verify_journal", stdout=StringIO())


def test_a_record_with_a_new_hash_breaks_the_next(db):
    write(3)
    tampered(hash="f" * 64)

    assert [number for number, _ in broken_records()] == [2, 3]


@pytest.mark.parametrize(("number", "told"), [(2, "missing"), (3, "removed from the end")])
def test_a_removed_record_is_noticed(db, number, told):
    write(3)
    with guard.lifted():
        Record.objects.filter(number=number).delete()

    with pytest.raises(CommandError, match=told):
        call_command("verify_journal", stdout=StringIO())


def test_verification_of_a_whole_chain(db):
    write(2)
    out = StringIO()

    call_command("verify_journal", stdout=out)

    assert out.getvalue().startswith("2 records, unbroken")
    assert guard.is_whole()


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values=st.dictionaries(st.text(max_size=8), VALUES, max_size=3), reason=st.text(max_size=30))
def test_any_values_come_back_as_they_were_hashed(db, values, reason):
    before, clean = (repr(values).encode("utf-8", "replace").decode(), reason.encode("utf-8", "replace").decode())

    record(
        verb="person.settings",
        thing=MemberFactory(),
        by=None,
        before={"seen": before},
        after=encodable(values),
        reason=clean,
    )

    assert list(broken_records()) == []


def encodable(value):
    if isinstance(value, dict):
        return {encodable(key): encodable(each) for key, each in value.items()}
    if isinstance(value, list):
        return [encodable(each) for each in value]
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("database_for_threads")
def test_four_threads_write_one_unbroken_chain():
    people = [MemberFactory() for _ in range(4)]
    errors = []

    def work(person):
        try:
            write(50, by=person)
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=[person]) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert errors == []
    assert list(Record.objects.order_by("number").values_list("number", flat=True)) == list(range(1, 201))
    assert list(broken_records()) == []
