"""Canaries in everything that is not shown, hunted as everybody through every door."""

import json

import pytest
from django.test import Client

from mentors import desk
from mentors.enums import RoleState, Visibility
from mentors.models import Expert
from mentors.services.engagements import send_letter
from mentors.services.requests import ask_expert
from mentors.services.search_text import refresh
from network_platform.background.delivery import compose
from network_platform.background.models import Message, MessageState
from network_platform.journal.models import Record
from network_platform.people.models import User
from network_platform.people.services.erasure import erase_person
from network_platform.people.services.roles import deactivate_person, reactivate_person
from network_platform.search.models import SearchDocument
from network_platform.search.results import results_for
from tests.mentors.factories import (
    EngagementFactory,
    ExpertFactory,
    ExpertRoleFactory,
    PersonFactory,
    RequestFactory,
    focal_point,
    secretary,
)

pytestmark = pytest.mark.django_db

CANARY = "Kanareyka"


def canary(visibility, state=RoleState.APPROVED):
    """An expert whose every text and address holds the bird."""
    expert = ExpertFactory(
        user=PersonFactory(email=f"{CANARY.lower()}@nowhere.example", name=CANARY),
        slug="bird-slug",
        name=CANARY,
        name_latin=f"{CANARY} Latin",
        headline={"en": f"{CANARY} headline", "ru": f"{CANARY} строка"},
        bio={"en": f"{CANARY} bio"},
    )
    ExpertRoleFactory(expert=expert, visibility=visibility, state=state)
    refresh(expert)
    return expert


def doors(expert):
    return [
        "/en/mentors/",
        "/ru/mentors/?role=mentor&country=KZ&skill=pitching",
        f"/en/mentors/?q={CANARY}",
        "/en/mentors/export/",
        f"/en/mentors/export/?q={CANARY}",
        f"/en/mentors/{expert.slug}/",
        f"/en/mentors/{expert.slug}/ask/",
        f"/en/mentors/queue/{expert.uid}/",
        "/en/mentors/queue/",
        "/api/v1/experts/",
        f"/api/v1/experts/?search={CANARY}",
        f"/api/v1/experts/{expert.slug}/",
        "/en/mentors/requests/",
        "/en/desk/",
    ]


def text_behind(client, path):
    response = client.get(path)
    return (b"".join(response.streaming_content) if response.streaming else response.content).decode()


def shows(client, path, expert):
    """The list repeats the words searched for, so there the link to the expert's page counts."""
    if path == f"/en/mentors/?q={CANARY}":
        return f'href="{expert.slug}/"' in text_behind(client, path)
    return CANARY.lower() in text_behind(client, path).lower()


def seen_by(user, expert):
    client = Client()
    if user:
        client.force_login(user)
    return {path for path in doors(expert) if shows(client, path, expert)}


@pytest.mark.parametrize("state", RoleState)
def test_a_hidden_expert_is_nowhere_for_strangers(state):
    expert = canary(Visibility.HIDDEN, state)

    for user in (None, PersonFactory(), focal_point("KG"), ExpertRoleFactory().expert.user):
        assert seen_by(user, expert) == set()


@pytest.mark.parametrize("state", [state for state in RoleState if state != RoleState.APPROVED])
def test_an_expert_who_is_not_approved_is_nowhere_for_strangers(state):
    expert = canary(Visibility.PUBLIC, state)

    for user in (None, PersonFactory(), focal_point("KG")):
        assert seen_by(user, expert) == set()


def test_visitors_see_nothing_of_a_network_expert():
    expert = canary(Visibility.NETWORK)

    assert seen_by(None, expert) == set()
    assert "/en/mentors/" in seen_by(PersonFactory(), expert)


def test_the_api_shows_public_experts_only_whoever_asks():
    canary(Visibility.NETWORK)

    for user in (PersonFactory(), focal_point("KZ"), secretary()):
        client = Client()
        client.force_login(user)
        assert client.get("/api/v1/experts/").json()["results"] == []


def test_no_door_shows_an_address_to_anybody():
    expert = canary(Visibility.PUBLIC)

    for user in (None, PersonFactory(), focal_point("KZ"), secretary(), expert.user):
        client = Client()
        if user:
            client.force_login(user)
        assert [path for path in doors(expert) if "nowhere.example" in text_behind(client, path)] == []


def test_the_search_text_of_an_audience_holds_only_what_it_may_read():
    canary(Visibility.HIDDEN)
    canary_documents = SearchDocument.objects.filter(kind="expert")

    assert {document.audience for document in canary_documents} == {"country:KZ"}
    assert list(results_for(CANARY, audiences=["public", "signed-in", "country:KG"]).things) == []


def test_search_is_no_oracle_for_hidden_texts():
    expert = canary(Visibility.PUBLIC)
    expert.roles.update(visibility=Visibility.HIDDEN)
    open_role = ExpertRoleFactory(expert=expert, role="trainer")
    open_role.skills.clear()
    refresh(expert)

    page = Client().get("/en/mentors/?q=pitching").content.decode()

    assert expert.slug not in page
    assert expert.slug in Client().get("/en/mentors/").content.decode()


def test_facet_counts_do_not_count_what_is_not_shown():
    canary(Visibility.HIDDEN)
    canary_page = Client().get("/en/mentors/").content.decode()

    assert "0 experts" in canary_page
    assert "Pitching" not in canary_page


def test_sitemap_and_rebuilt_index_keep_to_the_rule():
    hidden = canary(Visibility.HIDDEN)
    shown = ExpertRoleFactory().expert

    assert list(desk.sitemap()) == ["mentors/", f"mentors/{shown.slug}/"]
    by_audience = {(document.key, document.audience) for document in desk.search_documents()}
    assert by_audience == {(str(hidden.uid), "country:KZ"), (str(shown.uid), "public")}


