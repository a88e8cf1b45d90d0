"""A team's pages: apply, write with and without script, submit, follow."""

import gzip
import hashlib
import json
import re
import uuid
from contextlib import contextmanager
from datetime import timedelta
from urllib.parse import urlencode

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.template.loader import render_to_string
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from competitions import desk
from competitions.entry_pages import Item
from competitions.enums import EntryState
from competitions.models import (
    Attachment,
    Award,
    Competition,
    Decision,
    Entry,
    Question,
    RankRow,
    Revision,
    Round,
    TeamMember,
    Track,
)
from competitions.services.entries import draft_digest, move_entry, submit_entry
from incubators.models import Startup, StartupMember
from network_platform.background.delivery import compose
from network_platform.background.models import Message
from network_platform.journal.models import Record
from network_platform.journal.services import take_turn
from network_platform.people.models import User
from tests.competitions.factories import (
    AssignmentFactory,
    DecisionFactory,
    EntryFactory,
    PersonFactory,
    RankingFactory,
    RuleFactory,
    ScoreSheetFactory,
    StartupOfTeamFactory,
    TeamMemberFactory,
)
from tests.competitions.test_uploads import EVIL, pdf


def at(name: str, entry: Entry, *more: int) -> str:
    return reverse(f"competitions:{name}", args=[entry.uid, *more])


def save(client, entry, save_id=None, version=0, **typed):
    headers = {"X-Autosave": "1", "X-Save-Id": str(save_id or uuid.uuid4())}
    return client.post(at("entry-autosave", entry, 1), {"version": version, **typed}, headers=headers)


def send(client, entry, **more):
    """Open the review page and press its button."""
    reviewed = client.get(at("entry-review", entry)).context["reviewed"]
    return client.post(at("entry-review", entry), {"reviewed": reviewed}, **more)


def test_apply_begins_a_draft_for_the_chosen_start_up(call, signed_in) -> None:
    startup = StartupOfTeamFactory(founder=call.founder)
    address = reverse("competitions:apply", args=[call.competition.slug])

    answer = signed_in(call.founder).post(address, {"startup": startup.uid, "language": "ru"})

    entry = Entry.objects.get(startup=startup)
    assert answer["Location"] == at("entry", entry)
    assert (entry.language, entry.state) == ("ru", EntryState.DRAFT)


def describes(call, **changes):
    typed = {"name": "New firm", "country": call.startup.country.pk, "stage": "idea", "team_size": "3"}
    return typed | {"language": "en"} | changes


def test_apply_stores_nothing_until_the_check_passes(call, signed_in) -> None:
    """Refused, corrected, passed; and a wrong answer under the same name is refused again."""
    person = PersonFactory()
    RuleFactory(competition=call.competition, kind="team_size", parameters={"minimum": 2})
    client, address = signed_in(person), reverse("competitions:apply", args=[call.competition.slug])

    refused = [client.post(address, describes(call, team_size=size)) for size in ("1", "", "1")]
    assert [answer.status_code for answer in refused] == [200] * 3
    assert not Startup.objects.editable_by(person).exists()

    passed = client.post(address, describes(call, team_size="2"))
    entry = Entry.objects.get(startup__name="New firm")
    assert passed["Location"] == at("entry", entry)
    assert entry.startup.team_size == 2

    wrong = client.post(f"{address}?new=1", describes(call, team_size="1"))
    again = client.post(f"{address}?new=1", describes(call, team_size="5"))
    assert (wrong.status_code, again["Location"]) == (200, at("entry", entry))
    assert list(Startup.objects.editable_by(person).values_list("name", "team_size")) == [("New firm", 5)]


def test_apply_marks_every_condition_that_is_not_met_at_its_answer_at_once(call, signed_in) -> None:
    RuleFactory(competition=call.competition, parameters={"countries": ["KG"]})
    RuleFactory(competition=call.competition, kind="founded_after", parameters={"date": "2020-01-01"})
    statement = RuleFactory(competition=call.competition, kind="statement", parameters={})
    address = reverse("competitions:apply", args=[call.competition.slug])

    typed = describes(call, name="", founded="2019-12-31")
    page = signed_in(PersonFactory()).post(address, typed)

    assert set(page.context["startup_form"].errors) == {"name", "country", "founded"}
    assert set(page.context["form"].errors) == {f"statement-{statement.pk}"}
    text = page.content.decode()
    assert all(f'href="#id_{name}"' in text for name in ("name", "country", "founded", f"statement-{statement.pk}"))


def test_apply_marks_a_condition_at_the_start_up_that_was_chosen(call, signed_in) -> None:
    RuleFactory(competition=call.competition, parameters={"countries": ["KG"]})
    startup = StartupOfTeamFactory(founder=call.founder)
    address = reverse("competitions:apply", args=[call.competition.slug])

    page = signed_in(call.founder).post(address, {"startup": startup.uid, "language": "ru"})

    assert page.context["form"].errors == {"startup": ["Only Kazakhstan."]}


def test_apply_asks_for_the_size_of_the_team_where_there_is_a_condition_on_it(call, signed_in) -> None:
    startup = StartupOfTeamFactory(founder=call.founder)
    address = reverse("competitions:apply", args=[call.competition.slug])
    client = signed_in(call.founder)
    free = client.get(f"{address}?new=1").context["startup_form"]
    RuleFactory(competition=call.competition, kind="team_size", parameters={"minimum": 2})

    bound = client.get(f"{address}?new=1").context["startup_form"]
    chosen = client.post(address, {"startup": startup.uid, "language": "ru"})

    assert (free.fields["team_size"].required, bound.fields["team_size"].required) == (False, True)
    assert "does not say how many people" in chosen.context["form"].errors["startup"][0]


def test_apply_leads_to_the_place_in_the_profile_that_a_condition_asks_about(call, signed_in) -> None:
    RuleFactory(competition=call.competition, kind="team_size", parameters={"minimum": 2})
    address = reverse("competitions:apply", args=[call.competition.slug])
    startup = StartupOfTeamFactory(founder=PersonFactory())
    client = signed_in(startup.members.get().user)
    profile = f"/en/startups/{startup.uid}/edit/?next={quoted(address)}"
    typed = {"startup": startup.uid, "language": "ru"}
    link = f'<a href="{profile}#id_team_size">Change in the profile: people in the team</a>'

    before = client.get(address).content.decode()
    Startup.objects.update(team_size=None)
    unknown = client.post(address, typed).content.decode()
    Startup.objects.update(team_size=1)
    too_few = client.post(address, typed).content.decode()

    assert f'<a href="{profile}">Open its profile</a>' in before
    assert [page.count(link) for page in (before, unknown, too_few)] == [0, 1, 1]


def test_apply_knows_no_founding_day_in_the_future(call, signed_in) -> None:
    tomorrow = timezone.localdate() + timedelta(days=2)
    address = reverse("competitions:apply", args=[call.competition.slug])

    page = signed_in(PersonFactory()).post(address, describes(call, founded=tomorrow.isoformat()))

    assert page.context["startup_form"].errors == {"founded": ["This day is in the future."]}


def test_apply_keeps_what_was_typed_and_says_what_is_wrong(call, signed_in) -> None:
    address = reverse("competitions:apply", args=[call.competition.slug])

    page = signed_in(PersonFactory()).post(address, {"name": "Typed name", "language": "en"}).content.decode()

    assert 'value="Typed name"' in page
    assert 'role="alert"' in page


def test_apply_after_the_deadline_says_when_it_closed(call, signed_in) -> None:
    client = signed_in(call.founder)
    with time_machine.travel(call.competition.closes_at + timedelta(seconds=1)):
        answer = client.get(reverse("competitions:apply", args=[call.competition.slug]))

    assert answer.status_code == 403
    assert "They closed on" in answer.content.decode()


def test_apply_in_the_last_second_says_when_it_closed(call, signed_in) -> None:
    """The door was open when the request came, and shut when the draft was to be made."""
    startup = StartupOfTeamFactory(founder=call.founder)
    address = reverse("competitions:apply", args=[call.competition.slug])
    client = signed_in(call.founder)
    with shut_on_the_way(call.competition):
        answer = client.post(address, {"startup": startup.uid, "language": "ru"})

    assert answer.status_code == 403
    assert "They closed on" in answer.content.decode()
    assert not Entry.objects.filter(startup=startup).exists()


@contextmanager
def shut_on_the_way(competition):
    """Applications close while the draft is being made, after the page asked whether they are open."""
    closes = competition.closes_at
    with time_machine.travel(closes, tick=False) as clock:

        def close(execute, sql, params, many, context):
            if 'AS "a" FROM "incubators_startupmember"' in sql:
                clock.move_to(closes + timedelta(seconds=1))
            return execute(sql, params, many, context)

        with connection.execute_wrapper(close):
            yield


def test_autosave_saves_and_counts(call, signed_in) -> None:
    answer = save(signed_in(call.founder), call.entry, solution="Half a sentence", problem="x" * 500)

    assert (answer.status_code, answer.json()["version"]) == (200, 1)
    assert Entry.objects.get().answers == {"solution": "Half a sentence", "problem": "x" * 500}


