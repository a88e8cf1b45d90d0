"""A reviewer's no: declined for a reason from the list or in own words, and comments beside any field."""

from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import translation

from incubators.enums import DeclineReason, OrganisationStatus, RevisionStatus
from incubators.models import Revision
from incubators.services.listing import open_revision
from incubators.services.review import decline_revision, request_changes
from network_platform.background.delivery import compose
from network_platform.background.models import Message
from network_platform.journal.models import Record
from tests.incubators.factories import OrganisationFactory, draft, editor, editor_of, entry, focal_point
from tests.incubators.test_review import send

pytestmark = pytest.mark.django_db
LISTED_WORDS = [reason for reason in DeclineReason if reason not in (DeclineReason.OTHER, DeclineReason.LISTED_ALREADY)]


@pytest.fixture
def focal(signed_in: Any) -> Client:
    return signed_in(focal_point("KZ"))


@pytest.fixture
def sent() -> Revision:
    return send(draft())


def url(revision: Revision) -> str:
    return f"/en/incubators/queue/{revision.uid}/"


def answer(client: Client, revision: Revision, **said: str) -> Any:
    return client.post(url(revision), {"answer": "decline", "version": revision.version, **said})


def mail() -> str:
    return compose(Message.objects.get(template="incubators/revision_declined")).body


@pytest.mark.parametrize("why", LISTED_WORDS)
def test_declined_from_the_list_without_own_words(focal: Client, sent: Revision, signed_in: Any, why: str) -> None:
    done = answer(focal, sent, why=why)

    sent.refresh_from_db()
    words = str(DeclineReason(why).label)
    record = Record.objects.get(verb="organisation.declined")
    assert (done.status_code, sent.status, sent.why, sent.reason) == (302, RevisionStatus.DECLINED, why, "")
    assert (record.after["why"], record.reason) == (why, "")
    assert words in mail()
    assert words in signed_in(editor(sent)).get(f"/en/incubators/{sent.organisation.slug}/edit/").content.decode()
    assert words in focal.get(url(sent)).content.decode()


def test_entry_that_is_there_already_is_named_and_linked(focal: Client, sent: Revision, signed_in: Any) -> None:
    listed = OrganisationFactory(name="Steppe House of Founders")

    done = answer(focal, sent, why="listed_already", same_as="steppe house of founders", reason="Claim it instead")

    sent.refresh_from_db()
    page = signed_in(editor(sent)).get(f"/en/incubators/{sent.organisation.slug}/edit/").content.decode()
    assert (done.status_code, sent.same_as, sent.reason) == (302, listed, "Claim it instead")
    assert f"Steppe House of Founders\n{settings.BASE_URL}/en/incubators/{listed.slug}/\nClaim it instead" in mail()
    assert f'<a href="/en/incubators/{listed.slug}/" dir="auto">Steppe House of Founders</a>' in page
    assert Record.objects.get(verb="organisation.declined").after["organisation"] == str(listed.uid)


def test_entry_is_found_by_the_address_of_its_page(focal: Client, sent: Revision) -> None:
    listed = OrganisationFactory()

    answer(focal, sent, why="listed_already", same_as=f"https://network.example/ru/incubators/{listed.slug}/?q=x")

    sent.refresh_from_db()
    assert sent.same_as == listed


def test_one_of_several_with_such_a_name_is_chosen(focal: Client, sent: Revision) -> None:
    OrganisationFactory(name="Twin Hub North")
    south = OrganisationFactory(name="Twin Hub South")
    said = {"why": "listed_already", "same_as": "Twin Hub"}

    asked = answer(focal, sent, **said)
    answer(focal, sent, **said, which=str(south.uid))

    sent.refresh_from_db()
    assert (asked.status_code, sent.same_as) == (422, south)
    assert "Several have such a name: choose one." in asked.content.decode()


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({}, "Choose why, or say it in your own words."),
        ({"why": "other"}, "Say why. The editors read this."),
        ({"why": "listed_already", "reason": "kept"}, "Say which entry it is"),
        (
            {"why": "listed_already", "same_as": "Nowhere Hub", "reason": "kept"},
            "Nothing in the registry has this name.",
        ),
    ],
)
def test_no_without_what_it_needs_says_so_and_keeps_what_was_typed(
    focal: Client, sent: Revision, said: dict[str, str], wrong: str
) -> None:
    page = answer(focal, sent, **said)

    html = page.content.decode()
    assert (page.status_code, wrong in html) == (422, True)
    assert all(text in html for text in (said.get("reason", ""), said.get("same_as", "")))
    sent.refresh_from_db()
    assert sent.status == RevisionStatus.SUBMITTED


