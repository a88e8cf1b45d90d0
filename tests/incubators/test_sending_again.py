"""What an editor finds after a refusal, and while an answer is awaited: nothing that was typed is lost."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from incubators.enums import OrganisationStatus, RevisionStatus
from incubators.models import Organisation, Revision
from incubators.services.listing import discard_draft, open_revision
from incubators.services.review import approve_revision, decline_revision
from network_platform.journal.models import Record
from tests.incubators.factories import OrganisationFactory, PersonFactory, draft, editor, entry, focal_point
from tests.incubators.test_review import send

pytestmark = pytest.mark.django_db
REASON = "Your <b>site</b> does not open"


@pytest.fixture
def declined() -> Revision:
    """A new entry that was refused."""
    return decline_revision(revision=send(draft()), by=focal_point("KZ"), reason=REASON)


@pytest.fixture
def changed() -> Revision:
    """A change of a public entry that waits for an answer."""
    first = approve_revision(revision=send(draft()), by=focal_point("KZ"))
    return send(open_revision(organisation=first.organisation, by=editor(first)), name_en="Steppe Works", city="Osh")


@pytest.fixture
def refused(changed: Revision) -> Revision:
    return decline_revision(revision=changed, by=focal_point("KZ"), reason=REASON)


def page_of(organisation: Organisation, rest: str = "edit/") -> str:
    return f"/en/incubators/{organisation.slug}/{rest}"


def test_refused_entry_opens_with_the_reason_and_what_was_sent(declined: Revision, signed_in: Any) -> None:
    own = signed_in(editor(declined))
    listed = own.get("/en/incubators/mine/").content.decode()

    page = own.get(page_of(declined.organisation))

    html = page.content.decode()
    assert f'href="{page_of(declined.organisation)}"' in listed
    assert page.status_code == 200
    assert "Your &lt;b&gt;site&lt;/b&gt; does not open" in html
    assert entry()["description_en"] in html
    assert "Correct and send again" in html


def test_refused_entry_is_corrected_and_sent_again(declined: Revision, signed_in: Any) -> None:
    own, organisation = signed_in(editor(declined)), declined.organisation

    opened = own.post(page_of(organisation), {"again": "1"})
    step = own.get(opened.url).content.decode()
    again = organisation.revisions.get(status=RevisionStatus.DRAFT)
    own.post(page_of(organisation, "edit/facts/"), {"version": 0, "kind": "hub", "city": "Osh"})
    sent = own.post(page_of(organisation, "edit/submit/"), {"version": 1})

    organisation.refresh_from_db()
    assert again.values == declined.values
    assert "Your &lt;b&gt;site&lt;/b&gt; does not open" in step
    assert sent.url == page_of(organisation)
    assert organisation.status == OrganisationStatus.SUBMITTED
    assert list(organisation.revisions.values_list("status", flat=True)) == ["submitted", "declined"]


def test_focal_point_sees_what_changed_since_the_refusal(declined: Revision, signed_in: Any) -> None:
    again = open_revision(organisation=declined.organisation, by=editor(declined), again=True)

    page = signed_in(focal_point("KZ")).get(f"/en/incubators/queue/{send(again, city='Osh').uid}/")

    assert [row.name for row in page.context["review"].since_last_time] == ["city"]


def test_discarding_the_correction_keeps_what_was_refused(declined: Revision) -> None:
    person = editor(declined)

    discard_draft(revision=open_revision(organisation=declined.organisation, by=person, again=True), by=person)

    assert Revision.objects.get() == declined
    assert Organisation.objects.get().status == OrganisationStatus.DECLINED


def test_refused_change_is_shown_beside_what_stands_and_corrected(refused: Revision, signed_in: Any) -> None:
    own, organisation = signed_in(editor(refused)), refused.organisation

    html = own.get(page_of(organisation)).content.decode()
    own.post(page_of(organisation), {"again": "1"})

    assert "Your &lt;b&gt;site&lt;/b&gt; does not open" in html
    assert "<ins>Osh</ins>" in html
    assert organisation.revisions.first().values == refused.values


def test_after_a_refused_change_one_may_begin_from_what_stands(refused: Revision, signed_in: Any) -> None:
    signed_in(editor(refused)).post(page_of(refused.organisation))

    assert refused.organisation.revisions.first().values["city"] == "Almaty"


def test_same_name_again_leads_to_the_own_entry(declined: Revision, signed_in: Any) -> None:
    start = {"name": "Steppe Sample Incubator", "language": "en", "country": "KZ"}
    other = OrganisationFactory(name="Steppe Sample Incubators")

    own, foreign = (signed_in(each).post("/en/incubators/new/", start) for each in (editor(declined), PersonFactory()))

    html = own.content.decode()
    assert "This is yours: correct and send again" in html
    assert f'href="{page_of(declined.organisation)}"' in html
    assert page_of(other, "claim/") in html
    assert "This is yours" not in foreign.content.decode()


def test_own_entry_that_waits_is_opened_not_corrected(signed_in: Any) -> None:
    waiting = send(draft())
    start = {"name": "Steppe Sample Incubator", "language": "en", "country": "KZ"}

    html = signed_in(editor(waiting)).post("/en/incubators/new/", start).content.decode()

    assert "This is yours: open it" in html
    assert f'href="{page_of(waiting.organisation)}"' in html


def test_change_that_waits_shows_the_name_that_it_is_to_have(changed: Revision, signed_in: Any) -> None:
    own = signed_in(editor(changed))
    renamed = own.get(page_of(changed.organisation)).content.decode()
    Revision.objects.filter(pk=changed.pk).update(values=entry(city="Osh"))
    same = own.get(page_of(changed.organisation)).content.decode()

    words = 'New name, once the change is approved: <strong dir="auto">Steppe Works</strong>'
    assert ("Steppe Sample Incubator</h1>" in renamed, words in renamed) == (True, True)
    assert "New name" not in same


def test_change_that_waits_is_shown_as_the_focal_point_sees_it(changed: Revision, signed_in: Any) -> None:
    html = signed_in(editor(changed)).get(page_of(changed.organisation)).content.decode()

    assert "<del>Almaty</del>" in html
    assert "<ins>Osh</ins>" in html
    assert 'name="comment_city"' not in html


def test_comparison_asks_little(changed: Revision, signed_in: Any, django_assert_max_num_queries: Any) -> None:
    own = signed_in(editor(changed))

    with django_assert_max_num_queries(24):
        own.get(page_of(changed.organisation))


def test_entry_that_waits_is_shown_at_its_address_as_it_was_sent(signed_in: Any) -> None:
    waiting = send(draft())
    address = page_of(waiting.organisation, "")

    own, focal = (signed_in(each).get(address).content.decode() for each in (editor(waiting), focal_point("KZ")))
    stranger, visitor = signed_in(PersonFactory()).get(address), Client().get(address)

    assert [entry()["description_en"] in html for html in (own, focal)] == [True, True]
    assert [answer.status_code for answer in (stranger, visitor)] == [404, 404]


def test_what_is_typed_after_it_came_back_is_not_shown_at_its_address(signed_in: Any) -> None:
    waiting = send(draft())
    Revision.objects.update(
        status=RevisionStatus.CHANGES_REQUESTED, reviewed=waiting.values, values=entry(description_en="Half a sente")
    )

    html = signed_in(focal_point("KZ")).get(page_of(waiting.organisation, "")).content.decode()

    assert (entry()["description_en"] in html, "Half a sente" in html) == (True, False)


def test_draft_is_not_shown_at_its_address(signed_in: Any) -> None:
    started = draft()

    html = signed_in(focal_point("KZ")).get(page_of(started.organisation, "")).content.decode()

    assert entry()["description_en"] not in html


@pytest.mark.parametrize(
    ("section", "empty", "words"),
    [
        ("names", {"display": "en", "short_name": "S"}, "At least one name is needed."),
        ("work", {"sectors": ["ict"]}, "Describe your work in at least one language."),
    ],
)
def test_step_without_the_one_needed_answer_does_not_go_on(
    section: str, empty: dict[str, Any], words: str, signed_in: Any
) -> None:
    revision = draft()
    own, address = signed_in(editor(revision)), page_of(revision.organisation, f"edit/{section}/")

    shown = own.get(address).content.decode()
    stopped = own.post(address, {"version": 0, **empty})
    left = own.post(address, {"version": 1, **empty, "later": "1"})

    assert "At least one" in shown
    assert (stopped.status_code, words in stopped.content.decode()) == (422, True)
    assert (left.status_code, left.url) == (302, page_of(revision.organisation))


@pytest.mark.parametrize(("section", "prefix"), [("names", "name_"), ("work", "description_")])
def test_answers_of_which_one_is_needed_are_not_called_optional(section: str, prefix: str, signed_in: Any) -> None:
    revision = draft()

    page = signed_in(editor(revision)).get(page_of(revision.organisation, f"edit/{section}/"))

    labels = [field.as_field_group() for field in page.context["form"] if field.name.startswith(prefix)]
    assert labels
    assert not [label for label in labels if "optional" in label]


@pytest.mark.parametrize(("focal", "words"), [(True, "focal point reads it"), (False, "secretariat reads it")])
def test_preview_says_who_will_read_it(focal: bool, words: str, signed_in: Any) -> None:
    revision = draft("TM")
    if focal:
        focal_point("TM")

    page = signed_in(editor(revision)).get(page_of(revision.organisation, "edit/preview/"))

    assert words in page.content.decode()


def test_focal_points_own_entry_is_read_by_the_secretariat(signed_in: Any) -> None:
    focal = focal_point("TM")
    revision = draft("TM", editor=focal)

    page = signed_in(focal).get(page_of(revision.organisation, "edit/preview/"))

    assert "secretariat reads it" in page.content.decode()


def test_declined_entry_is_deleted_by_its_editor_and_journaled(declined: Revision, signed_in: Any) -> None:
    own, organisation = signed_in(editor(declined)), declined.organisation
    path = f"{page_of(organisation)}remove/"

    leads = own.get(page_of(organisation)).content.decode()
    asked = own.get(path).content.decode()
    done = own.post(path)

    assert f'href="{path}"' in leads
    assert "Delete the entry?" in asked
    assert done["Location"] == "/en/incubators/mine/"
    assert not Organisation.objects.filter(pk=organisation.pk).exists()
    assert Record.objects.latest("number").verb == "organisation.removed"


def test_entry_that_is_corrected_or_was_listed_is_not_deleted(declined: Revision, signed_in: Any) -> None:
    own, organisation = signed_in(editor(declined)), declined.organisation
    open_revision(organisation=organisation, by=editor(declined))
    path = f"{page_of(organisation)}remove/"

    corrected = own.post(path)
    organisation.revisions.exclude(pk=declined.pk).delete()
    Organisation.objects.filter(pk=organisation.pk).update(listed_at=timezone.now())
    listed = own.post(path)

    assert (corrected.status_code, listed.status_code) == (404, 404)
    assert Organisation.objects.filter(pk=organisation.pk).exists()
