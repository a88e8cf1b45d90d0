"""The desk of those who review: queue, differences, answers, claims, import."""

import re
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from incubators.enums import ClaimStatus, RevisionStatus
from incubators.models import Claim, ImportRun, Organisation, Revision
from incubators.names import skeleton
from incubators.services.claims import move_claim
from incubators.services.imports.kinds import KINDS
from incubators.services.imports.organisation_rows import COLUMNS
from incubators.services.listing import open_revision, submit_revision
from incubators.services.review import request_changes
from incubators.tasks import write_import
from network_platform.background.models import Message
from network_platform.journal.models import Record
from tests.incubators.factories import (
    OrganisationFactory,
    PersonFactory,
    draft,
    editor_of,
    entry,
    focal_point,
    meanwhile,
    secretary,
)
from tests.incubators.test_review import send

pytestmark = pytest.mark.django_db


@pytest.fixture
def focal(signed_in: Any) -> Client:
    return signed_in(focal_point("KZ"))


@pytest.fixture
def sent() -> Revision:
    return send(draft())


def url(revision: Revision) -> str:
    return f"/en/incubators/queue/{revision.uid}/"


def test_queue_is_ordered_by_age_and_marks_what_is_late(focal: Client) -> None:
    newer, older = send(draft(name_en="Newer")), send(draft(name_en="Older"))
    send(draft("KG"))
    Revision.objects.filter(pk=older.pk).update(submitted_at=timezone.now() - timedelta(days=9))

    queue = focal.get("/en/incubators/queue/").context["queue"]

    assert [(revision.pk, revision.is_late) for revision in queue.revisions] == [(older.pk, True), (newer.pk, False)]


def test_how_long_something_waits_is_said(focal: Client) -> None:
    older = send(draft(name_en="Older"))
    send(draft(name_en="Newer"))
    Revision.objects.filter(pk=older.pk).update(submitted_at=timezone.now() - timedelta(minutes=14, seconds=5))

    english, russian = (
        focal.get(f"/{language}/incubators/queue/").content.decode().replace("\xa0", " ") for language in ("en", "ru")
    )

    assert "· waiting 14 minutes</p>" in english
    assert "· just now</p>" in english
    assert "· ожидание: 14 минут</p>" in russian


def test_secretariat_sees_every_country(signed_in: Any) -> None:
    made = {send(draft(iso2)).pk for iso2 in ("KZ", "KG", "TM")}

    queue = signed_in(secretary()).get("/en/incubators/queue/").context["queue"]

    assert {revision.pk for revision in queue.revisions} == made


def sent_again(name: str, **changes: Any) -> Revision:
    """A new entry that went back to its editors and came again with these changes."""
    first = send(draft(name_en=name), name_en=name)
    asked = request_changes(revision=first, by=focal_point("KZ", deputy=True), comments={"": "Something is missing"})
    return send(asked, **{"name_en": name, **changes})


def test_queue_says_what_was_sent_again_and_what_is_changed(focal: Client) -> None:
    again = sent_again("Again", city="Osh", name_ru="Снова", sdgs=["12", "9"])
    same, first = sent_again("Same"), send(draft(name_en="First"))

    page = focal.get("/en/incubators/queue/")

    html = page.content.decode()
    found = {revision.pk: (revision.is_again, revision.changed) for revision in page.context["queue"].revisions}
    assert found == {again.pk: (True, "name in Russian; city"), same.pk: (True, ""), first.pk: (False, "")}
    assert "Changed since the last answer: name in Russian; city" in html
    assert (html.count("sent again"), html.count("Nothing is changed since the last answer.")) == (2, 1)
    assert "Sent again by" in focal.get(url(again)).content.decode()
    assert "Sent again by" not in focal.get(url(first)).content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_queue_of_what_was_sent_again_asks_little(
    focal: Client, number: int, django_assert_max_num_queries: Any
) -> None:
    for n in range(number):
        sent_again(f"Steppe {n}", city="Osh", name_ru="Снова")

    with django_assert_max_num_queries(13):
        focal.get("/en/incubators/queue/")


