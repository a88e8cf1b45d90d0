"""Entries and yearly figures written with a token: into the draft, on to the focal point, never past either."""

import json
import re
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from incubators.api_own_entries import OwnEntry
from incubators.api_own_figures import OwnFigures
from incubators.enums import FiguresStatus, OrganisationStatus, RevisionStatus
from incubators.models import City, Organisation, Programme, Revision, YearlyFigures
from incubators.services.figures import save_figures
from incubators.services.listing import MOST_A_WEEK, open_revision, save_revision
from incubators.services.review import approve_revision, decline_revision, request_changes
from incubators.yearly import last_year
from network_platform.background.models import Message
from network_platform.journal.models import Record
from tests.incubators.factories import (
    OrganisationFactory,
    PersonFactory,
    draft,
    editor_of,
    focal_point,
    secretary,
    verified,
)
from tests.incubators.factories import editor as editor_in
from tests.tokens.factories import make_token

pytestmark = pytest.mark.django_db
OWN, FIGURES, YEAR = "/api/v1/own/organisations/", "/api/v1/own/figures/", last_year()
SCOPES = ["organisations:write", "figures:write"]
WORK = {"kind": "hub", "languages": ["ru"], "sectors": ["circular"], "description_en": "Six months", "sdgs": [9]}
COUNTED = {"figure_jobs": 12, "figure_startups_supported": "1 200"}


@pytest.fixture
def organisation() -> Organisation:
    return verified(name="Sample Hub")


@pytest.fixture
def editor(organisation: Organisation) -> Any:
    return editor_of(organisation)


@pytest.fixture
def header(editor: Any) -> dict[str, str]:
    return make_token(editor, SCOPES)[1]


class Asking:
    """One thing at its address, written as whoever holds the token."""

    def __init__(self, client: Client, header: dict[str, str], url: str) -> None:
        self.client, self.header, self.url = client, header, url

    def read(self) -> Any:
        return self.client.get(self.url, headers=self.header)

    def write(self, values: Any, version: str | None = None, **headers: str) -> Any:
        put = self.client.put if self.url.startswith(FIGURES) else self.client.patch
        data = {"version": self._version(version), "values": values}
        return put(self.url, data, "application/json", headers=self.header | headers)

    def send(self, version: str | None = None, **headers: str) -> Any:
        data = {"version": self._version(version)}
        return self.client.post(f"{self.url}submit/", data, "application/json", headers=self.header | headers)

    def _version(self, told: str | None) -> str:
        return self.read().json().get("version", "0") if told is None else told


@pytest.fixture
def entry(client: Client, header: dict[str, str], organisation: Organisation) -> Asking:
    return Asking(client, header, f"{OWN}{organisation.uid}/")


@pytest.fixture
def figures(client: Client, header: dict[str, str], organisation: Organisation) -> Asking:
    return Asking(client, header, f"{FIGURES}{organisation.uid}/{YEAR}/")


def test_an_entry_is_written_into_the_draft_and_sent(entry: Asking, organisation: Any, editor: Any) -> None:
    focal = focal_point("KZ")
    before = entry.read().json()
    written = entry.write({**WORK, "name_ru": "Хаб", "founded_year": 2019, "city": None, "description_kk": "Хаб."})
    sent = entry.send()

    revision = Revision.objects.get()
    assert (before["draft"], before["values"]["name_en"], Revision.objects.count()) == ("", "Sample Hub", 1)
    assert (written.status_code, written.json()["draft"], written.json()["missing"]) == (200, "draft", {})
    assert (sent.status_code, sent.json()["draft"], sent.json()["status"]) == (200, "submitted", "listed")
    assert revision.status == RevisionStatus.SUBMITTED
    assert (revision.submitted_by, revision.values["founded_year"], revision.values["sdgs"]) == (editor, 2019, [9])
    assert revision.values["description_kk"] == "Хаб."
    organisation.refresh_from_db()
    assert (organisation.titles, organisation.founded_year) == ({"en": "Sample Hub"}, None)
    assert Message.objects.get(template="incubators/revision_submitted").recipient == focal
    assert Record.objects.filter(verb="revision.submitted", actor=editor).exists()


