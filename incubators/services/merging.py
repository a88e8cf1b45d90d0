"""Two entries of one organisation become one: nothing is lost, the old address leads on, and it can be undone."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from incubators.enums import MOVABLE, ClaimStatus, MemberRole, NameKind, OrganisationStatus, PairStatus, TransferStatus
from incubators.lifecycle import ORGANISATION, PAIR
from incubators.models import (
    Claim,
    DuplicatePair,
    FormerAddress,
    Membership,
    Merger,
    Organisation,
    OrganisationName,
    Programme,
    Remark,
    Transfer,
    YearlyFigures,
)
from incubators.rules import can_merge_organisations
from incubators.services.claims import role_for
from incubators.services.letters import members_of, write_to
from incubators.services.names import Name, name_rows
from incubators.services.news import tell_feed
from incubators.services.pairs import set_status
from incubators.services.readers import note_readers
from incubators.services.reindexing import reindex_organisation, touch_registry
from network_platform.drafts import StaleWrite, digest
from network_platform.journal.services import record
from network_platform.people.models import User
from network_platform.search.services import drop


@dataclass
class Plan:
    """What a merger would do, in rows: shown before it is agreed to, then done."""

    kept: Organisation
    gone: Organisation
    obstacles: list[str] = field(default_factory=list)

    @cached_property
    def names(self) -> list[OrganisationName]:
        """Those that the kept one does not have yet."""
        there = {name.text for name in self.kept.names.all()}
        unique = {name.text: name for name in self.gone.names.all() if name.text not in there}
        return list(unique.values())

    @cached_property
    def memberships(self) -> list[Membership]:
        there = self.kept.memberships.values("user")
        return list(self.gone.memberships.exclude(user__in=there).select_related("user"))

    @cached_property
    def claims(self) -> list[Claim]:
        """Open ones, but of those who edit the kept one or claim it too."""
        waiting = Claim.objects.filter(organisation=self.kept, status=ClaimStatus.OPEN).values("user")
        found = self.gone.claims.filter(status=ClaimStatus.OPEN).exclude(user__in=waiting)
        return list(found.exclude(user__in=self.kept.memberships.values("user")).select_related("user"))

    @cached_property
    def programmes(self) -> list[Programme]:
        taken = self.kept.programmes.exclude(source_key="").values("source_key")
        return list(self.gone.programmes.exclude(source_key__in=taken))

    @cached_property
    def figures(self) -> list[YearlyFigures]:
        """Of the years that the kept one has not reported."""
        return list(self.gone.yearly_figures.exclude(year__in=self.kept.yearly_figures.values("year")))

    @cached_property
    def figures_left(self) -> int:
        """Years that both have reported: those of the gone one stay with its closed entry."""
        return self.gone.yearly_figures.count() - len(self.figures)

    @cached_property
    def remarks(self) -> list[Remark]:
        return list(self.gone.remarks.all())

    @cached_property
    def parts(self) -> list[Organisation]:
        return list(self.gone.parts.exclude(pk=self.kept.pk))

    @cached_property
    def addresses(self) -> list[FormerAddress]:
        return list(self.gone.former_addresses.all())

    @property
    def editors(self) -> list[User]:
        return [membership.user for membership in self.memberships]

    @property
    def claimants(self) -> list[User]:
        return [claim.user for claim in self.claims]

    @property
    def years(self) -> list[int]:
        return [figures.year for figures in self.figures]

    @property
    def moved(self) -> dict[str, list[models.Model]]:
        """Rows that come to point at the kept one, by what they are."""
        return {
            "memberships": list(self.memberships),
            "claims": list(self.claims),
            "programmes": list(self.programmes),
            "figures": list(self.figures),
            "remarks": list(self.remarks),
            "addresses": list(self.addresses),
        }

    @property
    def digest(self) -> str:
        """Another one when another thing would happen."""
        rows = {kind: sorted(row.pk for row in rows) for kind, rows in self.moved.items()}
        names = sorted(name.text for name in self.names)
        return digest(str((self.kept.pk, self.gone.pk, rows, names, sorted(part.pk for part in self.parts))))


MODELS = {
    "memberships": Membership,
    "claims": Claim,
    "programmes": Programme,
    "figures": YearlyFigures,
    "remarks": Remark,
    "addresses": FormerAddress,
}


def plan_of(kept: Organisation, gone: Organisation) -> Plan:
    """What would happen, and what stands in the way."""
    plan = Plan(kept, gone)
    if kept.status not in MOVABLE or gone.status not in MOVABLE:
        plan.obstacles.append(_("Only entries that are listed, out of date or suspended can be merged."))
    if kept.country_id != gone.country_id:
        plan.obstacles.append(_("They are in two countries: one is to be transferred first."))
    if gone.revisions.waiting().exists():
        plan.obstacles.append(_("Changes of the entry that would close wait for an answer: answer them first."))
    if Transfer.objects.filter(organisation__in=(kept, gone), status=TransferStatus.OPEN).exists():
        plan.obstacles.append(_("A transfer to another country waits for an answer."))
    return plan


@transaction.atomic
def merge_organisations(
    *, kept: Organisation, gone: Organisation, by: User, reason: str, seen: str | None = None
) -> Merger:
    """`gone` becomes part of `kept`. `seen` is the digest of the plan that was shown; raises StaleWrite if another
    thing would happen now.
    """
    kept, gone = _locked(kept, gone)
    if not can_merge_organisations(by):
        raise PermissionDenied
    if not reason.strip():
        raise ValidationError(_("A reason is needed."))
    plan = plan_of(kept, gone)
    if plan.obstacles:
        raise ValidationError(plan.obstacles)
    if seen is not None and seen != plan.digest:
        raise StaleWrite(0, {})
    before = _move(plan)
    note_readers(gone, (row.user_id for row in plan.memberships))
    _close(kept, gone, by=by, reason=reason, before=before)
    merger = Merger.objects.create(kept=kept, gone=gone, by=by, before=before)
    _tell(merger, "incubators/merged", by=by)
    return merger


@transaction.atomic
def undo_merger(*, merger: Merger, by: User) -> Merger:
    """Everything that moved goes back, as far as it is still there; the old address is its own again."""
    kept, gone = _locked(merger.kept, merger.gone)
    merger = Merger.objects.select_for_update(of=("self",)).get(pk=merger.pk)
    merger.kept, merger.gone = kept, gone
    if not can_merge_organisations(by) or not merger.can_be_undone:
        raise PermissionDenied
    before = merger.before
    move = ORGANISATION.check(gone.status, before["status"])
    note_readers(kept, kept.memberships.values_list("user", flat=True))
    FormerAddress.objects.filter(slug=gone.slug, organisation=kept).delete()
    kept.names.filter(kind__in=(NameKind.ALIAS, NameKind.ACRONYM), text__in=before["names"]).delete()
    for kind, model in MODELS.items():
        model._default_manager.filter(pk__in=before[kind], organisation=kept).update(organisation=gone)
    for pk, role in before["roles"].items():
        Membership.objects.filter(pk=pk, organisation=gone).update(role=role)
    Organisation.objects.filter(pk__in=before["parts"], parent=kept).update(parent=gone)
    if before["was_part"]:
        kept.parent = gone
    gone.status, gone.successor_id = before["status"], before["successor"]
    merger.undone_at = timezone.now()
    merger.save(update_fields=["undone_at"])
    _reopen_pair(kept, gone, by=by)
    _save(kept, gone)
    reindex_organisation(gone)
    _journal(kept, gone, {gone.pk: move.verb, kept.pk: "organisation.merger_undone"}, by=by)
    _tell(merger, "incubators/merger_undone", by=by)
    return merger


def _locked(*both: Organisation) -> list[Organisation]:
    """Both in the order of their keys, so that two mergers never wait for each other."""
    rows = {
        each.pk: each for each in Organisation.objects.locked().filter(pk__in=[each.pk for each in both]).order_by("pk")
    }
    return [rows[each.pk] for each in both]


def _move(plan: Plan) -> dict[str, Any]:
    """Do what the plan says; returns what an undo needs."""
    kept, gone = plan.kept, plan.gone
    before: dict[str, Any] = {kind: [row.pk for row in rows] for kind, rows in plan.moved.items()}
    before["names"] = [name.text for name in plan.names]
    before["roles"] = {str(row.pk): row.role for row in plan.memberships}
    before["parts"] = [part.pk for part in plan.parts]
    before |= {"status": gone.status, "successor": gone.successor_id, "was_part": kept.parent_id == gone.pk}
    OrganisationName.objects.bulk_create(name_rows(kept, (_as_other(name) for name in plan.names)))
    if role_for(kept) == MemberRole.EDITOR:
        Membership.objects.filter(pk__in=before["memberships"]).update(role=MemberRole.EDITOR)
    for kind, model in MODELS.items():
        model._default_manager.filter(pk__in=before[kind]).update(organisation=kept)
    Organisation.objects.filter(pk__in=before["parts"]).update(parent=kept)
    if before["was_part"]:
        kept.parent = None
    return before


def _as_other(name: OrganisationName) -> Name:
    """A short name stays one; every other becomes another name of the kept one."""
    kind = NameKind.ACRONYM if name.kind == NameKind.ACRONYM else NameKind.ALIAS
    return Name(name.text, kind, name.language, name.until)


def _close(kept: Organisation, gone: Organisation, *, by: User, reason: str, before: dict[str, Any]) -> None:
    """The gone one is closed, its address leads on, and the search finds the kept one by both names."""
    move = ORGANISATION.check(gone.status, OrganisationStatus.CLOSED)
    gone.status, gone.successor = OrganisationStatus.CLOSED, kept
    FormerAddress.objects.create(slug=gone.slug, organisation=kept)
    _save(kept, gone)
    drop("organisation", str(gone.uid))
    if pair := _pair_of(kept, gone):
        PAIR.check(pair.status, PairStatus.MERGED)
        set_status(pair, PairStatus.MERGED, by=by)
    _journal(kept, gone, {gone.pk: move.verb, kept.pk: "organisation.merged"}, by=by, reason=reason)


def _save(kept: Organisation, gone: Organisation) -> None:
    for organisation in (kept, gone):
        organisation.updated_at = timezone.now()
        organisation.save()
    reindex_organisation(kept)
    touch_registry()


def _pair_of(kept: Organisation, gone: Organisation) -> DuplicatePair | None:
    first, second = sorted((kept.pk, gone.pk))
    return DuplicatePair.objects.select_for_update(of=("self",)).filter(first=first, second=second).first()


def _reopen_pair(kept: Organisation, gone: Organisation, *, by: User) -> None:
    pair = _pair_of(kept, gone)
    if pair and pair.status == PairStatus.MERGED:
        PAIR.check(pair.status, PairStatus.OPEN)
        set_status(pair, PairStatus.OPEN, by=by)


def _journal(kept: Organisation, gone: Organisation, verbs: dict[int, str], *, by: User, reason: str = "") -> None:
    for organisation in (gone, kept):
        tell_feed(organisation, verbs[organisation.pk])
    for organisation, other in ((gone, kept), (kept, gone)):
        record(
            verb=verbs[organisation.pk],
            thing=organisation,
            by=by,
            scope=organisation.scope,
            after={"status": organisation.status, "organisation": str(other.uid)},
            reason=reason.strip(),
        )


def _tell(merger: Merger, template: str, *, by: User) -> None:
    """The editors of both."""
    people = {person.pk: person for each in (merger.kept, merger.gone) for person in members_of(each)}
    page, told = ("incubators:detail", merger.kept.slug), {"kept": merger.kept.titles, "gone": merger.gone.titles}
    for person in people.values():
        if person.pk == by.pk:
            continue
        write_to(person, template, page=page, step=str(merger.uid), context=told)
