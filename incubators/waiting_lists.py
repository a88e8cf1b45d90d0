"""What waits for a person in the registry, and what the person waits for, as lines of the first page."""

from datetime import datetime
from typing import cast

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from incubators.enums import FiguresStatus, RevisionStatus
from incubators.listing_values import title_here
from incubators.models import (
    Claim,
    FounderInvitation,
    Invitation,
    Organisation,
    Placement,
    Remark,
    Revision,
    Transfer,
    YearlyFigures,
)
from incubators.models.figures import owing_figures
from incubators.pairs import pairs_to_look_at
from incubators.rules import is_reviewer
from incubators.services.confirming import REMINDED
from incubators.yearly import last_year
from network_platform.desk import Waiting
from network_platform.people.models import User


def to_review(user: User) -> list[Waiting]:
    """What waits for who serves a country, each kind with its number."""
    if not is_reviewer(user):
        return []
    found = []
    revisions = Revision.objects.waiting().reviewable_by(user)
    if number := revisions.count():
        title = ngettext("%(n)s listing to review", "%(n)s listings to review", number) % {"n": number}
        found.append(Waiting(title, reverse("incubators:queue"), number))
    if number := Claim.objects.reviewable_by(user).count():
        title = ngettext("%(n)s claim to answer", "%(n)s claims to answer", number) % {"n": number}
        found.append(Waiting(title, reverse("incubators:queue"), number))
    if number := YearlyFigures.objects.waiting().reviewable_by(user).count():
        title = ngettext("%(n)s year’s figures to review", "%(n)s years’ figures to review", number) % {"n": number}
        found.append(Waiting(title, reverse("incubators:queue"), number))
    if number := Transfer.objects.answerable_by(user).count():
        title = ngettext("%(n)s transfer to answer", "%(n)s transfers to answer", number) % {"n": number}
        found.append(Waiting(title, reverse("incubators:queue"), number))
    if number := Remark.objects.answerable_by(user).count():
        title = ngettext("%(n)s remark of a reader", "%(n)s remarks of readers", number) % {"n": number}
        found.append(Waiting(title, reverse("incubators:queue"), number))
    if number := pairs_to_look_at(user).count():
        title = ngettext("%(n)s likely duplicate to look at", "%(n)s likely duplicates to look at", number)
        found.append(Waiting(title % {"n": number}, reverse("incubators:duplicates"), number))
    return found


def to_finish(user: User) -> list[Waiting]:
    """Entries to write on, and new ones that were declined."""
    words = {
        RevisionStatus.DECLINED: _("Declined: %(name)s"),
        RevisionStatus.CHANGES_REQUESTED: _("The reviewer asks for changes: %(name)s"),
        RevisionStatus.DRAFT: _("Finish and send: %(name)s"),
    }
    own = Revision.objects.editable_by(user).select_related("organisation").order_by("status", "pk")
    declined = Revision.objects.correctable_by(user).select_related("organisation").order_by("pk")
    return [
        Waiting(
            words[RevisionStatus(revision.status)] % {"name": title_here(revision.values)},
            reverse("incubators:edit", args=[revision.organisation.slug]),
        )
        for revision in [*own, *declined]
    ]


def to_confirm(user: User) -> list[Waiting]:
    """Entries that the person keeps and was asked about, or that are out of date."""
    return [
        Waiting(
            _("Confirm: %(name)s") % {"name": each},
            reverse("incubators:detail", args=[each.slug]),
            detail=_confirmed_until(each),
        )
        for each in Organisation.objects.asked_to_confirm(user, max(REMINDED))
    ]


def _confirmed_until(organisation: Organisation) -> str:
    if organisation.is_out_of_date or organisation.verified_until is None:
        return _("Out of date")
    return _("confirmed until %(date)s") % {"date": date_format(organisation.verified_until, "DATE_FORMAT")}


