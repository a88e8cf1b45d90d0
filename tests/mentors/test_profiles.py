"""Joining: the form, its drafts, consent and what stands in the database afterwards."""

import json
import re
import uuid

import pytest
import time_machine
from django.test import Client
from django.utils.translation import override

from mentors.consents import CONTACT, NETWORK_PROFILE, PUBLIC_PROFILE
from mentors.enums import Availability, RoleState, Visibility
from mentors.forms import ProfileForm
from mentors.models import Expert, ExpertDraft, ExpertRole
from mentors.services.drafts import save_draft
from mentors.services.search_text import refresh
from network_platform.background.delivery import compose
from network_platform.background.models import Message
from network_platform.controls import mistakes
from network_platform.journal.models import Record
from network_platform.people import consents
from network_platform.search.models import SearchDocument
from tests.mentors.factories import ExpertFactory, ExpertRoleFactory, PersonFactory, focal_point

pytestmark = pytest.mark.django_db

FILLED = {
    "name": "Үлгі Мысалов",
    "name_latin": "Ulgi Mysalov",
    "country": "KZ",
    "time_zone": "Asia/Almaty",
    "roles": ["mentor", "trainer"],
    "capacity_mentor": "3",
    "availability_mentor": "open",
    "capacity_trainer": "1",
    "availability_trainer": "limited",
    "skills": ["pitching", "legal"],
    "sectors": ["agritech"],
    "stages": ["idea"],
    "language_kk": "native",
    "language_ru": "fluent",
    "headline_ru": "Помогает",
    "bio_ru": "Двадцать лет",
    "own_language": "kk",
    "headline_own": "Көмектеседі",
    "visibility": "public",
}


@pytest.fixture
def person():
    return PersonFactory()


@pytest.fixture
def client(person):
    client = Client()
    client.force_login(person)
    return client


def autosave(client, version, save_id="", **data):
    headers = {"X-Autosave": "1", **({"X-Save-Id": save_id} if save_id else {})}
    return client.post("/en/mentors/join/autosave/", {"version": version, **data}, headers=headers)


def send(client, **changes):
    """Save, look at the preview, agree to all that is asked."""
    version = getattr(ExpertDraft.objects.first(), "version", 0)
    client.post("/en/mentors/join/", {**FILLED, "version": version, "go": "1", **changes})
    page = client.get("/en/mentors/join/preview/").context
    answers = dict.fromkeys(page["form"].fields, "on")
    return client.post("/en/mentors/join/preview/", {**answers, "version": page["draft"].version})


def test_autosave_keeps_incomplete_input(client, person):
    response = autosave(client, 0, name="Ү", capacity_mentor="many", roles=["mentor"])

    draft = ExpertDraft.objects.get(user=person)
    assert (response.json()["version"], draft.version) == (1, 1)
    assert (draft.content["name"], draft.content["capacity_mentor"], draft.content["roles"]) == (
        "Ү",
        "many",
        ["mentor"],
    )
    assert "saved_at" in response.json()
    assert Expert.objects.count() == 0


def test_autosave_of_an_old_version_conflicts_and_shows_the_other_text(client):
    autosave(client, 0, name="First")
    autosave(client, 1, name="Second")

    response = autosave(client, 1, name="Third")

    assert (response.status_code, response.json()["version"]) == (409, 2)
    assert response.json()["theirs"]["name"] == "Second"
    assert ExpertDraft.objects.get().content["name"] == "Second"


def test_a_repeated_autosave_happens_once(client):
    save_id = str(uuid.uuid4())
    first = autosave(client, 0, save_id, name="First").json()["version"]
    again = autosave(client, 0, save_id, name="First").json()["version"]

    assert (first, again, ExpertDraft.objects.get().version) == (1, 1, 1)


def test_autosave_costs_few_queries(client, django_assert_max_num_queries):
    autosave(client, 0, name="First")

    with django_assert_max_num_queries(4):  # session, person, draft, write
        autosave(client, 1, name="Second")


