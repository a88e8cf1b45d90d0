"""Who edited an organisation and left knows its numbers still: the comparison asks (`benchmark.py`)."""

from collections.abc import Iterable

from incubators.models import Membership, Organisation, YearlyFigures

Known = YearlyFigures.known_to.through


def leave(membership: Membership) -> None:
    """To be called in a transaction, with the organisation held."""
    note_readers(membership.organisation, [membership.user_id])
    membership.delete()


def note_readers(organisation: Organisation, people: Iterable[int]) -> None:
    """People who can read the figures that the organisation has now, and soon no longer may."""
    people, figures = list(people), organisation.yearly_figures.values_list("pk", flat=True)
    rows = [Known(yearlyfigures_id=pk, user_id=person) for pk in figures for person in people]
    Known.objects.bulk_create(rows, ignore_conflicts=True)
