"""What the API says to input that it cannot read: 4xx, why, and never an answer to another question."""

from base64 import b64encode
from typing import Any

import pytest
from django.test import Client

from incubators.models import Programme
from tests.incubators.factories import editor_of, verified
from tests.tokens.factories import make_token

pytestmark = pytest.mark.django_db
V1 = "/api/v1/"
LISTS = ["organisations", "programmes", "calls", "countries", "experts", "competitions"]


@pytest.fixture
def organisation() -> Any:
    return verified(name="Sample Hub")


@pytest.fixture
def header(organisation: Any) -> dict[str, str]:
    return make_token(editor_of(organisation), ["programmes:write", "organisations:write", "figures:write"])[1]


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("size", ["", "0", "00", "-1", "1.5", "x", "null", "٣", "²", "1 "])
def test_a_page_of_no_size_is_refused(client: Client, name: str, size: str) -> None:
    answer = client.get(f"{V1}{name}/", {"page_size": size})

    assert (answer.status_code, list(answer.json())) == (400, ["page_size"])


@pytest.mark.parametrize("size", ["1", "007", "200", "201", "9" * 30, "9" * 5000])
def test_a_page_that_is_too_large_is_as_large_as_may_be(client: Client, size: str) -> None:
    answer = client.get(f"{V1}organisations/", {"page_size": size})

    assert (answer.status_code, answer.json()["results"]) == (200, [])


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("said", ["p=x", "p=\x00", "p=1.5", "p=-1", "p=" + "9" * 30, "o=x", "o=1&p=NaN", "r=1&p="])
def test_a_cursor_that_was_not_given_out_leads_nowhere(client: Client, name: str, said: str) -> None:
    answer = client.get(f"{V1}{name}/", {"cursor": b64encode(said.encode()).decode()})

    if "p=" in said and not said.endswith("p="):
        assert (answer.status_code, answer.json()) == (404, {"detail": "Invalid cursor"})
    assert answer.status_code in {200, 404}


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("organisations", {"verified": "AAA"}),
        ("organisations", {"verified": ""}),
        ("organisations", {"updated_since": ""}),
        ("organisations", {"updated_since": "yesterday"}),
        ("organisations", {"updated_since": "0001-01-01T00:00:00+14:00"}),
        ("organisations", {"updated_since": "9999-12-31T23:59:59-14:00"}),
        ("organisations", {"country": "\x00"}),
        ("organisations", {"search": "\x00"}),
        ("programmes", {"open": "1"}),
        ("programmes", {"organisation": ""}),
        ("calls", {"open": "null"}),
        ("calls", {"programme": "x"}),
        ("experts", {"search": "\x00"}),
        ("competitions", {"year": "0.5"}),
        ("competitions", {"year": "1e9"}),
        ("competitions", {"year": "9" * 5000}),
        ("competitions", {"year": ""}),
        ("changes", {"since": "-1"}),
        ("changes", {"since": ""}),
    ],
)
def test_a_filter_that_cannot_be_read_is_not_left_out(client: Client, name: str, wrong: dict[str, str]) -> None:
    answer = client.get(f"{V1}{name}/", wrong)

    assert (answer.status_code, list(answer.json())) == (400, list(wrong))


@pytest.mark.parametrize("offset", ["+16:01", "-23:59", "+00:00:01"])
def test_a_moment_of_any_offset_is_read(client: Client, organisation: Any, offset: str) -> None:
    found = [
        client.get(f"{V1}organisations/", {"updated_since": f"{year}-11-24T16:57:16{offset}"}) for year in (2020, 4305)
    ]

    assert [(answer.status_code, len(answer.json()["results"])) for answer in found] == [(200, 1), (200, 0)]


@pytest.mark.parametrize("path", ["competitions/%00/", "experts/a%00/", "countries/0/", "open-data/%00", "nothing/"])
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
def test_what_is_not_there_is_not_there_for_any_method(path: str, method: str) -> None:
    answer = Client(enforce_csrf_checks=True, raise_request_exception=False).generic(method, f"{V1}{path}")

    assert answer.status_code in ({404, 405} if path.startswith("open-data") else {404})
    assert answer.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"text"',
        b"\xff\xfe",
        b'{"titles": {"en": NaN}}',
        b"[" * 100_000,
        b'{"titles": {"en": "\\ud800"}}',
        b'{"titles": {"\\ud800": "x"}}',
        b'{"weeks": ' + b"9" * 5000 + b"}",
        b'{"weeks": 1e999}',
        b'{"titles": {"en": "\\u0000"}}',
        b'{"titles": {"en": 5}}',
        b'{"titles": {"\\u0000": "x"}}',
        b'{"languages": [5]}',
        b'{"organisation": 5}',
    ],
)
@pytest.mark.parametrize("charset", ["", "; charset=utf-16", "; charset=zlib", "; charset=none"])
def test_a_body_that_cannot_be_read_is_refused(
    client: Client, header: dict[str, str], body: bytes, charset: str
) -> None:
    client.raise_request_exception = False
    answer = client.generic("POST", f"{V1}own/programmes/", body, f"application/json{charset}", headers=header)

    assert (answer.status_code, Programme.objects.count()) == (400, 0)
    assert answer.json()