def test_the_plain_form_tells_of_a_conflict_and_shows_both_texts(client):
    client.post("/en/mentors/join/", {"version": 0, "name": "First", "roles": ["mentor"]})

    response = client.post("/en/mentors/join/", {"version": 0, "name": "Other tab", "roles": ["trainer", "tracker"]})

    page = response.content.decode()
    assert response.status_code == 409
    assert 'value="Other tab"' in page
    assert 'name="version" value="0"' in page
    assert [(each.label, each.mine, each.theirs) for each in response.context["differences"]] == [
        ("Your name", "Other tab", "First"),
        ("How you help", "Trainer, Tracker", "Mentor"),
    ]
    assert "First" in page
    assert ExpertDraft.objects.get().content["name"] == "First"


def test_the_own_text_replaces_the_other_one_only_when_the_person_says_so(client):
    client.post("/en/mentors/join/", {"version": 0, "name": "First"})
    client.post("/en/mentors/join/", {"version": 0, "name": "Mine"})
    again = client.post("/en/mentors/join/", {"version": 0, "name": "Mine"})
    before = ExpertDraft.objects.get().content["name"]

    client.post("/en/mentors/join/", {"version": 0, "name": "Mine", "instead_of": "1"})

    assert (again.status_code, before, ExpertDraft.objects.get().content["name"]) == (409, "First", "Mine")


def test_what_was_saved_after_the_comparison_is_not_replaced_either(client):
    client.post("/en/mentors/join/", {"version": 0, "name": "First"})
    client.post("/en/mentors/join/", {"version": 0, "name": "Mine"})
    autosave(client, 1, name="Third")

    response = client.post("/en/mentors/join/", {"version": 0, "name": "Mine", "instead_of": "1"})

    assert response.status_code == 409
    assert ExpertDraft.objects.get().content["name"] == "Third"


def shown(client):
    """What a form that was opened now sends besides the fields."""
    context = client.get("/en/mentors/join/").context
    return {"version": context["version"], "seen": str(context["seen"])}


def test_two_tabs_that_change_different_fields_do_not_meet(client):
    autosave(client, 0, **FILLED)
    page, lost = shown(client), str(uuid.uuid4())
    autosave(client, save_id="", **page, **{**FILLED, "bio_ru": "", "skills": ["legal"]})

    sent = {**FILLED, "stages": [], "name": "Other"}
    answers = [autosave(client, save_id=lost, **page, **sent) for _ in range(2)]
    clash = autosave(client, **page, **{**FILLED, "skills": ["pitching"]})

    assert [answer.json()["theirs"] for answer in answers] == [{"bio_ru": "", "skills": ["legal"]}] * 2
    assert (clash.status_code, clash.json()["theirs"]) == (409, {"skills": ["legal"]})
    content = ExpertDraft.objects.get().content
    assert (content["bio_ru"], content["skills"], content["stages"]) == ("", ["legal"], [])
    assert (content["name"], content["bio_en"], content["capacity_mentor"]) == ("Other", "", "3")


def test_the_first_tab_to_save_a_profile_is_not_replaced_by_the_second(client, person):
    """Both begin with what is known of the person; a field that shows a default is not touched by that."""
    page = shown(client)
    begin = {"name": person.name, "capacity_mentor": "2", "availability_mentor": "open", "visibility": "public"}
    begin |= {"name_latin": person.name_latin, "time_zone": person.time_zone}
    autosave(client, **page, **{**begin, "name": "First", "capacity_mentor": "5"})

    answer = autosave(client, **page, **{**begin, "headline_en": "Helps"})

    assert answer.status_code == 200
    content = ExpertDraft.objects.get().content
    assert (content["name"], content["capacity_mentor"], content["headline_en"]) == ("First", "5", "Helps")


def test_an_older_tab_takes_over_the_profile_that_was_sent_meanwhile(client):
    autosave(client, 0, **FILLED)
    page = shown(client)
    send(client, headline_ru="Учит")

    answer = autosave(client, **page, **{**FILLED, "bio_ru": "Тридцать лет"})

    content = ExpertDraft.objects.get().content
    assert (answer.status_code, content["headline_ru"], content["bio_ru"]) == (200, "Учит", "Тридцать лет")