def test_a_new_organisation_is_sent_and_not_listed(client: Client) -> None:
    revision = draft()
    own = Asking(client, make_token(editor_in(revision), SCOPES)[1], f"{OWN}{revision.organisation.uid}/")
    sent = own.send()

    assert (sent.status_code, sent.json()["status"], sent.json()["draft"]) == (200, "submitted", "submitted")
    assert client.get(f"/api/v1/organisations/{revision.organisation.uid}/").status_code == 404


def test_answers_have_the_fields_that_are_described(entry: Asking, figures: Asking) -> None:
    assert list(entry.read().json()) == list(OwnEntry().fields)
    assert list(figures.read().json()) == list(OwnFigures().fields)


def test_what_somebody_changed_since_is_told_and_stays(entry: Asking, organisation: Any, editor: Any) -> None:
    read = entry.read().json()["version"]
    revision = open_revision(organisation=organisation, by=editor)
    save_revision(revision=revision, by=editor, version=0, save_id=None, values={"city": "Astana", "short_name": "SH"})
    answer = entry.write({"city": "Almaty", "short_name": "SH", "website": "https://hub.example"}, read)
    unsent = entry.send(read)

    now = entry.read().json()
    assert (answer.status_code, answer.json()["theirs"]) == (409, {"city": "Astana", "website": ""})
    assert (answer.json()["version"], unsent.status_code) == (now["version"], 409)
    assert (now["values"]["city"], now["values"]["website"]) == ("Astana", "")
    assert entry.write({"city": "Almaty"}, now["version"]).json()["values"]["city"] == "Almaty"


def test_a_version_is_the_same_in_every_language(entry: Asking, organisation: Any) -> None:
    Organisation.objects.filter(pk=organisation.pk).update(city=City.objects.get(slug="bishkek"))
    entry.header = {**entry.header, "Accept-Language": "ru"}
    read = entry.read().json()
    entry.header = {**entry.header, "Accept-Language": "en"}

    assert read["values"]["city"] == "Бишкек"
    assert entry.write({"website": "https://hub.example"}, read["version"]).status_code == 200


def test_what_was_approved_meanwhile_is_not_written_over(entry: Asking, organisation: Any, editor: Any) -> None:
    read = entry.read().json()["version"]
    entry.write({**WORK, "website": "https://new.example"})
    entry.send()
    approve_revision(revision=Revision.objects.get(), by=focal_point("KZ"))

    answer = entry.write({"website": "https://old.example"}, read)
    assert (answer.status_code, answer.json()["theirs"]) == (409, {"website": "https://new.example"})
    assert Revision.objects.open().count() == 0


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"website": "no address"}, "website"),
        ({"kind": "party"}, "kind"),
        ({"founded_year": 3000}, "founded_year"),
        ({"founded_year": True}, "values"),
        ({"founded_year": [2019]}, "founded_year"),
        ({"sectors": ["alchemy"]}, "sectors"),
        ({"sectors": "circular"}, "sectors"),
        ({"sdgs": [{"number": 9}]}, "values"),
        ({"name_en": "x" * 300}, "name_en"),
        ({"name_xx": "Hub"}, "name_xx"),
        ({"country": "KG"}, "country"),
        ({"status": "listed"}, "status"),
        ("Hub", "values"),
    ],
)
def test_wrong_input_is_told_by_field_and_nothing_is_kept(entry: Asking, wrong: Any, field: str) -> None:
    answer = entry.write({"city": "Almaty", **wrong} if isinstance(wrong, dict) else wrong)

    assert (answer.status_code, list(answer.json())) == (400, [field])
    assert Revision.objects.count() == 0


def test_what_is_missing_keeps_an_entry_from_being_sent(entry: Asking) -> None:
    written = entry.write({"description_en": "", "description_ru": ""})
    sent = entry.send()

    assert (written.status_code, sent.status_code) == (200, 400)
    assert sent.json() == written.json()["missing"]
    assert Revision.objects.get().status == RevisionStatus.DRAFT


def test_what_waits_is_not_written_and_comes_back_with_comments(entry: Asking) -> None:
    focal = focal_point("KZ")
    entry.write(WORK)
    entry.send()
    waiting = [entry.write({"city": "Osh"}), entry.send()]
    request_changes(revision=Revision.objects.get(), by=focal, comments={"city": "Which one?"})
    back = entry.read().json()
    again = [entry.write({"city": "Almaty"}), entry.send()]

    assert [each.status_code for each in (*waiting, *again)] == [409, 409, 200, 200]
    assert (back["draft"], back["comments"]) == ("changes_requested", {"city": "Which one?"})