def to_report(user: User) -> list[Waiting]:
    """Questions about figures of any year, what was begun, and what is owed for last year."""
    words = {
        FiguresStatus.QUERIED: _("A question about the figures of %(year)s: %(name)s"),
        FiguresStatus.DRAFT: _("Finish the figures of %(year)s: %(name)s"),
    }
    begun = list(YearlyFigures.objects.editable_by(user).select_related("organisation").order_by("-year", "pk"))
    found = [(words[FiguresStatus(each.status)], each.organisation, each.year) for each in begun]
    year = last_year()
    own = owing_figures(year).filter(memberships__user=user).exclude(yearly_figures__year=year).order_by("pk")
    found += [(_("Report the figures of %(year)s: %(name)s"), each, year) for each in own]
    return [Waiting(text % {"year": year, "name": each}, _year_page(each, year)) for text, each, year in found]


def to_answer(user: User) -> list[Waiting]:
    """Organisations say that they support a start-up of the person."""
    waiting = Placement.objects.waiting().answerable_by(user).order_by("pk")
    return [
        Waiting(
            _("Confirm or refuse: %(startup)s took part in a programme of %(organisation)s")
            % {"startup": each.startup, "organisation": each.cohort.programme.organisation},
            reverse("incubators:placements", args=[each.startup.uid]),
            detail=str(each.cohort.programme),
        )
        for each in waiting.select_related("startup", "cohort__programme__organisation")
    ]


def sent_by_editor(user: User) -> list[Waiting]:
    """Figures, entries and invitations of the own organisations."""
    revisions = Revision.objects.waiting().filter(organisation__memberships__user=user).select_related("organisation")
    own = YearlyFigures.objects.waiting().filter(organisation__memberships__user=user)
    return [
        *(_sent_figures(each) for each in own.select_related("organisation")),
        *(
            _sent(title_here(each.values), "incubators:edit", each.organisation, cast(datetime, each.submitted_at))
            for each in revisions
        ),
        *(
            _sent(
                _("Invitation to edit: %(name)s") % {"name": each.organisation},
                "incubators:editors",
                each.organisation,
                each.invited_at,
            )
            for each in Invitation.objects.withdrawable_by(user).filter(invited_by=user).select_related("organisation")
        ),
    ]


def sent_by_anybody(user: User) -> list[Waiting]:
    """Own claims, invitations of founders, transfers asked for."""
    claims = Claim.objects.open().filter(user=user).select_related("organisation").order_by("pk")
    return [
        *(
            _sent(
                _("Claim: %(name)s") % {"name": claim.organisation},
                "incubators:claim",
                claim.organisation,
                claim.created_at,
            )
            for claim in claims
        ),
        *(_sent_to_founder(each) for each in _founders_invited(user)),
        *(
            _sent(
                _("Transfer: %(name)s") % {"name": transfer.organisation},
                "incubators:transfer",
                transfer.organisation,
                transfer.asked_at,
            )
            for transfer in Transfer.objects.open().filter(asked_by=user).select_related("organisation")
        ),
    ]


def _sent(title: str, page: str, organisation: Organisation, at: datetime) -> Waiting:
    words = _("Sent on %(date)s") % {"date": date_format(timezone.localtime(at), "DATE_FORMAT")}
    return Waiting(title, reverse(page, args=[organisation.slug]), detail=words)


def _founders_invited(user: User) -> QuerySet[FounderInvitation]:
    own = FounderInvitation.objects.withdrawable_by(user).filter(invited_by=user)
    return own.select_related("startup").order_by("pk")


def _sent_to_founder(invitation: FounderInvitation) -> Waiting:
    title = _("Invitation of a founder: %(name)s") % {"name": invitation.startup}
    words = _("Sent on %(date)s") % {"date": date_format(timezone.localtime(invitation.invited_at), "DATE_FORMAT")}
    return Waiting(title, reverse("incubators:founder-invite", args=[invitation.startup.uid]), detail=words)


def _sent_figures(figures: YearlyFigures) -> Waiting:
    title = _("Figures of %(year)s: %(name)s") % {"year": figures.year, "name": figures.organisation}
    words = _("Sent on %(date)s") % {"date": date_format(timezone.localtime(figures.submitted_at), "DATE_FORMAT")}
    return Waiting(title, _year_page(figures.organisation, figures.year), detail=words)


def _year_page(organisation: Organisation, year: int) -> str:
    return reverse("incubators:figures-year", args=[organisation.slug, year])
