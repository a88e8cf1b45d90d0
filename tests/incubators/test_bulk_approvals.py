"""Several entries approved by one press: what is shown, what is left, and undoing it until the mails leave."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client

from incubators.enums import OrganisationStatus, RevisionStatus
from incubators.listing_values import values_of
from incubators.models import BulkApproval, Claim, Confirmation, Organisation, Revision, Sdg, Sector
from incubators.models.approvals import UNDONE_WITHIN
from incubators.services.bulk_approvals import MOST_AT_ONCE, approve_several, undo_approvals
from incubators.services.listing import open_revision, submit_revision
from incubators.services.review import decline_revision, request_changes, withdraw_revision
from network_platform.background.models import Message, MessageState
from network_platform.background.tasks import deliver_message, sweep_messages
from network_platform.changes.models import Change
from network_platform.identifiers import new_uid
from network_platform.journal.models import Record
from network_platform.people.audience import PUBLIC
from network_platform.people.models import User
from network_platform.search.queries import keys
from network_platform.zones import today
from tests.incubators.factories import OrganisationFactory, PersonFactory, draft, editor, editor_of, entry, focal_point
from tests.incubators.test_review import send

pytestmark = pytest.mark.django_db
QUEUE, APPROVE = "/en/incubators/queue/", "/en/incubators/queue/approve/"
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
APPROVED = "incubators/revision_approved"


@pytest.fixture
def focal() -> User:
    return focal_point("KZ", time_zone="Asia/Almaty")


@pytest.fixture
def by(focal: User, signed_in: Any) -> Client:
    return signed_in(focal)


def new(name: str) -> Revision:
    return send(draft(name_en=name), name_en=name)


def changed(name: str = "Old Name", **fields: Any) -> Revision:
    """A listed entry whose editors propose another name, city and goals."""
    organisation = OrganisationFactory(name=name, **fields)
    user = editor_of(organisation)
    revision = open_revision(organisation=organisation, by=user)
    values = entry(name_en=f"{name} Renamed")
    return submit_revision(revision=revision, by=user, version=revision.version, values=values)


def chosen(*revisions: Revision) -> dict[str, list[str]]:
    return {"chosen": [f"{each.uid}:{each.version}" for each in revisions]}


def undo(client: Client, approval: BulkApproval) -> Any:
    return client.post(f"{APPROVE}{approval.uid}/undo/", follow=True)


def state(revision: Revision) -> tuple[str, str]:
    fresh = Revision.objects.select_related("organisation").get(pk=revision.pk)
    return (fresh.status, fresh.organisation.status)


def test_page_shows_count_and_names_before_anything_is_done(by: Client) -> None:
    one, two = new("One Hub"), changed("Two Hub")
    new("Not chosen")

    queue = by.get(QUEUE).content.decode()
    page = by.get(APPROVE, {"uid": [one.uid, two.uid, "rubbish"]})

    html = page.content.decode()
    assert queue.count('name="uid"') == 3
    assert "Approve 2 entries?" in html
    assert ["One Hub" in html, "Two Hub Renamed" in html, "Not chosen" in html] == [True, True, False]
    assert [state(one), state(two)] == [("submitted", "submitted"), ("submitted", "listed")]


def test_more_than_are_approved_at_once_is_told(by: Client) -> None:
    one = new("One Hub")

    html = by.get(APPROVE, {"uid": [one.uid, *(new_uid() for _ in range(MOST_AT_ONCE))]}).content.decode()

    assert f"At most {MOST_AT_ONCE} entries are approved at once" in html
    assert "49 of those chosen do not wait any more and are left out." in html


def test_nothing_chosen_leads_back_with_a_word(by: Client) -> None:
    assert "Choose at least one entry that waits." in by.get(APPROVE, follow=True).content.decode()


def test_those_chosen_are_approved_journaled_and_their_mails_wait(by: Client) -> None:
    with time_machine.travel(NOON, tick=False):
        one, two = new("One Hub"), changed("Two Hub")
        page = by.post(APPROVE, chosen(one, two), follow=True).content.decode()

        assert [state(one), state(two)] == [("approved", "listed"), ("approved", "listed")]
        assert "Approved 1 new organisation. Approved changes of 1 listed organisation." in page
        assert "Undo (until <time" in page
        assert ">17:05</time>)" in page
        assert [each.verb for each in Record.objects.order_by("-number")[:2]] == [
            "revision.approved",
            "organisation.listed",
        ]
        waiting = Message.objects.filter(template=APPROVED)
        assert set(waiting.values_list("due_at", flat=True)) == {NOON + UNDONE_WITHIN}


def test_page_of_review_keeps_paragraphs_and_leads_back_once(by: Client) -> None:
    organisation = OrganisationFactory(descriptions={"en": "First.\n\nSecond."})
    user = editor_of(organisation)
    revision = open_revision(organisation=organisation, by=user)
    values = entry(description_en="First.\r\n\r\nThird.")
    sent = submit_revision(revision=revision, by=user, version=revision.version, values=values)

    page = by.get(f"{QUEUE}{sent.uid}/").content.decode()

    assert "First.<br><br><del>Second</del>." in page
    assert "First.<br><br><ins>Third</ins>." in page
    assert page.count("Back to the queue") == 1


def test_mails_leave_when_undoing_ends(by: Client) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        one = new("One Hub")
        Message.objects.all().delete()
        by.post(APPROVE, chosen(one))
        deliver_message(Message.objects.get().pk)
        sweep_messages()
        early = len(mail.outbox)
        clock.shift(UNDONE_WITHIN)
        sweep_messages()

    assert (early, [each.subject for each in mail.outbox]) == (0, ["Approved: One Hub"])


def test_what_cannot_be_approved_is_named_with_why(by: Client, focal: User) -> None:
    fine, again, back, answered = (new(name) for name in ("Fine Hub", "Again Hub", "Back Hub", "Answered Hub"))
    own = new("Own Hub")
    own.organisation.memberships.create(user=focal)
    data = chosen(fine, again, back, answered, own)
    asked = request_changes(revision=again, by=focal, comments={"": "More"})
    send(asked, name_en="Again Hub", city="Osh")
    withdraw_revision(revision=back, by=editor(back))
    decline_revision(revision=answered, by=focal, reason="No")

    page = by.post(APPROVE, data, follow=True).content.decode()

    assert "“Fine Hub” is not approved" not in page
    assert "“Again Hub” is not approved: its editors sent it again since you looked." in page
    assert "“Back Hub” is not approved: it was answered or taken back in the meantime." in page
    assert "“Answered Hub” is not approved: it was answered or taken back in the meantime." in page
    assert "“Own Hub” is not approved: it is not yours to answer." in page
    assert [state(each)[0] for each in (fine, own)] == ["approved", "submitted"]


def test_foreign_entry_is_neither_approved_nor_named(by: Client) -> None:
    foreign = send(draft("KG", name_en="Foreign Hub"), name_en="Foreign Hub")

    page = by.post(APPROVE, chosen(foreign), follow=True).content.decode()

    assert (state(foreign)[0], "Foreign Hub" in page, BulkApproval.objects.count()) == ("submitted", False, 0)


def test_undo_puts_a_new_entry_back_as_if_nobody_had_answered(by: Client) -> None:
    one = new("One Hub")
    before = Organisation.objects.values().get(pk=one.organisation_id)
    names = list(one.organisation.names.values_list("text", "kind"))
    words = {"kind": "organisation", "audiences": [PUBLIC]}
    by.post(APPROVE, chosen(one))
    found = list(keys("One Hub", **words))

    page = undo(by, BulkApproval.objects.get()).content.decode()

    after = Organisation.objects.values().get(pk=one.organisation_id)
    one.refresh_from_db()
    assert {**after, "updated_at": 0} == {**before, "updated_at": 0}
    assert (one.status, one.decided_at, one.decided_by, one.is_again) == (RevisionStatus.SUBMITTED, None, None, False)
    assert list(one.organisation.names.values_list("text", "kind")) == names
    assert (set(found), list(keys("One Hub", **words))) == ({one.organisation.uid}, [])
    assert not Confirmation.objects.filter(organisation=one.organisation).exists()
    assert not Message.objects.filter(template=APPROVED).exists()
    assert "1 entry waits again." in page
    assert "Undo (until" not in page
    assert Record.objects.latest("number").verb == "organisation.approval_undone"
    assert Change.objects.latest("pk").event == "organisation.removed"
    assert by.get(f"{QUEUE}{one.uid}/").status_code == 200


@pytest.mark.parametrize("status", [OrganisationStatus.LISTED, OrganisationStatus.STALE])
def test_undo_puts_a_changed_entry_back_as_its_page_said(by: Client, status: str) -> None:
    two = changed(status=status, verified_until=today() - timedelta(days=5 if status == "stale" else -5))
    said, until = values_of(two.organisation), two.organisation.verified_until
    by.post(APPROVE, chosen(two))
    meanwhile = values_of(Organisation.objects.get(pk=two.organisation_id))

    undo(by, BulkApproval.objects.get())

    back = Organisation.objects.get(pk=two.organisation_id)
    assert (meanwhile["name_en"], values_of(back)) == ("Old Name Renamed", said)
    assert (state(two), back.verified_until) == (("submitted", status), until)
    assert not back.names.exclude(until=None).exists()
    assert Record.objects.latest("number").verb == "revision.approval_undone"


@pytest.mark.parametrize("kept_twice", [{}, {"languages": ["tg"], "sdgs": [17]}], ids=["now", "as kept before"])
def test_undo_takes_languages_sectors_and_goals_from_the_entry_that_was_kept(
    by: Client, kept_twice: dict[str, Any]
) -> None:
    """What the platform kept beside the entry until lately, and may still hold for some minutes, changes nothing."""
    two = changed(languages=["en", "uz"])
    two.organisation.sdgs.set(Sdg.objects.filter(number__in=[1, 3]))
    two.organisation.sectors.set(Sector.objects.filter(code="ict"))
    said = values_of(two.organisation)
    by.post(APPROVE, chosen(two))
    approval = BulkApproval.objects.get()
    approval.before[str(two.uid)] |= kept_twice
    approval.save()
    meanwhile = values_of(Organisation.objects.get(pk=two.organisation_id))

    undo(by, approval)

    back = values_of(Organisation.objects.get(pk=two.organisation_id))
    assert (meanwhile["languages"], sorted(meanwhile["sdgs"])) == (["ru", "kk"], [9, 12])
    assert ([said["languages"], said["sdgs"], said["sectors"]], back) == ([["en", "uz"], [1, 3], ["ict"]], said)


def test_what_came_again_keeps_its_last_answer_through_an_undo(by: Client, focal: User) -> None:
    asked = request_changes(revision=new("One Hub"), by=focal, comments={"city": "Which one?"})
    again = send(asked, name_en="One Hub", city="Osh")
    by.post(APPROVE, chosen(again))

    undo(by, BulkApproval.objects.get())

    again.refresh_from_db()
    assert (again.is_again, again.comments, again.answered) == (True, {"city": "Which one?"}, {"city"})


def test_what_was_undone_can_be_approved_and_mailed_again(by: Client) -> None:
    one = new("One Hub")
    by.post(APPROVE, chosen(one))
    undo(by, BulkApproval.objects.get())

    by.post(APPROVE, chosen(Revision.objects.get()))

    assert (state(one), Message.objects.filter(template=APPROVED).count()) == (("approved", "listed"), 1)


def test_undo_is_refused_once_the_mails_leave(by: Client) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        one = new("One Hub")
        by.post(APPROVE, chosen(one))
        clock.shift(UNDONE_WITHIN)
        bar = by.get(QUEUE).content.decode()
        page = undo(by, BulkApproval.objects.get()).content.decode()

    assert ("Undo (until" in bar, state(one)) == (False, ("approved", "listed"))
    assert "It is too late to undo: the mails left at 17:05." in page


def test_second_undo_says_that_it_was_done(by: Client) -> None:
    by.post(APPROVE, chosen(new("One Hub")))
    approval = BulkApproval.objects.get()

    pages = [undo(by, approval).content.decode() for _ in range(2)]

    assert ["This was undone already." in page for page in pages] == [False, True]


def test_those_that_changed_since_are_left_and_named(by: Client) -> None:
    plain, edited, claimed, mailed = (new(name) for name in ("Plain Hub", "Edited Hub", "Claimed Hub", "Mailed Hub"))
    by.post(APPROVE, chosen(plain, edited, claimed, mailed))
    open_revision(organisation=edited.organisation, by=editor(edited))
    Claim.objects.create(organisation=claimed.organisation, user=PersonFactory(), evidence="I run it")
    sending = Message.objects.filter(template=APPROVED, address=editor(mailed).email)
    sending.update(state=MessageState.SENDING, attempts=1)

    page = undo(by, BulkApproval.objects.get()).content.decode()

    assert "1 entry waits again." in page
    assert "“Edited Hub” stays approved: somebody has changed it since." in page
    assert "“Claimed Hub” stays approved: somebody has changed it since." in page
    assert "“Mailed Hub” stays approved: its mail has left already." in page
    assert [state(each)[0] for each in (plain, edited, claimed, mailed)] == ["submitted", *["approved"] * 3]
    assert Message.objects.filter(template=APPROVED).count() == 3


@pytest.mark.parametrize("version", ["9" * 5000, "9" * 19, "-1", "١", ""])
def test_version_that_no_page_sends_is_left_out(by: Client, version: str) -> None:
    one = new("One Hub")

    answer = by.post(APPROVE, {"chosen": [f"{one.uid}:{version}"]})

    assert (answer.status_code, state(one)) == (302, ("submitted", "submitted"))


def test_nobody_else_undoes_it(by: Client, signed_in: Any) -> None:
    by.post(APPROVE, chosen(new("One Hub")))
    approval = BulkApproval.objects.get()

    codes = [undo(signed_in(person), approval).status_code for person in (focal_point("KZ"), PersonFactory())]

    assert (codes, BulkApproval.objects.get().undone_at) == ([404, 403], None)


@pytest.mark.parametrize("number", [1, 3])
def test_page_of_those_chosen_asks_little(by: Client, number: int, django_assert_max_num_queries: Any) -> None:
    uids = [new(f"Hub {n}").uid for n in range(number)]

    with django_assert_max_num_queries(7):
        by.get(APPROVE, {"uid": uids})


def test_service_approves_no_more_than_it_takes_back(focal: User) -> None:
    one = new("One Hub")

    done = approve_several(chosen={one.uid: one.version}, by=focal)
    undone = undo_approvals(approval=done.approval, by=focal)

    assert (done.done, undone.done, undone.left) == (["One Hub"], ["One Hub"], [])
