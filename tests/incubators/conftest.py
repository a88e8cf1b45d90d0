"""What the registry's tests share."""

from typing import Any

import pytest

DUMMY = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}


@pytest.fixture(autouse=True)
def _no_kept_pages(request: pytest.FixtureRequest, settings: Any) -> None:
    """Pages are made anew for each request, as nothing commits in a test; those marked `kept_pages` keep them."""
    if "kept_pages" not in request.fixturenames:
        settings.CACHES = DUMMY


@pytest.fixture
def kept_pages() -> None:
    """For tests of the kept pages themselves."""
