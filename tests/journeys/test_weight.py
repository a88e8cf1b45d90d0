"""What a page weighs, compressed as it comes over the wire, read cold in Chromium from the running platform."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.journeys.conftest import Variant, Walker
from tests.journeys.stack import Platform

KB = 1024
IN_RUSSIAN = Variant(360, "ru")  # Cyrillic is the heavier one
PUBLIC = [
    "/",
    "/incubators/",
    "/incubators/?q=технопарк",
    "/incubators/ololo/",
    "/countries/",
    "/countries/kz/",
    "/competitions/",
    "/competitions/circular-economy/",
    "/competitions/network-start-up-prize/",
    "/mentors/",
    "/handbooks/",
    "/news/",
    "/search/?q=наставник",
]


def fetched(walker: Walker, path: str) -> tuple[int, int]:
    """(requests, bytes) of a first visit."""
    answers: list[Any] = []
    walker.page.on("response", lambda answer: answers.append(answer))
    response = walker.page.goto(walker.address(path), wait_until="networkidle")
    assert response.status == 200, path
    return len(answers), sum(max(answer.request.sizes()["responseBodySize"], 0) for answer in answers)


@pytest.mark.once
@pytest.mark.parametrize("path", PUBLIC)
def test_a_public_page_is_light(path: str, walk: Callable[[Variant], Walker]) -> None:
    requests, weight = fetched(walk(IN_RUSSIAN), path)

    assert requests <= 4
    assert weight <= 25 * KB


@pytest.mark.once
def test_the_sign_in_page_is_light(walk: Callable[[Variant], Walker]) -> None:
    _requests, weight = fetched(walk(IN_RUSSIAN), "/accounts/login/")

    assert weight <= 20 * KB


@pytest.mark.once
def test_a_chapter_is_light(walk: Callable[[Variant], Walker]) -> None:
    reader = walk(IN_RUSSIAN)
    reader.page.goto(reader.address("/handbooks/first-steps/"))
    chapters = {
        link.get_attribute("href") for link in reader.page.locator("main a[href*='/handbooks/first-steps/']").all()
    }

    heaviest = max(fetched(walk(IN_RUSSIAN), path.removeprefix("/ru"))[1] for path in chapters if "#" not in path)

    assert chapters
    assert heaviest <= 30 * KB


@pytest.mark.once
@pytest.mark.parametrize(("which", "limit"), [("application", 35), ("sheet", 30)])
def test_a_form_is_light(which: str, limit: int, walk: Callable[[Variant], Walker], platform: Platform) -> None:
    email, path = platform.run(f"tests.journeys.data:{which}")
    person, cold = walk(IN_RUSSIAN), walk(IN_RUSSIAN)
    person.sign_in(email)
    cold.context.add_cookies(person.context.cookies())

    _requests, weight = fetched(cold, path)

    assert cold.page.locator("main form[data-autosave]").count() == 1
    assert weight <= limit * KB
