"""A form that came back with mistakes, left and come back to, in a real browser."""

from typing import Any

import pytest

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]


@pytest.fixture
def refused(browser_page: Any, live_server: Any) -> Any:
    """Sign-up with a password that is too short."""
    browser_page.set_default_timeout(15_000)
    browser_page.goto(f"{live_server.url}/en/accounts/signup/?next=/en/desk/")
    browser_page.fill("[name=name]", "Ülgi")
    browser_page.fill("[name=email]", "new.one@people.example")
    browser_page.fill("[name=password1]", "short")
    browser_page.click("main form button[type=submit]")
    browser_page.locator(".summary").wait_for()
    return browser_page


def test_going_back_to_a_refused_form_opens_it_again(refused: Any) -> None:
    here = refused.url

    refused.click("footer a >> nth=0")
    refused.wait_for_url(lambda url: url != here)
    refused.go_back()

    assert refused.url == here
    assert refused.get_by_role("heading", name="Create an account").is_visible()
    assert here.endswith("?next=/en/desk/")


def test_a_refused_form_loaded_again_still_says_what_is_wrong(refused: Any) -> None:
    refused.reload()

    assert refused.locator(".summary").is_visible()
    assert refused.input_value("[name=name]") == "Ülgi"