def test_others_have_no_queue(signed_in: Any, sent: Revision) -> None:
    other = signed_in(PersonFactory())

    codes = [other.get(path).status_code for path in ("/en/incubators/queue/", url(sent), "/en/incubators/import/")]

    assert codes == [403, 403, 403]


def test_change_is_shown_word_by_word(focal: Client) -> None:
    organisation = OrganisationFactory(name="Steppe Hub", descriptions={"en": "Rooms for ten teams"})
    user = editor_of(organisation)
    revision = open_revision(organisation=organisation, by=user)
    values = revision.values | {"description_en": "Rooms for twelve teams"}
    revision = submit_revision(revision=revision, by=user, version=revision.version, values=values)

    html = focal.get(url(revision)).content.decode()

    assert "Rooms for <del>ten</del> teams" in html
    assert "Rooms for <ins>twelve</ins> teams" in html
    assert [row.name for row, _comment in focal.get(url(revision)).context["review"].rows] == ["description_en"]


REL = 'rel="nofollow noopener noreferrer"'


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("https://steppe.example/en", f'<a href="https://steppe.example/en" {REL}>https://steppe.example/en</a>'),
        ('https://steppe.example/"><b>', "https://steppe.example/&quot;&gt;&lt;b&gt;</a>"),
    ],
)
def test_website_of_a_new_entry_is_a_link(typed: str, shown: str, focal: Client) -> None:
    html = focal.get(url(send(draft(), website=typed))).content.decode()

    assert (shown in html, html.count(REL)) == (True, 1)


def test_changed_website_is_a_link_and_what_leads_nowhere_is_not(focal: Client) -> None:
    organisation = OrganisationFactory(name="Steppe Hub", website="https://old.example")
    change = send(open_revision(organisation=organisation, by=editor_of(organisation)), website="https://new.example")

    changed = focal.get(url(change)).content.decode()
    nowhere = focal.get(url(send(draft(name_en="Other"), website="javascript://x.example/%0aalert(1)")))

    assert f'<a href="https://new.example" {REL}>' in changed
    assert REL not in nowhere.content.decode()


def test_reasons_to_decline_are_not_folded_away(focal: Client, sent: Revision) -> None:
    """The style sheet shows them with the choice; a browser that cannot shows them always."""
    html = focal.get(f"/en/incubators/queue/{sent.uid}/").content.decode()
    before = html[: html.index('name="why"')]

    assert 'class="if-declined' in before
    assert before.count("<details") == before.count("</details>")


def test_likely_duplicates_are_shown_to_the_reviewer(focal: Client, sent: Revision) -> None:
    OrganisationFactory(name="Степпе Сампле Инкубатор")

    likely = focal.get(url(sent)).context["review"].likely

    assert [each.name for each in likely] == ["Степпе Сампле Инкубатор"]


def test_approving_lists(focal: Client, sent: Revision) -> None:
    response = focal.post(url(sent), {"version": sent.version, "answer": "approve"}, follow=True)

    assert "is listed" in response.content.decode()
    assert Organisation.objects.get().status == "listed"


def test_changes_carry_comments_by_field(focal: Client, sent: Revision) -> None:
    focal.post(
        url(sent),
        {"version": sent.version, "answer": "changes", "comment_city": "Which one?", "reason": "Almost there"},
    )

    sent.refresh_from_db()
    assert (sent.status, sent.comments) == (
        RevisionStatus.CHANGES_REQUESTED,
        {"": "Almost there", "city": "Which one?"},
    )


