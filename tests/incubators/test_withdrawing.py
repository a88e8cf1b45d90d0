"""What was sent and not answered can be taken back: by its editors, without a trace in the queue, once."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from incubators.enums import OrganisationStatus, RevisionStatus
from incubators.models import Organisation, Revision
from incubators.services.listing import (
    MOST_A_WEEK,
    TooManySentError,
    discard_draft,
    open_revision,
    submit_revision,
)
from incubators.services.review import approve_revision, decline_revision, request_changes, withdraw_revision
from network_platform.journal.models import Record
from tests.incubators.factories import (
    OrganisationFactory,
    PersonFactory,
    draft,
    editor,
    editor_of,
    entry,
    focal_point,
    meanwhile,
)
from tests.incubators.test_review import mails, send

pytestmark = pytest.mark.django_db
TAKEN_BACK = "Its editors have taken it back."


@pytest.fixture
def sent() -> Revision:
    return send(draft())


@pytest.fixture
def own(sent: Revision, signed_in: Any) -> Client:
    return signed_in(editor(sent))


@pytest.fixture
def focal(signed_in: Any) -> Client:
    return signed_in(focal_point("KZ"))


def page_of(revision: Revision, rest: str = "") -> str:
    return f"/en/incubators/{Organisation.objects.get(pk=revision.organisation_id).slug}/edit/{rest}"


def told(response: Any) -> list[str]:
    return [str(each) for each in response.context["messages"]]


def test_new_entry_is_taken_back_after_a_question(own: Client, focal: Client, sent: Revision) -> None:
    before = mails()
    waiting = own.get(page_of(sent)).content.decode()
    asked = own.get(page_of(sent, "withdraw/")).content.decode()
    status = Revision.objects.get().status

    done = own.post(page_of(sent, "withdraw/"), follow=True)

    sent.refresh_from_db()
    record = Record.objects.latest("number")
    assert (page_of(sent, "withdraw/") in waiting, "Take it back?" in asked, status) == (True, True, "submitted")
    assert told(done) == ["Taken back. You can change it and send it again."]
    assert (sent.status, sent.organisation.status) == (RevisionStatus.DRAFT, OrganisationStatus.DRAFT)
    assert sent.values["city"] == "Almaty"
    assert (record.verb, record.actor, record.scope) == ("organisation.withdrawn", editor(sent), "country:KZ")
    assert focal.get("/en/incubators/queue/").context["queue"].revisions == []
    assert mails() == before


def test_page_that_says_sent_already_leads_to_taking_it_back(own: Client, sent: Revision) -> None:
    page = own.get(page_of(sent, "facts/"))

    assert page_of(sent, "withdraw/") in page.content.decode()


def test_change_is_taken_back_and_the_listing_stays(signed_in: Any) -> None:
    organisation = OrganisationFactory(name="Old Name")
    user = editor_of(organisation)
    change = send(open_revision(organisation=organisation, by=user), name_en="New Name")

    signed_in(user).post(page_of(change, "withdraw/"))

    change.refresh_from_db()
    assert (change.status, change.organisation.status) == (RevisionStatus.DRAFT, OrganisationStatus.LISTED)
    assert Record.objects.latest("number").verb == "revision.withdrawn"


def test_taken_back_entry_is_corrected_and_sent_again(own: Client, sent: Revision) -> None:
    focal_point("KZ")
    own.post(page_of(sent, "withdraw/"))
    sent.refresh_from_db()
    own.post(page_of(sent, "facts/"), {"version": sent.version, "kind": "hub", "city": "Osh"})

    own.post(page_of(sent, "submit/"), {"version": sent.version + 1})

    sent.refresh_from_db()
    assert (sent.status, sent.values["city"]) == (RevisionStatus.SUBMITTED, "Osh")
    assert [template for template, _address in mails()] == ["incubators/revision_submitted"]


@pytest.mark.parametrize("answer", [approve_revision, decline_revision, request_changes])
def test_editor_who_comes_after_the_answer_is_told_so(answer: Any, own: Client, sent: Revision) -> None:
    more = {decline_revision: {"reason": "No"}, request_changes: {"comments": {"": "Why?"}}}.get(answer, {})
    focal = focal_point("KZ")

    with meanwhile(lambda: answer(revision=sent, by=focal, **more)):
        raced = own.post(page_of(sent, "withdraw/"), follow=True)
    later = own.get(page_of(sent, "withdraw/"), follow=True)

    words = ["There is nothing to take back: it was answered or taken back in the meantime."]
    assert (told(raced), told(later)) == (words, words)
    assert Revision.objects.get().status not in (RevisionStatus.DRAFT, RevisionStatus.SUBMITTED)


def test_reviewer_who_comes_after_it_was_taken_back_is_told_so(focal: Client, sent: Revision) -> None:
    url = f"/en/incubators/queue/{sent.uid}/"
    answer = {"version": sent.version, "answer": "approve"}

    with meanwhile(lambda: withdraw_revision(revision=sent, by=editor(sent))):
        raced = focal.post(url, answer, follow=True)
    opened, late = focal.get(url, follow=True), focal.post(url, answer, follow=True)

    assert [told(each)[0].startswith(TAKEN_BACK) for each in (raced, opened, late)] == [True] * 3
    assert entry()["description_en"] not in opened.content.decode()
    assert Organisation.objects.get().status == OrganisationStatus.DRAFT


def test_reviewer_who_read_it_before_it_was_taken_back_and_sent_again_reads_it_anew(
    focal: Client, sent: Revision
) -> None:
    read = sent.version
    send(withdraw_revision(revision=sent, by=editor(sent)), city="Osh")

    late = focal.post(f"/en/incubators/queue/{sent.uid}/", {"version": read, "answer": "approve"})

    assert (late.status_code, Revision.objects.get().status) == (422, RevisionStatus.SUBMITTED)


def test_draft_that_was_never_sent_is_not_read_in_the_queue(focal: Client) -> None:
    assert focal.get(f"/en/incubators/queue/{draft().uid}/").status_code == 404


@pytest.mark.parametrize("who", ["focal point", "stranger"])
def test_nobody_else_takes_it_back(who: str, sent: Revision, signed_in: Any) -> None:
    by = focal_point("KZ") if who == "focal point" else PersonFactory()

    page = signed_in(by).post(page_of(sent, "withdraw/"))
    with pytest.raises(PermissionDenied):
        withdraw_revision(revision=sent, by=by)

    assert page.status_code == 404
    assert Revision.objects.get().status == RevisionStatus.SUBMITTED


def test_comments_stay_when_the_corrected_entry_is_taken_back(own: Client, sent: Revision) -> None:
    asked = request_changes(revision=sent, by=focal_point("KZ"), comments={"city": "Which one?"})
    withdraw_revision(revision=send(asked, city="Osh"), by=editor(sent))

    assert "Which one?" in own.get(page_of(sent)).content.decode()


def test_what_was_answered_once_is_not_dropped_with_its_organisation(own: Client, sent: Revision) -> None:
    declined = decline_revision(revision=sent, by=focal_point("KZ"), reason="No")
    again = open_revision(organisation=declined.organisation, by=editor(sent), again=True)
    again = withdraw_revision(revision=send(again, city="Osh"), by=editor(sent))

    page = own.get(page_of(sent, "discard/"))
    with pytest.raises(PermissionDenied):
        discard_draft(revision=again, by=editor(sent))

    assert page.status_code == 404
    assert list(Revision.objects.values_list("status", flat=True)) == ["draft", "declined"]


def test_what_nobody_has_read_is_taken_back_and_dropped(sent: Revision) -> None:
    by = editor(sent)

    discard_draft(revision=withdraw_revision(revision=sent, by=by), by=by)

    assert not Organisation.objects.exists()


def test_sending_and_taking_back_has_a_limit(sent: Revision) -> None:
    by = editor(sent)
    for _ in range(MOST_A_WEEK - 1):
        sent = send(withdraw_revision(revision=sent, by=by))
    sent = withdraw_revision(revision=sent, by=by)

    with pytest.raises(TooManySentError):
        submit_revision(revision=sent, by=by, version=sent.version, values=entry())

    assert Record.objects.filter(verb="organisation.submitted").count() == MOST_A_WEEK