def test_nothing_new_is_not_sent(entry: Asking) -> None:
    entry.write(WORK)
    entry.send()
    approve_revision(revision=Revision.objects.get(), by=focal_point("KZ"))
    answer = entry.send()

    assert (answer.status_code, Revision.objects.open().count()) == (409, 0)


def test_sending_has_the_limit_of_the_page(entry: Asking, organisation: Any, editor: Any) -> None:
    entry.write(WORK)
    for n in range(MOST_A_WEEK):
        other = OrganisationFactory(name=f"Other {n}")
        at = timezone.now() - timedelta(days=1)
        other.revisions.create(status=RevisionStatus.APPROVED, submitted_by=editor, submitted_at=at)

    answer = entry.send()
    assert (answer.status_code, Revision.objects.filter(organisation=organisation).get().status) == (429, "draft")


def test_a_repeat_does_the_work_once(entry: Asking, figures: Asking) -> None:
    read, key = entry.read().json()["version"], {"Idempotency-Key": "a"}
    first, again = entry.write(WORK, read, **key), entry.write(WORK, read, **key)
    sent = [figures.write(COUNTED, "0", **{"Idempotency-Key": "b"}) for _ in range(2)]

    assert (again.status_code, again.json(), again.headers["Idempotent-Replayed"]) == (200, first.json(), "true")
    assert [each.json()["version"] for each in sent] == ["1", "1"]
    assert "RateLimit-Limit" in first.headers


def test_what_was_declined_begins_again_from_it(client: Client) -> None:
    revision = draft()
    person = editor_in(revision)
    own = Asking(client, make_token(person, SCOPES)[1], f"{OWN}{revision.organisation.uid}/")
    own.send()
    decline_revision(revision=Revision.objects.get(), by=focal_point("KZ"), why="other", reason="Too short")
    declined = own.read().json()
    sent = [own.write({"website": "https://steppe.example"}), own.send()]

    assert (declined["draft"], declined["values"]["short_name"]) == ("declined", "SSI")
    assert ([each.status_code for each in sent], Revision.objects.count()) == ([200, 200], 2)


def test_a_year_is_written_and_sent(figures: Asking, organisation: Any) -> None:
    before = figures.read().json()
    money = {"amount": 12500.5, "kind": "grant", "currency": "KZT"}
    lines = {f"money_money_raised_1_{part}": value for part, value in money.items()}
    figures.write({**COUNTED, "figure_women_founders": 3})
    written = figures.write({**COUNTED, **lines, "note": "A good year"})
    sent = figures.send()

    year = YearlyFigures.objects.get()
    values = {each.definition.indicator.code: each.value for each in year.values.all()}
    assert (before["version"], before["status"], "jobs" in before["asked"]) == ("0", "draft", True)
    assert (written.status_code, sent.status_code, sent.json()["status"]) == (200, 200, "submitted")
    assert values == {"jobs": 12, "startups_supported": 1200, "money_raised": Decimal("12500.50")}
    assert (year.note, year.is_published, year.is_public) == ("A good year", False, False)
    assert Record.objects.filter(verb__startswith="figures").get().verb == "figures.submitted"


def test_a_year_that_somebody_wrote_meanwhile_stays(figures: Asking, organisation: Any, editor: Any) -> None:
    read = figures.read().json()["version"]
    typed = {"figure_jobs": "7", "note": "Ours"}
    save_figures(organisation=organisation, year=YEAR, by=editor, version=0, values=typed)
    answer, unsent = figures.write({"figure_jobs": 12, "note": "Ours"}, read), figures.send(read)

    assert (answer.status_code, answer.json()["version"], answer.json()["theirs"]) == (409, "1", {"figure_jobs": "7"})
    assert (unsent.status_code, YearlyFigures.objects.get().typed["figure_jobs"]) == (409, "7")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"figure_jobs": -1}, "figure_jobs"),
        ({"figure_jobs": "many"}, "figure_jobs"),
        ({"figure_jobs": 1.5}, "figure_jobs"),
        ({"figure_jobs": ["1"]}, "figure_jobs"),
        ({"figure_jobs": False}, "values"),
        ({"figure_secrets": 1}, "figure_secrets"),
        ({"money_money_raised_1_amount": 5}, "money_money_raised_1_kind"),
        ({"is_published": "perhaps"}, "is_published"),
        ({"status": "accepted"}, "status"),
    ],
)
def test_wrong_figures_are_told_by_field(figures: Asking, wrong: dict[str, Any], field: str) -> None:
    answer = figures.write({"note": "A year", **wrong})

    assert (answer.status_code, field in answer.json()) == (400, True)
    assert YearlyFigures.objects.count() == 0


