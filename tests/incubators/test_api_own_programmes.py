"""Programmes written through the API with a token: by their editors, repeatable, never over somebody else's change."""

from typing import Any

import pytest
from django.test import Client

from incubators.enums import OrganisationStatus
from incubators.models import Organisation, Programme
from incubators.services.programmes import create_programme, update_programme
from network_platform.journal.models import Record
from tests.incubators.factories import OrganisationFactory, PersonFactory, editor_of, focal_point, secretary
from tests.tokens.factories import make_token

pytestmark = pytest.mark.django_db
OWN = "/api/v1/own/programmes/"
SCOPE = ["programmes:write"]


@pytest.fixture
def organisation() -> Organisation:
    return OrganisationFactory(name="Sample Hub")


@pytest.fixture
def editor(organisation: Organisation) -> Any:
    return editor_of(organisation)


@pytest.fixture
def header(editor: Any) -> dict[str, str]:
    return make_token(editor, SCOPE)[1]


def described(organisation: Organisation, **changes: Any) -> dict[str, Any]:
    texts = {"titles": {"en": "School", "kk": "Мектеп"}, "descriptions": {"en": "Ten weeks"}}
    plain = {"kind": "training", "weeks": 10, "languages": ["kk"], "sectors": ["circular"]}
    return {"organisation": str(organisation.uid), **texts, **plain, **changes}


def make(client: Client, header: dict[str, str], data: dict[str, Any], **headers: str) -> Any:
    return client.post(OWN, data, "application/json", headers=header | headers)


def change(client: Client, header: dict[str, str], programme: Programme, data: dict[str, Any], **headers: str) -> Any:
    return client.patch(f"{OWN}{programme.uid}/", data, "application/json", headers=header | headers)


def etag_of(client: Client, header: dict[str, str], programme: Programme) -> dict[str, str]:
    return {"If-Match": client.get(f"{OWN}{programme.uid}/", headers=header).headers["ETag"]}


def test_an_editor_makes_and_publishes_a_programme(client: Client, header: dict[str, str], organisation: Any) -> None:
    made = make(client, header, described(organisation, status="published"), **{"Idempotency-Key": "a"})
    again = make(client, header, described(organisation, status="published"), **{"Idempotency-Key": "a"})

    programme = Programme.objects.get()
    assert (made.status_code, again.status_code, again.json() == made.json()) == (201, 201, True)
    assert (programme.titles, programme.status) == ({"en": "School", "kk": "Мектеп"}, "published")
    assert (programme.weeks, programme.sectors.get().code) == (10, "circular")
    assert made.headers["Location"].endswith(f"{OWN}{programme.uid}/")
    assert client.get(f"/api/v1/programmes/{programme.uid}/").json()["kind"] == "training"
    verbs = list(Record.objects.filter(verb__startswith="programme").order_by("number").values_list("verb", flat=True))
    assert verbs == ["programme.created", "programme.published"]


def test_a_change_stands_on_what_was_read(
    client: Client, header: dict[str, str], organisation: Any, editor: Any
) -> None:
    programme = create_programme(organisation=organisation, by=editor, titles={"en": "School"})
    read = etag_of(client, header, programme)

    blind = change(client, header, programme, {"weeks": 3})
    done = change(client, header, programme, {"weeks": 4}, **read)
    late = change(client, header, programme, {"weeks": 5}, **read)
    update_programme(programme=programme, by=editor, version=1, weeks=6)
    crossed = change(client, header, programme, {"weeks": 7}, **{"If-Match": done.headers["ETag"]})

    programme.refresh_from_db()
    assert [answer.status_code for answer in (blind, done, late, crossed)] == [428, 200, 412, 412]
    assert (done.json()["weeks"], programme.weeks, programme.titles) == (4, 6, {"en": "School"})


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"titles": {}}, "titles"),
        ({"titles": {"en": ""}}, "titles"),
        ({"titles": {"xx": "School"}}, "titles"),
        ({"titles": {"en": "x" * 201}}, "titles"),
        ({"titles": "School"}, "titles"),
        ({"languages": ["xx"]}, "languages"),
        ({"sectors": ["alchemy"]}, "sectors"),
        ({"weeks": 0}, "weeks"),
        ({"website": "no address"}, "website"),
        ({"kind": "party"}, "kind"),
        ({"status": "ended"}, "status"),
        ({"organisation": "x"}, "organisation"),
    ],
)
def test_wrong_input_is_told_by_field_and_nothing_is_made(
    client: Client, header: dict[str, str], organisation: Any, wrong: dict[str, Any], field: str
) -> None:
    answer = make(client, header, described(organisation) | wrong)

    assert (answer.status_code, list(answer.json())) == (400, [field])
    assert (Programme.objects.count(), Record.objects.filter(verb__startswith="programme").count()) == (0, 0)


@pytest.mark.parametrize("who", ["visitor", "stranger", "focal", "secretariat", "session", "no scope"])
def test_others_write_and_read_nothing(
    client: Client, signed_in: Any, organisation: Any, editor: Any, who: str
) -> None:
    programme = create_programme(organisation=organisation, by=editor, titles={"en": "Canary"})
    people = {"stranger": PersonFactory, "focal": lambda: focal_point("KZ"), "secretariat": secretary}
    asking, header = client, {}
    if who in people:
        header = make_token(people[who](), SCOPE)[1]
    elif who == "session":
        asking = signed_in(editor)
    elif who == "no scope":
        header = make_token(editor)[1]

    answers = [
        make(asking, header, described(organisation)),
        change(asking, header, programme, {"weeks": 1}, **{"If-Match": "x"}),
        asking.get(f"{OWN}{programme.uid}/", headers=header),
    ]

    assert {answer.status_code for answer in answers} <= {401, 403, 404}
    assert "Canary" not in asking.get(OWN, headers=header).content.decode()
    assert Programme.objects.count() == 1


def test_nothing_of_a_closed_organisation_is_written(client: Client, header: dict[str, str], organisation: Any) -> None:
    Organisation.objects.update(status=OrganisationStatus.CLOSED)

    assert make(client, header, described(organisation)).status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_own_list_asks_little(
    client: Client,
    header: dict[str, str],
    organisation: Any,
    editor: Any,
    number: int,
    django_assert_max_num_queries: Any,
) -> None:
    for n in range(number):
        create_programme(organisation=organisation, by=editor, titles={"en": f"Programme {n}"})
    client.get(OWN, headers=header)

    with django_assert_max_num_queries(3):
        page = client.get(OWN, headers=header).json()

    assert len(page["results"]) == number
