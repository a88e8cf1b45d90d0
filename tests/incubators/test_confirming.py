"""Entries age by groups of fields: confirming one or all, reminders, and a link that needs no sign-in."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.test import Client

from incubators import desk
from incubators.enums import FieldGroup, OrganisationStatus, Origin
from incubators.models import Confirmation, Membership, Organisation
from incubators.services.confirming import CONFIRMED_FOR, LINK, confirm_organisation, link_for, note_confirmed
from incubators.services.organisation_states import move_organisation
from incubators.tasks import age, remind_of_age
from network_platform.background.delivery import compose, deliver
from network_platform.background.models import Message
from network_platform.journal.models import Record
from network_platform.people.models import User
from network_platform.zones import today
from tests.incubators.factories import OrganisationFactory, PersonFactory, editor_of, focal_point, secretary

pytestmark = pytest.mark.django_db
S = OrganisationStatus
BEGIN = datetime(2026, 3, 1, 9, tzinfo=UTC)
DUE = (BEGIN + CONFIRMED_FOR).date()


def on(days: int) -> Any:
    """So many days after the entry was approved."""
    return time_machine.travel(BEGIN + timedelta(days=days), tick=False)


def approved(**fields: Any) -> tuple[Organisation, User]:
    """Listed by itself, every group confirmed on the first day."""
    with on(0):
        organisation = OrganisationFactory(origin=Origin.EDITOR, **fields)
        person = editor_of(organisation)
        note_confirmed(organisation, by=person)
        organisation.save()
    return organisation, person


def links() -> list[str]:
    reminders = Message.objects.filter(template="incubators/still_true").order_by("pk")
    return [message.context["link"] for message in reminders]


def journal() -> list[tuple[str, Any, Any]]:
    return [(each.verb, each.actor, each.after) for each in Record.objects.order_by("number")]


def test_an_entry_is_as_old_as_its_oldest_group(signed_in: Any) -> None:
    organisation, person = approved()
    due = []

    for days, groups in ((100, ["names"]), (150, ["facts"]), (200, ["description"]), (210, ["names", "facts"])):
        with on(days):
            signed_in(person).post(f"/en/incubators/{organisation.slug}/confirm/", {"group": groups})
        organisation.refresh_from_db()
        due.append((organisation.verified_until - DUE).days)

    assert due == [0, 0, 100, 200]
    assert journal()[0][:2] == ("organisation.confirmed", person)
    assert journal()[0][2] == {"verified_until": str(DUE), "status": "listed", "fields": ["names"], "how": "on_page"}


def asked_to_confirm(person: User) -> list[tuple[str, str, str]]:
    waiting = desk.waiting_for(person)
    return [(each.title, each.detail, each.url) for each in waiting if each.title.startswith("Confirm")]


def test_desk_asks_who_keeps_an_entry_from_the_first_reminder_on(signed_in: Any) -> None:
    organisation, person = approved(name="Steppe Hub")
    OrganisationFactory(status=S.STALE, verified_until=DUE)
    told = []
    for days in (184, 185, 365, 366):
        with on(days):
            told.append([each[:2] for each in asked_to_confirm(person)])
    with on(366):
        age()
        stale = asked_to_confirm(person)
        signed_in(person).post(f"/en/incubators/{organisation.slug}/confirm/")
        confirmed, others = asked_to_confirm(person), asked_to_confirm(PersonFactory())

    in_time, late = ("Confirm: Steppe Hub", "confirmed until 1 March 2027"), ("Confirm: Steppe Hub", "Out of date")
    assert told == [[], [in_time], [in_time], [late]]
    assert stale == [(*late, f"/en/incubators/{organisation.slug}/")]
    assert (confirmed, others) == ([], [])


def test_suspended_entry_is_confirmed_by_nobody() -> None:
    organisation, person = approved()
    Organisation.objects.filter(pk=organisation.pk).update(status=S.SUSPENDED)

    with on(300):
        assert asked_to_confirm(person) == []


def test_all_groups_are_confirmed_at_once(signed_in: Any) -> None:
    organisation, person = approved()

    with on(100):
        answer = signed_in(person).post(f"/en/incubators/{organisation.slug}/confirm/", follow=True)

    organisation.refresh_from_db()
    assert organisation.verified_until == DUE + timedelta(days=100)
    assert Confirmation.objects.filter(by=person, at__gt=BEGIN).count() == len(FieldGroup)
    assert "The entry counts as confirmed until 9 June 2027" in answer.content.decode()


def test_out_of_date_until_its_oldest_group_is_confirmed(signed_in: Any) -> None:
    organisation, person = approved()
    seen, path = [], f"/en/incubators/{organisation.slug}/confirm/"

    with on(366):
        client = signed_in(person)
        age()
        for group in FieldGroup:
            client.post(path, {"group": group})
            organisation.refresh_from_db()
            seen.append(organisation.status)

    assert seen == [S.STALE, S.STALE, S.LISTED]
    assert organisation.verified_until == DUE + timedelta(days=366)
    verbs = ["organisation.went_stale", *["organisation.confirmed"] * 2, "organisation.refreshed"]
    assert [verb for verb, _actor, _after in journal()] == verbs


def test_page_says_when_each_group_was_confirmed(client: Client, signed_in: Any) -> None:
    organisation, person = approved()
    imported = OrganisationFactory(origin=Origin.IMPORT, source_url="https://paper.example/list")
    with on(100):
        confirm_organisation(organisation=organisation, by=person, groups=["facts"])

    public = client.get(organisation.get_absolute_url()).content.decode()
    own = signed_in(person).get(organisation.get_absolute_url()).content.decode()
    section = re.search(r'aria-labelledby="ages".*?</section>', public, re.DOTALL)[0]

    assert re.findall(r"\d+ \w+ 2026", section) == ["1 March 2026", "9 June 2026", "1 March 2026"]
    assert "<button" not in section
    assert own.count('name="group"') == len(FieldGroup)
    assert person.email not in public
    assert client.get(imported.get_absolute_url()).content.decode().count("not yet; from paper.example") == 3


@pytest.mark.parametrize("who", ["stranger", "foreign", "visitor"])
def test_nobody_else_confirms(who: str, signed_in: Any, client: Client) -> None:
    organisation, _person = approved()
    asking = {"stranger": PersonFactory, "foreign": lambda: focal_point("KG")}
    asked = client if who == "visitor" else signed_in(asking[who]())

    answer = asked.post(f"/en/incubators/{organisation.slug}/confirm/")

    assert answer.status_code == (302 if who == "visitor" else 404)
    assert Confirmation.objects.count() == len(FieldGroup)


def test_confirming_is_not_a_move_by_hand() -> None:
    organisation = OrganisationFactory(status=S.STALE, verified_until=today() - timedelta(days=1))

    with pytest.raises(PermissionDenied):
        move_organisation(organisation=organisation, to=S.LISTED, by=focal_point("KZ"))

    assert Organisation.objects.get().status == S.STALE


def test_reminders_come_twice_and_never_twice_the_same() -> None:
    _organisation, person = approved(name="Aging")
    unverified = OrganisationFactory(name="Never confirmed")
    editor_of(unverified)
    written = {}

    for days in (100, 184, 185, 186, 260, 274, 275, 276, 364, 366):
        with on(days):
            age()
            written[days] = remind_of_age()

    assert [days for days, number in written.items() if number] == [185, 275]
    templates = list(Message.objects.order_by("pk").values_list("template", "address"))
    assert templates[:2] == [("incubators/still_true", person.email)] * 2
    assert [template for template, _address in templates[2:]] == ["incubators/went_stale"]


def test_a_beat_that_was_down_catches_up_with_one_mail() -> None:
    approved()

    with on(300):
        written = [remind_of_age(), remind_of_age()]

    assert written == [1, 0]


def test_after_confirming_reminders_begin_anew_for_the_new_day() -> None:
    organisation, person = approved()
    written = []

    for days in (190, 380):
        with on(days):
            written.append(remind_of_age())
            confirm_organisation(organisation=organisation, by=person)
            written.append(remind_of_age())

    assert written == [1, 0, 1, 0]


def test_where_nobody_edits_the_country_is_reminded() -> None:
    organisation, _person = approved()
    Membership.objects.all().delete()
    focal = focal_point("KZ")
    secretary()

    with on(200):
        remind_of_age()

    assert list(Message.objects.values_list("address", flat=True)) == [focal.email]
    assert organisation.status == S.LISTED


@pytest.mark.parametrize(("language", "date"), [("en", "1 March 2027"), ("ru", "1 марта 2027")])
def test_reminder_is_in_the_readers_language(language: str, date: str) -> None:
    _organisation, person = approved(name="<b>Hub</b> & {{ x }}")
    User.objects.filter(pk=person.pk).update(language=language)

    with on(200):
        remind_of_age()
        message = Message.objects.get()
        composed = compose(message)
        deliver(message.pk)

    message.refresh_from_db()
    assert "<b>Hub</b> & {{ x }}" in composed.body
    assert date in composed.body
    assert f"/{language}/incubators/still-true/" in composed.body
    assert (message.state, "link" in message.context) == ("sent", False)


def test_link_asks_when_it_is_opened_and_confirms_when_pressed_without_signing_in() -> None:
    organisation, person = approved(name="Aging")
    strict = Client(enforce_csrf_checks=True)

    with on(200):
        remind_of_age()
        path = links()[0]
        page = strict.get(path)
        strict.head(path)
        opened = Confirmation.objects.count()
        key = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.content.decode())[1]
        done = strict.post(path, {"csrfmiddlewaretoken": key}, follow=True)
        again = strict.post(path, {"csrfmiddlewaretoken": key})

    organisation.refresh_from_db()
    assert opened == len(FieldGroup)
    assert "Yes, all of it is still true" in page.content.decode()
    assert page["Cache-Control"].count("no-store") == 1
    assert organisation.verified_until == DUE + timedelta(days=200)
    assert "Thank you: it is confirmed" in done.content.decode()
    assert (again.status_code, Confirmation.objects.count()) == (200, 2 * len(FieldGroup))
    assert [(verb, actor, after["how"]) for verb, actor, after in journal()] == [
        ("organisation.confirmed", person, "by_link")
    ]


def test_link_brings_back_what_went_out_of_date_for_a_while(client: Client) -> None:
    organisation, _person = approved()
    with on(300):
        remind_of_age()
    with on(380):
        age()
        client.post(links()[0])

    organisation.refresh_from_db()
    assert (organisation.status, organisation.verified_until) == (S.LISTED, DUE + timedelta(days=380))


@pytest.mark.parametrize(
    "what", ["too late", "confirmed since", "suspended", "left", "closed account", "other salt", "changed", "nonsense"]
)
def test_link_that_does_not_hold_any_more_changes_nothing(client: Client, what: str) -> None:
    organisation, person = approved()
    with on(300):
        token = link_for(organisation, person)
    if what == "confirmed since":
        with on(310):
            confirm_organisation(organisation=organisation, by=person)
    elif what == "suspended":
        Organisation.objects.update(status=S.SUSPENDED)
    elif what == "left":
        Membership.objects.all().delete()
    elif what == "closed account":
        User.objects.filter(pk=person.pk).update(is_active=False)
    elif what == "other salt":
        token = signing.dumps(signing.loads(token, salt=LINK), salt="something.else")
    elif what in ("changed", "nonsense"):
        token = f"x{token}" if what == "changed" else "nonsense"
    before = Confirmation.objects.count()

    with on(400 if what == "too late" else 320):
        answers = [
            client.get(f"/en/incubators/still-true/{token}/"),
            client.post(f"/en/incubators/still-true/{token}/"),
        ]

    assert [answer.status_code for answer in answers] == [200 if what == "confirmed since" else 404] * 2
    assert Confirmation.objects.count() == before
    assert person.email not in "".join(answer.content.decode() for answer in answers)


def test_link_of_a_hidden_entry_shows_nothing_of_it(client: Client) -> None:
    organisation, person = approved(name="CANARY")
    with on(300):
        token = link_for(organisation, person)
    Organisation.objects.update(status=S.SUSPENDED)

    with on(310):
        page = client.get(f"/en/incubators/still-true/{token}/").content.decode()

    assert "CANARY" not in page


@pytest.mark.parametrize("number", [1, 3])
def test_pages_ask_little(signed_in: Any, client: Client, number: int, django_assert_max_num_queries: Any) -> None:
    made = [approved() for _ in range(number)]
    organisation, person = made[-1]
    own = signed_in(person)

    with on(200):
        remind_of_age()
        with django_assert_max_num_queries(14):
            client.get(links()[-1])
        with django_assert_max_num_queries(18):
            own.get(organisation.get_absolute_url())
        with django_assert_max_num_queries(1 + 4 * number):
            remind_of_age()