def test_autosave_in_two_tabs_answers_with_what_stands(call, signed_in) -> None:
    client = signed_in(call.founder)
    save(client, call.entry, solution="First tab")

    answer = save(client, call.entry, solution="Second tab")

    assert answer.status_code == 409
    assert (answer.json()["version"], answer.json()["theirs"]) == (1, {"solution": "First tab"})


def test_autosave_repeated_happens_once(call, signed_in) -> None:
    client, save_id = signed_in(call.founder), uuid.uuid4()

    answers = [save(client, call.entry, save_id, solution="Once").json()["version"] for _ in range(3)]

    assert answers == [1, 1, 1]


def test_autosave_stops_at_the_deadline_and_for_strangers(call, signed_in) -> None:
    client = signed_in(call.founder)
    with time_machine.travel(call.competition.closes_at + timedelta(seconds=1), tick=False):
        late = save(client, call.entry, solution="Too late")
    foreign = save(signed_in(PersonFactory()), call.entry, solution="Not mine")

    assert (late.status_code, foreign.status_code) == (404, 404)
    assert Entry.objects.get().answers == {}


@pytest.mark.parametrize(
    ("version", "save_id"),
    [
        ("", "x"),
        ("9" * 5000, "2f0c1f52-6f8a-4b0e-9d35-0a4f6b1c7e11"),
        ("one", "2f0c1f52-6f8a-4b0e-9d35-0a4f6b1c7e11"),
        ("0", "not-a-uuid"),
    ],
)
def test_autosave_refuses_what_no_script_of_ours_sends(call, signed_in, version, save_id) -> None:
    answer = save(signed_in(call.founder), call.entry, save_id, version, solution="x")

    assert answer.status_code == 400
    assert Entry.objects.get().version == 0


def test_a_page_works_without_script(call, signed_in) -> None:
    client = signed_in(call.founder)

    first = client.post(at("entry-page", call.entry, 1), {"version": 0, "solution": "Panels", "act": "next"})
    second = client.post(at("entry-page", call.entry, 2), {"version": 1, "jobs": "12", "act": "next"})

    assert (first["Location"], second["Location"]) == (at("entry-page", call.entry, 2), at("entry-review", call.entry))
    assert Entry.objects.get().answers == {"solution": "Panels", "jobs": "12"}


def test_a_page_saves_even_what_is_wrong_and_says_so(call, signed_in) -> None:
    page = signed_in(call.founder).post(
        at("entry-page", call.entry, 1), {"version": 0, "solution": "Fine", "problem": "x" * 52, "act": "next"}
    )

    assert "Take out 12 characters." in page.content.decode()
    assert Entry.objects.get().answers["problem"] == "x" * 52


def test_a_page_shown_again_with_a_mistake_is_based_on_what_was_just_saved(call, signed_in) -> None:
    client, address = signed_in(call.founder), at("entry-page", call.entry, 1)
    wrong = client.post(address, {"version": 0, "solution": "Fine", "problem": "x" * 52, "act": "next"})

    typing = save(client, call.entry, version=1, solution="Finer", problem="x" * 51)
    right = client.post(address, {"version": 2, "solution": "Finest", "problem": "Short", "act": "next"})

    assert 'name="version" value="1"' in wrong.content.decode()
    assert (typing.status_code, right.status_code) == (200, 302)
    assert Entry.objects.get().answers["solution"] == "Finest"


def test_a_stale_page_shows_both_texts_and_lets_the_person_decide(call, signed_in) -> None:
    client = signed_in(call.founder)
    save(client, call.entry, solution="First tab")

    page = client.post(at("entry-page", call.entry, 1), {"version": 0, "solution": "Second tab", "act": "next"})
    again = client.post(at("entry-page", call.entry, 1), {"version": 1, "solution": "Second tab", "act": "next"})

    text = page.content.decode()
    assert (page.status_code, again.status_code) == (409, 302)
    assert "First tab" in text
    assert ">\nSecond tab</textarea>" in text
    assert 'name="version" value="1"' in text
    assert Entry.objects.get().answers["solution"] == "Second tab"


def shown(client, entry) -> dict:
    """What a page that was opened now sends besides the answers."""
    context = client.get(at("entry-page", entry, 1)).context
    return {"version": context["entry"].version, "seen": str(context["seen"])}


def test_a_page_whose_last_save_was_never_answered_does_not_meet_itself(call, signed_in) -> None:
    client = signed_in(call.founder)
    page = shown(client, call.entry)
    save(client, call.entry, **page, solution="Alm")

    own = {**page, "unheard": urlencode({"solution": "Alm"}), "act": "next"}
    answers = [client.post(at("entry-page", call.entry, 1), {**own, "solution": text}) for text in ("Almaty", "Almaty")]
    stranger = client.post(at("entry-page", call.entry, 1), {**own, "solution": "Osh"})

    assert [answer.status_code for answer in (*answers, stranger)] == [302, 302, 409]
    assert Entry.objects.get().answers["solution"] == "Almaty"


def test_two_tabs_that_change_different_answers_do_not_meet(call, signed_in) -> None:
    client = signed_in(call.founder)
    save(client, call.entry, solution="Panels", problem="Waste")
    page, lost = shown(client, call.entry), uuid.uuid4()
    save(client, call.entry, **page, solution="", problem="Waste")

    answers = [save(client, call.entry, lost, **page, solution="Panels", problem="Smoke") for _ in range(2)]
    clash = save(client, call.entry, **page, solution="Bricks", problem="Waste")

    assert [answer.json()["theirs"] for answer in answers] == [{"solution": ""}, {"solution": ""}]
    assert (clash.status_code, clash.json()["theirs"]) == (409, {"solution": ""})
    entry = Entry.objects.get()
    assert (entry.answers["solution"], entry.answers["problem"], entry.version) == ("", "Smoke", 3)


def test_a_plain_page_keeps_what_the_other_tab_wrote(call, signed_in) -> None:
    client = signed_in(call.founder)
    save(client, call.entry, solution="Panels", problem="Waste")
    page, address = shown(client, call.entry), at("entry-page", call.entry, 1)
    save(client, call.entry, **page, solution="Bricks", problem="Smoke")

    asked = client.post(address, {**page, "solution": "Panels", "problem": "Dust", "act": "next"})
    decided = {"version": asked.context["form"]["version"].value(), "seen": str(asked.context["seen"])}
    done = client.post(address, {**decided, "solution": "Bricks", "problem": "Dust", "act": "next"})

    text = asked.content.decode()
    assert (asked.status_code, done.status_code) == (409, 302)
    assert (">\nBricks</textarea>" in text, ">\nDust</textarea>" in text) == (True, True)
    assert set(asked.context["form"].errors) == {"problem"}
    assert (Entry.objects.get().answers["solution"], Entry.objects.get().answers["problem"]) == ("Bricks", "Dust")


def test_a_page_open_over_the_deadline_gives_the_text_back(call, signed_in) -> None:
    client = signed_in(call.founder)
    with time_machine.travel(call.competition.closes_at + timedelta(minutes=1), tick=False):
        page = client.post(at("entry-page", call.entry, 1), {"version": 0, "solution": "My only copy"})

    assert "My only copy" in page.content.decode()
    assert Entry.objects.get().answers == {}


def test_a_refusal_by_the_clock_says_the_second(complete, signed_in) -> None:
    """Closed at 18:00, received at 18:00 would explain nothing."""
    closes = complete.competition.closes_at.replace(hour=12, minute=0, second=0, microsecond=0)
    Competition.objects.update(closes_at=closes)
    User.objects.update(time_zone="UTC")
    client = signed_in(complete.founder)

    with time_machine.travel(closes + timedelta(seconds=1), tick=False):
        page = client.post(at("entry-review", complete.entry), {"reviewed": ""}).content.decode()

    assert "18:00:01, Bishkek (UTC+6)" in page


def test_the_receipt_of_somebody_without_a_zone_is_in_the_organisers(complete, signed_in) -> None:
    User.objects.update(time_zone="UTC")
    client = signed_in(User.objects.get(pk=complete.founder.pk))

    page = send(client, complete.entry, follow=True).content.decode()

    assert "Bishkek (UTC+6)" in page
    assert "Bishkek (UTC+6)" in compose(Message.objects.get()).body.split("SHA-256")[0]


def test_a_page_open_while_a_colleague_withdrew_gives_the_text_back_and_says_why(call, signed_in) -> None:
    Entry.objects.update(state=EntryState.WITHDRAWN)

    answer = signed_in(call.founder).post(at("entry-page", call.entry, 1), {"version": 0, "solution": "My only copy"})

    page = answer.content.decode()
    assert answer.status_code == 403
    assert "My only copy" in page
    assert "was withdrawn" in page
    assert "Applications are closed" not in page


def test_sending_what_judges_have_does_not_say_that_applications_are_closed(complete, signed_in) -> None:
    client = signed_in(complete.founder)
    send(client, complete.entry)
    move_entry(entry=Entry.objects.get(), to=EntryState.IN_ROUND, by=None)

    answer = client.post(at("entry-review", complete.entry), {"reviewed": draft_digest(Entry.objects.get(), [])})

    page = answer.content.decode()
    assert answer.status_code == 403
    assert "This entry can no longer be changed" in page
    assert "Applications are closed" not in page
    assert "They closed on" not in page


