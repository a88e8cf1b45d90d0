"""Placements: proposed by an organisation, answered by the founders, ended by the organisation."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone

from incubators import desk
from incubators.enums import PlacementStatus, ProgrammeStatus
from incubators.models import Cohort, Placement, Programme, Startup, StartupMember
from incubators.services import placements as service
from incubators.services.placements import (
    TooManyProposalsError,
    answer_placement,
    end_placement,
    propose_placement,
    withdraw_proposal,
)
from incubators.services.startups import create_startup
from network_platform.background.delivery import deliver
from network_platform.background.models import Message
from network_platform.journal.models import Record
from network_platform.lifecycle import IllegalMove
from network_platform.people.services.erasure import erase_person
from tests.incubators.factories import OrganisationFactory, PersonFactory, country, editor_of

pytestmark = pytest.mark.django_db
DAY = date(2026, 1, 10)
S = PlacementStatus


@pytest.fixture
def cohort() -> Cohort:
    programme = Programme.objects.create(
        organisation=OrganisationFactory(slug="hub", name="Sample Hub"),
        titles={"en": "School", "ru": "Школа"},
        status=ProgrammeStatus.PUBLISHED,
    )
    return Cohort.objects.create(programme=programme, name="Spring", starts=DAY)


@pytest.fixture
def editor(cohort: Cohort) -> Any:
    return editor_of(cohort.programme.organisation, language="en")


@pytest.fixture
def founder() -> Any:
    return PersonFactory(email="founder@registry.example", language="en")


@pytest.fixture
def startup(founder: Any) -> Startup:
    return create_startup(by=founder, name="Ülgi Drip", country=country())


def propose(cohort: Cohort, editor: Any, **changes: Any) -> None:
    said = {"name": "Ülgi Drip", "email": "founder@registry.example", "entered": DAY, **changes}
    propose_placement(cohort=cohort, by=editor, **said)


def placed(startup: Startup, cohort: Cohort, status: str = S.CONFIRMED, **fields: Any) -> Placement:
    return Placement.objects.create(startup=startup, cohort=cohort, status=status, entered=DAY, **fields)


def test_founders_are_asked_by_mail_and_on_their_desk(
    cohort: Cohort, editor: Any, startup: Startup, founder: Any
) -> None:
    colleague = PersonFactory()
    StartupMember.objects.create(startup=startup, user=colleague)

    propose(cohort, editor, name=" ülgi  DRIP ", email="Founder@Registry.example")

    placement = Placement.objects.get()
    assert (placement.status, placement.startup, placement.proposed_by) == ("proposed", startup, editor)
    letters = Message.objects.filter(template="incubators/placement_proposed")
    assert set(letters.values_list("recipient", flat=True)) == {founder.pk, colleague.pk}
    waiting = desk.waiting_for(founder)
    assert [(each.title, each.url) for each in waiting] == [
        (
            "Confirm or refuse: Ülgi Drip took part in a programme of Sample Hub",
            f"/en/startups/{startup.uid}/placements/",
        )
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "Ülgi Dri"},
        {"email": "somebody@registry.example"},
        {"name": "Other", "email": "nobody@registry.example"},
    ],
)
def test_who_is_not_meant_is_not_asked(cohort: Cohort, editor: Any, startup: Startup, wrong: dict[str, str]) -> None:
    PersonFactory(email="somebody@registry.example")

    propose(cohort, editor, **wrong)

    assert (Placement.objects.count(), Message.objects.count()) == (0, 0)


def test_the_proposer_gets_the_same_answer_either_way(
    signed_in: Any, cohort: Cohort, editor: Any, startup: Startup
) -> None:
    client, address = signed_in(editor), f"/en/cohorts/{cohort.uid}/propose/"
    said = {"name": "Ülgi Drip", "entered": "2026-01-10"}

    def answers(email: str, **more: str) -> list[Any]:
        sent = client.post(address, {**said, "email": email, **more})
        then = [client.get(path) for path in (sent.url, "/en/incubators/hub/programmes/", "/en/desk/")]
        pages = [
            re.sub(r'csrfmiddlewaretoken" value="[^"]+"|nonce-[\w+/=-]+', "", each.content.decode()) for each in then
        ]
        return [sent.status_code, sent.url, *pages]

    client.get("/en/desk/")
    unknown = answers("nobody@registry.example")
    known = answers("founder@registry.example")
    back = answers("founder@registry.example", take_back="1")
    nothing_back = answers("nobody@registry.example", take_back="1")

    assert known == unknown
    assert back == nothing_back
    held = desk.personal_data(editor)["registry"]
    assert "Ülgi Drip" not in str(held)
    assert not Record.objects.filter(scope=cohort.programme.scope, label__contains="Drip").exists()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"name": ""}, "Write something here"),
        ({"email": "no address"}, "e-mail"),
        ({"entered": "yesterday"}, "date"),
    ],
)
def test_wrong_input_is_told_and_kept(
    signed_in: Any, cohort: Cohort, editor: Any, wrong: dict[str, str], words: str
) -> None:
    said = {"name": "Typed name", "email": "typed@registry.example", "entered": "2026-01-10", **wrong}

    answer = signed_in(editor).post(f"/en/cohorts/{cohort.uid}/propose/", said)

    html = answer.content.decode()
    assert (answer.status_code, set(answer.context["form"].errors)) == (422, set(wrong))
    assert all(value in html for value in said.values())


def test_proposals_of_a_day_are_limited(
    signed_in: Any, cohort: Cohort, editor: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "MOST_A_DAY", 2)
    for _ in range(2):
        propose(cohort, editor, email="nobody@registry.example")

    with pytest.raises(TooManyProposalsError):
        propose(cohort, editor)
    said = {"name": "Ülgi Drip", "email": "founder@registry.example", "entered": "2026-01-10"}
    told = signed_in(editor).post(f"/en/cohorts/{cohort.uid}/propose/", said)

    assert (told.status_code, "very many proposals" in told.content.decode()) == (422, True)


def test_what_waits_or_was_just_refused_is_not_asked_again(
    cohort: Cohort, editor: Any, startup: Startup, founder: Any
) -> None:
    propose(cohort, editor)
    propose(cohort, editor)
    placement = answer_placement(placement=Placement.objects.get(), to=S.REFUSED, by=founder)
    propose(cohort, editor)
    soon = (Placement.objects.get().status, Message.objects.count())
    Placement.objects.update(answered_at=timezone.now() - timedelta(days=31))
    propose(cohort, editor)

    assert soon == ("refused", 1)
    assert (Placement.objects.get().pk, Placement.objects.get().status) == (placement.pk, "proposed")
    assert Message.objects.count() == 2


def test_a_proposal_is_taken_back_and_made_again(cohort: Cohort, editor: Any, startup: Startup, founder: Any) -> None:
    propose(cohort, editor)
    withdraw_proposal(cohort=cohort, by=editor, name="Ülgi Drip", email="founder@registry.example")
    gone = desk.waiting_for(founder)
    propose(cohort, editor)

    assert (gone, Placement.objects.get().status) == ([], "proposed")


def test_founders_confirm_and_take_it_back(
    signed_in: Any, cohort: Cohort, editor: Any, startup: Startup, founder: Any
) -> None:
    placement, client, other = placed(startup, cohort, S.PROPOSED), signed_in(founder), signed_in(editor)
    address = f"/en/placements/{placement.uid}/answer/"
    cohort_page = f"/en/cohorts/{cohort.uid}/edit/"
    before = "Ülgi Drip" in other.get(cohort_page).content.decode()

    client.post(address, {"to": "confirmed"})
    confirmed = "Ülgi Drip" in other.get(cohort_page).content.decode()
    client.post(address, {"to": "refused"})
    late = client.post(address, {"to": "refused"}, follow=True)

    placement.refresh_from_db()
    assert (before, confirmed, "Ülgi Drip" in other.get(cohort_page).content.decode()) == (False, True, False)
    assert (placement.status, placement.answered_by) == ("refused", founder)
    assert "not possible any more" in late.content.decode()
    verbs = Record.objects.filter(verb__startswith="placement").order_by("number").values_list("verb", flat=True)
    assert list(verbs) == ["placement.confirmed", "placement.refused"]
    letters = Message.objects.filter(template="incubators/placement_answered", recipient=editor)
    assert [each.context["confirmed"] for each in letters.order_by("pk")] == [True, False]


def test_a_no_stays_on_the_founders_page_and_can_become_a_yes(
    signed_in: Any, cohort: Cohort, editor: Any, startup: Startup, founder: Any
) -> None:
    placement, client = placed(startup, cohort, S.PROPOSED), signed_in(founder)
    address = f"/en/placements/{placement.uid}/answer/"

    refused = client.post(address, {"to": "refused"}, follow=True).content.decode()
    client.post(address, {"to": "confirmed"})

    placement.refresh_from_db()
    assert "Answered with no" in refused
    assert "Nobody has asked yet" not in refused
    assert placement.status == "confirmed"
    assert Message.objects.filter(template="incubators/placement_answered", recipient=editor).count() == 1


def test_a_no_is_not_told(cohort: Cohort, editor: Any, startup: Startup, founder: Any) -> None:
    answer_placement(placement=placed(startup, cohort, S.PROPOSED), to=S.REFUSED, by=founder)

    assert not Message.objects.filter(recipient=editor).exists()


def test_others_neither_propose_nor_answer_nor_end(
    signed_in: Any, cohort: Cohort, editor: Any, startup: Startup, founder: Any
) -> None:
    placement, other = placed(startup, cohort), PersonFactory()

    for person in (other, founder):
        with pytest.raises(PermissionDenied):
            propose(cohort, person)
        with pytest.raises(PermissionDenied):
            withdraw_proposal(cohort=cohort, by=person, name="x", email="x@x.example")
        with pytest.raises(PermissionDenied):
            end_placement(placement=placement, by=person, left=DAY, outcome="graduated")
    for person in (other, editor):
        with pytest.raises(PermissionDenied):
            answer_placement(placement=placement, to=S.REFUSED, by=person)
    assert signed_in(other).post(f"/en/placements/{placement.uid}/answer/").status_code == 404
    assert signed_in(editor).get(f"/en/startups/{startup.uid}/placements/").status_code == 404


def test_the_organisation_says_when_it_left_and_how(
    signed_in: Any, client: Client, cohort: Cohort, editor: Any, startup: Startup
) -> None:
    Startup.objects.update(shown_at=timezone.now())
    placement, own = placed(startup, cohort), signed_in(editor)
    address = f"/en/placements/{placement.uid}/edit/"

    done = own.post(address, {"left": "2026-06-01", "outcome": "graduated"})
    shown = client.get(f"/en/programmes/{cohort.programme.uid}/").content.decode()
    again = own.post(address, {"left": "", "outcome": ""})

    placement.refresh_from_db()
    assert (done.status_code, again.status_code, placement.left, placement.outcome) == (302, 302, None, "")
    assert "(graduated)" in shown
    assert Record.objects.filter(verb="placement.ended").earliest("number").after == {
        "left": "2026-06-01",
        "outcome": "graduated",
    }


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"left": "2025-06-01", "outcome": "left"}, "before the start-up came"),
        ({"left": "2099-06-01", "outcome": "left"}, "in the future"),
        ({"left": "2026-06-01", "outcome": ""}, "Say how it left"),
        ({"left": "", "outcome": "left"}, "Say when it left"),
    ],
)
def test_half_an_outcome_is_refused(
    signed_in: Any, cohort: Cohort, editor: Any, startup: Startup, said: dict[str, str], words: str
) -> None:
    placement = placed(startup, cohort)

    answer = signed_in(editor).post(f"/en/placements/{placement.uid}/edit/", said)

    assert (answer.status_code, words in answer.content.decode()) == (422, True)
    with pytest.raises(ValidationError):
        end_placement(placement=placement, by=editor, left=date(2025, 1, 1), outcome="left")


@pytest.mark.parametrize("status", [S.PROPOSED, S.REFUSED, S.WITHDRAWN])
def test_only_what_is_confirmed_can_be_ended(cohort: Cohort, editor: Any, startup: Startup, status: str) -> None:
    with pytest.raises(PermissionDenied):
        end_placement(placement=placed(startup, cohort, status), by=editor, left=DAY, outcome="left")


def test_what_was_taken_back_cannot_be_confirmed(cohort: Cohort, startup: Startup, founder: Any) -> None:
    with pytest.raises(IllegalMove):
        answer_placement(placement=placed(startup, cohort, S.WITHDRAWN), to=S.CONFIRMED, by=founder)


@pytest.mark.parametrize(("language", "words"), [("en", "was in its programme"), ("ru", "/ru/startups/")])
def test_mails_in_both_languages(
    language: str, words: str, cohort: Cohort, editor: Any, startup: Startup, founder: Any
) -> None:
    founder.language = editor.language = language
    founder.save()
    editor.save()
    propose(cohort, editor)
    answer_placement(placement=Placement.objects.get(), to=S.CONFIRMED, by=founder)
    mail.outbox.clear()

    for message in Message.objects.order_by("pk"):
        deliver(message.pk)

    asked, answered = mail.outbox
    assert (words in asked.body, "Ülgi Drip" in asked.subject, "Ülgi Drip" in answered.body) == (True, True, True)
    assert f"/{language}/cohorts/{cohort.uid}/edit/" in answered.body
    assert "founder@registry.example" not in answered.body + answered.subject


def test_own_data_of_a_founder_has_the_placements(cohort: Cohort, startup: Startup, founder: Any) -> None:
    placed(startup, cohort, S.PROPOSED)

    held = desk.personal_data(founder)["registry"]["startups"]

    assert held[0]["placements"] == [
        {
            "organisation": "Sample Hub",
            "programme": "School",
            "cohort": "Spring",
            "status": "proposed",
            "entered": "2026-01-10",
            "left": "",
            "outcome": "",
        }
    ]


def test_erasing_the_only_founder_drops_what_waits(cohort: Cohort, editor: Any, startup: Startup, founder: Any) -> None:
    propose(cohort, editor)
    second = create_startup(by=founder, name="Second", country=country())
    confirmed = placed(second, cohort, answered_by=founder)

    erase_person(user=founder, by=founder)

    assert list(Placement.objects.all()) == [confirmed]
    assert not Placement.objects.public().exists()


@pytest.mark.parametrize("number", [1, 3])
def test_both_sides_pages_ask_little(
    signed_in: Any, cohort: Cohort, editor: Any, founder: Any, startup: Startup, number: int,
    django_assert_max_num_queries: Any,
) -> None:  # fmt: skip
    for n in range(number):
        other = Cohort.objects.create(programme=cohort.programme, name=f"{n}", starts=DAY)
        placed(startup, other, S.PROPOSED)
        placed(create_startup(by=founder, name=f"Start-up {n}", country=country()), cohort)
    own, theirs = signed_in(editor), signed_in(founder)

    with django_assert_max_num_queries(8):
        assert len(own.get(f"/en/cohorts/{cohort.uid}/edit/").context["placements"]) == number
    with django_assert_max_num_queries(7):
        assert len(theirs.get(f"/en/startups/{startup.uid}/placements/").context["proposed"]) == number
