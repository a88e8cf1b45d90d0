"""A focal point reads nothing hidden of another country and writes nothing there, by any door."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from incubators.enums import OrganisationStatus, RevisionStatus
from incubators.models import Claim, ImportRun, Organisation, Revision
from incubators.tasks import write_import
from network_platform.journal.models import Record
from network_platform.people.audience import audiences_of
from network_platform.search.results import results_for
from tests.incubators.factories import OrganisationFactory, PersonFactory, draft, editor, focal_point
from tests.incubators.test_review import send

pytestmark = pytest.mark.django_db
SECRET = "Zanzibaristan Secret"


@pytest.fixture
def focal() -> Any:
    return focal_point("KZ")


@pytest.fixture
def asking(focal: Any, signed_in: Any) -> Client:
    return signed_in(focal)


@pytest.fixture
def foreign() -> Revision:
    """Sent for review in Kyrgyzstan, with a secret in every text."""
    return send(draft("KG", name_en=SECRET), name_en=SECRET, city=SECRET, description_en=SECRET)


def test_pages_show_nothing(asking: Client, foreign: Revision) -> None:
    slug, uid = foreign.organisation.slug, foreign.uid
    paths = [
        "/en/incubators/queue/",
        f"/en/incubators/queue/{uid}/",
        f"/en/incubators/{slug}/",
        f"/en/incubators/{slug}/edit/",
        f"/en/incubators/{slug}/edit/names/",
        f"/en/incubators/{slug}/edit/preview/",
        "/en/incubators/?country=kg",
        "/en/countries/kg/",
        "/en/incubators/export.csv",
        "/en/desk/",
        f"/api/v1/organisations/{foreign.organisation.uid}/",
    ]

    for path in paths:
        response = asking.get(path)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        assert SECRET.encode() not in body, path


@pytest.mark.parametrize("path", ["/en/search/?q=", "/en/incubators/?q=", "/api/v1/organisations/?search="])
def test_searching_for_a_secret_tells_nothing(asking: Client, foreign: Revision, path: str) -> None:
    """The answer to a secret is the answer to nonsense: no link, no count, nothing but the words themselves."""
    hit = asking.get(f"{path}{SECRET}").content.decode().replace(SECRET, "")
    miss = asking.get(f"{path}Zqxj Nothing").content.decode().replace("Zqxj Nothing", "")

    assert foreign.organisation.slug not in hit
    assert len(hit) - len(miss) <= 40


def test_search_finds_nothing(focal: Any, foreign: Revision) -> None:
    mine = {found.key for found in results_for(SECRET, audiences=audiences_of(focal)).things}
    theirs = {found.key for found in results_for(SECRET, audiences=audiences_of(focal_point("KG"))).things}

    assert (mine, theirs) == (set(), {str(foreign.organisation.uid)})


def test_answers_are_refused(asking: Client, foreign: Revision) -> None:
    answers = [{"answer": "approve"}, {"answer": "changes", "reason": "x"}, {"answer": "decline", "reason": "x"}]

    codes = {asking.post(f"/en/incubators/queue/{foreign.uid}/", data).status_code for data in answers}

    assert codes == {404}
    assert Revision.objects.get().status == RevisionStatus.SUBMITTED


def test_claims_are_refused(asking: Client) -> None:
    claim = Claim.objects.create(organisation=OrganisationFactory(iso2="KG"), user=PersonFactory(), evidence="x")

    response = asking.post(f"/en/incubators/queue/claims/{claim.uid}/", {"answer": "granted"})

    assert response.status_code == 404
    assert not claim.organisation.memberships.exists()


def test_import_page_keeps_to_the_own_country(asking: Client, foreign: Revision) -> None:
    rows = f"name_en,type,country_iso2\nOwn Hub,hub,KZ\nForeign Hub,hub,KG\n{SECRET},hub,KG\n"
    upload = SimpleUploadedFile("rows.csv", rows.encode(), content_type="text/csv")

    sent = asking.post("/en/incubators/import/", {"file": upload})
    report = asking.get(sent.url)
    asking.post(sent.url)
    write_import(ImportRun.objects.get().pk)

    assert report.context["run"].report["counts"] == {
        "new": 1,
        "changed": 0,
        "unchanged": 0,
        "duplicate": 0,
        "error": 2,
    }
    assert not any(row["matches"] for row in report.context["run"].report["rows"])
    assert list(Organisation.objects.filter(status="listed").values_list("country__iso2", flat=True)) == ["KZ"]


def test_anothers_import_is_not_shown(asking: Client) -> None:
    run = ImportRun.objects.create(by=focal_point("KG"), file_name="secret.csv", text="", report={"rows": []})

    codes = {
        asking.get(f"/en/incubators/import/{run.uid}/").status_code,
        asking.post(f"/en/incubators/import/{run.uid}/").status_code,
    }

    assert codes == {404}


def test_entry_cannot_carry_another_country(foreign: Revision, signed_in: Any) -> None:
    Revision.objects.update(status=RevisionStatus.CHANGES_REQUESTED)
    Organisation.objects.update(status=OrganisationStatus.CHANGES_REQUESTED)
    own = signed_in(editor(foreign))
    data = {"version": foreign.version, "country": "KZ", "country_id": 1, "kind": "hub", "city": "Osh"}

    own.post(f"/en/incubators/{foreign.organisation.slug}/edit/facts/", data)

    foreign.refresh_from_db()
    assert foreign.values["city"] == "Osh"
    assert "country" not in foreign.values
    assert foreign.organisation.country.iso2 == "KG"


def test_journal_of_another_country_is_closed(focal: Any, foreign: Revision) -> None:
    assert Record.objects.count() == 1
    assert not Record.objects.visible_to(focal).exists()
    assert Record.objects.visible_to(focal_point("KG")).count() == 1


def test_likely_duplicates_do_not_name_hidden_drafts(signed_in: Any) -> None:
    draft("KG", name_en=SECRET)
    someone = signed_in(PersonFactory())

    response = someone.post("/en/incubators/new/", {"name": SECRET, "language": "en", "country": "KG"})

    assert response.status_code == 302
    assert "likely" not in (response.context or {})