@pytest.mark.parametrize("data", [{}, {"answer": "changes"}, {"answer": "decline"}, {"answer": "perhaps"}])
def test_answer_without_its_words_is_refused_and_kept(focal: Client, sent: Revision, data: dict[str, str]) -> None:
    response = focal.post(url(sent), {**data, "comment_city": ""})

    sent.refresh_from_db()
    assert response.status_code == 422
    assert response.context["review"].form.errors
    assert sent.status == RevisionStatus.SUBMITTED


def test_an_answer_being_written_stays_on_the_device_until_it_is_taken(focal: Client, sent: Revision) -> None:
    before, wrong = focal.get(url(sent)), focal.post(url(sent), {"answer": "changes"})
    taken = focal.post(url(sent), {"version": sent.version, "answer": "changes", "reason": "Almost"}, follow=True)
    after = focal.get(url(sent)).content.decode()

    key = f"review:{sent.uid}:{before.context['user'].uid}"
    assert [f'data-keeps data-key="{key}"' in page.content.decode() for page in (before, wrong)] == [True, True]
    assert f'data-clears="{key}"' in taken.content.decode()
    assert "data-keeps" not in after


def test_second_answer_is_told_so(focal: Client, sent: Revision) -> None:
    focal.post(url(sent), {"version": sent.version, "answer": "approve"})

    response = focal.post(url(sent), {"version": sent.version, "answer": "decline", "reason": "No"}, follow=True)

    assert "Somebody else has answered already" in response.content.decode()
    assert Organisation.objects.get().status == "listed"


def test_answer_to_what_was_not_read_is_not_taken(focal: Client, signed_in: Any, sent: Revision) -> None:
    opened = sent.version
    deputy = signed_in(focal_point("KZ", deputy=True))
    deputy.post(url(sent), {"version": opened, "answer": "changes", "reason": "City?"})
    sent.refresh_from_db()
    send(sent, city="Astana")

    late = focal.post(url(sent), {"version": opened, "answer": "approve", "comment_website": "Nice"})
    sent.refresh_from_db()
    status = sent.status
    html = late.content.decode()
    focal.post(url(sent), {"version": late.context["review"].revision.version, "answer": "approve"})

    assert (late.status_code, status) == (422, RevisionStatus.SUBMITTED)
    assert "The editors sent it again since you opened it." in html
    assert ("Astana" in html, "Nice" in html) == (True, True)
    assert f'name="version" value="{sent.version}"' in html
    assert str(Organisation.objects.get().city) == "Astana"


@pytest.mark.parametrize("version", ["", "x", "-1", "²"])
def test_answer_without_a_version_is_not_taken(focal: Client, sent: Revision, version: str) -> None:
    answer = focal.post(url(sent), {"version": version, "answer": "approve"})

    assert (answer.status_code, Revision.objects.get().status) == (422, RevisionStatus.SUBMITTED)


def test_second_answer_to_a_claim_is_told_so(focal: Client) -> None:
    claim = Claim.objects.create(organisation=OrganisationFactory(), user=PersonFactory(), evidence="x")
    other = focal_point("KZ")

    with meanwhile(lambda: move_claim(claim=claim, to=ClaimStatus.REFUSED, by=other, reason="Unknown")):
        answer = focal.post(f"/en/incubators/queue/claims/{claim.uid}/", {"answer": "granted"}, follow=True)

    claim.refresh_from_db()
    assert "Somebody else has answered already" in answer.content.decode()
    assert claim.status == ClaimStatus.REFUSED


def test_reviewer_sees_what_changed_since_the_last_answer(focal: Client, sent: Revision) -> None:
    focal.post(url(sent), {"version": sent.version, "answer": "changes", "reason": "City?"})
    sent.refresh_from_db()
    send(sent, city="Astana")

    rows = focal.get(url(sent)).context["review"].since_last_time

    assert [row.name for row in rows] == ["city"]