def test_text_of_users_stays_text(call, signed_in) -> None:
    client = signed_in(call.founder)
    save(client, call.entry, solution=EVIL.decode())

    pages = [client.get(at(name, call.entry)).content.decode() for name in ("entry", "entry-review")]

    assert all("<script>alert" not in page and "&lt;script&gt;alert" in page for page in pages)


def test_a_file_is_checked_when_it_arrives_and_the_typing_kept(call, signed_in) -> None:
    client = signed_in(call.founder)
    good = SimpleUploadedFile("slides.pdf", pdf(2))
    bad = SimpleUploadedFile("slides.pdf", EVIL)

    refused = client.post(
        at("entry-page", call.entry, 2), {"version": 0, "jobs": "9", "act": "upload", "file-slides": bad}
    )
    taken = client.post(
        at("entry-page", call.entry, 2), {"version": 1, "jobs": "9", "act": "upload", "file-slides": good}
    )

    page = refused.content.decode()
    assert page.count("Only PDF is taken here") == 2, "above the form and at the input"
    assert '<a href="#id_file-slides">' in page
    assert 'aria-describedby="file-slides-help file-slides-error" aria-invalid="true"' in page
    assert 'value="9"' in page
    assert taken["Location"] == at("entry-page", call.entry, 2)
    assert "2 pages" in client.get(taken["Location"]).content.decode()


def test_a_file_can_be_removed(call, signed_in) -> None:
    client = signed_in(call.founder)
    upload = SimpleUploadedFile("slides.pdf", pdf(2))
    client.post(at("entry-page", call.entry, 2), {"version": 0, "act": "upload", "file-slides": upload})
    kept = Attachment.objects.get()

    client.post(at("entry-page", call.entry, 2), {"version": 0, "act": f"remove:{kept.uid}"})

    assert not Attachment.objects.current().exists()


@pytest.mark.parametrize("uid", ["abc", "", "8c4f7f2e-0000-7000-8000-000000000000"])
def test_a_file_that_is_not_there_is_not_removed(call, signed_in, uid) -> None:
    answer = signed_in(call.founder).post(
        at("entry-page", call.entry, 2), {"version": 0, "jobs": "9", "act": f"remove:{uid}"}
    )

    assert answer.status_code == 404
    assert Entry.objects.get().answers == {"jobs": "9"}


def test_review_lists_what_is_missing_with_links(call, signed_in) -> None:
    page = signed_in(call.founder).get(at("entry-review", call.entry)).content.decode()

    assert "2 answers are not ready" in page
    assert f'href="{at("entry-page", call.entry, 1)}?check=1#id_solution"' in page
    assert "<button" not in page.split('class="mt-6"')[1].split("</form>")[0]


def test_submit_leads_to_a_receipt_that_can_be_checked(complete, signed_in) -> None:
    client = signed_in(complete.founder)

    answer = send(client, complete.entry, follow=True)
    content = client.get(at("entry-content", complete.entry))

    revision = Revision.objects.get()
    page = answer.content.decode()
    assert all(part in page for part in ("E-0001", revision.digest[:16], "Almaty (UTC+5)"))
    assert hashlib.sha256(content.content).hexdigest() == revision.digest
    assert json.loads(content.content)["number"] == "E-0001"


def test_the_receipt_mail_has_number_time_zone_and_digest(complete, signed_in) -> None:
    send(signed_in(complete.founder), complete.entry)

    mail = compose(Message.objects.get())

    assert mail.subject == f"E-0001 received: {complete.competition.names['en']}"
    assert all(part in mail.body for part in ("E-0001", Revision.objects.get().digest, "Almaty (UTC+5)"))
    assert f"/en/competitions/entries/{complete.entry.uid}/receipt/" in mail.body


def test_the_second_submission_is_named_with_what_it_replaces_and_both_digests_are_kept(complete, signed_in) -> None:
    client = signed_in(complete.founder)
    send(client, complete.entry)
    save(client, complete.entry, version=1, solution="Better panels")
    send(client, complete.entry)

    first, second = (compose(message) for message in Message.objects.order_by("pk"))
    page = client.get(at("entry-receipt", complete.entry)).content.decode()

    assert second.subject == f"E-0001, version 2 received: {complete.competition.names['en']}"
    assert "This is version 2; it replaces version 1." in second.body
    assert "version" not in first.subject + first.body
    assert "Version 2" in page
    assert all(revision.digest[:16] in page for revision in Revision.objects.all())


def test_the_receipt_shows_what_was_received_and_names_the_file_for_its_check(complete, signed_in) -> None:
    page = send(signed_in(complete.founder), complete.entry, follow=True).content.decode()

    assert "Panels from cotton waste." in page
    assert "For checking the digest (JSON)" in page
    assert "All versions" not in page


def test_everybody_of_the_team_gets_the_receipt(complete, signed_in) -> None:
    helper = TeamMemberFactory(entry=complete.entry).user

    send(signed_in(helper), complete.entry)

    mails = {message.recipient: compose(message).body for message in Message.objects.all()}
    assert set(mails) == {complete.founder, helper}
    assert f"Sent by: {helper}" in mails[complete.founder]
    assert "Sent by:" not in mails[helper]


def test_hours_are_the_readers_first_and_then_the_organisers(complete, signed_in) -> None:
    closes = complete.competition.closes_at.replace(hour=12, minute=0, second=0, microsecond=0)
    Competition.objects.update(closes_at=closes)
    client = signed_in(complete.founder)

    receipt = send(client, complete.entry, follow=True).content.decode()
    status = client.get(at("entry", complete.entry)).content.decode()
    mail = compose(Message.objects.get()).body

    hours = "17:00, Almaty (UTC+5); 18:00, Bishkek (UTC+6)"
    assert hours in status
    assert hours in mail
    order = r"Almaty \(UTC\+5\); [\w ,]*\d\d:\d\d:\d\d, Bishkek \(UTC\+6\)"
    assert re.search(order, receipt)
    assert re.search(order, mail)


def test_autosave_says_the_hour_as_the_page_does_when_it_is_opened_again(call, signed_in) -> None:
    client = signed_in(call.founder)

    when = save(client, call.entry, solution="Half a sentence").json()["when"]

    assert "Almaty (UTC+5)" in when
    assert f">{when}</time>" in client.get(at("entry-page", call.entry, 1)).content.decode()


def test_the_pages_name_the_start_up_and_the_preview_its_facts(complete, signed_in) -> None:
    client = signed_in(complete.founder)

    form = client.get(at("entry-page", complete.entry, 1)).content.decode()
    preview = client.get(at("entry-review", complete.entry)).content.decode()

    assert f'dir="auto">{complete.startup.name}</p>' in form
    facts = (complete.startup.name, str(complete.startup.country), "Prototype / MVP")
    assert all(fact in preview for fact in facts)


def test_the_preview_leads_to_the_profile_that_lacks_a_stage(complete, signed_in) -> None:
    RuleFactory(competition=complete.competition, kind="stage", parameters={"stages": ["growth"]}, effect="warn")
    Startup.objects.update(stage="")
    Entry.objects.update(stage="")

    page = signed_in(complete.founder).get(at("entry-review", complete.entry)).content.decode()

    back = quoted(at("entry-review", complete.entry))
    assert "The profile of the start-up does not give its stage." in page
    assert f'<a href="/en/startups/{complete.startup.uid}/edit/?next={back}#id_stage_0">Open the profile</a>' in page
    assert "not given in the profile" in page


@pytest.mark.parametrize("effect", ["warn", "block"])
def test_what_follows_from_the_stage_says_so_and_leads_to_the_profile(complete, signed_in, effect: str) -> None:
    about = {"parameters": {"stages": ["growth"]}, "messages": {"en": "You describe an idea."}, "effect": effect}
    RuleFactory(competition=complete.competition, kind="stage", **about)
    Startup.objects.update(stage="idea")

    page = signed_in(complete.founder).get(at("entry-review", complete.entry)).content.decode()

    back = quoted(at("entry-review", complete.entry))
    link = f'<a href="/en/startups/{complete.startup.uid}/edit/?next={back}#id_stage_0">Change the stage in the profile</a>'
    assert f"You describe an idea. This follows from the stage of the start-up: “Idea”. {link}" in page


def test_a_draft_is_deleted_by_the_start_ups_own_people_with_its_own_words(call, signed_in) -> None:
    helper = TeamMemberFactory(entry=call.entry).user
    client, address = signed_in(call.founder), at("entry-withdraw", call.entry)
    upload = SimpleUploadedFile("slides.pdf", pdf(2))
    client.post(at("entry-page", call.entry, 2), {"version": 0, "act": "upload", "file-slides": upload})
    kept = Attachment.objects.get().file

    listed = client.get(reverse("competitions:entries")).content.decode()
    asked = client.get(address).content.decode()
    refused = signed_in(helper).post(address)
    with TestCase.captureOnCommitCallbacks(execute=True):
        told = client.post(address, follow=True).content.decode()

    assert address in listed
    assert ("Delete the draft?" in asked, "Judges" in asked) == (True, False)
    assert refused.status_code == 403
    assert "The draft is deleted." in told
    assert not Entry.objects.exists()
    assert not kept.storage.exists(kept.name)
    record = Record.objects.latest("number")
    assert (record.verb, record.actor) == ("entry.deleted", call.founder)


