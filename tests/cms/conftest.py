"""The site skeleton: made once a module, in a transaction around its tests."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from cms.models import HomePage
from tests.cms.factories import make_site


@pytest.fixture(scope="module")
def _made_site(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock(), transaction.atomic():
        make_site()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def site(_made_site: None, db: None) -> HomePage:
    return HomePage.objects.get(locale__language_code="en")


@pytest.fixture(autouse=True)
def _files(tmp_path: Path, settings: Any) -> None:
    """Uploads, pictures and PDFs of a test go with it."""
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {**settings.STORAGES["default"], "OPTIONS": {"location": tmp_path / "uploads"}},
        "renditions": {**settings.STORAGES["renditions"], "OPTIONS": {"location": tmp_path / "pictures"}},
    }