def test_a_city_in_another_script_is_no_change(focal: Client, sent: Revision) -> None:
    before = sent.as_sent["city"]
    focal.post(url(sent), {"version": sent.version, "answer": "changes", "reason": "Year?"})
    sent.refresh_from_db()
    send(sent, city={"Almaty": "Алматы", "Алматы": "Almaty"}[before], founded_year=2001)

    rows = focal.get(url(sent)).context["review"].since_last_time

    assert [row.name for row in rows] == ["founded_year"]


@pytest.mark.parametrize("answer", ["changes", "approve", "decline"])
def test_what_was_sent_once_is_not_called_sent_again_by_its_answer(focal: Client, sent: Revision, answer: str) -> None:
    focal.post(url(sent), {"version": sent.version, "answer": answer, "reason": "Which one?"})

    html = focal.get(url(sent)).content.decode()

    assert ("Sent by" in html, "Sent again by" in html, 'href="/en/incubators/queue/"' in html) == (True, False, True)


def test_reviewer_reads_own_remarks_while_the_entry_is_with_its_editors_and_when_it_came_again(
    focal: Client, sent: Revision
) -> None:
    focal.post(
        url(sent), {"version": sent.version, "answer": "changes", "comment_city": "Which <one>?", "reason": "Almost"}
    )
    back = focal.get(url(sent)).content.decode().partition("History of this listing")
    sent.refresh_from_db()
    send(sent, city="Astana")
    again = focal.get(url(sent)).content.decode().partition("History of this listing")

    assert "It went back to its editors on" in back[0]
    assert [("Which &lt;one&gt;?" in part, "Almost" in part) for part in (*back[::2], *again[::2])] == [
        (True, True)
    ] * 4


def test_what_is_typed_after_changes_were_asked_for_is_not_read_before_it_is_sent(
    focal: Client, sent: Revision
) -> None:
    focal.post(url(sent), {"version": sent.version, "answer": "changes", "comment_city": "Which one?"})
    Revision.objects.update(values={**sent.values, "city": "Osh canary", "website": "https://canary.example"})

    html = focal.get(url(sent)).content.decode()

    assert ("Almaty" in html, "canary" in html) == (True, False)


def test_history_is_shown_in_words(focal: Client, sent: Revision) -> None:
    html = focal.get(url(sent)).content.decode()

    assert "History of this listing" in html
    assert "submitted" in html


def claimed(*, verified: bool = True) -> Claim:
    organisation = OrganisationFactory(website="https://steppe.example/en", website_host="steppe.example")
    person = PersonFactory(email="canary@steppe.example")
    EmailAddress.objects.create(user=person, email=person.email, verified=verified, primary=True)
    return Claim.objects.create(organisation=organisation, user=person, evidence="I run it")


def test_who_answers_a_claim_sees_the_proven_address_and_nobody_else_does(focal: Client, signed_in: Any) -> None:
    claim = claimed()
    path = f"/en/incubators/queue/claims/{claim.uid}/"
    colleague = editor_of(claim.organisation)
    others = [signed_in(person) for person in (focal_point("KG"), PersonFactory(), colleague)]

    page = focal.get(path).content.decode()
    elsewhere = [focal.get(f"/en/incubators/{claim.organisation.slug}/{page}").content for page in ("", "editors/")]
    refused = [other.get(path) for other in others]

    assert ("canary@steppe.example" in page, 'href="https://steppe.example/en"' in page) == (True, True)
    assert {answer.status_code for answer in refused} <= {403, 404}
    assert not any(b"canary@" in text for text in [*elsewhere, *(answer.content for answer in refused)])
    assert b"canary@" not in focal.get("/en/incubators/queue/").content


def test_address_that_nobody_has_proven_is_not_shown_as_evidence(focal: Client) -> None:
    claim = claimed(verified=False)

    page = focal.get(f"/en/incubators/queue/claims/{claim.uid}/").content.decode()

    assert ("canary@" in page, "not confirmed" in page) == (False, True)