def test_the_mail_of_a_withdrawal_says_who_when_and_that_one_may_begin_again(complete, signed_in) -> None:
    client = signed_in(complete.founder)
    send(client, complete.entry)
    client.post(at("entry-withdraw", complete.entry))

    mail = compose(Message.objects.get(template="competitions/entry_moved"))

    assert mail.subject == f"E-0001 withdrawn: {complete.competition.names['en']}"
    assert f"Withdrawn by: {complete.founder}" in mail.body
    assert "Almaty (UTC+5)" in mail.body
    assert f"/en/competitions/{complete.competition.slug}/apply/" in mail.body


@pytest.mark.parametrize(("most", "words"), [(1, "One file: PDF"), (2, "Up to 2 files: PDF")])
def test_the_upload_says_how_many_files_it_takes(call, signed_in, most, words) -> None:
    item = Item(Question(code="slides", max_files=most))

    assert words in render_to_string("competitions/founder/files.html", {"item": item})


def test_a_winner_reads_what_was_won_when_and_where_it_stands_published(complete, signed_in) -> None:
    submit_entry(entry=complete.entry, by=complete.founder, received_at=timezone.now())
    award = Award.objects.create(
        competition=complete.competition, names={"en": "Grand prize"}, texts={"en": "A week in Geneva."}
    )
    Decision.objects.create(round=complete.round, entry=complete.entry, outcome="winner", award=award)
    client = signed_in(complete.founder)
    before = client.get(at("entry", complete.entry)).content.decode()
    Entry.objects.update(state="winner")
    Competition.objects.update(state="announced", announced_at=timezone.now())

    after = client.get(at("entry", complete.entry))

    page = after.content.decode()
    assert "Grand prize" not in before
    assert all(
        words in page for words in ("You won: Grand prize", "Award: A week in Geneva.", "How results are computed")
    )
    assert f'href="/en/competitions/{complete.competition.slug}/#winners"' in page
    assert "Almaty (UTC+5)" in after.context["events"][-1]["text"]
    assert desk.areas_of(complete.founder)[0].detail == f"You won: {complete.competition}"


@pytest.mark.parametrize(("state", "is_there"), [("reserve", True), ("not_selected", True), ("ineligible", False)])
def test_who_does_not_win_is_told_on_the_desk_that_the_result_is_there(complete, state, is_there) -> None:
    submit_entry(entry=complete.entry, by=complete.founder, received_at=timezone.now())
    before = desk.areas_of(complete.founder)[0].detail
    Entry.objects.update(state=state)
    Competition.objects.update(state="announced", announced_at=timezone.now())

    after = desk.areas_of(complete.founder)[0].detail

    assert "result is there" not in before
    assert (after == f"The result is there: {complete.competition}") is is_there


def test_the_newest_result_is_the_one_on_the_desk(complete) -> None:
    submit_entry(entry=complete.entry, by=complete.founder, received_at=timezone.now())
    other = EntryFactory(startup=complete.entry.startup, submitted=True)
    Entry.objects.filter(pk=complete.entry.pk).update(state="winner")
    Entry.objects.filter(pk=other.pk).update(state="not_selected")
    now = timezone.now()
    Competition.objects.filter(pk=complete.competition.pk).update(state="announced", announced_at=now)
    Competition.objects.filter(pk=other.competition_id).update(state="announced", announced_at=now - timedelta(days=1))
    won = desk.areas_of(complete.founder)[0].detail
    Competition.objects.filter(pk=other.competition_id).update(announced_at=now + timedelta(days=1))
    lost = desk.areas_of(complete.founder)[0].detail

    assert won == f"You won: {complete.competition}"
    assert lost == f"The result is there: {other.competition}"


def test_a_team_on_the_reserve_list_reads_what_that_means(complete, signed_in) -> None:
    submit_entry(entry=complete.entry, by=complete.founder, received_at=timezone.now())
    client, pages = signed_in(complete.founder), {}
    Competition.objects.update(state="announced", announced_at=timezone.now())
    for state in ("reserve", "not_selected"):
        Entry.objects.update(state=state)
        pages[state] = client.get(at("entry", complete.entry)).content.decode()

    words = "if a winner steps back, you may take the place"
    assert [words in pages["reserve"], words in pages["not_selected"]] == [True, False]


@pytest.mark.parametrize(("late", "state"), [(0, EntryState.SUBMITTED), (1, EntryState.DRAFT)])
def test_submit_goes_by_the_servers_clock(complete, signed_in, late, state) -> None:
    Competition.objects.update(closes_at=complete.competition.closes_at.replace(microsecond=0))
    closes = Competition.objects.get(pk=complete.competition.pk).closes_at
    client = signed_in(complete.founder)
    reviewed = client.get(at("entry-review", complete.entry)).context["reviewed"]

    with time_machine.travel(closes + timedelta(seconds=late), tick=False):
        answer = client.post(at("entry-review", complete.entry), {"reviewed": reviewed})

    assert Entry.objects.get().state == state
    assert (answer.status_code == 403) is bool(late)


def test_submit_twice_by_a_double_click_happens_once(complete, signed_in) -> None:
    client = signed_in(complete.founder)
    reviewed = client.get(at("entry-review", complete.entry)).context["reviewed"]

    for _ in range(2):
        client.post(at("entry-review", complete.entry), {"reviewed": reviewed})

    assert (Revision.objects.count(), Message.objects.count()) == (1, 1)


def test_what_changed_since_it_was_reviewed_is_shown_before_it_is_sent(complete, signed_in) -> None:
    client = signed_in(complete.founder)
    reviewed = client.get(at("entry-review", complete.entry)).context["reviewed"]
    save(client, complete.entry, solution="A colleague is just wri")

    refused = client.post(at("entry-review", complete.entry), {"reviewed": reviewed})

    page = refused.content.decode()
    assert refused.status_code == 409
    assert "changed since you read it" in page
    assert "A colleague is just wri" in page
    assert not Revision.objects.exists()
    again = client.post(at("entry-review", complete.entry), {"reviewed": refused.context["reviewed"]})
    assert again["Location"] == at("entry-receipt", complete.entry)


@pytest.mark.parametrize("typed", [{}, {"reviewed": ""}, {"reviewed": "0" * 64}])
def test_nothing_is_sent_without_having_been_reviewed(complete, signed_in, typed) -> None:
    answer = signed_in(complete.founder).post(at("entry-review", complete.entry), typed)

    assert (answer.status_code, Revision.objects.count()) == (409, 0)


def test_after_the_deadline_the_entry_is_frozen(complete, signed_in) -> None:
    client = signed_in(complete.founder)
    send(client, complete.entry)

    with time_machine.travel(complete.competition.closes_at + timedelta(days=1)):
        page = client.get(at("entry-page", complete.entry, 1))
        answer = client.post(at("entry-review", complete.entry), {"reviewed": draft_digest(Entry.objects.get(), [])})
        status = client.get(at("entry", complete.entry)).content.decode()

    assert page["Location"] == at("entry", complete.entry)
    assert answer.status_code == 403
    assert "Change the entry" not in status
    assert "Judges read" in status


def test_when_the_judges_have_read_the_team_and_everybody_are_told_so(complete, signed_in, client) -> None:
    send(signed_in(complete.founder), complete.entry)
    call, seen = reverse("competitions:detail", args=[complete.competition.slug]), {}

    with time_machine.travel(complete.competition.closes_at + timedelta(days=1)):
        for state in ("open", "ranked", "approved"):
            Round.objects.filter(kind="scoring").update(state=state)
            own = signed_in(complete.founder).get(at("entry", complete.entry))
            public = signed_in(PersonFactory()).get(call)
            steps = [(event["label"], event["state"]) for event in own.context["events"]][-2:]
            stage = [event["state"] for event in public.context["stages"]][-1]
            seen[state] = steps, stage, "judges are reading" in public.content.decode()

    assert seen["open"][0] == [("Judges read", "now"), ("Result", "")]
    assert seen["ranked"][0] == [("Judges have read", "done"), ("Result", "now")]
    assert (seen["open"][2], seen["ranked"][1:]) == (True, ("done", False))
    assert seen["approved"] == seen["ranked"]


def test_withdraw_asks_first(complete, signed_in) -> None:
    client = signed_in(complete.founder)
    send(client, complete.entry)

    asked = client.get(at("entry-withdraw", complete.entry)).content.decode()
    client.post(at("entry-withdraw", complete.entry))

    assert "Withdraw the entry?" in asked
    assert Entry.objects.get().state == EntryState.WITHDRAWN


def test_own_entries_lead_on_from_what_was_withdrawn(complete, signed_in) -> None:
    client, own = signed_in(complete.founder), reverse("competitions:entries")
    again = f'href="{reverse("competitions:apply", args=[complete.competition.slug])}"'
    send(client, complete.entry)
    sent = client.get(own).content.decode()
    client.post(at("entry-withdraw", complete.entry))
    withdrawn = client.get(own).content.decode()
    with time_machine.travel(complete.competition.closes_at + timedelta(hours=1)):
        closed = client.get(own).content.decode()
    EntryFactory(competition=complete.competition, startup=complete.entry.startup)
    begun = client.get(own).content.decode()

    assert [again in page for page in (sent, withdrawn, closed, begun)] == [False, True, False, False]
    assert [f'href="{reverse("competitions:list")}">See open' in page for page in (sent, closed)] == [True, True]