def test_closed_access_takes_an_expert_out_of_the_public_search_until_it_is_opened():
    expert, office = canary(Visibility.PUBLIC), secretary()

    def found():
        return [document.key for document in results_for(CANARY, audiences=["public"]).things]

    before = found()
    deactivate_person(person=expert.user, by=office, reason="Left")
    while_closed = found()
    reactivate_person(person=expert.user, by=office)

    assert (before, while_closed, found()) == ([str(expert.uid)], [], [str(expert.uid)])


def test_only_the_two_read_a_request():
    asked = RequestFactory(need=f"{CANARY} needs help")
    path = f"/en/mentors/requests/{asked.uid}/"
    readers = {}

    for name, user in {
        "asker": asked.asker,
        "expert": asked.expert.user,
        "member": PersonFactory(),
        "focal": focal_point("KZ"),
        "secretariat": secretary(),
    }.items():
        client = Client()
        client.force_login(user)
        readers[name] = CANARY in client.get(path).content.decode()

    assert readers == {"asker": True, "expert": True, "member": False, "focal": False, "secretariat": False}


def test_the_request_mail_goes_to_the_expert_alone():
    role = ExpertRoleFactory()
    focal_point("KZ")
    ask_expert(role=role, by=PersonFactory(email="asker@nowhere.example"), need=f"{CANARY} needs", language="ru")

    mail = Message.objects.get()
    assert mail.address == role.expert.user.email
    assert "nowhere.example" not in json.dumps(mail.context) + compose(mail).body


def test_erasure_drops_the_person_and_keeps_the_figures():
    expert = canary(Visibility.PUBLIC)
    asked = RequestFactory(role=expert.roles.get(), reply=CANARY)

    desk.erase(expert.user)

    expert.refresh_from_db()
    asked.refresh_from_db()
    rest = json.dumps([expert.name, expert.name_latin, expert.slug, expert.headline, expert.bio, asked.reply])
    assert CANARY.lower() not in rest.lower()
    assert (Expert.objects.count(), asked.state) == (1, "declined")
    assert not SearchDocument.objects.filter(key=str(expert.uid)).exists()
    assert CANARY.lower() not in json.dumps(list(Message.objects.values_list("context", flat=True))).lower()


def test_erasing_an_asker_withdraws_and_blanks_what_they_wrote():
    asked = RequestFactory(need=f"{CANARY} needs help")

    desk.erase(asked.asker)

    asked.refresh_from_db()
    assert (asked.need, asked.state) == ("", "withdrawn")


def test_no_mail_names_somebody_who_was_erased():
    asker, role = PersonFactory(name=CANARY), ExpertRoleFactory()
    engagement = EngagementFactory(request__asker=asker)
    ask_expert(role=role, by=asker, need=f"{CANARY} needs", language="ru")
    send_letter(engagement=engagement, by=asker, text=f"{CANARY} writes")
    before = Message.objects.filter(state=MessageState.QUEUED).count()

    erase_person(user=asker, by=asker)

    waiting = Message.objects.filter(state=MessageState.QUEUED)
    assert before == 2
    assert sorted(mail.template for mail in waiting) == [
        "mentors/engagement_ended",
        "mentors/request_withdrawn_expert",
    ]
    assert CANARY not in json.dumps(list(Message.objects.values_list("context", flat=True)))


@pytest.mark.parametrize("gone", ["asker", "expert"])
def test_a_conversation_ends_with_the_account_of_either_and_the_other_is_told(gone: str):
    engagement = EngagementFactory()
    asker, expert = engagement.request.asker, engagement.request.expert.user
    send_letter(engagement=engagement, by=asker, text=CANARY)
    send_letter(engagement=engagement, by=expert, text=CANARY)
    left, stays = (asker, expert) if gone == "asker" else (expert, asker)
    User.objects.filter(pk=left.pk).update(name=CANARY)
    reader = Client()
    reader.force_login(stays)

    erase_person(user=left, by=left)

    engagement.refresh_from_db()
    page = reader.get(f"/en/mentors/requests/{engagement.request.uid}/").content.decode()
    [mail] = Message.objects.filter(template="mentors/engagement_ended")
    assert (engagement.state, mail.recipient) == ("ended", stays)
    assert Record.objects.get(verb="engagement.ended").actor is None
    assert [words in page for words in ("This has ended.", "The words went with the account.", "<textarea")] == [
        True,
        True,
        False,
    ]
    assert ("Find somebody else" in page) == (gone == "expert")
    assert CANARY not in compose(mail).body


def test_who_asked_an_expert_that_was_erased_still_hears_of_it():
    expert, asker = canary(Visibility.PUBLIC), PersonFactory()
    ask_expert(role=expert.roles.get(), by=asker, need="Help us.", language="ru")

    erase_person(user=expert.user, by=expert.user)

    mail = Message.objects.get(recipient=asker)
    assert (mail.template, mail.state) == ("mentors/request_declined_asker", MessageState.QUEUED)
    assert CANARY not in compose(mail).body


def test_own_data_holds_the_profile_and_what_was_written():
    asked = RequestFactory(need="Mine")

    mine, theirs = desk.personal_data(asked.asker)["mentors"], desk.personal_data(asked.expert.user)["mentors"]

    assert mine["requests_made"][0]["need"] == "Mine"
    assert theirs["profile"]["name"] == asked.expert.name
    assert "Mine" not in json.dumps(theirs)