def test_claim_leads_back_to_the_queue(focal: Client) -> None:
    page = focal.get(f"/en/incubators/queue/claims/{claimed().uid}/").content.decode()

    assert re.findall(r'<ol class="crumbs"><li><a href="([^"]+)"', page) == ["/en/incubators/queue/"]


def test_claim_is_granted_and_told(focal: Client) -> None:
    organisation, person = OrganisationFactory(), PersonFactory()
    claim = Claim.objects.create(organisation=organisation, user=person, evidence="I run it")

    focal.post(f"/en/incubators/queue/claims/{claim.uid}/", {"answer": "granted"})

    assert organisation.memberships.get().user == person
    assert Message.objects.get().address == person.email
    assert Record.objects.get().verb == "claim.granted"


def test_claim_is_refused_only_with_a_reason(focal: Client) -> None:
    claim = Claim.objects.create(organisation=OrganisationFactory(), user=PersonFactory(), evidence="x")
    path = f"/en/incubators/queue/claims/{claim.uid}/"

    without = focal.post(path, {"answer": "refused"})
    focal.post(path, {"answer": "refused", "reason": "Nobody knows you"})

    claim.refresh_from_db()
    assert without.status_code == 422
    assert (claim.status, claim.reason) == (ClaimStatus.REFUSED, "Nobody knows you")
    assert not claim.organisation.memberships.exists()


def uploaded(client: Client, rows: str) -> str:
    """The address of the report on this file."""
    return client.post("/en/incubators/import/", {"file": SimpleUploadedFile("rows.csv", rows.encode())}).url


def test_report_names_rows_and_says_old_and_new(focal: Client) -> None:
    head = "name_en,type,country_iso2,website\n"
    OrganisationFactory(name="Steppe Hub", source_key=skeleton("Steppe Hub"), website="https://old.example")

    page = focal.get(uploaded(focal, f"{head}Steppe Hub,hub,KZ,new.example\nNew Hub,hub,KZ,\nBad Hub,what,KZ,\n"))

    html = page.content.decode()
    assert [row["name"] for row in page.context["told"]] == ["Bad Hub", "Steppe Hub", "New Hub"]
    assert '<del dir="auto">https://old.example</del>' in html
    assert '<ins dir="auto">https://new.example</ins>' in html


def test_rows_with_mistakes_can_be_corrected_and_sent_again(focal: Client) -> None:
    head = "name_en,kind,country_iso2,description_en\n"
    report = uploaded(focal, f'{head}Bad Hub,what,KZ,"Rooms, desks"\nGood Hub,hub,KZ,\n')

    table = b"".join(focal.get(f"{report}mistakes.csv")).decode("utf-8-sig")
    again = focal.get(uploaded(focal, table.replace("what", "hub", 1)))

    lines = table.splitlines()
    assert lines[0] == "name_en,type,country_iso2,description_en,mistake"
    assert lines[1].startswith('Bad Hub,what,KZ,"Rooms, desks","type: ')
    assert (len(lines), again.context["run"].report["counts"]["new"]) == (2, 1)


def test_template_has_the_columns_of_an_import(focal: Client) -> None:
    table = b"".join(focal.get("/en/incubators/import/organisations.csv")).decode("utf-8-sig")

    page = focal.get("/en/incubators/import/").content.decode()

    assert table.splitlines()[0].split(",") == list(COLUMNS)
    assert table.splitlines()[1].startswith("Sample Hub,")
    assert "<code>university_incubator</code>" in page
    assert "<code>agritech</code>" in page


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_has_its_columns_and_a_table_whose_example_is_read(focal: Client, kind: str) -> None:
    if kind != "organisations":
        OrganisationFactory(name="Sample Hub")

    page = focal.get(f"/en/incubators/import/?kind={kind}")
    table = b"".join(focal.get(f"/en/incubators/import/{kind}.csv"))
    upload = SimpleUploadedFile("rows.csv", table)
    report = focal.get(focal.post("/en/incubators/import/", {"kind": kind, "file": upload}).url)

    html, run = page.content.decode(), report.context["run"]
    assert page.context["form"]["kind"].value() == kind
    assert f'href="?kind={kind}" aria-current="true"' in html
    assert all(f"<code>{column}</code>" in html for column in KINDS[kind].columns())
    assert (run.kind, run.report["counts"]["new"], run.report["counts"]["error"]) == (kind, 1, 0)