def test_the_page_of_a_withdrawn_entry_leads_on(complete, signed_in) -> None:
    client, page = signed_in(complete.founder), at("entry", complete.entry)
    again = f'href="{reverse("competitions:apply", args=[complete.competition.slug])}"'
    others = f'href="{reverse("competitions:list")}">See open competitions'
    send(client, complete.entry)
    sent = client.get(page).content.decode()
    client.post(at("entry-withdraw", complete.entry))
    withdrawn = client.get(page).content.decode()
    with time_machine.travel(complete.competition.closes_at + timedelta(hours=1)):
        closed = client.get(page).content.decode()
    EntryFactory(competition=complete.competition, startup=complete.entry.startup)
    begun = client.get(page).content.decode()

    assert [again in html for html in (sent, withdrawn, closed, begun)] == [False, True, False, False]
    assert [others in html for html in (sent, withdrawn, closed, begun)] == [False, True, True, True]


def test_a_double_click_on_withdraw_leads_to_the_same_page(complete, signed_in) -> None:
    client = signed_in(complete.founder)
    send(client, complete.entry)

    answers = [client.post(at("entry-withdraw", complete.entry))["Location"] for _ in range(2)]

    assert answers == [reverse("competitions:entries")] * 2
    assert Message.objects.filter(template="competitions/entry_moved").count() == 1


def test_a_helper_sees_no_button_to_withdraw_and_is_refused(complete, signed_in) -> None:
    helper = TeamMemberFactory(entry=complete.entry).user
    send(signed_in(complete.founder), complete.entry)
    address = at("entry-withdraw", complete.entry)

    for_helper = signed_in(helper).get(at("entry", complete.entry)).content.decode()
    for_founder = signed_in(complete.founder).get(at("entry", complete.entry)).content.decode()
    refused = signed_in(helper).post(address)

    assert (address in for_helper, address in for_founder) == (False, True)
    assert refused.status_code == 403
    assert "Only the start-up’s own people withdraw an entry" in refused.content.decode()
    assert Entry.objects.get().state == EntryState.SUBMITTED


@pytest.mark.parametrize("uid", ["abc", "8c4f7f2e-0000-7000-8000-000000000000"])
def test_a_member_who_is_not_there_is_not_removed(call, signed_in, uid) -> None:
    kept = TeamMemberFactory(entry=call.entry)

    answer = signed_in(call.founder).post(at("entry-team", call.entry), {"remove": uid})

    assert (answer.status_code, list(TeamMember.objects.current())) == (404, [kept])


def test_a_helper_is_removed_on_the_page_and_reads_nothing_more(call, signed_in) -> None:
    helper = TeamMemberFactory(entry=call.entry)
    stays = TeamMemberFactory(entry=call.entry)
    founder, address = signed_in(call.founder), at("entry-team", call.entry)

    listed = founder.get(address).content.decode()
    by_helper = signed_in(stays.user).get(address).content.decode()
    founder.post(address, {"remove": helper.uid})
    with time_machine.travel(call.competition.closes_at + timedelta(days=1)):
        founder.post(address, {"remove": stays.uid})

    assert (f"?remove={helper.uid}" in listed, f"?remove={helper.uid}" in by_helper) == (True, False)
    for person in (helper.user, stays.user):
        assert signed_in(person).get(at("entry", call.entry)).status_code == 404


def test_a_helper_may_leave(call, signed_in) -> None:
    helper = TeamMemberFactory(entry=call.entry)

    answer = signed_in(helper.user).post(at("entry-team", call.entry), {"remove": helper.uid})

    assert answer["Location"] == reverse("competitions:entries")
    assert not TeamMember.objects.current().exists()


def test_after_the_deadline_the_team_is_listed_and_nobody_invited(call, signed_in) -> None:
    client = signed_in(call.founder)
    with time_machine.travel(call.competition.closes_at + timedelta(days=1)):
        page = client.get(at("entry-team", call.entry))
        refused = client.post(at("entry-team", call.entry), {"email": "friend@test.example"})

    assert "Invite somebody" not in page.content.decode()
    assert "Others can be invited only while the entry can still be changed." in page.content.decode()
    assert (refused.status_code, TeamMember.objects.count(), Message.objects.count()) == (403, 0, 0)


def test_inviting_after_taking_back_stops_with_a_sentence(call, signed_in) -> None:
    client, address = signed_in(call.founder), at("entry-team", call.entry)
    for number in range(11):
        page = client.post(address, {"email": f"stranger{number}@test.example"}).content.decode()
        if number < 10:
            client.post(address, {"remove": TeamMember.objects.current().get().uid})

    assert "No more invitations today" in page
    assert 'value="stranger10@test.example"' in page
    assert Message.objects.count() == 10


def test_the_page_of_the_team_takes_as_many_queries_for_3_as_for_1(call, signed_in, django_assert_num_queries) -> None:
    client, address = signed_in(call.founder), at("entry-team", call.entry)

    def one_more() -> None:
        TeamMemberFactory(entry=call.entry)
        invited = TeamMember.objects.count()
        TeamMemberFactory(entry=call.entry, user=None, email=f"invited{invited}@test.example", joined_at=None)

    one_more()
    with CaptureQueriesContext(connection) as one:
        client.get(address)
    one_more()
    one_more()

    with django_assert_num_queries(len(one)):
        page = client.get(address).content.decode()

    assert page.count("?remove=") == 6


def test_an_invited_person_joins_and_writes(call, signed_in) -> None:
    friend = PersonFactory(email="friend@test.example")
    signed_in(call.founder).post(at("entry-team", call.entry), {"email": "Friend@test.example"})
    member = TeamMember.objects.get()
    link = reverse("competitions:entry-join", args=[member.uid])

    stranger = signed_in(PersonFactory()).post(link)
    joined = signed_in(friend).post(link, follow=True).content.decode()
    written = save(signed_in(friend), call.entry, solution="By a friend")

    assert link in compose(Message.objects.get(template="competitions/invitation")).body
    assert stranger.status_code == 403
    assert "You work on this entry now." in joined
    assert written.json()["version"] == 1


def test_an_invitation_under_another_login_says_so_and_reveals_nothing(call, signed_in) -> None:
    signed_in(call.founder).post(at("entry-team", call.entry), {"email": "friend@test.example"})
    link = reverse("competitions:entry-join", args=[TeamMember.objects.get().uid])
    stranger = PersonFactory()

    answer = signed_in(stranger).get(link)

    page = answer.content.decode()
    assert answer.status_code == 403
    assert f"You are signed in as {stranger.email}" in page
    assert f'name="next" value="/en/accounts/login/?next={link.replace("/", "%2F")}"' in page
    secrets = ("friend@test.example", call.startup.name, call.competition.names["en"], str(call.founder))
    assert not [secret for secret in secrets if secret in page]


def test_a_visitor_with_an_invitation_is_led_to_an_account_with_that_address(call, signed_in, client) -> None:
    PersonFactory(email="known@test.example")
    founder = signed_in(call.founder)
    for email in ("known@test.example", "new@test.example"):
        founder.post(at("entry-team", call.entry), {"email": email})
        link = reverse("competitions:entry-join", args=[TeamMember.objects.get(email=email).uid])

        answer = client.get(link)
        sign_up = client.get(answer.context["signup"])

        assert (answer.status_code, answer.context["signin"]) == (403, f"/en/accounts/login/?next={quoted(link)}")
        assert sign_up.context["form"]["email"].value() == email
        assert f'value="{link}"' in sign_up.content.decode()
        assert call.startup.name not in answer.content.decode()


def quoted(path: str) -> str:
    return path.replace("/", "%2F")


def test_a_visitor_who_applies_is_told_why_an_account_and_comes_back(call, client) -> None:
    address = reverse("competitions:apply", args=[call.competition.slug])

    for answer in (client.get(address), client.post(address, describes(call))):
        page = answer.content.decode()
        assert answer.status_code == 403
        assert "To apply you need an account" in page
        assert f'href="/en/accounts/signup/?next={quoted(address)}"' in page
        assert page.index("Create an account") < page.index("I have an account: sign in")
    assert not Startup.objects.filter(name="New firm").exists()


def test_inviting_oneself_is_refused_with_words(call, signed_in) -> None:
    page = signed_in(call.founder).post(at("entry-team", call.entry), {"email": call.founder.email.upper()})

    assert "This is your own address" in page.content.decode()
    assert (TeamMember.objects.count(), Message.objects.count()) == (0, 0)


def test_taking_an_invitation_back_asks_first_and_says_what_happened(call, signed_in) -> None:
    client, address = signed_in(call.founder), at("entry-team", call.entry)
    client.post(address, {"email": "friend@test.example"})
    member = TeamMember.objects.get()

    asked = client.get(f"{address}?remove={member.uid}").content.decode()
    assert "Take the invitation back?" in asked
    assert TeamMember.objects.current().exists()
    told = client.post(address, {"remove": member.uid}, follow=True).content.decode()

    assert "The invitation of friend@test.example is taken back" in told
    assert not TeamMember.objects.current().exists()


