"""Many-to-many relations of what an import writes or sets back."""

from collections.abc import Iterable
from typing import Any

from django.db import models

BATCH = 500


def replace_related(
    through: type[models.Model], owner: str, other: str, ids: dict[Any, int], said: list[tuple[int, Iterable[Any]]]
) -> None:
    """`said`: primary keys of `owner`, each with the codes that take the place of what it has. `ids`: keys of
    `other` by code; a code that is not there any more is left out.
    """
    through._default_manager.filter(**{f"{owner}__in": [pk for pk, _codes in said]}).delete()
    rows = (
        through(**{f"{owner}_id": pk, f"{other}_id": ids[code]})
        for pk, codes in said
        for code in sorted(codes)
        if code in ids
    )
    through._default_manager.bulk_create(rows, batch_size=BATCH)
