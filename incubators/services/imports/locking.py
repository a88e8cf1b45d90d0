"""Locking entries before anything is asked about them."""

from typing import Any

from django.db.models import QuerySet


def locked_keys(rows: QuerySet[Any]) -> list[int]:
    """The primary keys of these rows, locked in their order, for the statements that ask and change.

    What hangs on a row is asked in those. Beside FOR UPDATE a condition is judged on what was there when the statement
    began: PostgreSQL, when it has waited for a row, looks at that row anew, not at what was hung on it meanwhile.
    """
    return list(rows.order_by("pk").select_for_update(of=("self",)).values_list("pk", flat=True))
