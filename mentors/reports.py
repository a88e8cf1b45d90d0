"""Experts as a table: what the reader may see of each, and never an address."""

import csv
from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _

from mentors.cards import joined
from mentors.models import Expert

FORMULA = ("=", "+", "-", "@", "\t", "\r")


class _Echo:
    def write(self, value: str) -> str:
        return value


def expert_rows(experts: Iterable[Expert]) -> Iterator[str]:
    """Lines of a CSV file that starts with a byte order mark, so that spreadsheets read any script."""
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow(
        [
            _("Name"),
            _("Name in Latin letters"),
            _("Country"),
            _("Role"),
            _("Help with"),
            _("Language"),
            _("In one line"),
        ]
    )
    for expert in experts:
        yield writer.writerow([escaped(cell) for cell in cells(expert)])


def cells(expert: Expert) -> list[Any]:
    roles = expert.shown_roles
    return [
        expert.name,
        expert.name_latin,
        expert.country,
        joined(role.get_role_display() for role in roles),
        joined(dict.fromkeys(skill for role in roles for skill in role.skills.all())),
        joined(spoken.get_language_display() for spoken in expert.languages.all()),
        expert.headline_here,
    ]


def escaped(cell: Any) -> str:
    """As text: a spreadsheet must not take it for a formula."""
    text = str(cell)
    return f"'{text}" if text.startswith(FORMULA) else text
