"""Areas of expertise: bringing the rows in step with the file that the product ships."""

from pathlib import Path

import yaml
from django.core.cache import cache
from django.db import transaction

from mentors.models import Expertise
from mentors.models.reference import LABELS_KEY

FILE = Path(__file__).resolve().parent.parent / "fixtures" / "expertise.yaml"


@transaction.atomic
def load_expertise() -> None:
    """Add what is missing and refresh labels; rows that the file does not name stay. Safe to repeat."""
    rows = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    Expertise.objects.bulk_create(
        [Expertise(**row, order=order) for order, row in enumerate(rows)],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["labels", "order"],
    )
    cache.delete(LABELS_KEY)
