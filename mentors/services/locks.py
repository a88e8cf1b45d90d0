"""One writer at a time for each expert.

What is written about an expert (profile, roles, requests to them) is written under the lock of the expert's row, taken
before anything is journaled: a record keeps the journal's head locked to the end, so who has it must wait for nobody.
"""

from django.db.models import QuerySet

from mentors.models import Expert


def lock_experts(experts: QuerySet[Expert]) -> list[Expert]:
    """These experts, locked in one order. Rows that merely point at them may still be written by others."""
    rows = experts.select_related("country", "user").order_by("pk")
    return list(rows.select_for_update(of=("self",), no_key=True))


def lock_expert(pk: int) -> Expert:
    return lock_experts(Expert.objects.filter(pk=pk))[0]
