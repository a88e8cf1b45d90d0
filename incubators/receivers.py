"""Answers to Django's own signals."""

from typing import Any

from django.apps import apps as installed
from django.apps.registry import Apps

from incubators.services.reference import load_reference


def keep_reference(apps: Apps = installed, **kwargs: Any) -> None:
    """After `migrate` (and after a test database was emptied) the reference data exists and is current."""
    try:
        apps.get_model("incubators", "Country")
    except LookupError:
        return
    load_reference()
