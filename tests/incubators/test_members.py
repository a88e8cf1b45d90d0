"""Editors of an entry come by a claim and go: who may end it, who is told, what the pages show."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from incubators.enums import ClaimStatus, MemberRole
from incubators.models import Claim, Membership, Organisation
from incubators.services.claims import claim_organisation, move_claim
from incubators.services.erasure import erase
from incubators.services.members import end_membership
from network_platform.background.models import Message
from network_platform.journal.models import Record
from network_platform.people.models import User
from tests.incubators.factories import (
    OrganisationFactory,
    PersonFactory,
    draft,
    editor,
    editor_of,
    focal_point,
    verified,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def shared() -> Organisation:
    """Listed, with an owner and an editor."""
    organisation = OrganisationFactory(name="Shared Hub")
    editor_of(organisation, name="Owner Sample")
    editor_of(organisation, MemberRole.EDITOR, name="Editor Sample")
    return organisation


def member(organisation: Organisation, role: str) -> Membership:
    return organisation.memberships.get(role=role)


def path(membership: Membership) -> str:
    return f"/en/incubators/{membership.organisation.slug}/editors/{membership.user.uid}/end/"


@pytest.mark.parametrize("who", ["owner", "focal"])
def test_editor_who_left_is_taken_out(shared: Organisation, signed_in: Any, who: str) -> None:
    gone, by = member(shared, "editor"), member(shared, "owner").user if who == "owner" else focal_point("KZ")

    without = signed_in(by).post(path(gone), {"reason": ""})
    done = signed_in(by).post(path(gone), {"reason": "No longer works there"}, follow=True)

    assert without.status_code == 422
    assert "Editor Sample no longer edits this entry." in done.content.decode()
    assert [each.role for each in shared.memberships.all()] == ["owner"]
    record, mail = Record.objects.get(), Message.objects.get()
    assert (record.verb, record.scope, record.reason) == (
        "organisation.editor_ended",
        "country:KZ",
        "No longer works there",
    )
    assert (mail.template, mail.address) == ("incubators/editor_ended", gone.user.email)
    assert signed_in(gone.user).get(f"/en/incubators/{shared.slug}/edit/").status_code == 404


def test_person_leaves_without_a_reason_or_a_mail(shared: Organisation, signed_in: Any) -> None:
    own = member(shared, "editor")

    done = signed_in(own.user).post(path(own), follow=True)

    assert done.redirect_chain == [("/en/incubators/mine/", 302)]
    assert "You no longer edit the entry of “Shared Hub”." in done.content.decode()
    assert not Membership.objects.filter(pk=own.pk).exists()
    assert not Message.objects.exists()


def lasting(shared: Organisation, name: str, days: int, **fields: Any) -> User:
    """Another editor, for so many days."""
    person = editor_of(shared, MemberRole.EDITOR, name=name, **fields)
    Membership.objects.filter(user=person).update(since=timezone.now() - timedelta(days=days))
    return person


@pytest.mark.parametrize("how", ["leaves", "taken out", "erased"])
def test_owner_who_goes_is_followed_by_who_has_edited_longest(shared: Organisation, signed_in: Any, how: str) -> None:
    heir, owner = lasting(shared, "Heir Sample", 90, language="ru"), member(shared, "owner")
    lasting(shared, "Closed Sample", 900, is_active=False)
    by = focal_point("KZ") if how == "taken out" else owner.user

    if how == "erased":
        erase(owner.user)
    else:
        asked = signed_in(by).get(path(owner)).content.decode()
        signed_in(by).post(path(owner), {"reason": "Gone"})
        assert "Heir Sample becomes the owner: nobody of those who stay has edited the entry for longer." in asked

    record = Record.objects.get(verb="organisation.ownership_passed")
    mail = Message.objects.get(template="incubators/owner_now")
    assert (mail.recipient, mail.language, mail.context["path"]) == (
        heir,
        "ru",
        f"/ru/incubators/{shared.slug}/editors/",
    )
    assert [each.user for each in shared.memberships.filter(role=MemberRole.OWNER)] == [heir]
    assert (record.actor, record.scope) == (by, "country:KZ")
    assert (record.before, record.after) == ({"editor": str(owner.user.uid)}, {"editor": str(heir.uid)})


@pytest.mark.parametrize("who", ["editor", "one of two owners", "owner without an heir"])
def test_nobody_follows_where_an_owner_stays_or_nobody_could(shared: Organisation, signed_in: Any, who: str) -> None:
    going, focal = member(shared, "editor" if who == "editor" else "owner"), focal_point("KZ")
    if who == "one of two owners":
        editor_of(shared)
    if who == "owner without an heir":
        User.objects.filter(pk=member(shared, "editor").user_id).update(is_active=False)

    asked = signed_in(focal).get(path(going)).content.decode()
    end_membership(membership=going, by=focal, reason="Gone")

    assert "becomes the owner" not in asked
    assert not Record.objects.filter(verb="organisation.ownership_passed").exists()


def test_editor_cannot_take_out_the_owner(shared: Organisation, signed_in: Any) -> None:
    owner, other = member(shared, "owner"), member(shared, "editor").user

    with pytest.raises(PermissionDenied):
        end_membership(membership=owner, by=other, reason="x")

    assert signed_in(other).post(path(owner), {"reason": "x"}).status_code == 404
    assert shared.memberships.count() == 2


def test_nobody_is_taken_out_of_what_was_never_listed() -> None:
    revision = draft()

    with pytest.raises(PermissionDenied):
        end_membership(membership=revision.organisation.memberships.get(), by=editor(revision))

    assert revision.organisation.memberships.count() == 1


def test_ending_twice_is_harmless(shared: Organisation) -> None:
    gone, owner = member(shared, "editor"), member(shared, "owner").user

    for _ in range(2):
        end_membership(membership=Membership(pk=gone.pk or 0, organisation=shared), by=owner, reason="x")

    assert Record.objects.count() == 1


def test_present_editors_hear_of_a_new_one() -> None:
    organisation, focal = OrganisationFactory(name="Hub"), focal_point("KZ")
    present, gone, claimant = editor_of(organisation), editor_of(organisation, is_active=False), PersonFactory()
    claim = claim_organisation(organisation=organisation, by=claimant, evidence="I run it")

    move_claim(claim=claim, to=ClaimStatus.GRANTED, by=focal)

    mails = Message.objects.filter(template="incubators/editor_joined")
    assert [(mail.address, mail.context["name"]) for mail in mails] == [(present.email, claimant.name)]
    assert list(mails.get().about.all()) == [claimant]
    assert gone.is_active is False


def test_page_of_a_verified_entry_says_how_to_become_its_editor(client: Any, signed_in: Any) -> None:
    listed = verified()
    address, link = f"/en/incubators/{listed.slug}/", f"/en/incubators/{listed.slug}/claim/"

    seen = [link in each.get(address).content.decode() for each in (client, signed_in(PersonFactory()))]
    own = signed_in(editor_of(listed)).get(address).content.decode()

    assert (seen, link in own) == ([True, True], False)


def test_editors_find_the_link_for_a_colleague(signed_in: Any) -> None:
    listed = OrganisationFactory()

    page = signed_in(editor_of(listed)).get(f"/en/incubators/{listed.slug}/editors/").content.decode()

    assert f'value="http://testserver/en/incubators/{listed.slug}/claim/" readonly' in page


def test_refused_claim_tells_no_other_editor() -> None:
    organisation = OrganisationFactory()
    editor_of(organisation)
    claim = Claim.objects.create(organisation=organisation, user=PersonFactory(), evidence="x")

    move_claim(claim=claim, to=ClaimStatus.REFUSED, by=focal_point("KZ"), reason="No")

    assert list(Message.objects.values_list("template", flat=True)) == ["incubators/claim_refused"]


def test_editors_are_shown_to_those_concerned_only(shared: Organisation, signed_in: Any) -> None:
    url = f"/en/incubators/{shared.slug}/editors/"
    owner, other, focal = member(shared, "owner").user, member(shared, "editor").user, focal_point("KZ")

    ends = {
        who: signed_in(person).get(url).content.decode().count("/end/")
        for who, person in {"owner": owner, "editor": other, "focal": focal}.items()
    }
    strangers = [signed_in(person).get(url).status_code for person in (PersonFactory(), focal_point("KG"))]

    assert ends == {"owner": 2, "editor": 1, "focal": 2}
    assert strangers == [404, 404]


@pytest.mark.parametrize("number", [1, 3])
def test_editors_page_asks_little(signed_in: Any, number: int, django_assert_max_num_queries: Any) -> None:
    organisation = OrganisationFactory()
    people = [editor_of(organisation, MemberRole.EDITOR) for _ in range(number)]
    client = signed_in(people[0])

    with django_assert_max_num_queries(10):
        client.get(f"/en/incubators/{organisation.slug}/editors/")


@pytest.mark.parametrize(("focal", "words"), [(True, "focal point agrees"), (False, "secretariat agrees")])
def test_link_for_a_colleague_comes_with_who_has_to_agree(focal: bool, words: str, signed_in: Any) -> None:
    organisation = OrganisationFactory()
    if focal:
        focal_point("KZ")

    page = signed_in(editor_of(organisation)).get(f"/en/incubators/{organisation.slug}/editors/").content.decode()

    assert [each for each in ("focal point agrees", "secretariat agrees") if each in page] == [words]
