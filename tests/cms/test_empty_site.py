"""A new installation has no pages yet."""

import pytest
from django.test import Client

from cms import desk


@pytest.mark.django_db
def test_home_answers_before_there_are_pages(client: Client) -> None:
    response = client.get("/en/")

    assert b"Incubators, competitions and know-how" in response.content
    assert b"Welcome to your new Wagtail site" not in response.content


@pytest.mark.django_db
def test_doctor_says_what_is_missing() -> None:
    assert desk.problems() == ["There are no pages yet: run manage.py prepare_site."]
