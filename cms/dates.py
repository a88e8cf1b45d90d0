"""Dates in the editors' forms. Wagtail's picker puts today in place of what it cannot read; ours leaves it for the form
to read or to refuse.
"""

from typing import Any

from django.db import models
from wagtail.admin.forms.models import register_form_field_override
from wagtail.admin.widgets import AdminDateInput, AdminDateTimeInput


class DateInput(AdminDateInput):
    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {"validateOnBlur": False}


class DateTimeInput(AdminDateTimeInput):
    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {"validateOnBlur": False}


def use_in_forms() -> None:
    register_form_field_override(models.DateField, override={"widget": DateInput})
    register_form_field_override(models.DateTimeField, override={"widget": DateTimeInput})
