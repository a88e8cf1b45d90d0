"""The filters of the registry in Chromium: at once on a laptop, a button in view on a phone, true after "back"."""

import re
from typing import Any

import pytest

from incubators.services.reference import load_reference
from incubators.services.reindexing import touch_registry
from tests.incubators.factories import OrganisationFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]
KYRGYZSTAN = "input[name=country][value=kg]"


@pytest.fixture
def registry(live_server: Any) -> str:
    load_reference()
    for iso2 in ("KZ", "KG", "TJ"):
        OrganisationFactory(iso2=iso2, name=f"Hub of {iso2}")
    touch_registry()
    return f"{live_server.url}/en/incubators/"


@pytest.fixture
def laptop(chromium: Any) -> Any:
    context = chromium.new_context(viewport={"width": 1280, "height": 700})
    yield context.new_page()
    context.close()


def test_countries_stand_in_the_order_of_their_names_in_the_readers_language(client: Any, registry: str) -> None:
    country = re.compile(r'name="country" value="(\w\w)"')

    found = {code: country.findall(client.get(f"/{code}/incubators/").content.decode()) for code in ("en", "ru")}

    assert found["en"] == ["af", "az", "kz", "kg", "tj", "tm", "uz"]
    assert found["ru"] == ["az", "af", "kz", "kg", "tj", "tm", "uz"]


def test_on_a_laptop_the_list_follows_every_choice(laptop: Any, registry: str) -> None:
    laptop.goto(registry)

    laptop.check(KYRGYZSTAN)
    laptop.wait_for_url("**/?country=kg")

    assert laptop.locator("ul.list > li").count() == 1
    assert laptop.evaluate("document.activeElement.value") == "kg"
    assert not laptop.locator(".facets button").is_visible()


def test_after_going_back_the_boxes_agree_with_the_address(laptop: Any, registry: str) -> None:
    laptop.goto(registry)
    laptop.check(KYRGYZSTAN)
    laptop.wait_for_url("**/?country=kg")

    laptop.go_back()

    assert laptop.url == registry
    assert not laptop.is_checked(KYRGYZSTAN)


def test_without_script_a_button_sends_the_choice(chromium: Any, registry: str) -> None:
    context = chromium.new_context(viewport={"width": 1280, "height": 700}, java_script_enabled=False)
    page = context.new_page()
    page.goto(registry)

    page.check(KYRGYZSTAN)
    page.click(".facets button")

    assert page.url == f"{registry}?country=kg"
    context.close()


def test_on_a_phone_the_button_stays_in_view_and_tells_no_number(browser_page: Any, registry: str) -> None:
    browser_page.goto(registry)
    browser_page.click(".facets > summary")
    browser_page.click(".fold > summary >> nth=0")
    browser_page.check(KYRGYZSTAN)

    button = browser_page.locator(".facets form button")
    box = button.bounding_box()

    assert browser_page.url == registry
    assert button.inner_text().strip() == "Show results"
    assert box["y"] + box["height"] <= browser_page.viewport_size["height"]


def test_by_keyboard_one_goes_past_the_filters(laptop: Any, registry: str) -> None:
    laptop.goto(registry)
    skip = laptop.locator("a[href='#results']")

    laptop.focus("input[name=q]")
    while not skip.evaluate("link => link === document.activeElement"):
        laptop.keyboard.press("Tab")
    seen = skip.bounding_box()["width"]
    laptop.keyboard.press("Enter")
    laptop.keyboard.press("Tab")

    assert seen > 50
    assert laptop.evaluate("document.activeElement.closest('.col-lg-9') !== null")