def test_an_empty_year_is_not_sent_and_one_that_was_is_not_written(figures: Asking) -> None:
    figures.write({"note": "Nothing yet"})
    empty = figures.send()
    figures.write(COUNTED)
    figures.send()
    late = [figures.write(COUNTED), figures.send()]

    assert (empty.status_code, list(empty.json())) == (400, ["values"])
    assert [each.status_code for each in late] == [409, 409]


@pytest.mark.parametrize("year", [YEAR + 1, YEAR - 3, 0, 10**20])
def test_other_years_are_not_begun(client: Client, header: Any, organisation: Any, year: int) -> None:
    other = Asking(client, header, f"{FIGURES}{organisation.uid}/{year}/")

    assert {other.read().status_code, other.write(COUNTED, "0").status_code, other.send("0").status_code} == {404}


@pytest.mark.parametrize("who", ["visitor", "stranger", "focal", "secretariat", "session", "no scope", "closed"])
def test_others_write_and_read_nothing(
    client: Client, signed_in: Any, organisation: Any, editor: Any, who: str
) -> None:
    people = {"stranger": PersonFactory, "focal": lambda: focal_point("KZ"), "secretariat": secretary}
    asking, header = client, {}
    if who in people:
        header = make_token(people[who](), SCOPES)[1]
    elif who == "session":
        asking = signed_in(editor)
    elif who == "no scope":
        header = make_token(editor, ["programmes:write"])[1]
    elif who == "closed":
        header = make_token(editor, SCOPES)[1]
        Organisation.objects.update(status=OrganisationStatus.CLOSED)
    things = [
        Asking(asking, header, f"{OWN}{organisation.uid}/"),
        Asking(asking, header, f"{FIGURES}{organisation.uid}/{YEAR}/"),
    ]

    answers = [asked for each in things for asked in (each.read(), each.write(WORK, "0"), each.send("0"))]
    assert {answer.status_code for answer in answers} <= {401, 403, 404}
    assert "Sample Hub" not in asking.get(OWN, headers=header).content.decode()
    assert (Revision.objects.count(), YearlyFigures.objects.count()) == (0, 0)


def test_each_right_opens_its_own(client: Client, organisation: Any, editor: Any) -> None:
    statuses = {}
    for scope in SCOPES:
        header = make_token(editor, [scope])[1]
        urls = (f"{OWN}{organisation.uid}/", f"{FIGURES}{organisation.uid}/{YEAR}/")
        statuses[scope] = [Asking(client, header, url).read().status_code for url in urls]

    assert statuses == {"organisations:write": [200, 403], "figures:write": [403, 200]}


@pytest.mark.parametrize("number", [1, 3])
def test_own_list_asks_little(
    client: Client, header: Any, editor: Any, number: int, django_assert_max_num_queries: Any
) -> None:
    for _ in range(number - 1):
        editor.memberships.create(organisation=OrganisationFactory())
    client.get(OWN, headers=header)

    with django_assert_max_num_queries(3):
        rows = client.get(OWN, headers=header).json()["results"]

    assert len(rows) == number


def test_examples_of_the_documentation_work(
    client: Client, entry: Asking, figures: Asking, organisation: Any, editor: Any
) -> None:
    text = (Path(settings.BASE_DIR) / "docs" / "api.md").read_text()
    written = [json.loads(block) for block in re.findall(r"```json\n(.*?)```", text.partition("## Writing")[2], re.S)]
    programme, change, year = written
    header = make_token(editor, ["programmes:write"])[1]
    data = programme | {"organisation": str(organisation.uid)}
    made = client.post("/api/v1/own/programmes/", data, "application/json", headers=header)
    answers = [
        entry.write(change["values"]),
        entry.send(),
        figures.write(year["values"], year["version"]),
        figures.send(),
    ]

    assert (made.status_code, Programme.objects.get().titles) == (201, programme["titles"])
    assert [answer.status_code for answer in answers] == [200, 200, 200, 200]
    assert YearlyFigures.objects.get().status == FiguresStatus.SUBMITTED