def test_nobody_mails_the_world_through_an_entry(call, signed_in) -> None:
    client = signed_in(call.founder)

    for number in range(12):
        page = client.post(at("entry-team", call.entry), {"email": f"stranger{number}@test.example"})

    assert "No more people can be invited" in page.content.decode()
    assert Message.objects.count() == TeamMember.objects.current().count() == 10


def test_only_the_team_lists_its_entries(call, signed_in) -> None:
    name = call.startup.name

    assert name in signed_in(call.founder).get(reverse("competitions:entries")).content.decode()
    assert name not in signed_in(PersonFactory()).get(reverse("competitions:entries")).content.decode()


# -- figures


def test_the_form_takes_at_most_8_queries(call, signed_in, django_assert_max_num_queries) -> None:
    client = signed_in(call.founder)
    client.get(at("entry-page", call.entry, 2))

    with django_assert_max_num_queries(8):
        client.get(at("entry-page", call.entry, 2))


def test_autosave_takes_at_most_5_queries(call, signed_in, django_assert_max_num_queries) -> None:
    client = signed_in(call.founder)
    save(client, call.entry, solution="First")

    with django_assert_max_num_queries(5):
        answer = save(client, call.entry, version=1, solution="Second")

    assert answer.json()["version"] == 2


def test_submit_takes_at_most_20_queries(complete, signed_in) -> None:
    """Savepoints included; the journal's head is there, as it is after the first record of a platform."""
    take_turn()
    client = signed_in(complete.founder)
    reviewed = client.get(at("entry-review", complete.entry)).context["reviewed"]

    with CaptureQueriesContext(connection) as captured:
        client.post(at("entry-review", complete.entry), {"reviewed": reviewed})

    assert Revision.objects.count() == 1
    assert len(captured) <= 20


def test_the_form_is_light(call, signed_in) -> None:
    page = signed_in(call.founder).get(at("entry-page", call.entry, 1)).content

    assert len(gzip.compress(page)) <= 35 * 1024


def test_the_list_of_entries_takes_as_many_queries_for_3_as_for_1(call, signed_in, django_assert_num_queries) -> None:
    client, address = signed_in(call.founder), reverse("competitions:entries")
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as one:
        client.get(address)
    for _ in range(2):
        EntryFactory(startup=call.startup)
    with django_assert_num_queries(len(one)):
        client.get(address)


def test_the_form_to_apply_takes_as_many_queries_for_3_tracks_as_for_1(call, signed_in, django_assert_num_queries):
    client, address = signed_in(call.founder), reverse("competitions:apply", args=[call.competition.slug])
    StartupOfTeamFactory(founder=call.founder)
    area = Track.objects.create(competition=call.competition, code="area", names={"en": "Area"})
    Track.objects.create(competition=call.competition, code="track-0", names={"en": "Track 0"}, parent=area)
    with CaptureQueriesContext(connection) as one:
        page = client.get(address)
    for number in (1, 2):
        Track.objects.create(competition=call.competition, code=f"track-{number}", names={"en": f"Track {number}"})

    with django_assert_num_queries(len(one)):
        client.get(address)

    assert page.context["form"].fields["track"].choices == [("track-0", "Track 0")]


def test_feedback_comes_after_the_announcement_only(complete, signed_in) -> None:
    submit_entry(entry=complete.entry, by=complete.founder, received_at=timezone.now())
    complete.entry.refresh_from_db()
    seat = AssignmentFactory(round=complete.round, entry=complete.entry, state="done")
    ScoreSheetFactory(
        assignment=seat,
        state="submitted",
        submitted_at=timezone.now(),
        feedback="CANARY feedback",
        private_note="CANARY private",
        total="71.5",
    )
    client = signed_in(complete.founder)

    before = client.get(at("entry", complete.entry)).content.decode()
    Competition.objects.update(state="announced", announced_at=timezone.now())
    after = client.get(at("entry", complete.entry)).content.decode()

    assert "CANARY" not in before
    assert "CANARY feedback" in after
    assert "CANARY private" not in after
    assert "71.5" not in after
    assert seat.judge.user.name not in after


def test_feedback_stands_in_no_order_of_judges_or_hours(complete, signed_in) -> None:
    submit_entry(entry=complete.entry, by=complete.founder, received_at=timezone.now())
    complete.entry.refresh_from_db()
    texts = [f"Said by judge {number}" for number in range(5)]
    for text in texts:
        seat = AssignmentFactory(round=complete.round, entry=complete.entry, state="done")
        ScoreSheetFactory(assignment=seat, state="submitted", submitted_at=timezone.now(), feedback=text, total=50)
    Competition.objects.update(state="announced", announced_at=timezone.now())

    shown = signed_in(complete.founder).get(at("entry", complete.entry)).context["feedback"]

    assert shown == sorted(texts, key=lambda text: hashlib.sha256(text.encode()).hexdigest())
    assert shown != texts


def changed_after_sending(complete, client):
    send(client, complete.entry)
    client.post(at("entry-page", complete.entry, 1), {"version": 0, "solution": "Changed", "act": "save"})


def test_changes_that_were_not_sent_wait_on_the_desk_and_show_in_the_list(complete, signed_in) -> None:
    client = signed_in(complete.founder)
    send(client, complete.entry)
    own = reverse("competitions:entries")
    before = desk.waiting_for(complete.founder), client.get(own).content.decode()

    client.post(at("entry-page", complete.entry, 1), {"version": 0, "solution": "Changed", "act": "save"})
    [waiting] = desk.waiting_for(complete.founder)
    after = client.get(own).content.decode()

    assert before[0] == []
    assert waiting.title == f"Your changes are not sent: {complete.competition}"
    assert (waiting.url, waiting.due) == (at("entry-review", complete.entry), complete.competition.closes_at)
    assert ("changes not sent" in before[1], "changes not sent" in after) == (False, True)
    assert "until <time" in after


def test_next_page_says_how_many_required_answers_are_missing(call, signed_in) -> None:
    client, address = signed_in(call.founder), at("entry-page", call.entry, 1)
    words = "1 required answer is still missing."

    without = client.post(address, {"version": 0, "solution": "", "act": "next"}, follow=True)
    once = client.get(at("entry-page", call.entry, 2)).content.decode()
    right = client.post(address, {"version": 1, "solution": "Panels", "act": "next"}, follow=True)

    assert without.redirect_chain == [(at("entry-page", call.entry, 2), 302)]
    assert [words in page for page in (without.content.decode(), once, right.content.decode())] == [True, False, False]


def test_what_was_sent_is_on_the_desk_until_the_announcement(complete, signed_in) -> None:
    client = signed_in(complete.founder)
    before = desk.sent_by(complete.founder)

    send(client, complete.entry)
    [sent] = desk.sent_by(complete.founder)
    html = client.get("/en/desk/").content.decode()
    with time_machine.travel(complete.competition.closes_at + timedelta(hours=1)):
        [judged] = desk.sent_by(complete.founder)
    Competition.objects.update(state="announced", announced_at=timezone.now())

    assert (before, desk.sent_by(complete.founder), desk.sent_by(PersonFactory())) == ([], [], [])
    assert (sent.title, sent.url) == (str(complete.competition), at("entry", complete.entry))
    assert "You can change it until" in sent.detail
    assert judged.detail == "E-0001. The result is not announced yet."
    assert "E-0001. You can change it until" in html


@pytest.mark.parametrize("number", [1, 3])
def test_what_was_sent_is_one_query_on_the_desk(db, number: int, django_assert_num_queries) -> None:
    person = PersonFactory()
    for _ in range(number):
        EntryFactory(startup=StartupOfTeamFactory(founder=person), submitted=True)

    with django_assert_num_queries(1):
        assert len(desk.sent_by(person)) == number


def test_public_page_says_that_changes_are_not_sent(complete, signed_in) -> None:
    client = signed_in(complete.founder)
    address = reverse("competitions:detail", args=[complete.competition.slug])
    send(client, complete.entry)
    sent = client.get(address).content.decode()
    client.post(at("entry-page", complete.entry, 1), {"version": 0, "solution": "Changed", "act": "save"})
    changed = client.get(address).content.decode()

    assert ("See or change it" in sent, "Your changes are not sent" in sent) == (True, False)
    assert ("See or change it" in changed, "Your changes are not sent" in changed) == (False, True)


def test_review_says_whether_it_was_submitted_and_changed_since(complete, signed_in) -> None:
    client, address = signed_in(complete.founder), at("entry-review", complete.entry)
    draft = client.get(address).content.decode()
    send(client, complete.entry)
    sent = client.get(address).content.decode()
    client.post(at("entry-page", complete.entry, 1), {"version": 0, "solution": "Changed", "act": "save"})
    changed = client.get(address).content.decode()

    assert "You submitted this entry" not in draft
    assert "Nothing has changed since, so there is nothing to send." in sent
    assert "and have changed it since. The changes count only when you send it again." in changed