def test_the_plain_form_asks_only_about_what_both_tabs_changed(client):
    autosave(client, 0, **FILLED)
    page = shown(client)
    autosave(client, 1, **{**FILLED, "name": "First", "bio_ru": "Новое"})

    asked = client.post("/en/mentors/join/", {**FILLED, **page, "name": "Mine"})
    same = {"version": asked.context["version"], "seen": str(asked.context["seen"])}
    typed = {**FILLED, **same, "name": "Mine", "bio_ru": "Новое"}
    again = client.post("/en/mentors/join/", typed)
    client.post("/en/mentors/join/", {**typed, "instead_of": asked.context["conflict"]})

    content = ExpertDraft.objects.get().content
    assert (asked.status_code, again.status_code) == (409, 409)
    assert [(each.mine, each.theirs) for each in asked.context["differences"]] == [("Mine", "First")]
    assert asked.context["form"]["bio_ru"].value() == "Новое"
    assert (content["name"], content["bio_ru"]) == ("Mine", "Новое")


def test_a_form_shown_again_with_a_mistake_is_based_on_what_was_just_saved(client):
    wrong = client.post(
        "/en/mentors/join/", {**FILLED, "version": 0, "skills": [], "capacity_mentor": "90", "go": "1"}, follow=True
    )
    page = client.get(wrong.redirect_chain[-1][0].removesuffix("preview/"))
    shown = page.context["version"]

    typing = autosave(client, shown, **{**FILLED, "capacity_mentor": "9"})
    right = client.post("/en/mentors/join/", {**FILLED, "version": typing.json()["version"], "go": "1"})

    assert f'name="version" value="{shown}"' in page.content.decode()
    assert (shown, typing.status_code, right.status_code) == (1, 200, 302)


@pytest.mark.parametrize("version", ["²", "9" * 5000, "-1", "x", ""])
def test_a_version_that_is_no_number_is_an_old_one(client, version):
    autosave(client, 0, name="First")

    assert autosave(client, version, name="Second").status_code == 409
    assert ExpertDraft.objects.get().content["name"] == "First"


def test_a_draft_holds_no_sign_that_a_database_refuses(client):
    autosave(client, 0, name="Ai\x00gul", skills=["pitch\x00ing"])

    content = ExpertDraft.objects.get().content
    assert (content["name"], content["skills"]) == ("Aigul", ["pitching"])


def test_a_draft_is_read_by_nobody_else(client):
    autosave(client, 0, name="Kanareyka")
    other = Client()
    other.force_login(focal_point("KZ"))

    assert "Kanareyka" not in other.get("/en/mentors/queue/").content.decode()
    assert "Kanareyka" not in other.get("/en/mentors/join/").content.decode()


def test_preview_of_an_incomplete_profile_leads_back_with_its_mistakes(client):
    client.post("/en/mentors/join/", {**FILLED, "version": 0, "skills": [], "capacity_mentor": "90", "go": "1"})

    response = client.get("/en/mentors/join/preview/", follow=True)

    assert response.redirect_chain == [("/en/mentors/join/?check", 302)]
    assert set(response.context["form"].errors) == {"skills", "capacity_mentor"}
    assert "Үлгі Мысалов" in response.content.decode()


def test_sending_needs_the_consent_that_is_asked(client, person):
    client.post("/en/mentors/join/", {**FILLED, "version": 0, "go": "1"})

    response = client.post("/en/mentors/join/preview/", {PUBLIC_PROFILE: "on"})

    assert set(response.context["form"].errors) == {CONTACT}
    assert (Expert.objects.count(), consents.consented_versions(person)) == (0, {})


def test_sending_puts_every_role_before_the_focal_point(client, person):
    focal = focal_point("KZ")

    response = send(client)

    expert = Expert.objects.get(user=person)
    assert response.url == "/en/mentors/mine/"
    assert {(role.role, role.state, role.capacity) for role in expert.roles.all()} == {
        ("mentor", RoleState.SUBMITTED, 3),
        ("trainer", RoleState.SUBMITTED, 1),
    }
    assert (expert.headline, expert.slug) == ({"ru": "Помогает", "kk": "Көмектеседі"}, "ulgi-mysalov")
    assert {spoken.language: spoken.level for spoken in expert.languages.all()} == {"kk": "native", "ru": "fluent"}
    assert set(consents.consented_versions(person)) == {PUBLIC_PROFILE, CONTACT}
    assert {mail.template: mail.recipient for mail in Message.objects.all()} == {
        "mentors/role_submitted": focal,
        "mentors/role_received": person,
    }
    assert Record.objects.filter(scope="country:KZ", verb="expert_role.submitted").count() == 2
    assert ExpertDraft.objects.get().content == {}


