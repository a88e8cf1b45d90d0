"""Programmes, cohorts and calls: written by an organisation's editors, closed by the clock."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone

from incubators.enums import CallStatus, OrganisationStatus, ProgrammeStatus
from incubators.models import Cohort, OpenCall, Organisation, Placement, Programme, RegistryState, Startup
from incubators.rules import can_delete_programme
from incubators.services.programmes import (
    close_calls,
    create_programme,
    delete_programme,
    move_call,
    move_programme,
    save_cohort,
)
from network_platform.journal.models import Record
from network_platform.lifecycle import IllegalMove
from tests.incubators.factories import OrganisationFactory, PersonFactory, editor_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def organisation() -> Organisation:
    return OrganisationFactory(slug="sample-hub", name="Sample Hub")


@pytest.fixture
def editor(organisation: Organisation) -> Any:
    return editor_of(organisation, language="en", time_zone="Asia/Tashkent")


@pytest.fixture
def own(editor: Any, signed_in: Any) -> Client:
    return signed_in(editor)


@pytest.fixture
def programme(organisation: Organisation, editor: Any) -> Programme:
    return create_programme(organisation=organisation, by=editor, titles={"en": "Spring school"})


@pytest.fixture
def running(programme: Programme, editor: Any) -> Programme:
    return move_programme(programme=programme, to=ProgrammeStatus.PUBLISHED, by=editor)


def call_of(programme: Programme, **fields: Any) -> OpenCall:
    now = timezone.now()
    values = {"opens_at": now, "closes_at": now + timedelta(days=7), "zone": "Asia/Almaty", "titles": {"en": "Call"}}
    return OpenCall.objects.create(programme=programme, **{**values, **fields})


def described(**changes: Any) -> dict[str, Any]:
    return {
        "title_en": "Spring  school",
        "title_kk": "Көктем мектебі",
        "kind": "training",
        "description_en": "Ten weeks.",
        "weeks": "10",
        "languages": ["kk", "ru"],
        "sectors": ["circular"],
        "website": "steppe.example/school",
        **changes,
    }


def announced(**changes: Any) -> dict[str, Any]:
    return {
        "title_en": "Call for teams",
        "opens_at": "2026-12-01T09:00",
        "closes_at": "2026-12-20T18:00",
        "zone": "Asia/Almaty",
        "apply_url": "https://steppe.example/apply",
        **changes,
    }


def test_an_editor_adds_a_programme_and_publishes_it(own: Client, organisation: Organisation, editor: Any) -> None:
    made = own.post("/en/incubators/sample-hub/programmes/new/", described())
    programme = Programme.objects.get()
    done = own.post(f"/en/programmes/{programme.uid}/edit/", described(version=0, to="published"), follow=True)

    programme.refresh_from_db()
    assert made.url == f"/en/programmes/{programme.uid}/edit/"
    assert (programme.titles, programme.status) == ({"en": "Spring school", "kk": "Көктем мектебі"}, "published")
    assert (programme.weeks, programme.website, programme.languages) == (
        10,
        "https://steppe.example/school",
        ["kk", "ru"],
    )
    assert programme.sectors.get().code == "circular"
    assert "the programme has ended" in done.content.decode()
    records = Record.objects.filter(verb__startswith="programme").order_by("number")
    assert [(each.verb, each.actor, each.scope) for each in records] == [
        ("programme.created", editor, "country:KZ"),
        ("programme.changed", editor, "country:KZ"),
        ("programme.published", editor, "country:KZ"),
    ]


@pytest.mark.parametrize("code", ["en", "ru"])
def test_texts_are_asked_for_in_the_readers_language_first(own: Client, organisation: Organisation, code: str) -> None:
    form = own.get(f"/{code}/incubators/sample-hub/programmes/new/").context["form"]

    assert next(iter(form.fields)) == f"title_{code}"
    assert form[f"title_{code}"].help_text


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"title_en": "", "title_kk": ""}, "At least one name is needed."),
        ({"weeks": "many"}, "Write a whole number, in digits."),
        ({"website": "no address"}, "Write the whole address, beginning with https://."),
        ({"title_en": "x" * 201}, "Shorten this to 200 characters"),
    ],
)
def test_wrong_input_is_told_and_kept(own: Client, programme: Programme, wrong: dict[str, str], words: str) -> None:
    answer = own.post(f"/en/programmes/{programme.uid}/edit/", described(version=0, **wrong))

    html = answer.content.decode()
    assert (answer.status_code, words in html) == (422, True)
    assert "Ten weeks." in html
    programme.refresh_from_db()
    assert programme.titles == {"en": "Spring school"}


def test_publishing_a_programme_saves_what_was_typed(own: Client, programme: Programme) -> None:
    address = f"/en/programmes/{programme.uid}/edit/"
    typed = described(description_en="Twelve weeks.", to="published")

    wrong = own.post(address, {**typed, "version": 0, "weeks": "many"})
    programme.refresh_from_db()
    before = programme.status
    done = own.post(address, {**typed, "version": 0})

    programme.refresh_from_db()
    assert (wrong.status_code, "Twelve weeks." in wrong.content.decode(), before) == (422, True, "draft")
    assert (done.status_code, programme.status, programme.descriptions) == (302, "published", {"en": "Twelve weeks."})


@pytest.mark.parametrize("to", ["published", "nowhere"])
def test_what_cannot_be_published_is_not_saved_and_kept_in_the_form(own: Client, running: Programme, to: str) -> None:
    answer = own.post(f"/en/programmes/{running.uid}/edit/", described(version=0, to=to))

    running.refresh_from_db()
    assert (answer.status_code, "Ten weeks." in answer.content.decode()) == (422, True)
    assert "That is not possible any more." in answer.content.decode()
    assert (running.status, running.version, running.descriptions) == ("published", 0, {})


def test_enter_in_a_field_saves_without_publishing(own: Client, programme: Programme) -> None:
    """A browser presses the first button of a form."""
    html = own.get(f"/en/programmes/{programme.uid}/edit/").content.decode()
    buttons = re.findall(r'<button class="[^"]*" form="fields"[^>]*>([^<]+)<', html)

    assert html.count('id="fields"') == 1
    assert buttons == ["Save", "Save and publish"]
    assert html.index('class="dock"') < html.index(">Save<")


def test_a_draft_programme_is_deleted_after_a_question(own: Client, programme: Programme, editor: Any) -> None:
    call_of(programme), Cohort.objects.create(programme=programme, name="1", starts=date(2026, 1, 1))
    address = f"/en/programmes/{programme.uid}/delete/"
    shown = own.get(f"/en/programmes/{programme.uid}/edit/").content.decode()

    asked = own.get(address).content.decode()
    done = own.post(address)

    assert (address in shown, "Delete the draft?" in asked) == (True, True)
    assert (done.url, Programme.objects.exists()) == ("/en/incubators/sample-hub/programmes/", False)
    assert Record.objects.get(verb="programme.deleted").actor == editor


@pytest.mark.parametrize("kept", ["published", "ended", "placement", "call", "closed", "foreign"])
def test_only_a_draft_that_touches_nobody_is_deleted(own: Client, programme: Programme, editor: Any, kept: str) -> None:
    person = editor
    if kept in ("published", "ended"):
        Programme.objects.update(status=kept)
    elif kept == "placement":
        cohort = Cohort.objects.create(programme=programme, name="1", starts=date(2026, 1, 1))
        Cohort.objects.create(programme=programme, name="2", starts=date(2026, 2, 1))
        startup = Startup.objects.create(name="Ülgi Drip", country=programme.organisation.country)
        Placement.objects.create(startup=startup, cohort=cohort, entered=date(2026, 1, 1))
    elif kept == "call":
        call_of(programme, status=CallStatus.WITHDRAWN)
    elif kept == "closed":
        Organisation.objects.update(status=OrganisationStatus.CLOSED)
    else:
        person = PersonFactory()
    row = Programme.objects.get()

    assert (can_delete_programme(person, row), Programme.objects.deletable_by(person).exists()) == (False, False)
    with pytest.raises(PermissionDenied):
        delete_programme(programme=row, by=person)
    if person == editor:
        assert own.post(f"/en/programmes/{programme.uid}/delete/").status_code == 404


def test_a_second_tab_is_shown_both_texts(own: Client, programme: Programme) -> None:
    address = f"/en/programmes/{programme.uid}/edit/"
    plain = {"title_en": "Spring school", "website": "https://steppe.example/school"}
    own.post(address, described(version=0, description_en="First", **plain))

    late = own.post(address, described(version=0, description_en="Second", **plain))
    shown = late.context["programme"].version
    again = own.post(address, described(version=shown, description_en="Second"))

    assert (late.status_code, again.status_code) == (422, 302)
    assert [row.name for row in late.context["theirs"]] == ["description_en"]
    assert f'href="{address}" data-forgets="programme:{programme.uid}:' in late.content.decode()
    assert (">First<" in late.content.decode(), "Second" in late.content.decode()) == (True, True)
    programme.refresh_from_db()
    assert programme.descriptions == {"en": "Second"}


@pytest.mark.parametrize("kind", ["programme", "call", "cohort"])
def test_a_new_one_stays_on_the_device_until_it_is_taken(
    own: Client, organisation: Organisation, running: Programme, editor: Any, kind: str
) -> None:
    path, within, data = {
        "programme": ("/en/incubators/sample-hub/programmes/new/", organisation, described()),
        "call": (f"/en/programmes/{running.uid}/calls/new/", running, announced()),
        "cohort": (f"/en/programmes/{running.uid}/cohorts/new/", running, {"name": "2026", "starts": "2026-09-01"}),
    }[kind]
    key = f"{kind}-new:{within.uid}:{editor.uid}"

    form, wrong = own.get(path), own.post(path, {"name": "", "title_en": ""})
    taken = own.post(path, data, follow=True)

    assert [(page.status_code, f'data-keeps data-key="{key}"' in page.content.decode()) for page in (form, wrong)] == [
        (200, True),
        (422, True),
    ]
    assert (taken.status_code, f'data-clears="{key}"' in taken.content.decode()) == (200, True)


def test_changes_stay_on_the_device_until_they_are_taken(own: Client, running: Programme, editor: Any) -> None:
    call, cohort = call_of(running), Cohort.objects.create(programme=running, name="First", starts=date(2026, 3, 1))
    things = [
        ("programme", running, described(version=running.version)),
        ("call", call, announced(version=call.version)),
        ("cohort", cohort, {"name": "Second", "starts": "2026-03-01"}),
    ]

    for kind, thing, data in things:
        path, key = f"/en/{kind}s/{thing.uid}/edit/", f"{kind}:{thing.uid}:{editor.uid}"
        form, taken = own.get(path).content.decode(), own.post(path, data, follow=True).content.decode()

        assert (f'data-key="{key}"' in form, "data-clears" in form) == (True, False), kind
        assert f'data-clears="{key}"' in taken, kind


def test_hours_of_a_call_are_those_of_its_zone(own: Client, running: Programme) -> None:
    made = own.post(f"/en/programmes/{running.uid}/calls/new/", announced())
    call = OpenCall.objects.get()
    html = own.get(f"/en/calls/{call.uid}/edit/").content.decode()

    assert made.url == f"/en/calls/{call.uid}/edit/"
    assert f"{call.closes_at:%Y-%m-%dT%H:%M%z}" == "2026-12-20T13:00+0000"
    assert 'value="2026-12-20T18:00"' in html


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"closes_at": "2026-11-01T09:00"}, "The call closes before it opens."),
        ({"closes_at": ""}, "An answer is needed here."),
        ({"title_en": ""}, "At least one title is needed."),
        ({"zone": "Nowhere/Land"}, "Choose one of the answers offered here; “Nowhere/Land” is not among them."),
    ],
)
def test_wrong_calls_are_told(own: Client, running: Programme, wrong: dict[str, str], words: str) -> None:
    answer = own.post(f"/en/programmes/{running.uid}/calls/new/", announced(**wrong))

    assert (answer.status_code, words in answer.content.decode()) == (422, True)
    assert not OpenCall.objects.exists()


def test_a_call_of_a_draft_programme_waits_for_it(own: Client, programme: Programme) -> None:
    call = call_of(programme)

    told = own.post(f"/en/calls/{call.uid}/move/", {"to": "published"}, follow=True).content.decode()

    call.refresh_from_db()
    assert "Publish the programme first" in told
    assert call.status == CallStatus.DRAFT


def test_publishing_a_call_saves_what_was_typed(own: Client, running: Programme) -> None:
    call = call_of(running)
    end = timezone.now() + timedelta(days=30)
    typed = announced(description_en="Write to us.", closes_at=f"{end:%Y-%m-%dT%H:%M}", to="published", version=0)
    past = {"opens_at": "2020-01-01T09:00", "closes_at": "2020-01-20T18:00"}

    late = own.post(f"/en/calls/{call.uid}/edit/", {**typed, **past})
    call.refresh_from_db()
    before = (call.status, call.descriptions)
    done = own.post(f"/en/calls/{call.uid}/edit/", typed)

    call.refresh_from_db()
    html = late.content.decode()
    assert (late.status_code, "The end is past." in html, "Write to us." in html) == (422, True, True)
    assert 'href="#id_closes_at"' in html
    assert re.search(r'<input[^>]*name="closes_at"[^>]*aria-invalid="true"', html)
    assert (done.status_code, before) == (302, ("draft", {}))
    assert (call.status, call.descriptions) == ("published", {"en": "Write to us."})


def test_a_closed_call_opens_again_with_the_end_that_is_typed(own: Client, running: Programme) -> None:
    now = timezone.now()
    call = call_of(running, status=CallStatus.CLOSED, opens_at=now - timedelta(days=9), closes_at=now)
    end = f"{now + timedelta(days=30):%Y-%m-%dT%H:%M}"

    own.post(
        f"/en/calls/{call.uid}/edit/",
        announced(opens_at="2020-12-01T09:00", closes_at=end, to="published", version=0),
    )

    call.refresh_from_db()
    assert call.status == CallStatus.PUBLISHED


def test_forms_lead_back(own: Client, running: Programme) -> None:
    call, cohort = call_of(running), Cohort.objects.create(programme=running, name="x", starts=date(2026, 1, 1))
    programmes, programme = "/en/incubators/sample-hub/programmes/", f"/en/programmes/{running.uid}/edit/"
    leads = {
        f"{programmes}new/": programmes,
        programme: programmes,
        f"/en/programmes/{running.uid}/calls/new/": programme,
        f"/en/calls/{call.uid}/edit/": programme,
        f"/en/programmes/{running.uid}/cohorts/new/": programme,
        f"/en/cohorts/{cohort.uid}/edit/": programme,
    }

    for address, back in leads.items():
        assert f'href="{back}">Cancel</a>' in own.get(address).content.decode()


def test_a_call_is_published_withdrawn_with_a_reason_and_not_taken_up_again(own: Client, running: Programme) -> None:
    call = call_of(running)
    address, title = f"/en/calls/{call.uid}/move/", str(call)

    own.post(address, {"to": "published"})
    mute = own.post(address, {"to": "withdrawn"}, follow=True).content.decode()
    done = own.post(address, {"to": "withdrawn", "reason": "No money this year"}, follow=True).content.decode()
    changed = own.post(f"/en/calls/{call.uid}/edit/", announced(title_en="Again", version=0), follow=True)
    late = own.post(address, {"to": "published"}, follow=True).content.decode()

    call.refresh_from_db()
    assert "Why you withdraw it" in mute
    assert "Withdraw the call?" in mute
    assert "That is not possible any more." in late
    assert "The call is withdrawn and is shown no more." in done
    assert ['name="title_en"' in done, "Save" in done, "It cannot be changed" in done] == [False, False, True]
    assert "That is not possible any more." in changed.content.decode()
    assert (call.status, str(call)) == (CallStatus.WITHDRAWN, title)
    assert Record.objects.get(verb="call.withdrawn").reason == "No money this year"


def test_ending_a_call_is_asked_on_a_page_of_its_own(own: Client, running: Programme) -> None:
    call = call_of(running, status=CallStatus.PUBLISHED)
    address = f"/en/calls/{call.uid}/move/"

    page = own.get(f"/en/calls/{call.uid}/edit/").content.decode()
    asked = own.get(f"{address}?to=closed").content.decode()
    nothing = own.get(f"{address}?to=published")
    done = own.post(address, {"to": "closed"}, follow=True).content.decode()

    call.refresh_from_db()
    assert f'href="{address}?to=closed"' in page
    assert f'href="{address}?to=withdrawn"' in page
    assert "Close the call now?" in asked
    assert nothing["Location"] == f"/en/calls/{call.uid}/edit/"
    assert call.status == CallStatus.CLOSED
    assert "The call is closed. It can be opened again with a later end." in done


def test_the_clock_closes_what_is_over_and_nothing_else(running: Programme, editor: Any) -> None:
    now = timezone.now()
    over = call_of(running, status=CallStatus.PUBLISHED, opens_at=now - timedelta(days=2), closes_at=now)
    going = call_of(running, status=CallStatus.PUBLISHED)
    draft = call_of(running, opens_at=now - timedelta(days=2), closes_at=now)
    token = RegistryState.objects.get().token

    assert (close_calls(), close_calls()) == (1, 0)

    states = {call.pk: call.status for call in OpenCall.objects.all()}
    assert states == {over.pk: "closed", going.pk: "published", draft.pk: "draft"}
    assert RegistryState.objects.get().token != token
    assert Record.objects.get(verb="call.closed").actor is None
    with pytest.raises(PermissionDenied):
        move_call(call=going, to=CallStatus.CLOSED, by=None)


def test_a_closed_call_opens_again_with_a_later_end_only(running: Programme, editor: Any) -> None:
    now = timezone.now()
    call = call_of(running, status=CallStatus.CLOSED, opens_at=now - timedelta(days=2), closes_at=now)

    with pytest.raises(ValidationError):
        move_call(call=call, to=CallStatus.PUBLISHED, by=editor)
    OpenCall.objects.filter(pk=call.pk).update(closes_at=now + timedelta(days=1))

    assert move_call(call=call, to=CallStatus.PUBLISHED, by=editor).status == CallStatus.PUBLISHED


def test_cohorts_are_added_and_changed(own: Client, programme: Programme) -> None:
    day = {"name": "Spring 2026", "starts": "2026-03-01", "ends": "2026-05-01", "places": "12"}
    own.post(f"/en/programmes/{programme.uid}/cohorts/new/", day)
    cohort = Cohort.objects.get()
    twice = own.post(f"/en/programmes/{programme.uid}/cohorts/new/", day)
    turned = own.post(f"/en/cohorts/{cohort.uid}/edit/", {**day, "ends": "2026-02-01"})
    own.post(f"/en/cohorts/{cohort.uid}/edit/", {**day, "places": "15"})

    cohort.refresh_from_db()
    assert "has a cohort of this name already" in twice.content.decode()
    assert "The last day is before the first one." in turned.content.decode()
    assert (Cohort.objects.count(), cohort.places, cohort.starts) == (1, 15, date(2026, 3, 1))
    assert Record.objects.get(verb="cohort.changed").after == {"places": 15}


def test_others_neither_find_nor_write(signed_in: Any, programme: Programme) -> None:
    call, cohort = call_of(programme), Cohort.objects.create(programme=programme, name="x", starts=date(2026, 1, 1))
    other = PersonFactory()
    client = signed_in(other)
    addresses = [
        "incubators/sample-hub/programmes/",
        "incubators/sample-hub/programmes/new/",
        f"programmes/{programme.uid}/edit/",
        f"programmes/{programme.uid}/cohorts/new/",
        f"programmes/{programme.uid}/calls/new/",
        f"cohorts/{cohort.uid}/edit/",
        f"calls/{call.uid}/edit/",
    ]

    assert {client.get(f"/en/{address}").status_code for address in addresses} == {404}
    assert client.post(f"/en/calls/{call.uid}/move/", {"to": "published"}).status_code == 404
    with pytest.raises(PermissionDenied):
        move_programme(programme=programme, to=ProgrammeStatus.PUBLISHED, by=other)
    with pytest.raises(PermissionDenied):
        move_call(call=call, to=CallStatus.PUBLISHED, by=other)
    with pytest.raises(PermissionDenied):
        save_cohort(programme=programme, by=other, name="y", starts=date(2026, 1, 1), ends=None, places=None)


def test_nothing_of_a_closed_organisation_is_written(editor: Any, programme: Programme) -> None:
    Organisation.objects.update(status=OrganisationStatus.CLOSED)

    with pytest.raises(PermissionDenied):
        move_programme(programme=programme, to=ProgrammeStatus.PUBLISHED, by=editor)


@pytest.mark.parametrize("status", ProgrammeStatus)
def test_only_legal_moves(status: str, programme: Programme, editor: Any) -> None:
    Programme.objects.update(status=status)
    legal = {"draft": {"published"}, "published": {"ended"}, "ended": {"published"}}[status]
    for to in ProgrammeStatus:
        Programme.objects.update(status=status)
        if to in legal:
            assert move_programme(programme=programme, to=to, by=editor).status == to
        else:
            with pytest.raises(IllegalMove):
                move_programme(programme=programme, to=to, by=editor)


@pytest.mark.parametrize("number", [1, 3])
def test_own_programmes_ask_little(
    own: Client, organisation: Organisation, editor: Any, number: int, django_assert_max_num_queries: Any
) -> None:
    for n in range(number):
        call_of(create_programme(organisation=organisation, by=editor, titles={"en": f"Programme {n}"}))

    with django_assert_max_num_queries(8):
        page = own.get("/en/incubators/sample-hub/programmes/")

    assert len(page.context["programmes"]) == number
