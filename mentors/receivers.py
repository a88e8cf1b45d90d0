"""Answers to Django's own signals."""

from typing import Any

from django.apps import apps as installed
from django.apps.registry import Apps

from mentors.services.reference import load_expertise


def keep_reference(apps: Apps = installed, **kwargs: Any) -> None:
    """After `migrate` (and after a test database was emptied) the areas of expertise exist and are current."""
    try:
        apps.get_model("mentors", "Expertise")
    except LookupError:
        return
    load_expertise()
