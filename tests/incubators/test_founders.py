"""Imported start-ups are handed out to their founders: by whom, to whom, and what nobody learns."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from incubators.enums import InvitationStatus, PlacementStatus, StartupRole
from incubators.models import Cohort, FounderInvitation, Organisation, Placement, Programme, Startup, StartupMember
from incubators.services import founders
from incubators.services.by_mail import ADDRESSES_KEPT, LINK_LASTS
from incubators.services.erasure import erase, personal_data
from incubators.services.founders import (
    MOST_TO_ONE,
    accept_founder_invitation,
    invite_founder,
    withdraw_founder_invitation,
)
from incubators.services.startups import create_startup
from incubators.tasks import tidy_desk
from network_platform.background.delivery import compose
from network_platform.background.models import Message
from network_platform.journal.models import Record
from network_platform.lifecycle import IllegalMove
from network_platform.people.models import User
from tests.competitions.factories import EntryFactory
from tests.incubators.factories import OrganisationFactory, PersonFactory, country, editor_of, focal_point, secretary
from tests.incubators.imports import imported, outcomes, taken_back

pytestmark = pytest.mark.django_db
ADDRESS = "founder@water.example"
HEAD = "name,country_iso2,city\n"


@pytest.fixture
def focal() -> User:
    return focal_point("KZ", name="Focal Sample")


@pytest.fixture
def startup(focal: User) -> Startup:
    imported("startups", f"{HEAD}Steppe Water,KZ,Almaty\n", focal)
    return Startup.objects.get()


@pytest.fixture
def desk(focal: User, signed_in: Any) -> Client:
    return signed_in(focal)


def placed(startup: Startup, organisation: Organisation, status: str = PlacementStatus.CONFIRMED) -> Placement:
    programme = Programme.objects.create(organisation=organisation, titles={"en": "Scale"}, status="published")
    cohort = Cohort.objects.create(programme=programme, name="2026", starts=date(2026, 1, 1))
    return Placement.objects.create(startup=startup, cohort=cohort, status=status, entered=date(2026, 1, 1))


def page_of(startup: Startup) -> str:
    return f"/en/startups/{startup.uid}/founder/"


def invite(client: Client, startup: Startup, email: str = ADDRESS, language: str = "en") -> Any:
    return client.post(page_of(startup), {"email": email, "language": language}, follow=True)


def link() -> str:
    return Message.objects.filter(template="incubators/founder_invited").latest("pk").context["link"]


def test_invitation_is_mailed_in_the_chosen_language_and_stands_on_the_desk(startup: Startup, desk: Client) -> None:
    html = invite(desk, startup, language="ru").content.decode()

    message, invitation = Message.objects.get(), FounderInvitation.objects.get()
    with translation.override("ru"):
        text = compose(message).body
    record = Record.objects.latest("number")
    assert (message.address, message.recipient, message.language) == (ADDRESS, None, "ru")
    assert link() in text
    assert link().startswith("/ru/startups/invitations/")
    assert link().split("/")[-2] not in str(FounderInvitation.objects.values().get())
    assert ("The invitation is on its way." in html, ADDRESS in html) == (True, True)
    assert "Invitation of a founder: Steppe Water" in desk.get("/en/desk/").content.decode()
    assert (record.verb, record.scope, ADDRESS in str(vars(record))) == (
        "startup.founder_invited",
        "country:KZ",
        False,
    )
    assert timedelta(0) < invitation.expires_at - timezone.now() <= LINK_LASTS


def test_founder_accepts_and_owns_what_nobody_else_reads(
    startup: Startup, desk: Client, focal: User, signed_in: Any, client: Client
) -> None:
    invite(desk, startup)
    founder = PersonFactory(email=ADDRESS, name="Founder Sample")
    theirs = signed_in(founder)

    asked = theirs.get(link())
    before = StartupMember.objects.count()
    done = theirs.post(link())

    told, record = Message.objects.get(template="incubators/founder_came"), Record.objects.latest("number")
    member, invitation = StartupMember.objects.get(), FounderInvitation.objects.get()
    assert ("Steppe Water" in asked.content.decode(), before) == (True, 0)
    assert done.url == f"/en/startups/{startup.uid}/edit/"
    assert (member.user, member.startup, member.role) == (founder, startup, StartupRole.OWNER)
    assert (told.recipient, "Founder Sample, whom you invited" in compose(told).body) == (focal, True)
    assert (record.verb, record.actor, ADDRESS in str(vars(record))) == ("startup.founder_joined", founder, False)
    assert (invitation.status, invitation.email) == (InvitationStatus.ACCEPTED, "")
    startup.refresh_from_db()
    assert startup.shown_at is None
    pages = {
        "founder": theirs.get(f"/en/startups/{startup.uid}/edit/").status_code,
        "focal": desk.get(f"/en/startups/{startup.uid}/").status_code,
        "again": desk.get(page_of(startup)).status_code,
        "visitor": client.get(f"/en/startups/{startup.uid}/").status_code,
    }
    assert pages == {"founder": 200, "focal": 404, "again": 404, "visitor": 404}


def test_founder_of_an_imported_start_up_shows_and_removes_it_like_any_other(
    startup: Startup, desk: Client, signed_in: Any
) -> None:
    invite(desk, startup)
    theirs = signed_in(PersonFactory(email=ADDRESS))
    theirs.post(link())

    showing = theirs.get(f"/en/startups/{startup.uid}/showing/").status_code
    removed = theirs.post(f"/en/startups/{startup.uid}/remove/")

    assert (showing, removed.status_code, Startup.objects.count()) == (200, 302, 0)


def test_import_after_that_changes_nothing(startup: Startup, desk: Client, focal: User, signed_in: Any) -> None:
    invite(desk, startup)
    signed_in(PersonFactory(email=ADDRESS)).post(link())

    run = imported("startups", f"{HEAD}Steppe Water,KZ,Astana\n", focal)

    startup.refresh_from_db()
    assert ([row[1] for row in outcomes(run)], startup.city) == (["unchanged"], "Almaty")


def test_taking_the_import_back_spares_what_a_founder_was_invited_to(startup: Startup, desk: Client) -> None:
    invite(desk, startup)

    taken_back(startup.import_run)

    assert (Startup.objects.get(), FounderInvitation.objects.get().is_open) == (startup, True)


def test_visitor_is_led_through_sign_up_without_a_word_about_the_start_up(
    startup: Startup, desk: Client, client: Client
) -> None:
    invite(desk, startup)

    known, unknown = client.get(link()), client.get("/en/startups/invitations/nonsense/")

    html = known.content.decode()
    assert (known.status_code, unknown.status_code) == (403, 410)
    assert f"next={link().replace('/', '%2F')}" in html
    assert ("Steppe Water" in html, "Focal Sample" in html) == (False, False)


def test_link_works_once_for_the_address_alone_until_it_expires(startup: Startup, desk: Client, signed_in: Any) -> None:
    invited, other = signed_in(PersonFactory(email=ADDRESS)), signed_in(PersonFactory())
    invite(desk, startup)
    opens = link()

    stranger = other.post(opens)
    with time_machine.travel(timezone.now() + LINK_LASTS):
        late = invited.post(opens).status_code
    once = [invited.post(opens).status_code for _ in range(2)]

    assert ("Steppe Water" in stranger.content.decode(), stranger.status_code) == (False, 410)
    assert (late, once, startup.members.count()) == (410, [302, 410], 1)


def test_second_invitation_takes_the_place_of_the_first(startup: Startup, desk: Client, signed_in: Any) -> None:
    first = signed_in(PersonFactory(email="first@water.example"))
    invite(desk, startup, "first@water.example")
    old = link()
    html = invite(desk, startup).content.decode()

    assert first.post(old).status_code == 410
    assert ("first@water.example" in html, ADDRESS in html) == (False, True)
    assert [each.status for each in FounderInvitation.objects.order_by("pk")] == ["withdrawn", "open"]
    assert Message.objects.filter(address="first@water.example").count() == 0
    assert [record.verb for record in Record.objects.order_by("number")][-3:] == [
        "startup.founder_invited",
        "startup.invitation_withdrawn",
        "startup.founder_invited",
    ]


def test_two_never_wait_for_one_start_up(startup: Startup, focal: User) -> None:
    words = {"invited_by": focal, "expires_at": timezone.now()}
    startup.invitations.create(token_hash="a", **words)

    with pytest.raises(IntegrityError, match=r"founder_invitation_one_waits|startup_id"), transaction.atomic():
        startup.invitations.create(token_hash="b", **words)


def test_expired_one_makes_room_for_another(startup: Startup, desk: Client) -> None:
    invite(desk, startup)
    FounderInvitation.objects.update(expires_at=timezone.now() - timedelta(days=1))

    invite(desk, startup)

    assert [each.status for each in FounderInvitation.objects.order_by("pk")] == ["withdrawn", "open"]


def test_invitation_is_withdrawn_by_a_colleague_who_reads_no_address(
    startup: Startup, desk: Client, signed_in: Any
) -> None:
    invite(desk, startup)
    invitation, deputy = FounderInvitation.objects.get(), signed_in(focal_point("KZ", deputy=True))
    path, opens = f"{page_of(startup)}{invitation.uid}/", link()

    pages = [deputy.get(each).content.decode() for each in (page_of(startup), path, "/en/startups/without-founder/")]
    done = deputy.post(path, follow=True).content.decode()

    invitation.refresh_from_db()
    assert [ADDRESS in page for page in pages] == [False] * 3
    assert ["A founder is invited" in page for page in pages] == [True, False, True]
    assert "its link no longer opens" in done
    assert (invitation.status, invitation.email) == (InvitationStatus.WITHDRAWN, "")
    assert Message.objects.filter(address=ADDRESS).count() == 0
    assert signed_in(PersonFactory(email=ADDRESS)).post(opens).status_code == 410


def test_what_was_answered_is_not_withdrawn(startup: Startup, focal: User) -> None:
    invitation = invite_founder(startup=startup, email=ADDRESS, language="en", by=focal)
    accept_founder_invitation(invitation=invitation, by=PersonFactory(email=ADDRESS))

    with pytest.raises(IllegalMove):
        withdraw_founder_invitation(invitation=invitation, by=focal)


def test_answer_is_the_same_whoever_has_the_address(startup: Startup, desk: Client) -> None:
    PersonFactory(email="known@water.example")

    pages = [invite(desk, startup, email) for email in ("known@water.example", "unknown@water.example")]

    assert ["The invitation is on its way." in page.content.decode() for page in pages] == [True] * 2
    assert [page.redirect_chain for page in pages] == [[(page_of(startup), 302)]] * 2


def test_own_address_and_too_many_are_refused_in_words(startup: Startup, desk: Client, focal: User) -> None:
    own = invite(desk, startup, focal.email.upper())
    for number in range(MOST_TO_ONE):
        invite(desk, startup, f"n{number}@water.example")
    over = invite(desk, startup)

    assert (own.status_code, "This is your own address." in own.content.decode()) == (422, True)
    assert (over.status_code, "No more invitations today" in over.content.decode()) == (422, True)


def test_one_person_sends_only_so_many_a_day(startup: Startup, desk: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr(founders, "MOST_A_DAY", 1)

    assert [invite(desk, startup, f"n{number}@water.example").status_code for number in range(2)] == [200, 422]


def test_editor_of_the_incubator_that_had_it_invites_and_reads_only_that(startup: Startup, signed_in: Any) -> None:
    hub = OrganisationFactory(name="Shared Hub")
    placement = placed(startup, hub)
    other = Startup.objects.create(name="Other Secret", country=country(), source_key="other secret")
    client = signed_in(editor_of(hub))

    pages = {
        "list": client.get("/en/startups/without-founder/").content.decode(),
        "cohort": client.get(f"/en/placements/{placement.uid}/edit/").content.decode(),
        "invite": client.get(page_of(startup)).content.decode(),
    }
    sent = invite(client, startup).content.decode()

    assert ["Steppe Water" in page for page in pages.values()] == [True] * 3
    assert ["Other Secret" in page for page in pages.values()] == [False] * 3
    assert page_of(startup) in pages["cohort"]
    assert "The invitation is on its way." in sent
    assert [client.get(page_of(other)).status_code, client.get(f"/en/startups/{startup.uid}/").status_code] == [
        404,
        404,
    ]


def test_start_up_with_an_application_is_not_handed_out(startup: Startup, desk: Client) -> None:
    EntryFactory(startup=startup)

    assert desk.get(page_of(startup)).status_code == 404


def test_addresses_are_forgotten_after_a_while(startup: Startup, desk: Client) -> None:
    invite(desk, startup)

    with time_machine.travel(timezone.now() + LINK_LASTS + ADDRESSES_KEPT + timedelta(hours=1)):
        tidy_desk()

    assert FounderInvitation.objects.get().email == ""
    assert Message.objects.filter(address=ADDRESS).count() == 0


def test_own_data_tell_of_what_was_sent_and_of_what_waits_at_a_proven_address(
    startup: Startup, desk: Client, focal: User
) -> None:
    invite(desk, startup)
    invited = PersonFactory(email=ADDRESS)
    unproven = personal_data(invited)["invitations_of_founders"]
    invited.emailaddress_set.update_or_create(email=ADDRESS, defaults={"verified": True, "primary": True})

    sent, got = (personal_data(person)["invitations_of_founders"] for person in (focal, invited))

    assert unproven == []
    assert [(each["startup"], each["sent"], each["email"]) for each in (*sent, *got)] == [
        ("Steppe Water", True, ADDRESS),
        ("Steppe Water", False, ADDRESS),
    ]


@pytest.mark.parametrize("who", ["inviter", "invited"])
def test_erasure_takes_invitations_along(who: str, startup: Startup, desk: Client, focal: User) -> None:
    invite(desk, startup)
    person = focal if who == "inviter" else PersonFactory(email=ADDRESS)

    erase(person)

    invitation = FounderInvitation.objects.get()
    assert (invitation.status, invitation.email) == (InvitationStatus.WITHDRAWN, "")
    assert Message.objects.filter(address=ADDRESS).count() == 0


def test_founder_who_makes_one_of_a_similar_name_is_told_whom_to_ask(startup: Startup, signed_in: Any) -> None:
    hub, hidden = OrganisationFactory(name="Shared Hub"), OrganisationFactory(name="Draft Hub", status="draft")
    client = signed_in(PersonFactory())
    typed = {"name": "STEPPE  Water", "country": "KZ"}

    by_country = client.post("/en/startups/new/", typed).content.decode()
    placed(startup, hub)
    placed(startup, hidden)
    by_host = client.post("/en/startups/new/", typed).content.decode()
    made = client.post("/en/startups/new/", typed | {"another": "1"})

    assert "Is this yours? Ask the focal point of Kazakhstan to invite you." in by_country
    assert 'href="/en/countries/kz/"' in by_country
    assert "Is this yours? Ask Shared Hub to invite you." in by_host
    assert (f'href="/en/incubators/{hub.slug}/"' in by_host, "Draft Hub" in by_host) == (True, False)
    assert [str(startup.uid) in page or "Almaty" in page for page in (by_country, by_host)] == [False] * 2
    assert (made.status_code, Startup.objects.count()) == (302, 2)


@pytest.mark.parametrize("why", ["other name", "other country", "kept"])
def test_founder_is_told_of_nothing_else(why: str, startup: Startup, signed_in: Any) -> None:
    if why == "kept":
        StartupMember.objects.create(startup=startup, user=PersonFactory(), role=StartupRole.OWNER)
    typed = {
        "name": "Fire" if why == "other name" else startup.name,
        "country": "KG" if why == "other country" else "KZ",
    }

    assert signed_in(PersonFactory()).post("/en/startups/new/", typed).status_code == 302


def test_list_is_searched_in_any_script_and_closed_to_who_hands_out_nothing(
    startup: Startup, desk: Client, focal: User, signed_in: Any
) -> None:
    imported("startups", f"{HEAD}Жаңа Орман,KZ,Astana\n", focal)

    found = [desk.get("/en/startups/without-founder/", {"q": words}).content.decode() for words in ("orman", "zzz")]

    assert [("Жаңа Орман" in page, "Steppe Water" in page) for page in found] == [(True, False), (False, False)]
    assert "No start-up without a founder has this name" in found[1]
    assert signed_in(PersonFactory()).get("/en/startups/without-founder/").status_code == 404


def test_list_turns_its_pages(focal: User, desk: Client) -> None:
    Startup.objects.bulk_create(
        Startup(name=f"Start {number:03}", country=country(), source_key=f"start {number}") for number in range(51)
    )

    first, second = (desk.get("/en/startups/without-founder/", {"q": "Start", "page": page}) for page in (1, 2))

    assert ("?q=Start&amp;page=2" in first.content.decode(), "Start 050" in first.content.decode()) == (True, False)
    assert "Start 050" in second.content.decode()


@pytest.mark.parametrize("person", ["focal", "editor", "secretariat"])
def test_list_asks_the_same_number_of_questions(person: str, startup: Startup, focal: User, signed_in: Any) -> None:
    hub = OrganisationFactory()
    people = {"focal": focal, "editor": editor_of(hub), "secretariat": secretary()}
    client = signed_in(people[person])
    placed(startup, hub)
    counts = []
    for number in range(3):
        if number:
            more = Startup.objects.create(name=f"S{number}", country=country(), source_key=f"s {number}")
            placed(more, hub)
            invite_founder(startup=more, email=ADDRESS, language="en", by=focal)
        with CaptureQueriesContext(connection) as queries:
            client.get("/en/startups/without-founder/")
        counts.append(len(queries))

    assert counts[0] == counts[2]


def test_desk_asks_the_same_number_of_questions_of_any_number_invited(desk: Client, focal: User) -> None:
    counts = []
    for number in range(3):
        made = Startup.objects.create(name=f"S{number}", country=country(), source_key=f"s {number}")
        invite_founder(startup=made, email=ADDRESS, language="en", by=focal)
        with CaptureQueriesContext(connection) as queries:
            html = desk.get("/en/desk/").content.decode()
        counts.append(len(queries))

    assert html.count("Invitation of a founder: S") == 3
    assert counts[0] == counts[2]


def test_what_a_founder_made_is_never_handed_out(focal: User, desk: Client) -> None:
    made = create_startup(by=PersonFactory(), name="Ours", country=country())
    made.members.all().delete()

    assert desk.get(page_of(made)).status_code == 404