@pytest.mark.parametrize(
    "values",
    ['{"city": "\\ud800"}', '{"name_en": "\\udfff"}', '{"\\ud800": "x"}', '{"city": {"a": 1}}', '{"sdgs": [[9]]}'],
)
@pytest.mark.parametrize("path", ["own/organisations/{}/", "own/figures/{}/2025/"])
def test_a_value_that_no_database_keeps_is_refused(
    client: Client, header: dict[str, str], organisation: Any, path: str, values: str
) -> None:
    write = client.patch if "organisations" in path else client.put
    client.raise_request_exception = False
    body = f'{{"version": "0", "values": {values}}}'
    answer = write(V1 + path.format(organisation.uid), body, "application/json", headers=header)

    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("organisation", 0),
        ("organisation", "{01a228f3-faac-7e6e-a5ae-83af556fef75}"),
        ("organisation", "urn:uuid:01a228f3-faac-7e6e-a5ae-83af556fef75"),
        ("organisation", "01a228f3faac7e6ea5ae83af556fef75"),
        ("weeks", "3"),
        ("weeks", True),
        ("weeks", 1.5),
        ("titles", {"en": 5}),
        ("titles", {}),
        ("languages", [5]),
        ("sectors", [5]),
        ("sectors", {}),
        ("sectors", {"circular": 1}),
        ("languages", {}),
        ("website", " https://hub.example"),
        ("website", 5),
        ("kind", 5),
        ("status", None),
    ],
)
def test_a_change_takes_what_is_described(
    client: Client, header: dict[str, str], organisation: Any, name: str, value: Any
) -> None:
    programme = Programme.objects.create(organisation=organisation, titles={"en": "School"})
    path = f"{V1}own/programmes/{programme.uid}/"
    current = {"If-Match": client.get(path, headers=header).headers["ETag"]}
    answer = client.patch(path, {name: value}, "application/json", headers=header | current)

    assert (answer.status_code, list(answer.json())) == (400, [name])


@pytest.mark.parametrize("version", [0, 1.5, True, None, [], {}, "", "x" * 61, "\x00"])
def test_a_version_is_a_text(client: Client, header: dict[str, str], organisation: Any, version: Any) -> None:
    path = f"{V1}own/organisations/{organisation.uid}/submit/"
    answer = client.post(path, {"version": version}, "application/json", headers=header)

    assert (answer.status_code, list(answer.json())) == (400, ["version"])


@pytest.mark.parametrize(
    "kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain", "x"]
)
def test_only_json_is_written(client: Client, header: dict[str, str], kind: str) -> None:
    answer = client.post(f"{V1}own/programmes/", b"weeks=3", kind, headers=header)

    assert (answer.status_code, list(answer.json())) == (415, ["detail"])


@pytest.mark.parametrize("accepted", ["text/html", "application/xml;q=0.9", "a/b/c", "application/json;version=2, x"])
def test_an_answer_that_is_not_made_is_refused(client: Client, accepted: str) -> None:
    answer = client.get(f"{V1}countries/", headers={"Accept": accepted})

    assert answer.status_code in {200, 406}
    assert "detail" in answer.json() or answer.status_code == 200


@pytest.mark.parametrize("key", ["x" * 101, "\x00"])
def test_a_key_is_short(client: Client, header: dict[str, str], key: str) -> None:
    answer = client.post(f"{V1}own/programmes/", {}, "application/json", headers=header | {"Idempotency-Key": key})

    assert (answer.status_code, list(answer.json())) == (400, ["Idempotency-Key"])


@pytest.mark.parametrize("secret", ["", "x", "npt_", "npt_\xff", "\x00", "x" * 10_000, "a b"])
def test_a_token_that_is_none_is_refused(client: Client, secret: str) -> None:
    answer = client.get(f"{V1}countries/", headers={"Authorization": f"Bearer {secret}"})

    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")


@pytest.mark.parametrize("year", ["0", "9999", "9" * 30, "9" * 5000])
def test_a_year_that_is_not_offered_is_not_there(
    client: Client, header: dict[str, str], organisation: Any, year: str
) -> None:
    client.raise_request_exception = False
    answer = client.get(f"{V1}own/figures/{organisation.uid}/{year}/", headers=header)

    assert answer.status_code == 404