def test_main_button_of_changes_that_were_not_sent_leads_to_sending(complete, signed_in) -> None:
    client = signed_in(complete.founder)
    send(client, complete.entry)
    sent = client.get(at("entry", complete.entry)).content.decode()
    client.post(at("entry-page", complete.entry, 1), {"version": 0, "solution": "Changed", "act": "save"})
    changed = client.get(at("entry", complete.entry)).content.decode()

    main = [re.findall(r'class="btn" href="([^"]+)"', page) for page in (sent, changed)]
    assert main == [[at("entry-page", complete.entry, 1)], [at("entry-review", complete.entry)]]


def test_receipt_says_until_when_the_entry_can_be_changed(complete, signed_in) -> None:
    client = signed_in(complete.founder)
    send(client, complete.entry)

    before = client.get(at("entry-receipt", complete.entry)).content.decode()
    with time_machine.travel(complete.competition.closes_at + timedelta(hours=1)):
        after = client.get(at("entry-receipt", complete.entry)).content.decode()

    assert [("send it again until" in page) for page in (before, after)] == [True, False]


def test_changes_sent_again_or_too_late_wait_no_more(complete, signed_in) -> None:
    client = signed_in(complete.founder)
    changed_after_sending(complete, client)
    send(client, complete.entry)
    sent_again = desk.waiting_for(complete.founder)

    client.post(at("entry-page", complete.entry, 1), {"version": 1, "solution": "Later", "act": "save"})
    with time_machine.travel(complete.competition.closes_at + timedelta(hours=1)):
        too_late = desk.waiting_for(complete.founder)

    assert (sent_again, too_late) == ([], [])
    assert len(desk.waiting_for(complete.founder)) == 1


def test_who_has_applied_is_not_told_how_to_begin_applying(complete, signed_in) -> None:
    client = signed_in(complete.founder)
    send(client, complete.entry)

    page = client.get("/en/desk/").content.decode()

    assert "See open calls and apply" not in page
    assert "Where to begin" not in page
    assert "What else you can do" in page


def test_the_receipt_of_a_withdrawn_entry_says_when_and_that_nothing_counts(complete, signed_in) -> None:
    client = signed_in(complete.founder)
    changed_after_sending(complete, client)
    counts = send(client, complete.entry, follow=True).content.decode()
    client.post(at("entry-withdraw", complete.entry))

    page = client.get(at("entry-receipt", complete.entry)).content.decode()

    assert "Your application is with us" in counts
    assert "Your application is with us" not in page
    assert re.search(r"Withdrawn on [^<]*Almaty \(UTC\+5\)", page)
    assert "This receipt stays as proof" in page
    assert ("</svg>counts</span>" in counts, "</svg>counts</span>" in page) == (True, False)
    assert "The last one counts" not in page


def test_a_condition_that_is_only_preferred_says_so_before_the_form_as_well(call, signed_in) -> None:
    RuleFactory(competition=call.competition, kind="team_size", parameters={}, effect="warn")
    client = signed_in(call.founder)

    pages = [client.get(reverse(f"competitions:{name}", args=["open-call"]) + "?new=1") for name in ("detail", "apply")]

    assert ["(preferred, not required)" in page.content.decode() for page in pages] == [True, True]


def test_the_question_before_withdrawing_knows_that_applications_are_closed(complete, signed_in) -> None:
    client = signed_in(complete.founder)
    send(client, complete.entry)
    while_open = client.get(at("entry-withdraw", complete.entry)).content.decode()
    Competition.objects.update(closes_at=timezone.now() - timedelta(days=1))

    closed = client.get(at("entry-withdraw", complete.entry)).content.decode()

    assert "you can begin a new entry" in while_open
    assert "you can begin a new entry" not in closed
    assert "no new entry can be made" in closed


def test_a_start_up_described_while_applying_is_written_in_the_language_chosen(call, signed_in) -> None:
    client = signed_in(PersonFactory())

    client.post(reverse("competitions:apply", args=[call.competition.slug]), describes(call, language="ru"))

    assert Startup.objects.get(name="New firm").language == "ru"


def test_a_helper_without_a_zone_reads_the_organisers_hour_everywhere(complete, signed_in) -> None:
    """Also in the mail of what somebody else sent, who reads in another zone."""
    complete.competition.closes_at = complete.competition.closes_at.replace(hour=12, minute=0, second=0, microsecond=0)
    complete.competition.save()
    helper = TeamMemberFactory(entry=complete.entry, user__language="en").user
    client = signed_in(helper)
    on_desk = client.get("/en/desk/").content.decode()
    form = client.get(at("entry", complete.entry)).content.decode()
    send(signed_in(complete.founder), complete.entry)
    receipt = signed_in(helper).get(at("entry-receipt", complete.entry)).content.decode()
    mail = compose(Message.objects.get(recipient=helper)).body

    assert helper.time_zone == "UTC"
    texts = {"desk": on_desk, "form": form, "receipt": receipt, "mail": mail}
    assert {name: "Bishkek (UTC+6)" in text for name, text in texts.items()} == dict.fromkeys(texts, True)
    assert {name for name, text in texts.items() if "Almaty" in text} == set()
    assert all("18:00, Bishkek" in text for text in (on_desk, form, mail))


def test_the_mistakes_of_applying_stand_in_one_box(call, signed_in) -> None:
    typed = {"name": "", "country": "", "stage": "", "language": ""}

    page = signed_in(PersonFactory()).post(reverse("competitions:apply", args=[call.competition.slug]), typed)

    text = page.content.decode()
    assert text.count('class="note bad summary') == 1
    assert "4 answers need another look" in text


def test_a_refused_file_and_a_wrong_number_stand_in_one_box(call, signed_in) -> None:
    bad = SimpleUploadedFile("slides.pdf", EVIL)
    typed = {"version": 0, "jobs": "many", "act": "next", "file-slides": bad}

    page = signed_in(call.founder).post(at("entry-page", call.entry, 2), typed)

    text = page.content.decode()
    assert text.count('class="note bad summary') == 1
    assert "2 answers need another look" in text
    assert text.index('href="#id_jobs"') < text.index('href="#id_file-slides"')


def test_an_award_that_only_says_winner_is_not_said_twice(complete, signed_in) -> None:
    submit_entry(entry=complete.entry, by=complete.founder, received_at=timezone.now())
    award = Award.objects.create(competition=complete.competition, names={"en": "Winner", "ru": "Победитель"})
    Decision.objects.create(round=complete.round, entry=complete.entry, outcome="winner", award=award)
    Entry.objects.update(state="winner")
    Competition.objects.update(state="announced", announced_at=timezone.now())
    client = signed_in(complete.founder)

    english, russian = (
        client.get(f"/{code}{at('entry', complete.entry)[3:]}").content.decode() for code in ("en", "ru")
    )

    assert ('<h2 id="won">You won</h2>' in english, "You won:" in english) == (True, False)
    assert "Вы победили</h2>" in russian


def test_a_helper_who_is_refused_is_not_sent_to_managers_for_a_role(complete, signed_in) -> None:
    helper = TeamMemberFactory(entry=complete.entry).user
    send(signed_in(complete.founder), complete.entry)

    page = signed_in(helper).get(at("entry-withdraw", complete.entry))

    text = page.content.decode()
    assert page.status_code == 403
    assert "Only the start-up’s own people withdraw an entry" in text
    assert "can give you the role" not in text


def test_applying_again_leads_to_the_draft_with_words(call, signed_in) -> None:
    client, address = signed_in(call.founder), reverse("competitions:apply", args=[call.competition.slug])

    opened = client.get(address, follow=True)
    posted = client.post(address, {"startup": call.startup.uid, "language": "en"}, follow=True)
    other = client.get(f"{address}?new=1")

    assert [page.redirect_chain[0][0] for page in (opened, posted)] == [at("entry", call.entry)] * 2
    assert all("You have begun this application already" in page.content.decode() for page in (opened, posted))
    assert other.status_code == 200


def test_who_has_another_start_up_may_choose_it(call, signed_in) -> None:
    StartupOfTeamFactory(founder=call.founder)

    page = signed_in(call.founder).get(reverse("competitions:apply", args=[call.competition.slug]))

    assert (page.status_code, len(page.context["startups"])) == (200, 2)


def test_the_same_file_again_is_kept_once_and_said_so(call, signed_in) -> None:
    client, same = signed_in(call.founder), pdf(2)
    answers = [
        client.post(
            at("entry-page", call.entry, 2),
            {"version": 0, "act": "upload", "file-slides": SimpleUploadedFile("slides.pdf", same)},
            follow=True,
        ).content.decode()
        for _ in range(2)
    ]

    assert ["This file is here already: slides.pdf." in answer for answer in answers] == [False, True]
    assert Attachment.objects.count() == 1


def test_a_team_whose_entry_nobody_read_is_told_why(complete, signed_in) -> None:
    entry = complete.entry
    submit_entry(entry=entry, by=complete.founder, received_at=timezone.now())
    entry.refresh_from_db()
    unread_row, read_row = (
        RankRow.objects.create(ranking=RankingFactory(round=complete.round), entry=entry, reads=n) for n in (0, 1)
    )
    about = {"outcome": "not_selected", "reason": "No judge of this field.", "from_row": unread_row}
    DecisionFactory(round=complete.round, entry=entry, **about)
    Entry.objects.filter(pk=entry.pk).update(state="not_selected")
    Competition.objects.update(state="announced", announced_at=timezone.now())
    page, client = at("entry", entry), signed_in(complete.founder)

    unread = client.get(page)
    Decision.objects.update(from_row=read_row)
    read = client.get(page)

    steps = [[(event["label"], event["state"]) for event in answer.context["events"]][-2] for answer in (unread, read)]
    assert steps == [("No score sheet counts", ""), ("Judges have read", "done")]
    assert "No judge of this field." in unread.content.decode()
    assert "No judge of this field." not in read.content.decode()