def test_a_hidden_profile_asks_no_consent(client, person):
    send(client, visibility="hidden")

    assert set(ExpertRole.objects.values_list("visibility", flat=True)) == {Visibility.HIDDEN}
    assert consents.consented_versions(person) == {}


def test_a_change_of_an_approved_profile_stays_approved_and_its_focal_point_hears_what_changed(client):
    send(client)
    ExpertRole.objects.update(state=RoleState.APPROVED)
    focal = focal_point("KZ")

    send(client, name="Үлгі Министров", headline_ru="Помогает иначе")

    mail = Message.objects.get(template="mentors/profile_changed")
    assert set(ExpertRole.objects.values_list("state", flat=True)) == {RoleState.APPROVED}
    assert Expert.objects.get().headline["ru"] == "Помогает иначе"
    assert (mail.recipient, [field["en"] for field in mail.context["fields"]]) == (focal, ["name", "one line"])
    assert Record.objects.filter(verb="expert.saved").latest("number").after == {"fields": ["name", "headline"]}
    assert f"/en/mentors/queue/{Expert.objects.get().uid}/" in compose(mail).body


@pytest.mark.parametrize(
    ("state", "change"),
    [(RoleState.APPROVED, {"capacity_mentor": "5"}), (RoleState.SUBMITTED, {"headline_ru": "Помогает иначе"})],
    ids=["no text changed", "nothing was approved"],
)
def test_no_mail_tells_of_a_change_that_needs_no_reading(client, state, change):
    send(client)
    ExpertRole.objects.update(state=state)
    focal_point("KZ")

    send(client, **change)

    assert Message.objects.filter(template="mentors/profile_changed").count() == 0


def test_a_role_taken_out_is_withdrawn_and_a_new_one_waits(client):
    send(client)
    ExpertRole.objects.update(state=RoleState.APPROVED)

    send(client, roles=["mentor", "tracker"], capacity_tracker="1")

    assert dict(ExpertRole.objects.values_list("role", "state")) == {
        "mentor": RoleState.APPROVED,
        "tracker": RoleState.SUBMITTED,
        "trainer": RoleState.WITHDRAWN,
    }


def test_moving_to_another_country_needs_its_focal_points_approval(client):
    send(client)
    ExpertRole.objects.update(state=RoleState.APPROVED)
    focal = focal_point("KG")

    send(client, country="KG")

    assert set(ExpertRole.objects.values_list("state", flat=True)) == {RoleState.SUBMITTED}
    assert Message.objects.filter(recipient=focal, template="mentors/role_submitted").count() == 1


@pytest.mark.parametrize(
    ("visibility", "purpose"), [(Visibility.PUBLIC, PUBLIC_PROFILE), (Visibility.NETWORK, NETWORK_PROFILE)]
)
def test_withdrawing_consent_hides_at_once(visibility, purpose):
    role = ExpertRoleFactory(visibility=visibility)
    refresh(role.expert)

    consents.withdraw(user=role.expert.user, purpose=purpose)

    role.refresh_from_db()
    assert role.visibility == Visibility.HIDDEN
    assert Record.objects.filter(verb="expert_role.hidden", scope="country:KZ").count() == 1
    assert set(SearchDocument.objects.values_list("audience", flat=True)) == {"country:KZ"}


