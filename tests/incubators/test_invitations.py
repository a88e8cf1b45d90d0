"""A second editor by e-mail, handing over, and why the last editor stays."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone, translation

from incubators.enums import InvitationStatus, MemberRole, OrganisationStatus
from incubators.models import Invitation, Membership, Organisation
from incubators.services.by_mail import ADDRESSES_KEPT, LINK_LASTS, forget_old_addresses
from incubators.services.erasure import erase, personal_data
from incubators.services.invitations import (
    MOST_A_DAY,
    invite_editor,
    withdraw_invitation,
)
from incubators.services.members import end_membership
from incubators.tasks import tidy_desk
from network_platform.background.delivery import compose
from network_platform.background.models import Message
from network_platform.journal.models import Record
from network_platform.lifecycle import IllegalMove
from network_platform.people.models import User
from tests.incubators.factories import OrganisationFactory, PersonFactory, editor_of, focal_point, meanwhile

pytestmark = pytest.mark.django_db
ADDRESS = "new@hub.example"


@pytest.fixture
def hub() -> Organisation:
    return OrganisationFactory(name="Shared Hub")


@pytest.fixture
def owner(hub: Organisation) -> User:
    return editor_of(hub, name="Owner Sample")


@pytest.fixture
def client_of_owner(owner: User, signed_in: Any) -> Client:
    return signed_in(owner)


def path(hub: Organisation, step: str = "") -> str:
    return f"/en/incubators/{hub.slug}/editors/{step}"


def invite(client: Client, hub: Organisation, email: str = ADDRESS, how: str = "invite", language: str = "en") -> Any:
    return client.post(path(hub, f"{how}/"), {"email": email, "language": language}, follow=True)


def link() -> str:
    return (
        Message.objects.filter(template__in=("incubators/editor_invited", "incubators/handing_over"))
        .latest("pk")
        .context["link"]
    )


def roles(hub: Organisation) -> dict[str, str]:
    return {str(each.user): each.role for each in hub.memberships.select_related("user")}


def test_invitation_is_mailed_in_the_chosen_language_and_listed(hub: Organisation, client_of_owner: Client) -> None:
    page = invite(client_of_owner, hub, language="ru").content.decode()

    message, invitation = Message.objects.get(), Invitation.objects.get()
    with translation.override("ru"):
        text = compose(message).body
    assert (message.address, message.recipient, message.language) == (ADDRESS, None, "ru")
    assert link() in text
    assert link().startswith("/ru/incubators/invitations/")
    assert link().split("/")[-2] not in str(Invitation.objects.values().get())
    assert "The invitation is on its way." in page
    assert ADDRESS in page
    assert "Invitation to edit: Shared Hub" in client_of_owner.get("/en/desk/").content.decode()
    record = Record.objects.get()
    assert (record.verb, ADDRESS in str(vars(record))) == ("organisation.editor_invited", False)
    assert timedelta(0) < invitation.expires_at - timezone.now() <= LINK_LASTS


def test_invited_person_accepts_and_everybody_concerned_hears(
    hub: Organisation, client_of_owner: Client, owner: User, signed_in: Any
) -> None:
    focal, invited = focal_point("KZ"), PersonFactory(email=ADDRESS, name="New Sample")
    invite(client_of_owner, hub)
    client = signed_in(invited)

    asked = client.get(link()).content.decode()
    done = client.post(link())

    told = Message.objects.filter(template="incubators/editor_came")
    record = Record.objects.latest("number")
    assert "Owner Sample asks you to edit the entry too." in asked
    assert done.url == f"/en/incubators/{hub.slug}/edit/"
    assert roles(hub) == {"Owner Sample": "owner", "New Sample": "editor"}
    assert {each.address for each in told} == {owner.email, focal.email}
    assert "New Sample edits the entry of “Shared Hub” now, invited by Owner Sample." in compose(told[0]).body
    assert (record.verb, record.after) == (
        "organisation.editor_joined",
        {"editor": str(invited.uid), "role": "editor"},
    )
    assert (Invitation.objects.get().status, Invitation.objects.get().email) == (InvitationStatus.ACCEPTED, "")


def test_visitor_is_led_through_sign_up_without_a_word_about_the_entry(
    hub: Organisation, client_of_owner: Client, client: Client
) -> None:
    invite(client_of_owner, hub)

    known, unknown = client.get(link()), client.get("/en/incubators/invitations/nonsense/")

    html = known.content.decode()
    assert (known.status_code, unknown.status_code) == (403, 410)
    assert "This link no longer holds" in unknown.content.decode()
    assert f"next={link().replace('/', '%2F')}" in html
    assert ("Shared Hub" in html, "Owner Sample" in html) == (False, False)


def test_link_works_once_for_the_address_alone_until_it_expires(
    hub: Organisation, client_of_owner: Client, signed_in: Any
) -> None:
    invited, other = signed_in(PersonFactory(email=ADDRESS)), signed_in(PersonFactory())
    invite(client_of_owner, hub)

    stranger = other.post(link())
    with time_machine.travel(timezone.now() + LINK_LASTS):
        late = invited.post(link()).status_code
    opens = link()
    once = [invited.post(opens).status_code for _ in range(2)]

    assert ("Shared Hub" in stranger.content.decode(), stranger.status_code) == (False, 410)
    assert (late, once, hub.memberships.count()) == (410, [302, 410], 2)


def test_answer_is_the_same_whoever_has_the_address(hub: Organisation, client_of_owner: Client) -> None:
    PersonFactory(email="known@hub.example")
    editor_of(hub, MemberRole.EDITOR, email="colleague@hub.example")

    pages = [
        invite(client_of_owner, hub, email).content.decode()
        for email in ("known@hub.example", "unknown@hub.example", "colleague@hub.example")
    ]

    assert ["The invitation is on its way." in page for page in pages] == [True] * 3
    assert list(Message.objects.values_list("recipient", flat=True)) == [None] * 3


def test_editor_who_is_invited_again_stays_what_they_are(
    hub: Organisation, client_of_owner: Client, signed_in: Any
) -> None:
    colleague = editor_of(hub, MemberRole.EDITOR, email=ADDRESS, name="Editor Sample")
    invite(client_of_owner, hub)

    done = signed_in(colleague).post(link())

    assert (done.status_code, roles(hub)) == (302, {"Owner Sample": "owner", "Editor Sample": "editor"})


def test_same_address_again_sends_no_second_mail(hub: Organisation, client_of_owner: Client) -> None:
    invite(client_of_owner, hub)

    again = invite(client_of_owner, hub, ADDRESS.upper()).content.decode()

    assert "An invitation to this address waits for an answer already." in again
    assert Message.objects.count() == 1


@pytest.mark.parametrize(
    ("email", "wrong"), [("", "required"), ("nonsense", "valid email"), ("own", "your own address")]
)
def test_wrong_address_is_told_and_kept(
    hub: Organisation, client_of_owner: Client, owner: User, email: str, wrong: str
) -> None:
    typed = owner.email if email == "own" else email

    page = invite(client_of_owner, hub, typed)

    html = page.content.decode()
    assert (page.status_code, typed in html, Message.objects.exists()) == (422, True, False)
    assert wrong in html.lower() or email in ("", "nonsense")


def test_invitations_of_a_day_are_limited_those_taken_back_count(hub: Organisation, client_of_owner: Client) -> None:
    for n in range(MOST_A_DAY):
        invite(client_of_owner, hub, f"n{n}@hub.example")
    withdraw_invitation(invitation=Invitation.objects.first(), by=hub.memberships.get().user)

    page = invite(client_of_owner, hub)
    with time_machine.travel(timezone.now() + timedelta(days=1, minutes=1)):
        later = invite_editor(organisation=hub, email=ADDRESS, language="en", by=hub.memberships.get().user)[1]

    assert (page.status_code, "No more invitations today" in page.content.decode(), later) == (422, True, True)


def test_invitation_that_is_taken_back_opens_nothing(
    hub: Organisation, client_of_owner: Client, signed_in: Any
) -> None:
    invited = signed_in(PersonFactory(email=ADDRESS))
    invite(client_of_owner, hub)
    one, opens = path(hub, f"invitations/{Invitation.objects.get().uid}/"), link()

    asked = client_of_owner.get(one).content.decode()
    page = client_of_owner.post(one, follow=True).content.decode()

    assert (ADDRESS in asked, ADDRESS in page) == (True, False)
    assert (invited.post(opens).status_code, hub.memberships.count()) == (410, 1)
    assert Record.objects.latest("number").verb == "organisation.invitation_withdrawn"
    assert client_of_owner.post(one).status_code == 404


def test_accepting_and_taking_back_at_once_is_told(hub: Organisation, client_of_owner: Client, owner: User) -> None:
    invite(client_of_owner, hub)
    invitation = Invitation.objects.get()

    with (
        meanwhile(lambda: withdraw_invitation(invitation=invitation, by=owner)),
        pytest.raises(IllegalMove),
    ):
        withdraw_invitation(invitation=invitation, by=owner)


def test_entry_is_handed_over_when_the_other_accepts(
    hub: Organisation, client_of_owner: Client, owner: User, signed_in: Any
) -> None:
    focal, invited = focal_point("KZ"), PersonFactory(email=ADDRESS, name="New Sample")
    editor_of(hub, MemberRole.EDITOR, name="Editor Sample")
    invite(client_of_owner, hub, how="hand-over")
    before = roles(hub)

    asked = signed_in(invited).get(link()).content.decode()
    signed_in(invited).post(link())

    record = Record.objects.latest("number")
    assert before == {"Owner Sample": "owner", "Editor Sample": "editor"}
    assert "Owner Sample asks you to edit the entry from now on, and leaves it then." in asked
    assert roles(hub) == {"New Sample": "owner", "Editor Sample": "editor"}
    assert (record.verb, record.before["editor"], record.after["editor"]) == (
        "organisation.handed_over",
        str(owner.uid),
        str(invited.uid),
    )
    told = {each.address: each.context["path"] for each in Message.objects.filter(template="incubators/editor_came")}
    assert {owner.email, focal.email} < told.keys()
    assert told[owner.email] == f"/en/incubators/{hub.slug}/"
    mails = {each.address: compose(each) for each in Message.objects.filter(template="incubators/editor_came")}
    assert mails[owner.email].subject == f"Handed over: {hub}"
    assert f"New Sample has accepted and edits the entry of “{hub}” now. You have left it." in mails[owner.email].body
    assert f"Owner Sample has handed the entry of “{hub}” over to New Sample" in mails[focal.email].body
    mail = Message.objects.get(template="incubators/owner_now")
    assert (mail.recipient, mail.context["inherits"]) == (invited, False)


def test_colleague_takes_over_the_role(hub: Organisation, client_of_owner: Client, signed_in: Any) -> None:
    colleague = editor_of(hub, MemberRole.EDITOR, email=ADDRESS, name="Editor Sample")
    invite(client_of_owner, hub, how="hand-over")

    signed_in(colleague).post(link())

    assert roles(hub) == {"Editor Sample": "owner"}


def test_invitation_of_somebody_who_left_opens_nothing(
    hub: Organisation, client_of_owner: Client, owner: User, signed_in: Any
) -> None:
    editor_of(hub, MemberRole.EDITOR)
    invite(client_of_owner, hub)
    opens = link()
    end_membership(membership=Membership.objects.get(user=owner), by=owner)

    assert signed_in(PersonFactory(email=ADDRESS)).post(opens).status_code == 410


def test_last_editor_cannot_leave_and_reads_what_to_do(hub: Organisation, client_of_owner: Client, owner: User) -> None:
    editor_of(hub, MemberRole.EDITOR, is_active=False)
    url = path(hub, f"{owner.uid}/end/")

    asked, refused = client_of_owner.get(url).content.decode(), client_of_owner.post(url)

    words = "You are its only editor. Hand it over first, or ask the focal point to close it."
    assert (words in asked, path(hub, "hand-over/") in asked) == (True, True)
    assert [">Leave</button>" in html for html in (asked, refused.content.decode())] == [False, False]
    assert (refused.status_code, refused.content.decode().count(words)) == (422, 1)
    assert Membership.objects.filter(user=owner).exists()


def test_only_editor_finds_handing_over_in_place_of_leaving(hub: Organisation, client_of_owner: Client) -> None:
    alone = client_of_owner.get(path(hub)).content.decode()
    editor_of(hub, MemberRole.EDITOR)
    two = client_of_owner.get(path(hub)).content.decode()

    assert ["you cannot simply leave" in html for html in (alone, two)] == [True, False]
    assert [html.count("/end/") for html in (alone, two)] == [0, 2]
    assert [path(hub, "hand-over/") in html for html in (alone, two)] == [True, True]


@pytest.mark.parametrize("how", ["closed", "a colleague", "taken out by the focal point"])
def test_editor_leaves_what_is_closed_or_has_another_editor(hub: Organisation, owner: User, how: str) -> None:
    if how == "closed":
        Organisation.objects.filter(pk=hub.pk).update(status=OrganisationStatus.CLOSED)
    if how == "a colleague":
        editor_of(hub, MemberRole.EDITOR)
    by = focal_point("KZ") if how.startswith("taken") else owner

    end_membership(membership=Membership.objects.get(user=owner), by=by, reason="Gone")

    assert not Membership.objects.filter(user=owner).exists()


def test_until_when_an_invitation_holds_says_in_which_zone_to_whoever_has_none(
    hub: Organisation, owner: User, client_of_owner: Client
) -> None:
    with time_machine.travel("2026-11-01 22:00 +0000", tick=False):
        invite(client_of_owner, hub)
        without = client_of_owner.get(path(hub)).content.decode()
        User.objects.filter(pk=owner.pk).update(time_zone="Asia/Tashkent")
        own = client_of_owner.get(path(hub)).content.decode()

    last = (datetime(2026, 11, 1, tzinfo=UTC) + LINK_LASTS).day
    assert f"until {last} November 2026 (UTC):" in compose(Message.objects.get()).body
    assert [f">{last} November 2026 (UTC)<" in page for page in (without, own)] == [True, False]
    assert f">{last + 1} November 2026<" in own


def test_addresses_of_those_invited_are_for_editors_alone(
    hub: Organisation, client_of_owner: Client, signed_in: Any
) -> None:
    invite(client_of_owner, hub)

    pages = [client.get(path(hub)).content.decode() for client in (client_of_owner, signed_in(focal_point("KZ")))]

    assert [ADDRESS in page for page in pages] == [True, False]


@pytest.mark.parametrize("number", [1, 3])
def test_editors_page_with_invitations_asks_little(
    hub: Organisation, owner: User, signed_in: Any, number: int, django_assert_max_num_queries: Any
) -> None:
    for n in range(number):
        invite_editor(organisation=hub, email=f"n{n}@hub.example", language="en", by=owner)
    client = signed_in(owner)

    with django_assert_max_num_queries(10):
        client.get(path(hub))


def test_erased_people_leave_no_invitation_behind(hub: Organisation, client_of_owner: Client, owner: User) -> None:
    invited = PersonFactory(email=ADDRESS)
    invited.emailaddress_set.create(email=ADDRESS, verified=True)
    invite(client_of_owner, hub)
    invite(client_of_owner, hub, "other@hub.example")
    sent, got = (personal_data(person)["invitations"] for person in (owner, invited))

    erase(invited)
    left = list(Invitation.objects.open().values_list("email", flat=True))
    erase(owner)

    assert ([each["sent"] for each in sent], [each["sent"] for each in got]) == ([True, True], [False])
    assert (left, Invitation.objects.open().count(), Invitation.objects.exclude(email="").count()) == (
        ["other@hub.example"],
        0,
        0,
    )


def test_addresses_of_what_nobody_answered_are_forgotten(hub: Organisation, client_of_owner: Client) -> None:
    invite(client_of_owner, hub)

    with time_machine.travel(timezone.now() + LINK_LASTS + ADDRESSES_KEPT - timedelta(hours=1)):
        early = forget_old_addresses(Invitation)
    with time_machine.travel(timezone.now() + LINK_LASTS + ADDRESSES_KEPT + timedelta(hours=1)):
        tidy_desk()

    assert (early, Invitation.objects.get().email) == (0, "")


@pytest.mark.parametrize("how", ["leaves", "taken out", "handed over"])
def test_invitations_of_somebody_who_goes_are_taken_back_and_their_addresses_are_free(
    hub: Organisation, owner: User, signed_in: Any, how: str
) -> None:
    colleague, heir = editor_of(hub, MemberRole.EDITOR), PersonFactory(email="heir@hub.example")
    invite(signed_in(owner), hub)
    if how == "handed over":
        invite(signed_in(owner), hub, heir.email, how="hand-over")
        signed_in(heir).post(link())
    else:
        by = owner if how == "leaves" else focal_point("KZ")
        end_membership(membership=Membership.objects.get(user=owner), by=by, reason="Gone")

    gone = Invitation.objects.order_by("pk").first()
    again = invite(signed_in(colleague), hub).content.decode()

    assert (gone.status, gone.email) == (InvitationStatus.WITHDRAWN, "")
    assert Record.objects.filter(verb="organisation.invitation_withdrawn").count() == 1
    assert "The invitation is on its way." in again
    assert signed_in(PersonFactory(email=ADDRESS)).post(link()).status_code == 302


def test_invitations_of_somebody_who_goes_stay_elsewhere(hub: Organisation, owner: User) -> None:
    other = OrganisationFactory()
    Membership.objects.create(user=owner, organisation=other, role=MemberRole.OWNER)
    colleague = editor_of(hub, MemberRole.EDITOR)
    for organisation, by in ((hub, owner), (hub, colleague), (other, owner)):
        invite_editor(organisation=organisation, email=f"{by.pk}@hub.example", language="en", by=by)

    end_membership(membership=hub.memberships.get(user=owner), by=owner)

    left = Invitation.objects.open().values_list("organisation", "invited_by")
    assert set(left) == {(hub.pk, colleague.pk), (other.pk, owner.pk)}


def test_invitation_of_somebody_who_cannot_sign_in_is_replaced(hub: Organisation, owner: User, signed_in: Any) -> None:
    colleague = editor_of(hub, MemberRole.EDITOR)
    invite_editor(organisation=hub, email=ADDRESS, language="en", by=owner)
    User.objects.filter(pk=owner.pk).update(is_active=False)

    page = invite(signed_in(colleague), hub).content.decode()

    assert "The invitation is on its way." in page
    assert list(Invitation.objects.values_list("status", "email").order_by("pk")) == [
        ("withdrawn", ""),
        ("open", ADDRESS),
    ]


def test_whoever_accepts_leaves_no_other_invitation_to_the_entry_open(
    hub: Organisation, owner: User, signed_in: Any
) -> None:
    elsewhere = OrganisationFactory()
    invite_editor(organisation=elsewhere, email=ADDRESS, language="en", by=editor_of(elsewhere))
    invite_editor(organisation=hub, email="other@hub.example", language="en", by=owner)
    invite_editor(organisation=hub, email=ADDRESS, language="en", by=owner, hands_over=True)
    invite_editor(organisation=hub, email=ADDRESS, language="en", by=owner)

    signed_in(PersonFactory(email=ADDRESS)).post(link())

    rows = Invitation.objects.order_by("pk").values_list("status", "email")
    assert list(rows) == [("open", ADDRESS), ("open", "other@hub.example"), ("withdrawn", ""), ("accepted", "")]


def test_invitation_that_is_taken_back_before_its_mail_leaves_is_not_mailed(
    hub: Organisation, client_of_owner: Client, owner: User
) -> None:
    invite(client_of_owner, hub)

    withdraw_invitation(invitation=Invitation.objects.get(), by=owner)

    assert not Message.objects.exists()


@pytest.mark.parametrize("state", ["sent", "failed", "sending"])
@pytest.mark.parametrize("how", ["taken back", "accepted", "expired", "inviter erased", "invited erased"])
def test_address_goes_from_the_outbox_with_that_of_the_invitation(
    hub: Organisation, owner: User, how: str, state: str, signed_in: Any
) -> None:
    invite_editor(organisation=hub, email=ADDRESS, language="en", by=owner)
    invitation, opens = Invitation.objects.get(), link()
    Message.objects.update(state=state, attempts=1, claimed_at=timezone.now(), error=f"refused: {ADDRESS}")

    match how:
        case "taken back":
            withdraw_invitation(invitation=invitation, by=owner)
        case "accepted":
            signed_in(PersonFactory(email=ADDRESS)).post(opens)
        case "expired":
            with time_machine.travel(invitation.expires_at + ADDRESSES_KEPT + timedelta(hours=1)):
                forget_old_addresses(Invitation)
        case "inviter erased":
            erase(owner)
        case "invited erased":
            erase(PersonFactory(email=ADDRESS))

    message = Message.objects.get(template="incubators/editor_invited")
    assert (message.address, message.context, message.error) == ("", {}, "")
    assert message.state == ("late" if state == "failed" else state)
    assert not Message.objects.due(timezone.now() + timedelta(days=99)).contains(message)


def test_own_data_tell_what_an_invitation_asked_and_until_when(hub: Organisation, owner: User) -> None:
    invited = PersonFactory(email=ADDRESS)
    invite_editor(organisation=hub, email=ADDRESS, language="en", by=owner, hands_over=True)
    unproven = personal_data(invited)["invitations"]
    invited.emailaddress_set.create(email=ADDRESS, verified=True)
    invitation = Invitation.objects.get()

    got = personal_data(invited)["invitations"]

    assert (unproven, got) == (
        [],
        [
            {
                "organisation": "Shared Hub",
                "sent": False,
                "email": ADDRESS,
                "hands_over": True,
                "status": "open",
                "at": invitation.invited_at.isoformat(),
                "to": invitation.expires_at.isoformat(),
            }
        ],
    )
