"""What a browser keeps of typed text is forgotten when the server has it for good, and only then."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from competitions.services.entries import submit_entry
from competitions.services.judging import Mark, SheetInput, save_sheet, submit_sheet
from tests.competitions.factories import AssignmentFactory, CriterionFactory, RubricFactory

pytestmark = pytest.mark.django_db


def page_of(client: Client, name: str, *args: object) -> str:
    return client.get(reverse(f"competitions:{name}", args=args)).content.decode()


def test_a_receipt_just_given_clears_every_page_of_the_entry(complete, signed_in) -> None:
    submit_entry(entry=complete.entry, by=complete.founder, received_at=timezone.now())
    client = signed_in(complete.founder)
    mark = f'data-clears="entry:{complete.entry.uid}:{complete.founder.uid}:"'

    form = page_of(client, "entry-page", complete.entry.uid, 2)
    given = page_of(client, "entry-receipt", complete.entry.uid)
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        opened_later = page_of(client, "entry-receipt", complete.entry.uid)

    assert f'data-key="entry:{complete.entry.uid}:{complete.founder.uid}:2"' in form
    assert mark in given
    assert "data-clears" not in opened_later, "the device may hold changes made since"


def test_the_review_asks_the_device_for_each_page(complete, signed_in) -> None:
    review = page_of(signed_in(complete.founder), "entry-review", complete.entry.uid)

    key = f"entry:{complete.entry.uid}:{complete.founder.uid}"
    assert f'hidden data-kept="{key}:1#"' in review
    assert f'hidden data-kept="{key}:2#"' in review


def test_a_sheet_handed_in_is_cleared_on_the_next_one_and_on_the_desk(signed_in) -> None:
    seat = AssignmentFactory()
    following = AssignmentFactory(round=seat.round, judge=seat.judge)
    criterion = CriterionFactory(rubric=RubricFactory(round=seat.round))
    user = seat.judge.user
    save_sheet(assignment=seat, data=SheetInput({criterion.pk: Mark(3)}), based_on=0, by=user)
    client = signed_in(user)
    mark, other = (f'data-clears="sheet:{one.uid}:{user.uid}"' for one in (seat, following))

    begun = page_of(client, "judge-sheet", following.uid)
    submit_sheet(assignment=seat, criteria=[criterion], by=user)
    after = [page_of(client, "judge-sheet", following.uid), page_of(client, "judging")]

    assert "data-clears" not in begun
    assert [(mark in page, other in page) for page in after] == [(True, False), (True, False)]


def test_conflicts_are_asked_for_each_start_up_by_name(signed_in) -> None:
    seats = [AssignmentFactory(cleared_at=None)]
    seats.append(AssignmentFactory(round=seats[0].round, judge=seats[0].judge, cleared_at=None))
    client = signed_in(seats[0].judge.user)
    address = reverse("competitions:judge-conflicts", args=[seats[0].round.competition.slug])

    page = client.get(address).content.decode()
    refused = client.post(address, {"shown": [s.uid for s in seats], f"conflict-{seats[1].uid}": "on"}).content.decode()

    for seat in seats:
        before, after = page.split(f"<legend>{seat.entry.startup.name} ")
        assert before.count("<fieldset>") == before.count("</fieldset>") + 1, "the legend is the group's first word"
        assert f'name="conflict-{seat.uid}"' in after.split("</fieldset>")[0]
    assert "(optional)" not in page
    assert f"Say in a few words what connects you with {seats[1].entry.startup.name}." in refused