def test_unknown_kinds_have_no_table(focal: Client) -> None:
    assert focal.get("/en/incubators/import/people.csv").status_code == 404
    assert focal.get("/en/incubators/import/?kind=people").context["chosen"] is KINDS["organisations"]


@pytest.mark.parametrize("number", [1, 3])
def test_page_of_imports_asks_little(focal: Client, number: int, django_assert_max_num_queries: Any) -> None:
    for n in range(number):
        uploaded(focal, f"name_en,type,country_iso2\nHub {n},hub,KZ\n")
    ImportRun.objects.update(status="waiting")

    with django_assert_max_num_queries(10):
        page = focal.get("/en/incubators/import/")

    assert page.content.decode().count("rows.csv") == number


def test_import_shows_its_report_before_it_writes(focal: Client) -> None:
    rows = "name_en,type,country_iso2\nSteppe Hub,hub,KZ\nBad,alchemy,KZ\n"
    sent = focal.post("/en/incubators/import/", {"file": SimpleUploadedFile("rows.csv", rows.encode())})
    report = focal.get(sent.url).content.decode()
    before = Organisation.objects.count()

    waits = focal.post(sent.url, follow=True)
    write_import(ImportRun.objects.get().pk)
    done = focal.get(sent.url)

    told = [("new row", 1), ("changed rows", 0), ("rows without a change", 0), ("possible duplicates", 0)]
    assert (
        "".join(f"<div><dt>{words}</dt><dd>{n}</dd></div>" for words, n in [*told, ("row with mistakes", 1)]) in report
    )
    assert "0 of 1 row is written." in waits.content.decode()
    wrong = '<span class="soft">Kind</span>: “alchemy” is not a kind of organisation. Write one of: incubator ('
    assert wrong in report
    assert (before, Organisation.objects.count()) == (0, 1)
    assert "Imported" in done.content.decode()
    assert "possible until" in done.content.decode()


def test_unreadable_upload_says_why(focal: Client) -> None:
    upload = SimpleUploadedFile("rows.csv", b"PK\x03\x04")

    response = focal.post("/en/incubators/import/", {"file": upload})

    assert response.status_code == 422
    assert "save it anew as XLSX or CSV" in response.content.decode()


@pytest.mark.parametrize("data", [b"not a workbook \x98\x00\xff", b"\x00" * 50])
def test_upload_that_is_called_a_workbook_and_is_none_is_told_to_be_damaged(focal: Client, data: bytes) -> None:
    response = focal.post("/en/incubators/import/", {"file": SimpleUploadedFile("Rows.XLSX", data)})

    assert response.status_code == 422
    assert "The workbook is damaged." in response.content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_queue_and_review_ask_little(focal: Client, number: int, django_assert_max_num_queries: Any) -> None:
    revisions = [send(draft(name_en=f"Steppe {n}"), **entry(name_en=f"Steppe {n}")) for n in range(number)]

    with django_assert_max_num_queries(12):
        focal.get("/en/incubators/queue/")
    with django_assert_max_num_queries(20):
        focal.get(url(revisions[0]))


def test_the_page_of_an_answer_is_named_after_the_organisation_and_leads_back(focal: Client, sent: Revision) -> None:
    page = focal.get(url(sent)).content.decode()

    title = page[page.index("<h1") : page.index("</h1>")]
    assert title.endswith(sent.values["name_en"])
    assert 'href="/en/incubators/queue/"' in page
    assert "your work" not in page