def test_own_words_alone_are_another_reason(focal: Client, sent: Revision) -> None:
    answer(focal, sent, reason="We know nobody there")

    sent.refresh_from_db()
    assert (sent.why, sent.reason) == ("other", "We know nobody there")
    assert "why" not in Record.objects.get(verb="organisation.declined").after


@pytest.mark.parametrize("status", [OrganisationStatus.SUSPENDED, None])
def test_only_another_listed_entry_can_be_the_same(sent: Revision, status: str | None) -> None:
    other = OrganisationFactory(status=status) if status else sent.organisation

    with pytest.raises(ValidationError):
        decline_revision(revision=sent, by=focal_point("KZ"), why=DeclineReason.LISTED_ALREADY, same_as=other)

    assert Revision.objects.get().status == RevisionStatus.SUBMITTED


def test_what_is_corrected_after_a_no_keeps_the_reason(sent: Revision, signed_in: Any) -> None:
    declined = decline_revision(revision=sent, by=focal_point("KZ"), why=DeclineReason.TOO_LITTLE_TOLD)

    again = open_revision(organisation=declined.organisation, by=editor(sent))

    page = signed_in(editor(sent)).get(f"/en/incubators/{sent.organisation.slug}/edit/names/").content.decode()
    assert (again.why, again.reviewed == again.values) == ("too_little_told", True)
    assert "There is not enough information" in page


def test_reason_from_the_list_is_mailed_in_the_readers_language(sent: Revision) -> None:
    editor_of(sent.organisation, language="ru")

    decline_revision(revision=sent, by=focal_point("KZ"), why=DeclineReason.OTHER_COUNTRY)

    for each in Message.objects.filter(template="incubators/revision_declined"):
        with translation.override(each.language):
            words = str(DeclineReason.OTHER_COUNTRY.label)
        assert words in compose(each).body


def test_any_field_takes_a_comment_the_empty_and_the_unchanged_too(focal: Client, signed_in: Any) -> None:
    organisation = OrganisationFactory()
    by = editor_of(organisation)
    revision = open_revision(organisation=organisation, by=by)
    Revision.objects.filter(pk=revision.pk).update(values=revision.values | {"city": "Almaty"}, status="submitted")
    Revision.objects.filter(pk=revision.pk).update(submitted_at=organisation.created_at, submitted_by=by)

    page = focal.get(url(revision))
    review = page.context["review"]
    said = {"answer": "changes", "version": 0, "comment_website": "Which site?", "comment_city": "Really?"}
    focal.post(url(revision), said)

    revision.refresh_from_db()
    shown = [row.name for row, _comment in review.rows]
    assert (shown, len(review.other_rows)) == (["city"], len(review.proposed.fields) - 1)
    assert revision.comments == {"website": "Which site?", "city": "Really?"}


def test_comment_counts_as_answered_once_its_field_changes(focal: Client, sent: Revision, signed_in: Any) -> None:
    asked = request_changes(
        revision=sent, by=focal_point("KZ", deputy=True), comments={"city": "Which one?", "website": "It is down"}
    )
    own, by = f"/en/incubators/{sent.organisation.slug}/edit/", signed_in(editor(sent))
    Revision.objects.filter(pk=asked.pk).update(values=entry(city="Osh"))

    facts = by.get(f"{own}facts/").content.decode()
    overview = by.get(own).context["editing"].comments
    again = send(asked, city="Osh")
    comments = focal.get(url(again)).context["review"].comments

    assert ("The reviewer asked, and you have changed it:" in facts, "The reviewer asks:" in facts) == (True, True)
    assert [(each.label, each.is_answered) for each in overview] == [("City", True), ("Website", False)]
    assert comments == [("City", "Which one?", True), ("Website", "It is down", False)]
    assert again.comments == {"city": "Which one?", "website": "It is down"}
