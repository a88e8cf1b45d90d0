"""What everybody may read through the API is not sent again to who has it."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db
LISTS = ["organisations", "programmes", "calls", "countries", "countries/kg", "experts", "competitions", "changes"]


@pytest.mark.parametrize("name", LISTS)
def test_an_unchanged_answer_is_not_sent_again(client: Client, name: str) -> None:
    first = client.get(f"/api/v1/{name}/")
    again = client.get(f"/api/v1/{name}/", headers={"If-None-Match": first.headers["ETag"]})

    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
    assert "RateLimit-Remaining" in again.headers