def test_withdrawing_the_consent_to_requests_closes_every_role_at_once():
    mentor = ExpertRoleFactory()
    trainer = ExpertRoleFactory(expert=mentor.expert, role="trainer", availability=Availability.LIMITED)
    other = ExpertRoleFactory()

    consents.withdraw(user=mentor.expert.user, purpose=CONTACT)

    assert set(mentor.expert.roles.values_list("availability", flat=True)) == {Availability.CLOSED}
    assert set(other.expert.roles.values_list("availability", flat=True)) == {Availability.OPEN}
    closed = Record.objects.filter(verb="expert_role.availability", scope="country:KZ")
    assert {record.thing_uid for record in closed} == {str(mentor.uid), str(trainer.uid)}
    assert {record.after["availability"] for record in closed} == {Availability.CLOSED}


def test_without_consent_to_requests_a_role_stays_closed_and_says_why(client, person):
    role = ExpertRoleFactory(expert=ExpertFactory(user=person))
    consents.withdraw(user=person, purpose=CONTACT)

    page = client.post(f"/en/mentors/mine/{role.uid}/availability/", {"availability": "open"}, follow=True)

    role.refresh_from_db()
    assert role.availability == Availability.CLOSED
    assert "You have not agreed to requests from others." in page.content.decode()


def test_agreeing_again_to_a_new_text_brings_the_profile_back():
    role = ExpertRoleFactory(expert__agreed=[CONTACT])
    refresh(role.expert)
    before = set(SearchDocument.objects.values_list("audience", flat=True))

    consents.give(user=role.expert.user, purpose=PUBLIC_PROFILE)

    assert before == {"country:KZ"}
    assert set(SearchDocument.objects.values_list("audience", flat=True)) == {"public"}


def test_leaving_withdraws_every_role(client, person):
    send(client)

    client.post("/en/mentors/mine/leave/")

    assert set(ExpertRole.objects.values_list("state", flat=True)) == {RoleState.WITHDRAWN}
    assert consents.consented_versions(person) == {}


def test_a_name_must_not_carry_a_lure(client):
    client.post("/en/mentors/join/", {**FILLED, "version": 0, "name": "Win at http://evil.example", "go": "1"})

    page = client.get("/en/mentors/join/?check")

    assert set(page.context["form"].errors) == {"name"}


def test_a_text_in_another_language_says_which(client):
    typed = {**FILLED, "version": 0, "own_language": "", "headline_own": "", "bio_own": "Жыйырма жыл", "go": "1"}
    client.post("/en/mentors/join/", typed)

    page = client.get("/en/mentors/join/preview/", follow=True)

    assert set(page.context["form"].errors) == {"own_language"}
    assert "Жыйырма жыл" in page.content.decode()


def test_markup_in_texts_is_text(client):
    client.post("/en/mentors/join/", {**FILLED, "version": 0, "bio_ru": "<script>alert(1)</script>", "go": "1"})

    page = client.get("/ru/mentors/join/preview/").content.decode()

    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page


def test_slugs_stay_apart_and_off_the_reserved_words(client):
    ExpertFactory(slug="ulgi-mysalov")
    send(client)
    from mentors.slugs import free_slug

    assert Expert.objects.order_by("pk").last().slug == "ulgi-mysalov-2"
    assert free_slug("Join") == "join-2"
    assert free_slug("نمونه") != ""


def test_a_very_long_draft_is_bounded(client):
    autosave(client, 0, bio_en="x" * 50_000, roles=["mentor"] * 500)

    content = ExpertDraft.objects.get().content
    assert (len(content["bio_en"]), len(json.dumps(content)) < 20_000) == (10_000, True)


def test_draft_versions_belong_to_one_person(person):
    save_draft(user=person, content={"name": "mine"}, based_on=0)
    save_draft(user=PersonFactory(), content={"name": "theirs"}, based_on=0)

    assert ExpertDraft.objects.get(user=person).content == {"name": "mine"}


def test_consent_is_to_what_was_looked_at(client):
    client.post("/en/mentors/join/", {**FILLED, "version": 0, "go": "1"})
    page = client.get("/en/mentors/join/preview/").context
    autosave(client, 1, **{**FILLED, "headline_ru": "Другая строка"})

    response = client.post(
        "/en/mentors/join/preview/", {PUBLIC_PROFILE: "on", CONTACT: "on", "version": page["draft"].version}
    )

    text = response.content.decode()
    assert "Другая строка" in text
    assert 'name="version" value="2"' in text
    assert (Expert.objects.count(), consents.Consent.objects.count()) == (0, 0)


