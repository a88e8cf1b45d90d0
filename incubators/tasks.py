"""Celery's door to the registry."""

from celery import shared_task

from incubators.models import FounderInvitation, ImportRun, Invitation
from incubators.services import bulk_approvals, confirming, evidence, programmes, remarks, searches
from incubators.services.by_mail import forget_old_addresses
from incubators.services.figure_reminders import remind_of_figures
from incubators.services.imports.indexing import index_left_behind, index_run
from incubators.services.imports.jobs import go_on_with_stuck
from incubators.services.imports.jobs import write_import as write
from incubators.services.imports.undo import undo_import as undo
from incubators.services.open_data import write_open_data
from incubators.services.organisation_states import age_organisations
from incubators.services.pairs import find_pairs
from incubators.services.showing import hide_without_consent


@shared_task
def write_import(pk: int) -> None:
    """An import that a person has begun; may run twice."""
    write(pk)


@shared_task
def undo_import(pk: int) -> None:
    """An import that a person takes back; may run twice."""
    undo(pk)


@shared_task
def index_import(pk: int) -> None:
    """Make a large import findable; may run twice."""
    index_run(ImportRun.objects.get(pk=pk))


@shared_task
def sweep_imports() -> int:
    """Go on with what a lost broker or a killed worker left behind, written or not."""
    return go_on_with_stuck() + index_left_behind()


@shared_task
def age() -> int:
    """Once a day: what nobody confirmed in time is out of date, and its editors are asked."""
    return age_organisations()


@shared_task
def remind_of_late_figures() -> int:
    """Once a day; each editor gets one mail a month at most."""
    return remind_of_figures()


@shared_task
def hide_startups() -> int:
    """Once a day: profiles to whose showing no founder agrees any more."""
    return hide_without_consent()


@shared_task
def close_calls() -> int:
    """Every few minutes: calls that are over."""
    return programmes.close_calls()


@shared_task
def find_duplicates() -> int:
    """Once a day: which organisations may be the same, for people to look at."""
    return find_pairs()


@shared_task
def remind_of_age() -> int:
    """Once a day: those who keep an entry are asked in good time whether it is still true."""
    return confirming.remind_of_age()


@shared_task
def mail_searches() -> int:
    """Once a day, so that the first day of a month is met: what is new in readers' saved searches."""
    return searches.mail_searches()


@shared_task
def tidy_desk() -> None:
    """Once a day: letters and mailboxes of answered claims, addresses of old invitations and of readers who were
    answered, approvals past undoing.
    """
    evidence.forget_evidence()
    for kind in (Invitation, FounderInvitation):
        forget_old_addresses(kind)
    remarks.forget_addresses()
    bulk_approvals.forget_approvals()


@shared_task
def dump_open_data() -> None:
    """Every night: what is public as files; may run twice."""
    write_open_data()
