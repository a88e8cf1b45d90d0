"""Who changed what: the page, somebody else, both, nobody."""

from typing import Any

import pytest

from network_platform.drafts import Seen, compare, digest

THEIRS, CLASH, MINE = "theirs", "clash", "mine"
KINDS = [
    ("was", "mine", "theirs"),
    (["ai"], ["ai", "water"], ["energy"]),
    ("", "mine", "theirs"),
    ("was", "", "theirs"),
    ("was", "mine", ""),
    ([], ["ai"], ["water"]),
    (["ai"], [], ["water"]),
]


def outcome(*, was: Any, mine: Any, stands: Any) -> str:
    theirs, clashes = compare(mine={"x": mine}, stands={"x": stands}, seen=Seen.of({"x": was}))
    assert {**theirs, **clashes} in ({}, {"x": stands})
    return THEIRS if theirs else CLASH if clashes else MINE


@pytest.mark.once
@pytest.mark.parametrize(("was", "mine", "theirs"), KINDS, ids=str)
def test_only_what_both_changed_differently_clashes(was: Any, mine: Any, theirs: Any) -> None:
    assert outcome(was=was, mine=was, stands=was) == MINE
    assert outcome(was=was, mine=mine, stands=was) == MINE
    assert outcome(was=was, mine=was, stands=theirs) == THEIRS
    assert outcome(was=was, mine=theirs, stands=theirs) == MINE
    assert outcome(was=was, mine=mine, stands=theirs) == CLASH


@pytest.mark.once
def test_a_field_that_nobody_saved_is_free_and_one_that_was_not_listed_is_asked_about() -> None:
    mine = {"free": "mine", "unlisted": "mine", "same": "one\r\ntwo "}

    assert compare(mine=mine, stands={"unlisted": "theirs", "same": "one\ntwo"}, seen=Seen()) == (
        {},
        {"unlisted": "theirs"},
    )


@pytest.mark.once
def test_a_field_that_was_listed_and_not_sent_was_not_touched() -> None:
    seen = Seen.of({"level": "", "title": "was"})

    assert compare(mine={"title": "was"}, stands={"level": "3", "title": "was"}, seen=seen) == ({"level": "3"}, {})


@pytest.mark.once
def test_digests_survive_the_way_through_a_page() -> None:
    seen = Seen.of({"name_en": "Öko: Hub", "sectors": ["b", "a"], "empty": None, "size": 3})

    assert Seen.read(str(seen)) == seen
    assert seen == Seen.of({"name_en": " Öko: Hub\r\n", "sectors": ["a", "b"], "empty": [], "size": "3"})
    assert (seen["empty"], len(seen["size"])) == ("", 8)
    assert digest("a\nb") != digest("ab")


@pytest.mark.once
@pytest.mark.parametrize("text", ["", " ", "x", "x:", ":", "x:y:z", "\x00:  \n"])
def test_anything_may_come_as_seen(text: str) -> None:
    assert isinstance(Seen.read(text), Seen)


@pytest.mark.once
@pytest.mark.parametrize(
    ("sent", "typed", "stands", "outcome"),
    [
        ("Alm", "Almaty", "Alm", MINE),  # it arrived
        ("Alm", "Almaty", "was", MINE),  # it did not
        ("Alm", "Almaty", "Astana", CLASH),
        ("Alm", "was", "Alm", MINE),  # typed, sent, and typed back
        ("Alm", "Alm", "Astana", CLASH),
        ("was", "was", "Astana", THEIRS),
    ],
)
def test_what_a_page_sent_and_never_heard_of_is_its_own(sent: str, typed: str, stands: str, outcome: str) -> None:
    seen = Seen.of({"x": "was"}).or_sent({"x": [sent], "unlisted": ["z"]})

    theirs, clashes = compare(mine={"x": typed}, stands={"x": stands}, seen=Seen.read(str(seen)))

    assert (THEIRS if theirs else CLASH if clashes else MINE) == outcome
    assert seen.keys() == {"x"}


@pytest.mark.once
def test_several_saves_without_an_answer_are_all_its_own() -> None:
    seen = Seen.of({"x": ""}).or_sent({"x": "A"}).or_sent({"x": "Al"}).or_sent({"x": "A"})

    found = [compare(mine={"x": "Almaty"}, stands={"x": stands}, seen=seen) for stands in ("", "A", "Al", "Osh")]

    assert found == [({}, {}), ({}, {}), ({}, {}), ({}, {"x": "Osh"})]
    assert seen["x"].count("|") == 2