def test_a_declined_role_stays_declined_when_something_else_changes(client):
    send(client)
    ExpertRole.objects.filter(role="mentor").update(state=RoleState.APPROVED)
    ExpertRole.objects.filter(role="trainer").update(state=RoleState.DECLINED, state_reason="No courses yet")
    page = client.get("/en/mentors/join/")
    ticked = page.context["form"]["roles"].value()

    send(client, roles=ticked, headline_ru="Помогает иначе")

    assert ticked == ["mentor"]
    assert "No courses yet" in page.content.decode()
    assert dict(ExpertRole.objects.values_list("role", "state")) == {
        "mentor": RoleState.APPROVED,
        "trainer": RoleState.DECLINED,
    }


def test_a_declined_role_that_is_ticked_is_asked_for_again_and_the_preview_says_so(client):
    send(client)
    ExpertRole.objects.filter(role="mentor").update(state=RoleState.APPROVED)
    ExpertRole.objects.filter(role="trainer").update(state=RoleState.DECLINED)

    client.post("/en/mentors/join/", {**FILLED, "version": ExpertDraft.objects.get().version, "go": "1"})
    page = client.get("/en/mentors/join/preview/")
    send(client)

    assert page.context["sent"] == ["Trainer"]
    assert ExpertRole.objects.get(role="trainer").state == RoleState.SUBMITTED


def test_a_request_for_changes_stands_on_the_form_until_it_is_sent_again(client):
    send(client)
    ExpertRole.objects.update(state=RoleState.CHANGES_REQUESTED, state_reason="Which years?")
    before = [client.get(f"/en/mentors/{page}/").content.decode() for page in ("join", "mine")]

    send(client)

    after = [client.get(f"/en/mentors/{page}/").content.decode() for page in ("join", "mine")]
    assert ["Which years?" in page for page in before] == [True, True]
    assert ["Which years?" in page for page in after] == [False, False]


@pytest.mark.parametrize("field", ["headline_ru", "bio_ru", "headline_own", "bio_own", "headline_en", "bio_en"])
@pytest.mark.parametrize("text", ["Пишите: a@example.org", "Звоните +7 701 123 45 67", "Есть и t.me/ulgi"])
def test_public_texts_take_no_addresses(client, field, text):
    client.post("/en/mentors/join/", {**FILLED, "version": 0, field: text, "go": "1"})

    page = client.get("/en/mentors/join/preview/", follow=True)

    assert set(page.context["form"].errors) == {field}
    assert "People write to you through the platform." in page.content.decode()


def test_the_focal_point_is_warned_of_an_address_in_an_older_text():
    role = ExpertRoleFactory(expert__bio={"en": "Call 8 701 123 45 67"}, state=RoleState.SUBMITTED)
    clean = ExpertRoleFactory(state=RoleState.SUBMITTED)
    reviewer = Client()
    reviewer.force_login(focal_point("KZ"))

    pages = [reviewer.get(f"/en/mentors/queue/{each.expert.uid}/").content.decode() for each in (role, clean)]

    assert ["a telephone number or a name in a messenger in these texts" in page for page in pages] == [True, False]


def test_who_sent_a_profile_hears_by_mail_what_comes_next_and_by_when(client, person):
    with time_machine.travel("2026-11-23 06:00 +0000", tick=False):
        page = send(client, visibility="hidden").url
        words = client.get(page).content.decode()

    mail = compose(Message.objects.get(template="mentors/role_received"))
    assert "The answer comes by mail, by 30 November 2026." in mail.body
    assert "Roles: Mentor, Trainer" in mail.body
    assert "The focal point answers within seven days, and you get a mail." in words
    assert words.count("The focal point answers by <time ") == words.count(">30 November 2026</time>") == 2


def test_a_role_says_to_whom_it_is_shown_only_when_it_is(client, person):
    send(client)
    before = client.get("/en/mentors/mine/").content.decode()
    ExpertRole.objects.update(state=RoleState.APPROVED)

    after = client.get("/en/mentors/mine/").content.decode()

    assert ("Shown to: everybody" in before, "Once approved, shown to: everybody" in before) == (False, True)
    assert after.count("Shown to: everybody") == 2


