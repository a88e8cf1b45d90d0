"""What people do on the pages: review, ask, answer, write; and what waits on their desks."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from mentors import desk
from mentors.consents import CONTACT, PUBLIC_PROFILE
from mentors.enums import RequestState, RoleState
from mentors.forms import ProfileForm
from mentors.forms.contents import content_of
from mentors.models import Engagement, ExpertDraft, ExpertRole, Letter, Request
from mentors.services.profiles import leave, submit_profile
from mentors.services.requests import MOST_OPEN
from mentors.services.search_text import refresh
from network_platform.people.models import Consent
from network_platform.people.services.roles import deactivate_person
from tests.mentors.factories import (
    EngagementFactory,
    ExpertFactory,
    ExpertRoleFactory,
    PersonFactory,
    RequestFactory,
    country,
    focal_point,
    secretary,
)

pytestmark = pytest.mark.django_db

NEED = "We pay for waste, and nobody can tell us what it is worth."


def signed_in_as(user):
    client = Client()
    client.force_login(user)
    return client


def review(role, by, **answer):
    client, path = signed_in_as(by), f"/en/mentors/queue/{role.expert.uid}/"
    seen = client.get(path).context["version"]
    return client.post(path, {"roles": [str(role.uid)], "version": seen, **answer})


def test_a_focal_point_approves_on_the_page():
    role = ExpertRoleFactory(state=RoleState.SUBMITTED)

    response = review(role, focal_point("KZ"), answer="approved")

    role.refresh_from_db()
    assert (response.url, role.state) == ("/en/mentors/queue/", RoleState.APPROVED)


def test_what_changed_since_it_was_opened_is_not_approved():
    expert, focal = ExpertFactory(name="Үлгі Мысалов", name_latin="Ulgi Mysalov"), focal_point("KZ")
    role = ExpertRoleFactory(state=RoleState.SUBMITTED, expert=expert)
    client, path = signed_in_as(focal), f"/en/mentors/queue/{expert.uid}/"
    seen = client.get(path).context["version"]
    profile = ProfileForm(data=content_of(expert) | {"headline_en": "Ministry helpdesk"})
    assert profile.is_valid(), profile.errors
    submit_profile(by=expert.user, profile=profile.profile())

    response = client.post(path, {"roles": [str(role.uid)], "version": seen, "answer": "approved"})
    role.refresh_from_db()
    before = role.state
    client.post(path, {"roles": [str(role.uid)], "version": response.context["version"], "answer": "approved"})

    role.refresh_from_db()
    assert response.context["form"].non_field_errors() == [
        "This changed since you opened it. The page shows how it stands now."
    ]
    assert "Ministry helpdesk" in response.content.decode()
    assert (before, role.state) == (RoleState.SUBMITTED, RoleState.APPROVED)


def test_asking_for_changes_without_a_reason_keeps_what_was_chosen():
    role = ExpertRoleFactory(state=RoleState.SUBMITTED)

    response = review(role, focal_point("KZ"), answer="changes_requested", reason="")

    role.refresh_from_db()
    assert set(response.context["form"].errors) == {"reason"}
    assert 'value="changes_requested" id="id_answer_1" checked' in response.content.decode()
    assert role.state == RoleState.SUBMITTED


def test_an_answer_about_an_expert_stays_on_the_device_until_it_is_sent():
    role, focal = ExpertRoleFactory(state=RoleState.SUBMITTED), focal_point("KZ", language="en")
    client, path = signed_in_as(focal), f"/en/mentors/queue/{role.expert.uid}/"
    key = f"expert-review:{role.expert.uid}:{focal.uid}"

    form = client.get(path)
    answer = {"roles": [str(role.uid)], "version": form.context["version"], "answer": "declined"}
    wrong, taken = client.post(path, answer), client.post(path, answer | {"reason": "Not yet"}, follow=True)

    assert [f'data-keeps data-key="{key}"' in page.content.decode() for page in (form, wrong)] == [True, True]
    assert f'data-clears="{key}"' in taken.content.decode()


def test_one_role_is_approved_and_another_declined():
    mentor = ExpertRoleFactory(state=RoleState.SUBMITTED)
    trainer = ExpertRoleFactory(state=RoleState.SUBMITTED, role="trainer", expert=mentor.expert)
    focal = focal_point("KZ")

    review(mentor, focal, answer="approved")
    review(trainer, focal, answer="declined", reason="No trainings given so far")

    assert dict(mentor.expert.roles.values_list("role", "state")) == {"mentor": "approved", "trainer": "declined"}


def test_who_has_left_is_read_by_the_focal_point_no_more():
    role, focal = ExpertRoleFactory(expert__name="Kanareyka"), signed_in_as(focal_point("KZ"))
    path = f"/en/mentors/queue/{role.expert.uid}/"
    before = focal.get(path).status_code

    signed_in_as(role.expert.user).post("/en/mentors/mine/leave/")

    doors = [path, f"/en/mentors/{role.expert.slug}/"]
    assert (before, [focal.get(door).status_code for door in doors]) == (200, [404, 404])
    assert "Kanareyka" not in focal.get("/en/mentors/queue/").content.decode()


def test_who_has_left_is_offered_the_way_back_and_nothing_else():
    role = ExpertRoleFactory()
    client = signed_in_as(role.expert.user)

    page = client.post("/en/mentors/mine/leave/", follow=True).content.decode()

    assert "Shown to nobody: you withdrew it." in page
    assert "/mentors/mine/leave/" not in page
    assert "See the page" not in page
    assert 'href="/en/mentors/join/"' in page


def test_who_sees_what_names_the_secretariat_for_the_address():
    page = signed_in_as(ExpertRoleFactory().expert.user).get("/en/mentors/mine/").content.decode()
    secretariat = page[page.index("The network’s secretariat") : page.index("Nobody</strong>")]
    nobody = page[page.index("Nobody</strong>") :]

    assert "the e-mail address of your account" in secretariat
    assert "address" not in nobody[: nobody.index("</p>")]


def test_a_declined_role_says_that_it_was_declined_not_that_it_was_so_chosen():
    role = ExpertRoleFactory(state=RoleState.DECLINED, visibility="hidden", state_reason="No trainings so far")

    page = signed_in_as(role.expert.user).get("/en/mentors/mine/").content.decode()

    assert "Shown to nobody: the focal point did not approve it." in page
    assert "so you chose" not in page


def test_the_review_says_of_each_role_to_whom_it_is_shown():
    mentor = ExpertRoleFactory()
    ExpertRoleFactory(expert=mentor.expert, role="tracker", state=RoleState.SUBMITTED)
    ExpertRoleFactory(expert=mentor.expert, role="trainer", state=RoleState.DECLINED)

    page = signed_in_as(focal_point("KZ")).get(f"/en/mentors/queue/{mentor.expert.uid}/").content.decode()

    assert page.count("(shown to: everybody)") == 1
    assert page.count("(once approved, shown to: everybody)") == 1


def test_the_review_shows_every_language_of_every_text():
    texts = {"en": "Helps", "ru": "Помогает", "uz": "Startaplarga yordam beraman"}
    role = ExpertRoleFactory(expert__headline=texts, expert__bio=texts, state=RoleState.SUBMITTED)

    page = signed_in_as(focal_point("KZ")).get(f"/en/mentors/queue/{role.expert.uid}/").content.decode()

    assert [page.count(f">{text}<") for text in texts.values()] == [2, 2, 2]


def test_a_line_in_one_language_is_read_in_all_and_says_which_it_is():
    ExpertRoleFactory(expert__slug="one-line", expert__headline={"uz": "Startaplarga yordam beraman"})

    page = Client().get("/ru/mentors/one-line/").content.decode()

    assert '<p class="lead" lang="uz" dir="auto">Startaplarga yordam beraman</p>' in page


def test_an_answer_that_does_not_fit_names_the_role_and_what_is_possible():
    mentor = ExpertRoleFactory(state=RoleState.SUBMITTED)
    trainer = ExpertRoleFactory(expert=mentor.expert, role="trainer")
    client, path = signed_in_as(focal_point("KZ")), f"/en/mentors/queue/{mentor.expert.uid}/"
    answer = {"answer": "declined", "reason": "Not yet", "version": mentor.expert.version}

    page = client.post(path, {**answer, "roles": [mentor.uid, trainer.uid]}).content.decode()

    assert "Trainer: approved now, so it can only get: Ask for changes." in page
    assert "Mentor: waiting" not in page
    assert 'Reason <span class="faint optional">' not in page


def test_a_role_that_was_answered_in_another_tab_is_no_riddle():
    role = ExpertRoleFactory(state=RoleState.DECLINED)
    client = signed_in_as(focal_point("KZ"))

    page = client.post(f"/en/mentors/queue/{role.expert.uid}/", {"answer": "approved", "roles": [role.uid]})

    assert "Somebody has answered in the meantime." in page.content.decode()


@pytest.mark.parametrize("side", ["asker", "expert"])
def test_no_words_are_shown_as_words_of_the_expert(side):
    asked = RequestFactory(state=RequestState.DECLINED, answered_at=timezone.now())
    reader = asked.asker if side == "asker" else asked.expert.user

    page = signed_in_as(reader).get(f"/en/mentors/requests/{asked.uid}/").content.decode()

    assert "declined and added no words." in page
    assert 'class="said' not in page


def test_an_approved_role_can_be_sent_back_but_not_approved_again():
    role, focal = ExpertRoleFactory(), focal_point("KZ")

    refused = review(role, focal, answer="approved")
    sent_back = review(role, focal, answer="changes_requested", reason="The page promises a job")

    role.refresh_from_db()
    assert set(refused.context["form"].errors) == {"answer"}
    assert (sent_back.status_code, role.state) == (302, RoleState.CHANGES_REQUESTED)


def test_the_trail_names_every_step_in_words():
    role, focal = ExpertRoleFactory(state=RoleState.SUBMITTED), focal_point("KZ")
    review(role, focal, answer="declined", reason="Not yet")

    events = signed_in_as(focal).get(f"/en/mentors/queue/{role.expert.uid}/").context["events"]

    assert [(event.role, event.words, event.reason) for event in events] == [("Mentor", "declined", "Not yet")]


def test_visitors_are_led_to_sign_in_and_back():
    role = ExpertRoleFactory(expert__slug="asked")

    response = Client().get("/en/mentors/asked/ask/")

    assert response.url == "/en/accounts/login/?next=/en/mentors/asked/ask/"
    assert role.expert.requests.count() == 0


def test_a_founder_asks_for_the_own_start_up():
    from incubators.services.startups import create_startup

    role, founder = ExpertRoleFactory(expert__slug="asked"), PersonFactory(language="ru")
    startup = create_startup(by=founder, name="Ours", country=country())
    create_startup(by=PersonFactory(), name="Theirs", country=country())
    client = signed_in_as(founder)
    page = client.get("/en/mentors/asked/ask/")

    client.post(
        "/en/mentors/asked/ask/",
        {"role": role.uid, "need": NEED, "language": "ru", "startup": startup.uid, "skills": ["pitching"]},
    )

    asked = Request.objects.get()
    assert "Theirs" not in page.content.decode()
    assert (page.context["form"]["language"].value(), page.context["form"]["startup"].value()) == ("ru", startup.uid)
    assert (asked.startup, asked.need, [skill.code for skill in asked.skills.all()]) == (startup, NEED, ["pitching"])


def test_too_short_a_need_is_given_back_with_what_was_typed():
    role = ExpertRoleFactory(expert__slug="asked")

    response = signed_in_as(PersonFactory()).post(
        "/en/mentors/asked/ask/", {"role": role.uid, "need": "Help", "language": "ru"}
    )

    assert set(response.context["form"].errors) == {"need"}
    assert ">\nHelp</textarea>" in response.content.decode()


def test_a_second_request_says_why_it_is_refused():
    asked = RequestFactory(role__expert__slug="asked")

    response = signed_in_as(asked.asker).post(
        "/en/mentors/asked/ask/", {"role": asked.role.uid, "need": NEED, "language": "ru"}
    )

    page = response.content.decode()
    assert "Your request to this expert is still waiting for an answer" in page
    assert f'href="/en/mentors/requests/{asked.uid}/"' in page
    assert Request.objects.count() == 1


def test_an_expert_accepts_with_a_first_message():
    asked = RequestFactory()

    signed_in_as(asked.expert.user).post(
        f"/en/mentors/requests/{asked.uid}/accept/",
        {"accept-availability": "limited", "accept-message": "On Monday at ten"},
    )

    asked.role.refresh_from_db()
    page = signed_in_as(asked.asker).get(f"/en/mentors/requests/{asked.uid}/").content.decode()
    assert Engagement.objects.get().request == asked
    assert asked.role.availability == "limited"
    assert "On Monday at ten" in page


def test_accepting_asks_for_availability():
    asked = RequestFactory()

    response = signed_in_as(asked.expert.user).post(f"/en/mentors/requests/{asked.uid}/accept/", {})

    assert set(response.context["accept_form"].errors) == {"availability"}
    assert Engagement.objects.count() == 0


def test_a_full_month_is_said_on_the_page():
    asked = RequestFactory(role__capacity=1)
    EngagementFactory(request__role=asked.role)

    page = signed_in_as(asked.expert.user).get(f"/en/mentors/requests/{asked.uid}/").content.decode()

    assert "Your places of this month are taken." in page
    assert "/accept/" not in page


def test_an_answer_that_comes_second_is_told_so():
    asked = RequestFactory()
    client = signed_in_as(asked.expert.user)
    client.post(f"/en/mentors/requests/{asked.uid}/decline/", {"decline-availability": "open"})

    page = client.post(
        f"/en/mentors/requests/{asked.uid}/accept/", {"accept-availability": "open"}, follow=True
    ).content.decode()

    assert "This was answered, withdrawn or expired in the meantime." in page
    assert Engagement.objects.count() == 0


def test_an_asker_withdraws():
    asked = RequestFactory()

    signed_in_as(asked.asker).post(f"/en/mentors/requests/{asked.uid}/withdraw/")

    asked.refresh_from_db()
    assert asked.state == RequestState.WITHDRAWN


def test_the_two_write_to_each_other_and_markup_stays_text():
    engagement = EngagementFactory()
    path = f"/en/mentors/requests/{engagement.request.uid}/"

    signed_in_as(engagement.request.asker).post(path + "write/", {"text": "<script>alert(1)</script> Hello"})
    page = signed_in_as(engagement.request.expert.user).get(path).content.decode()

    assert Letter.objects.get().author == engagement.request.asker
    assert "&lt;script&gt;alert(1)&lt;/script&gt; Hello" in page


def test_either_of_the_two_ends_it():
    engagement = EngagementFactory()
    path = f"/en/mentors/requests/{engagement.request.uid}/"

    signed_in_as(engagement.request.expert.user).post(path + "end/")

    page = signed_in_as(engagement.request.asker).get(path).content.decode()
    assert "This has ended." in page
    assert "/write/" not in page


def titles(user):
    return [line.title for line in desk.waiting_for(user)]


def test_an_experts_desk_has_requests_with_the_nearest_end():
    role = ExpertRoleFactory()
    soon = timezone.now() + timedelta(days=1)
    RequestFactory(role=role, expires_at=soon)
    RequestFactory(role=role)
    RequestFactory(role=role, expires_at=timezone.now() - timedelta(days=1))

    line = desk.waiting_for(role.expert.user)[0]

    assert (line.title, line.count, line.due) == ("Answer 2 requests", 2, soon)


def test_a_focal_points_desk_has_the_experts_of_the_own_country():
    ExpertRoleFactory(state=RoleState.SUBMITTED)
    ExpertRoleFactory(state=RoleState.SUBMITTED, expert__country=country("KG"))

    assert titles(focal_point("KZ")) == ["Approve 1 expert"]


def test_the_secretariats_desk_has_all_whom_it_may_answer():
    ExpertRoleFactory(state=RoleState.SUBMITTED)
    ExpertRoleFactory(state=RoleState.SUBMITTED, expert__country=country("TM"))
    focal_point("KZ")

    assert titles(secretary()) == ["Approve 2 experts"]


def test_an_askers_desk_has_answers():
    asked = RequestFactory(state=RequestState.DECLINED, answered_at=timezone.now())

    assert titles(asked.asker) == ["Read 1 answer from an expert"]


def test_the_own_profile_waits_for_its_person():
    role = ExpertRoleFactory(state=RoleState.CHANGES_REQUESTED)
    typing = PersonFactory()
    ExpertDraft.objects.create(user=typing, content={"name": "Half"})

    assert titles(role.expert.user) == ["Change your expert profile as the focal point asks"]
    assert titles(typing) == ["Finish your expert profile"]


def test_an_expert_is_asked_to_agree_to_a_new_text():
    role = ExpertRoleFactory(expert__agreed=[CONTACT])

    assert titles(role.expert.user) == ["Agree to the new text, so that your profile is shown again"]


def test_roles_are_told_in_words():
    role = ExpertRoleFactory()
    ExpertRoleFactory(expert=role.expert, role="tracker", state=RoleState.SUBMITTED)

    assert desk.roles_of(role.expert.user) == ["Mentor, Kazakhstan"]


def test_a_standing_request_that_should_have_expired_is_a_problem():
    assert desk.problems() == []

    RequestFactory(expires_at=timezone.now() - timedelta(hours=2))

    assert desk.problems() == ["1 requests to experts should have expired: is beat running?"]


def test_a_search_that_shows_an_expert_on_the_ground_of_an_old_consent_is_a_problem():
    role = ExpertRoleFactory()
    refresh(role.expert)
    before = desk.problems()

    Consent.objects.filter(user=role.expert.user, purpose=PUBLIC_PROFILE).update(version="0")

    assert (before, desk.problems()) == (
        [],
        ["The search shows experts who are shown no more: run `manage.py reindex`."],
    )


def test_an_expert_without_profile_is_led_to_the_form():
    assert signed_in_as(PersonFactory()).get("/en/mentors/mine/").url == "/en/mentors/join/"


def test_an_expert_pauses_and_resumes():
    role = ExpertRoleFactory(expert=ExpertFactory(slug="pausing"))
    client = signed_in_as(role.expert.user)

    client.post(f"/en/mentors/mine/{role.uid}/", {"to": "paused"})
    while_paused = Client().get("/en/mentors/pausing/").status_code
    client.post(f"/en/mentors/mine/{role.uid}/", {"to": "approved"})

    role.refresh_from_db()
    assert (while_paused, role.state) == (404, RoleState.APPROVED)


def test_an_expert_cannot_approve_the_own_role_by_hand():
    role = ExpertRoleFactory(state=RoleState.SUBMITTED)

    signed_in_as(role.expert.user).post(f"/en/mentors/mine/{role.uid}/", {"to": "approved"})

    role.refresh_from_db()
    assert role.state == RoleState.SUBMITTED


def test_an_answer_that_was_opened_waits_no_more():
    asked = RequestFactory(state=RequestState.ACCEPTED, answered_at=timezone.now())
    other = RequestFactory(asker=asked.asker, state=RequestState.DECLINED, answered_at=timezone.now())
    signed_in_as(asked.expert.user).get(f"/en/mentors/requests/{asked.uid}/")
    before = [item.title for item in desk.waiting_for(asked.asker)]
    client = signed_in_as(asked.asker)

    client.get(f"/en/mentors/requests/{asked.uid}/")

    assert before == ["Read 2 answers from experts"]
    assert [item.title for item in desk.waiting_for(asked.asker)] == ["Read 1 answer from an expert"]
    assert client.get("/en/mentors/requests/").content.decode().count("new answer") == 1
    assert list(Request.objects.filter(read_at=None)) == [other]


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("accepted", "Accepted on"),
        ("declined", "Declined on"),
        ("expired", "Expired on"),
        ("withdrawn", "Withdrawn on"),
    ],
)
def test_a_request_says_what_happened_to_it_on_its_day(state, words):
    asked = RequestFactory(state=state, answered_at=timezone.now())

    page = signed_in_as(asked.asker).get(f"/en/mentors/requests/{asked.uid}/").content.decode()

    assert f"<dt>{words}</dt>" in page
    assert "Closed" not in page


def test_what_was_finished_is_called_so_on_its_page_and_in_the_list():
    engagement = EngagementFactory(request__answered_at=timezone.now())
    asked, client = engagement.request, signed_in_as(engagement.request.asker)

    client.post(f"/en/mentors/requests/{asked.uid}/end/")

    page = client.get(f"/en/mentors/requests/{asked.uid}/").content.decode()
    assert "<dt>Finished on</dt>" in page
    assert "finished</span>" in page
    assert "finished</span>" in client.get("/en/mentors/requests/").content.decode()


def test_a_waiting_request_says_until_when_the_answer_comes():
    asked = RequestFactory()

    assert "Answer by " in signed_in_as(asked.expert.user).get(f"/en/mentors/requests/{asked.uid}/").content.decode()


def test_asking_somebody_who_takes_no_requests_leads_to_others():
    role = ExpertRoleFactory(expert__slug="busy", availability="closed", skills=["legal"])
    asker = signed_in_as(PersonFactory())

    responses = [asker.get("/en/mentors/busy/ask/"), asker.post("/en/mentors/busy/ask/", {"need": NEED})]

    assert [response.status_code for response in responses] == [200, 200]
    page = responses[0].content.decode()
    assert "This expert takes no requests now" in page
    assert "/en/mentors/?role=mentor&amp;skill=legal&amp;availability=open" in page
    assert (role.requests.count(), Request.objects.count()) == (0, 0)


@pytest.mark.parametrize("reader", [PersonFactory, None])
def test_a_profile_that_takes_none_does_not_count_places(reader):
    ExpertRoleFactory(expert__slug="busy", availability="closed", capacity=2)
    client = signed_in_as(reader()) if reader else Client()

    page = client.get("/en/mentors/busy/").content.decode()

    assert "Takes no requests now" in page
    assert "new requests a month" not in page
    assert "/mentors/busy/ask/" not in page


def test_skills_that_all_roles_share_stand_once():
    role = ExpertRoleFactory(expert__slug="both", skills=["legal"])
    ExpertRoleFactory(expert=role.expert, role="trainer", skills=["legal"])

    assert Client().get("/en/mentors/both/").content.decode().count("Legal and company formation") == 1


def test_the_own_page_says_when_nobody_else_sees_it():
    role = ExpertRoleFactory(expert__slug="own", state=RoleState.SUBMITTED)
    client = signed_in_as(role.expert.user)
    before = client.get("/en/mentors/own/").content.decode()

    role.state = RoleState.APPROVED
    role.save()

    assert "Only you and your country’s focal point see this page" in before
    assert (
        "Only you and your country’s focal point see this page" not in client.get("/en/mentors/own/").content.decode()
    )


def test_a_consent_that_is_given_back_says_what_stays_hidden_and_where_to_show_it():
    role = ExpertRoleFactory()
    client = signed_in_as(role.expert.user)
    before = client.get("/en/settings/").content.decode()
    client.post("/en/settings/consents/", {"purpose": PUBLIC_PROFILE})

    page = client.post("/en/settings/consents/", {"purpose": PUBLIC_PROFILE, "given": "on"}, follow=True)

    place = f"/en/settings/?answered={PUBLIC_PROFILE}#consent-{PUBLIC_PROFILE}"
    assert page.redirect_chain == [(place, 302)]
    row = page.content.decode().split(f'id="consent-{PUBLIC_PROFILE}"')[1].split("</li>")[0]
    assert "Your answer is saved." in row
    assert "Nobody finds your profile now: Mentor." in row
    assert 'href="/en/mentors/join/#id_visibility_0"' in row
    assert "Nobody finds your profile now" not in before


def test_a_consent_to_requests_that_is_given_back_leads_to_the_switch():
    role = ExpertRoleFactory()
    client = signed_in_as(role.expert.user)
    client.post("/en/settings/consents/", {"purpose": CONTACT})

    page = client.post("/en/settings/consents/", {"purpose": CONTACT, "given": "on"}, follow=True)

    assert "You take no requests now: Mentor." in page.content.decode()


def test_an_experts_desk_says_where_the_profile_stands_instead_of_asking_to_join():
    role = ExpertRoleFactory()
    ExpertRoleFactory(expert=role.expert, role="trainer", state=RoleState.DECLINED)

    pages = [signed_in_as(user).get("/en/desk/").content.decode() for user in (role.expert.user, PersonFactory())]

    assert ["Join the shared database" in page for page in pages] == [False, True]
    assert "Mentor: approved · Trainer: declined" in pages[0]
    assert 'href="/en/mentors/join/"' in pages[1]


def test_a_request_being_written_is_kept_on_the_device_until_it_is_sent():
    role = ExpertRoleFactory(expert__slug="asked")
    asker = PersonFactory()
    client, key = signed_in_as(asker), f"request:{role.expert.uid}:{asker.uid}"
    form = client.get("/en/mentors/asked/ask/").content.decode()

    sent = client.post("/en/mentors/asked/ask/", {"role": role.uid, "need": NEED, "language": "ru"}, follow=True)

    assert f'data-keeps data-key="{key}"' in form
    assert f'data-clears="{key}"' in sent.content.decode()


def test_peoples_own_words_are_written_in_the_direction_of_their_script():
    ExpertRoleFactory(expert__slug="asked")
    client = signed_in_as(PersonFactory())

    ask, join = (client.get(f"/en/mentors/{path}/").content.decode() for path in ("asked/ask", "join"))

    assert re.search(r'<textarea[^>]* dir="auto"', ask)
    assert re.search(r'<input type="text" name="headline_en"[^>]* dir="auto"', join)
    assert re.search(r'<input type="text" name="name"[^>]* dir="auto"', join)
    assert not re.search(r'<input type="number"[^>]* dir=', join)
    assert not re.search(r'<input type="email"[^>]* dir=', Client().get("/en/accounts/signup/").content.decode())


def test_a_message_being_written_is_kept_on_the_device_until_it_is_sent():
    engagement = EngagementFactory()
    expert = engagement.request.expert.user
    client, path = signed_in_as(expert), f"/en/mentors/requests/{engagement.request.uid}/"
    key = f"letter:{engagement.uid}:{expert.uid}"
    before = client.get(path).content.decode()

    after = client.post(path + "write/", {"text": "On Monday?"}, follow=True).content.decode()

    assert f'data-keeps data-key="{key}:1"' in before
    assert 'data-clears="letter:' not in before
    assert f'data-keeps data-key="{key}:2"' in after
    assert f'data-clears="{key}:1#"' in after


def test_a_message_sent_after_the_session_has_ended_leads_back_to_its_page():
    engagement = EngagementFactory()
    page = f"/en/mentors/requests/{engagement.request.uid}/"

    answer = Client().post(f"{page}write/", {"text": "Hello"}, headers={"Referer": f"http://testserver{page}"})

    assert answer.url == f"/en/accounts/login/?next={page}"


def test_an_answer_being_written_is_kept_on_the_device_until_it_is_given():
    asked = RequestFactory()
    expert = asked.expert.user
    client, path = signed_in_as(expert), f"/en/mentors/requests/{asked.uid}/"
    key = f"answer:{asked.uid}:{expert.uid}:"
    before = client.get(path).content.decode()

    after = client.post(path + "decline/", {"decline-availability": "open"}, follow=True).content.decode()

    assert [f'data-key="{key}{answer}"' in before for answer in ("accept", "decline")] == [True, True]
    assert [f'data-clears="{key}"' in page for page in (before, after)] == [False, True]


@pytest.mark.parametrize("writer", ["asker", "expert"])
def test_a_new_message_is_marked_for_the_other_until_it_is_opened(writer):
    engagement = EngagementFactory(request__answered_at=timezone.now(), request__read_at=timezone.now())
    asked, path = engagement.request, f"/en/mentors/requests/{engagement.request.uid}/"
    people = {"asker": asked.asker, "expert": asked.expert.user}
    author = people.pop(writer)
    [reader] = people.values()
    signed_in_as(author).post(path + "write/", {"text": "On Monday?"})
    client = signed_in_as(reader)

    before = [titles(reader), client.get("/en/mentors/requests/").content.decode().count("new message</span>")]
    opened = client.get(path).content.decode().count("new message</span>")
    after = [titles(reader), client.get("/en/mentors/requests/").content.decode().count("new message</span>")]

    assert (before, opened, after) == ([["Read 1 new message"], 1], 1, [[], 0])
    assert titles(author) == []


def test_a_first_message_is_read_with_the_answer_it_came_with():
    asked = RequestFactory()
    answer = {"accept-availability": "open", "accept-message": "On Monday?"}
    signed_in_as(asked.expert.user).post(f"/en/mentors/requests/{asked.uid}/accept/", answer)
    before = titles(asked.asker)

    signed_in_as(asked.asker).get(f"/en/mentors/requests/{asked.uid}/")

    assert (before, titles(asked.asker)) == (["Read 1 answer from an expert"], [])


def test_the_limit_of_open_requests_is_said_before_anything_is_written():
    role = ExpertRoleFactory(expert__slug="sixth")
    asker = PersonFactory()
    client = signed_in_as(asker)
    before = client.get("/en/mentors/sixth/ask/").content.decode()
    RequestFactory.create_batch(MOST_OPEN, asker=asker)

    page = client.get("/en/mentors/sixth/ask/").content.decode()
    sent = client.post("/en/mentors/sixth/ask/", {"role": role.uid, "need": NEED, "language": "ru"}).content.decode()

    assert ["<textarea" in each for each in (before, page, sent)] == [True, False, True]
    assert "You have 5 open requests." in page
    assert NEED in sent


@pytest.mark.parametrize("way", ["me@example.org", "+996 555 123456", "t.me/asker"])
def test_a_request_takes_no_addresses_before_the_expert_has_accepted(way):
    role = ExpertRoleFactory(expert__slug="asked")
    data = {"role": role.uid, "need": f"{NEED} {way}", "language": "ru"}

    page = signed_in_as(PersonFactory()).post("/en/mentors/asked/ask/", data)

    assert set(page.context["form"].errors) == {"need"}
    assert (way in page.content.decode(), Request.objects.count()) == (True, 0)


def test_a_line_in_a_third_language_stands_on_the_page_as_in_the_preview():
    lines = {"en": "Helps", "ru": "Помогает", "kk": "Стартаптарға көмектесемін"}
    names = {"expert__name": "Үлгі Мысалов", "expert__name_latin": "Ulgi Mysalov"}
    role = ExpertRoleFactory(expert__slug="three-lines", expert__headline=lines, **names)
    owner = signed_in_as(role.expert.user)
    content = content_of(role.expert) | {"visibility": "public"}
    ExpertDraft.objects.create(user=role.expert.user, content=content)

    preview = owner.get("/en/mentors/join/preview/").content.decode()
    pages = [Client().get(f"/{language}/mentors/three-lines/").content.decode() for language in ("en", "ru")]

    for page in (preview, *pages):
        assert '<dd lang="kk" dir="auto">Стартаптарға көмектесемін</dd>' in page
        assert [page.count(f">{line}<") for line in lines.values()] == [1, 1, 1]


def test_who_asks_is_told_what_the_expert_gets():
    from incubators.services.startups import create_startup

    ExpertRoleFactory(expert__slug="asked")
    founder = PersonFactory()
    create_startup(by=founder, name="Ours", country=country())

    alone, with_startup = (
        signed_in_as(user).get("/en/mentors/asked/ask/").content.decode() for user in (PersonFactory(), founder)
    )

    assert "With your name. Without your address." in alone
    assert "start-up" not in alone.split('<ol class="steps">')[1].split("</ol>")[0]
    assert "With your name and the name of the start-up that you choose. Without your address." in with_startup


def test_who_has_asked_an_expert_is_led_to_them_no_more():
    asked = RequestFactory()

    pages = [signed_in_as(user).get("/en/desk/").content.decode() for user in (asked.asker, PersonFactory())]

    assert ["Find a mentor" in page for page in pages] == [False, True]


@pytest.mark.parametrize("way", ["", "ask/"])
@pytest.mark.parametrize(("visibility", "told"), [("public", True), ("network", True), ("hidden", False)])
def test_the_link_to_a_paused_expert_says_so_and_leads_to_others(way, visibility, told):
    role = ExpertRoleFactory(state=RoleState.PAUSED, visibility=visibility, expert__name="Kanareyka")

    response = signed_in_as(PersonFactory()).get(f"/en/mentors/{role.expert.slug}/{way}")
    page = response.content.decode()

    assert response.status_code == 404
    assert ("takes a break" in page, '"/en/mentors/?availability=open"' in page) == (told, told)
    assert "Kanareyka" not in page
    assert "Pitching" not in page


@pytest.mark.parametrize(
    "gone", ["left", "erased", "draft", "submitted", "declined", "changes_requested", "network", "closed", "no consent"]
)
def test_a_visitor_learns_of_no_expert_who_was_not_public_until_the_pause(gone):
    role = ExpertRoleFactory(state=gone if gone in RoleState.values else RoleState.PAUSED)
    person, slug = role.expert.user, role.expert.slug
    if gone == "left":
        leave(by=person)
    elif gone == "erased":
        desk.erase(person)
    elif gone == "network":
        ExpertRole.objects.update(visibility="network")
    elif gone == "closed":
        deactivate_person(person=person, by=secretary(), reason="Asked for it")
    elif gone == "no consent":
        Consent.objects.filter(user=person, purpose=PUBLIC_PROFILE).delete()

    page, nobody = (Client().get(f"/en/mentors/{it}/") for it in (slug, "never-here"))

    assert (page.status_code, nobody.status_code) == (404, 404)
    assert "No expert’s profile is shown here" in page.content.decode()
    assert page.content.decode().replace(slug, "never-here") == nobody.content.decode()


def test_a_paused_role_does_not_take_away_what_is_still_shown():
    role = ExpertRoleFactory(state=RoleState.PAUSED)
    ExpertRoleFactory(expert=role.expert, role="trainer")

    response = Client().get(f"/en/mentors/{role.expert.slug}/")

    assert [shown.role for shown in response.context["roles"]] == ["trainer"]


@pytest.mark.parametrize(
    ("language", "name_latin", "read"),
    [
        ("en", "Ulgi Mysalov", "Ulgi Mysalov"),
        ("ru", "Ulgi Mysalov", "Үлгі Мысалов"),
        ("en", "", "Үлгі Мысалов"),
    ],
)
def test_a_countrys_page_names_its_experts_in_letters_that_the_reader_knows(language, name_latin, read):
    ExpertRoleFactory(state=RoleState.APPROVED, expert=ExpertFactory(name="Үлгі Мысалов", name_latin=name_latin))

    page = Client().get(f"/{language}/countries/kz/").content.decode()

    assert re.findall(r'<a class="hit" href="/../mentors/[^"]+" dir="auto">([^<]+)</a>', page) == [read]