@pytest.mark.parametrize("who", ["colleague", "helper"])
def test_who_is_in_the_team_is_not_invited_and_said_so(call, signed_in, who) -> None:
    colleague = PersonFactory()
    StartupMember.objects.create(startup=call.startup, user=colleague, role="editor")
    helper = TeamMemberFactory(entry=call.entry).user
    email = {"colleague": colleague, "helper": helper}[who].email.upper()

    page = signed_in(call.founder).post(at("entry-team", call.entry), {"email": email}).content.decode()

    assert "This person is already in the team" in page
    assert "The invitation is on its way" not in page
    assert (TeamMember.objects.count(), Message.objects.count()) == (1, 0)


def test_an_address_that_was_invited_before_is_told_with_the_day(call, signed_in) -> None:
    client, address = signed_in(call.founder), at("entry-team", call.entry)
    client.post(address, {"email": "friend@test.example"})
    TeamMember.objects.update(invited_at=timezone.now() - timedelta(minutes=1))

    page = client.post(address, {"email": "Friend@test.example"}).content.decode()

    assert re.search(r"An invitation to this address already waits for an answer; it was sent on [^<]*Almaty", page)
    assert (TeamMember.objects.count(), Message.objects.count()) == (1, 1)


def test_the_way_of_a_withdrawn_entry_says_when(complete, signed_in) -> None:
    client = signed_in(complete.founder)
    send(client, complete.entry)
    client.post(at("entry-withdraw", complete.entry))

    step = client.get(at("entry", complete.entry)).context["events"][-1]

    assert step["label"] == "Withdrawn"
    assert "Bishkek (UTC+6)" in step["text"]


def test_applying_names_the_entry_that_is_there_and_the_refusal_leads_to_it(complete, signed_in) -> None:
    client, address = signed_in(complete.founder), reverse("competitions:apply", args=["open-call"])
    RuleFactory(competition=complete.competition, kind="one_entry", parameters={"limit": 1})
    send(client, complete.entry)
    link = f'href="{at("entry", complete.entry)}"'

    opened = client.get(address).content.decode()
    refused = client.post(address, {"startup": complete.startup.uid, "language": "en"}).content.decode()
    other = signed_in(PersonFactory()).get(address).content.decode()

    assert "You have applied to this competition already" in opened
    assert "E-0001" in opened
    assert (opened.count(link), refused.count(link), other.count(link)) == (1, 2, 0)
    assert "submitted</span>" in opened


def test_the_refusal_of_a_described_start_up_leads_to_its_entry_as_well(complete, signed_in) -> None:
    client, address = signed_in(complete.founder), reverse("competitions:apply", args=["open-call"])
    RuleFactory(competition=complete.competition, kind="one_entry", parameters={"limit": 1})
    send(client, complete.entry)

    typed = describes(complete, name=complete.startup.name)
    refused = client.post(f"{address}?new=1", typed).content.decode()

    assert refused.count(f'href="{at("entry", complete.entry)}"') == 2


def test_the_form_to_apply_takes_as_many_queries_for_3_entries_as_for_1(
    call, signed_in, django_assert_num_queries
) -> None:
    client, address = signed_in(call.founder), reverse("competitions:apply", args=["open-call"])
    StartupOfTeamFactory(founder=call.founder)
    with CaptureQueriesContext(connection) as one:
        client.get(address)
    for _number in range(2):
        more = StartupOfTeamFactory(founder=call.founder)
        EntryFactory(competition=call.competition, startup=more, form=call.form)

    with django_assert_num_queries(len(one)):
        page = client.get(address)

    assert len(page.context["entries"]) == 3


def test_a_preferred_condition_that_is_missed_is_told_at_the_check_and_stops_nothing(call, signed_in) -> None:
    RuleFactory(
        competition=call.competition,
        kind="stage",
        parameters={"stages": ["growth"]},
        effect="warn",
        messages={"en": "Growing firms come first."},
    )
    statement = RuleFactory(competition=call.competition, kind="statement", parameters={})
    client, address = signed_in(PersonFactory()), reverse("competitions:apply", args=["open-call"])

    refused = client.post(address, describes(call))
    passed = client.post(address, describes(call) | {f"statement-{statement.pk}": "on"}, follow=True)

    entry = Entry.objects.get(startup__name="New firm")
    assert passed.redirect_chain[0][0] == at("entry", entry)
    told = "Preferred, not required: Growing firms come first."
    assert [told in page.content.decode() for page in (refused, passed)] == [True, True]


def test_after_withdrawing_the_answers_may_be_taken_over(complete, signed_in) -> None:
    client, address = signed_in(complete.founder), reverse("competitions:apply", args=["open-call"])
    before = client.get(f"{address}?new=1").content.decode()
    Entry.objects.update(answers=complete.entry.answers | {"gone": "No such question"})
    send(client, complete.entry)
    client.post(at("entry-withdraw", complete.entry))

    opened = client.get(address).content.decode()
    client.post(address, {"startup": complete.startup.uid, "language": "en", "again": "on"})

    entry = Entry.objects.get(state=EntryState.DRAFT)
    assert ("of the withdrawn entry" in before, "of the withdrawn entry" in opened) == (False, True)
    assert entry.answers == complete.entry.answers
    assert (entry.serial, entry.standing) == (None, None)


def test_after_withdrawing_nothing_is_taken_over_unasked(complete, signed_in) -> None:
    client, address = signed_in(complete.founder), reverse("competitions:apply", args=["open-call"])
    send(client, complete.entry)
    client.post(at("entry-withdraw", complete.entry))

    client.post(address, {"startup": complete.startup.uid, "language": "en"})

    assert Entry.objects.get(state=EntryState.DRAFT).answers == {}


def test_the_others_of_the_team_are_told_that_their_draft_is_deleted(call, signed_in) -> None:
    helper = PersonFactory(language="ru", time_zone="Asia/Almaty")
    TeamMemberFactory(entry=call.entry, user=helper)
    TeamMemberFactory(entry=call.entry, user=None, email="invited@test.example", joined_at=None)

    signed_in(call.founder).post(at("entry-withdraw", call.entry))

    message = Message.objects.get(template="competitions/draft_deleted")
    mail = compose(message)
    assert mail.to == [helper.email]
    assert call.startup.name in mail.body
    assert f": {call.founder}" in mail.body
    assert "(UTC+5)" in mail.body


def test_changes_that_were_not_sent_can_be_thrown_away(complete, signed_in) -> None:
    client, address = signed_in(complete.founder), at("entry-revert", complete.entry)
    page = at("entry-page", complete.entry, 2)
    client.post(page, {"version": 0, "jobs": "12", "act": "upload", "file-slides": SimpleUploadedFile("a.pdf", pdf(1))})
    sent = send(client, complete.entry) and Attachment.objects.get()
    client.post(at("entry-page", complete.entry, 1), {"version": 0, "solution": "Changed", "act": "save"})
    client.post(page, {"version": 1, "jobs": "12", "act": f"remove:{sent.uid}"})
    client.post(page, {"version": 1, "jobs": "12", "act": "upload", "file-slides": SimpleUploadedFile("b.pdf", pdf(2))})
    added = Attachment.objects.current().get()

    offered = client.get(at("entry", complete.entry)).content.decode()
    asked = client.get(address).content.decode()
    assert Entry.objects.get().answers["solution"] == "Changed"
    with TestCase.captureOnCommitCallbacks(execute=True):
        told = client.post(address, follow=True).content.decode()
        client.post(address)

    entry = Entry.objects.get()
    assert address in offered
    assert "Go back to what was sent?" in asked
    assert "The draft says again what you sent" in told
    assert (address in told, entry.is_changed_since_sent) == (False, False)
    assert entry.answers == entry.standing.answers
    assert list(entry.attachments.current()) == [sent]
    assert sent.file.storage.exists(sent.file.name)
    assert not added.file.storage.exists(added.file.name)
    assert Record.objects.filter(verb="entry.reverted", actor=complete.founder).count() == 1
    stale = save(client, entry, version=1, solution="Typed in a page still open")
    assert (stale.status_code, Revision.objects.count()) == (409, 1)


def test_nothing_is_thrown_away_after_the_deadline_or_by_strangers(complete, signed_in) -> None:
    client, address = signed_in(complete.founder), at("entry-revert", complete.entry)
    draft = client.get(address)
    changed_after_sending(complete, client)
    stranger = signed_in(PersonFactory()).post(address)
    with time_machine.travel(complete.competition.closes_at + timedelta(hours=1)):
        late = client.post(address)

    assert draft["Location"] == at("entry", complete.entry)
    assert (stranger.status_code, late.status_code) == (404, 403)
    assert Entry.objects.get().answers["solution"] == "Changed"