def test_a_hidden_profile_has_no_section_of_consent(client):
    client.post("/en/mentors/join/", {**FILLED, "version": 0, "visibility": "hidden", "go": "1"})

    assert "Your consent" not in client.get("/en/mentors/join/preview/").content.decode()


@pytest.mark.parametrize(
    ("state", "to", "words"),
    [
        ("approved", "paused", "Mentor: paused. Nobody finds you in this role until you resume."),
        ("paused", "approved", "Mentor: shown again"),
        ("approved", "withdrawn", "Mentor: withdrawn. To come back"),
    ],
)
def test_a_move_of_an_own_role_says_what_happened(client, person, state, to, words):
    role = ExpertRoleFactory(expert=ExpertFactory(user=person), state=state)

    page = client.post(f"/en/mentors/mine/{role.uid}/", {"to": to}, follow=True)

    assert words in page.content.decode()


def test_zone_and_latin_name_of_the_profile_hold_in_the_settings(client, person):
    send(client, time_zone="Asia/Tashkent", name_latin="Ulgi Mysalova")

    person.refresh_from_db()
    assert (person.time_zone, person.name_latin) == ("Asia/Tashkent", "Ulgi Mysalova")


def test_zone_and_latin_name_of_the_settings_hold_in_the_profile(client, person):
    send(client)
    ExpertRole.objects.update(state=RoleState.APPROVED)
    refresh(Expert.objects.get())
    focal_point("KZ")
    settings = {"name": person.name, "name_latin": "Ulgi Zhanova", "language": "en", "time_zone": "Asia/Baku"}

    client.post("/en/settings/", settings)

    expert = Expert.objects.get()
    assert (expert.time_zone, expert.name_latin, expert.name) == ("Asia/Baku", "Ulgi Zhanova", "Үлгі Мысалов")
    assert [field["en"] for field in Message.objects.get(template="mentors/profile_changed").context["fields"]] == [
        "name in Latin letters"
    ]
    assert SearchDocument.objects.get(audience="public", language="en").title == "Ulgi Zhanova"


def test_a_visitor_reads_what_joining_means_and_signs_up_with_the_way_back():
    page = Client().get("/en/mentors/join/")

    assert page.status_code == 200
    assert 'href="/en/accounts/signup/?next=/en/mentors/join/"' in page.content.decode()


def test_a_new_account_of_who_wants_to_join_opens_on_the_form():
    visitor = Client()
    data = {"name": "Проба Проба", "email": "new@people.example", "password1": "many sandy words"}
    visitor.post("/en/accounts/signup/?next=/en/mentors/join/", {**data, "next": "/en/mentors/join/"})
    mail = compose(Message.objects.get())

    response = visitor.post("/en/accounts/confirm-email/", {"code": re.search(r"\b\d{6}\b", mail.body).group()})

    assert response.url == "/en/mentors/join/"


def test_a_change_of_the_language_leaves_the_profiles_zone_alone(client, person):
    send(client)
    person.refresh_from_db()
    type(person).objects.filter(pk=person.pk).update(time_zone="UTC")

    client.post("/en/settings/", {"name": person.name, "name_latin": "", "language": "ru", "time_zone": "UTC"})

    assert Expert.objects.get().time_zone == "Asia/Almaty"


def test_mistakes_stand_in_the_order_of_the_page_and_name_the_role(client):
    typed = {**FILLED, "version": 0, "capacity_mentor": "", "language_kk": "", "language_ru": "", "skills": []}
    client.post("/en/mentors/join/", {**typed, "headline_ru": "", "headline_own": "", "go": "1"})

    page = client.get("/en/mentors/join/?check")

    assert [each["label"] for each in mistakes(page.context["form"])] == [
        "Mentor: New requests a month",
        "What you can help with",
        "Languages you work in",
        "In one line, in English",
    ]


def test_what_stands_beside_a_role_that_is_not_ticked_is_no_mistake(client):
    typed = {**FILLED, "version": 0, "roles": ["mentor"], "capacity_trainer": "many", "availability_trainer": "?"}
    client.post("/en/mentors/join/", {**typed, "go": "1"})

    assert client.get("/en/mentors/join/preview/").status_code == 200


@pytest.mark.parametrize(("language", "first", "second"), [("en", "en", "ru"), ("ru", "ru", "en")])
def test_the_readers_language_comes_first(client, language, first, second):
    page = client.get(f"/{language}/mentors/join/").content.decode()

    assert page.index(f'name="headline_{first}"') < page.index(f'name="headline_{second}"')
    folded = page[page.index(f'name="bio_{first}"') : page.index(f'name="headline_{second}"')]
    assert "<details" in folded


def test_a_consent_that_stands_is_not_asked_again(client):
    send(client)
    client.post("/en/mentors/join/", {**FILLED, "version": ExpertDraft.objects.get().version, "go": "1"})

    page = client.get("/en/mentors/join/preview/")

    assert list(page.context["form"].fields) == []
    assert "You agreed to this already:" in page.content.decode()
    assert "Public profile, Requests from others." in page.content.decode()


def test_another_audience_is_another_consent(client):
    send(client)
    changed = {**FILLED, "version": ExpertDraft.objects.get().version, "visibility": "network", "go": "1"}
    client.post("/en/mentors/join/", changed)

    assert list(client.get("/en/mentors/join/preview/").context["form"].fields) == [NETWORK_PROFILE]


def test_a_consent_taken_back_while_the_preview_was_open_is_asked_before_anything_is_saved(client, person):
    send(client)
    client.post("/en/mentors/join/", {**FILLED, "version": ExpertDraft.objects.get().version, "go": "1"})
    version = client.get("/en/mentors/join/preview/").context["draft"].version
    consents.withdraw(user=person, purpose=CONTACT)

    page = client.post("/en/mentors/join/preview/", {"version": version})

    assert set(page.context["form"].errors) == {CONTACT}
    assert set(consents.consented_versions(person)) == {PUBLIC_PROFILE}


def test_the_preview_says_what_still_waits_beside_what_counts_at_once(client):
    send(client)
    ExpertRole.objects.filter(role="mentor").update(state=RoleState.APPROVED)
    client.post("/en/mentors/join/", {**FILLED, "version": ExpertDraft.objects.get().version, "go": "1"})

    page = client.get("/en/mentors/join/preview/").content.decode()

    assert "Nothing new needs approval: what you changed counts at once." in page
    assert "Still waiting for approval: Trainer." in page


def test_the_form_of_a_standing_profile_does_not_speak_as_if_it_was_the_first(client):
    first = client.get("/en/mentors/join/").content.decode()
    send(client)

    page = client.get("/en/mentors/join/").content.decode()

    assert ["Nobody reads it before" in each for each in (first, page)] == [True, False]
    assert [">Approval<" in each for each in (first, page)] == [True, False]
    assert "Your profile stays as it is until you have seen the preview and saved it." in page


def test_countries_stand_in_the_order_of_the_readers_alphabet():
    with override("ru"):
        names = [name for _code, name in ProfileForm().fields["country"].choices]

    assert names[:4] == ["Выберите", "Азербайджан", "Афганистан", "Казахстан"]
    assert names[1:] == sorted(names[1:])


def test_whoever_has_chosen_no_zone_is_given_that_of_the_country():
    newcomer = PersonFactory(time_zone="UTC")
    client = Client()
    client.force_login(newcomer)

    page = client.get("/en/mentors/join/").content.decode()
    send(client, country="KZ", time_zone="")

    newcomer.refresh_from_db()
    assert '<option value="" selected>that of the country</option>' in page
    assert (Expert.objects.get().time_zone, newcomer.time_zone) == ("Asia/Almaty", "Asia/Almaty")


def test_a_line_about_oneself_in_one_language_is_not_called_optional(client):
    page = client.get("/ru/mentors/join/").content.decode()

    label = re.search(r'<label class="form-label" for="id_headline_ru">(.*?)</label>', page, re.DOTALL).group(1)
    assert "optional" not in label
    assert re.search(r'id="id_headline_ru_helptext"[^>]*>\s*([^<]+)<', page)
