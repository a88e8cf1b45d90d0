"""Places in the comparison, attacked: one editor looks at all her pages after everything that happens, and forgets nothing.

Whatever happens goes through the real services. `looks` is what the pages count, taken from the function they use.
"""

import random
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any, NamedTuple

import pytest
from django.utils import timezone

from incubators.benchmark import GROUP, alike, counted
from incubators.enums import FiguresStatus, OrganisationStatus, TransferStatus
from incubators.models import (
    ComparedPlace,
    Definition,
    Figure,
    Indicator,
    Invitation,
    Membership,
    Merger,
    Organisation,
    YearlyFigures,
)
from incubators.services.erasure import erase, personal_data
from incubators.services.figures import accept_figures, publish_figures, query_figures, save_figures, submit_figures
from incubators.services.invitations import accept_invitation, invite_editor
from incubators.services.members import end_membership
from incubators.services.merging import merge_organisations, undo_merger
from incubators.services.organisation_states import move_organisation
from incubators.services.places import take_compared_places
from incubators.services.transfers import answer_transfer, ask_for_transfer
from network_platform.people.models import User
from tests.incubators.factories import (
    OrganisationFactory,
    PersonFactory,
    country,
    editor_of,
    focal_point,
    secretary,
)
from tests.incubators.test_benchmark import YEAR, accepted

pytestmark = pytest.mark.django_db
KINDS = ("hub", "incubator")
STEPS = 50

Number = tuple[int, int, int]  # figures, indicator, hundredths
Line = tuple[int, str, str]


class Look(NamedTuple):
    """What one page counted of one line that the editor could not know then, and all that she knew then."""

    line: Line
    unknown: frozenset[Number]
    known: frozenset[Number]


class World:
    """Organisations whose editors and office do what chance says, and one editor who looks."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.office, self.editor = secretary(), PersonFactory()
        self.focals = {iso2: focal_point(iso2) for iso2 in ("KZ", "KG")}
        self.known: frozenset[Number] = frozenset()
        self.looks: list[Look] = []
        for kind in KINDS * 19:
            organisation = OrganisationFactory(kind=kind)
            editor_of(organisation)
            accepted(organisation, **self.numbers())
        for kind in KINDS:
            organisation = Organisation.objects.filter(kind=kind).first()
            organisation.memberships.update(user=self.editor)

    def newcomer(self) -> None:
        organisation = OrganisationFactory(kind=self.chance.choice(KINDS))
        editor_of(organisation)
        self.report(organisation, published=self.chance.random() < 0.2)

    def numbers(self) -> dict[str, int]:
        return {"startups_supported": self.size(), "jobs": self.chance.randint(1, 99)}

    def size(self) -> int:
        return self.chance.choice([*range(10, 20), 31])

    def report(self, organisation: Organisation, *, published: bool, numbers: dict[str, int] | None = None) -> None:
        """Sent by one of its editors and accepted by the office."""
        holder = organisation.memberships.order_by("pk").first().user
        before = organisation.yearly_figures.filter(year=YEAR).first()
        figures = save_figures(
            organisation=organisation, year=YEAR, by=holder, version=before.version if before else 0, values={}
        )
        values = [
            Figure(definition=Definition.objects.get(indicator__code=code), value=value)
            for code, value in (numbers or self.numbers()).items()
        ]
        sent = submit_figures(
            figures=figures,
            by=holder,
            version=figures.version,
            values=values,
            note=str(self.chance.random()),
            is_published=published,
        )
        accept_figures(figures=sent, by=self.office)

    def look(self) -> None:
        self.known |= set(readable_by(self.editor))
        own = Organisation.objects.editable_by(self.editor)
        for figures in YearlyFigures.objects.accepted().filter(organisation__in=own).select_related("organisation"):
            for line, others in (alike(figures, by=self.editor) or {}).items():
                numbers = {(each.figures, line[0], int(each.value * 100)) for each in counted(others)}
                self.looks.append(Look(line, frozenset(numbers - self.known), self.known))

    def something(self) -> None:
        """Happens, if it can."""
        happens = self.chance.choice(WHAT_HAPPENS)
        happens(self, self.chance.choice(list(Organisation.objects.order_by("pk"))))


def readable_by(person: User) -> Iterator[Number]:
    """What is on a public page, and of the organisations that the person edits."""
    edited = Membership.objects.filter(user=person).values("organisation")
    for figures in (YearlyFigures.objects.public(), YearlyFigures.objects.filter(organisation__in=edited)):
        rows = Figure.objects.filter(figures__in=figures)
        for pk, indicator, value in rows.values_list("figures", "definition__indicator", "value"):
            yield pk, indicator, int(value * 100)


def ask(world: World, organisation: Organisation) -> None:
    if figures := organisation.yearly_figures.accepted().first():
        query_figures(figures=figures, by=world.office, question="Are they?")


def answer(world: World, organisation: Organisation) -> None:
    """All who were asked: most send the same again, some another number, some another size."""
    for figures in YearlyFigures.objects.filter(status=FiguresStatus.QUERIED).select_related("organisation"):
        organisation = figures.organisation
        if organisation.status == OrganisationStatus.CLOSED or not organisation.memberships.exists():
            continue
        numbers = {each.definition.indicator.code: int(each.value) for each in figures.values.all()}
        match world.chance.choice([*["the same"] * 5, "a number", "its size"]):
            case "a number":
                numbers["jobs"] = world.chance.randint(1, 99)
            case "its size":
                numbers["startups_supported"] = world.size()
        shown = figures.is_published if world.chance.random() < 0.8 else not figures.is_published
        world.report(organisation, published=shown, numbers=numbers)


def publish(world: World, organisation: Organisation) -> None:
    figures, member = organisation.yearly_figures.accepted().first(), organisation.memberships.first()
    if figures and member and organisation.status != OrganisationStatus.CLOSED:
        publish_figures(figures=figures, by=member.user, shown=not figures.is_published)


def hide_all(world: World, organisation: Organisation) -> None:
    for figures in YearlyFigures.objects.accepted().filter(is_published=True).select_related("organisation"):
        publish(world, figures.organisation)


def become_editor(world: World, organisation: Organisation) -> None:
    owner = organisation.memberships.first()
    if organisation.status == OrganisationStatus.CLOSED or not owner or owner.user == world.editor:
        return
    Invitation.objects.update(invited_at=timezone.now() - timedelta(days=2))
    invitation, _sent = invite_editor(
        organisation=organisation,
        email=world.editor.email,
        language="en",
        by=owner.user,
        hands_over=world.chance.random() < 0.3,
    )
    accept_invitation(invitation=invitation, by=world.editor)


def leave(world: World, organisation: Organisation) -> None:
    own = Membership.objects.filter(user=world.editor).select_related("organisation").order_by("pk")
    membership = world.chance.choice(list(own))
    if own.count() > 1:
        others = membership.organisation.memberships.exclude(user=world.editor)
        if not others.exists():
            editor_of(membership.organisation)
        end_membership(membership=membership, by=world.editor)


def hand_over(world: World, organisation: Organisation) -> None:
    """She gives one of hers away: the other gets her role, and she leaves."""
    own = Membership.objects.filter(user=world.editor).exclude(organisation__status=OrganisationStatus.CLOSED)
    membership = world.chance.choice(list(own.select_related("organisation").order_by("pk")) or [None])
    if membership is None or own.count() < 2:
        return
    Invitation.objects.update(invited_at=timezone.now() - timedelta(days=2))
    heir = PersonFactory()
    invitation, _sent = invite_editor(
        organisation=membership.organisation, email=heir.email, language="en", by=world.editor, hands_over=True
    )
    accept_invitation(invitation=invitation, by=heir)


def change_kind(world: World, organisation: Organisation) -> None:
    """As an approved change of its entry or an import does; or all have their first kind again."""
    if world.chance.random() < 0.5:
        Organisation.objects.filter(pk=organisation.pk).update(kind=world.chance.choice(KINDS))
        return
    for each in Organisation.objects.all():
        kind = ComparedPlace.objects.filter(figures__organisation=each).values_list("kind", flat=True).first()
        Organisation.objects.filter(pk=each.pk).update(kind=kind or each.kind)


def move(world: World, organisation: Organisation) -> None:
    if organisation.status == OrganisationStatus.LISTED:
        target = "KG" if organisation.country.iso2 == "KZ" else "KZ"
        transfer = ask_for_transfer(
            organisation=organisation,
            target=country(target),
            by=world.office,
            reason="They moved.",
        )
        answer_transfer(transfer=transfer, to=TransferStatus.ACCEPTED, by=world.focals[target])


def close(world: World, organisation: Organisation) -> None:
    """Closed for good, or off the list until it is reinstated."""
    to = OrganisationStatus.LISTED
    if organisation.status == OrganisationStatus.LISTED:
        to = world.chance.choice([OrganisationStatus.CLOSED, OrganisationStatus.SUSPENDED])
    if organisation.status != OrganisationStatus.CLOSED:
        move_organisation(organisation=organisation, to=to, by=world.office, reason="So it is.")


def merge(world: World, organisation: Organisation) -> None:
    listed = Organisation.objects.filter(country=organisation.country, status=OrganisationStatus.LISTED)
    others = list(listed.exclude(pk=organisation.pk).order_by("pk"))
    if organisation.status == OrganisationStatus.LISTED and others:
        other = world.chance.choice(others)
        if world.chance.random() < 0.3:
            other.yearly_figures.all().delete()
        merge_organisations(kept=organisation, gone=other, by=world.office, reason="The same one.")


def part_again(world: World, organisation: Organisation) -> None:
    merger = Merger.objects.filter(undone_at=None).order_by("-pk").first()
    if merger:
        undo_merger(merger=merger, by=world.office)


def remove(world: World, organisation: Organisation) -> None:
    """Not a merged one, nor one of hers."""
    mergers = Merger.objects.filter(kept=organisation) | Merger.objects.filter(gone=organisation)
    if not mergers.exists() and not organisation.memberships.filter(user=world.editor).exists():
        organisation.delete()


def come(world: World, organisation: Organisation) -> None:
    world.newcomer()


WHAT_HAPPENS: list[Callable[[World, Organisation], None]] = [
    *[come] * 5,
    *[ask] * 2,
    *[answer] * 3,
    publish,
    hide_all,
    *[become_editor] * 2,
    leave,
    hand_over,
    change_kind,
    move,
    close,
    merge,
    part_again,
    remove,
]


def asked_and_answered(figures: YearlyFigures, office: User, **numbers: int) -> None:
    """And no longer published if they were."""
    query_figures(figures=figures, by=office, question="Are they?")
    for code, value in numbers.items():
        figures.values.filter(definition__indicator__code=code).update(value=value)
    YearlyFigures.objects.filter(pk=figures.pk).update(status=FiguresStatus.SUBMITTED, is_published=False)
    accept_figures(figures=figures, by=office)


def places(figures: YearlyFigures) -> list[tuple[str, str, int | None, int, bool]]:
    found = ComparedPlace.objects.filter(figures=figures).order_by("indicator__code")
    return list(found.values_list("indicator__code", "kind", "size", "number", "was_published"))


def six_reported() -> list[YearlyFigures]:
    return [accepted(OrganisationFactory(), startups_supported=12, jobs=10 * n) for n in range(6)]


def told(reports: list[YearlyFigures]) -> int:
    """With how many others the last of them is compared, by jobs."""
    figures = YearlyFigures.objects.select_related("organisation").get(pk=reports[-1].pk)
    jobs = Indicator.objects.get(code="jobs").pk
    return len(counted((alike(figures, by=PersonFactory()) or {})[jobs, "", ""]))


def test_who_is_asked_about_leaves_with_the_six_and_comes_back_to_the_same_place() -> None:
    office, reports = secretary(), six_reported()

    counts = [told(reports)]
    query_figures(figures=reports[0], by=office, question="Are they?")
    accepted(OrganisationFactory(), startups_supported=12, jobs=99)
    counts.append(told(reports))
    YearlyFigures.objects.filter(pk=reports[0].pk).update(status=FiguresStatus.SUBMITTED)
    accept_figures(figures=reports[0], by=office)

    assert [*counts, told(reports)] == [5, 0, 5]
    assert places(reports[0]) == [("jobs", "hub", 1, 0, False), ("startups_supported", "hub", 1, 0, False)]


def test_another_number_takes_the_last_place_and_leaves_its_own_empty() -> None:
    office, reports = secretary(), six_reported()

    asked_and_answered(reports[0], office, jobs=7)

    assert places(reports[0]) == [("jobs", "hub", 1, 6, False), ("startups_supported", "hub", 1, 0, False)]
    assert told(reports) == 0


def test_a_number_has_one_place_ever_and_counts_only_in_its_part() -> None:
    """Of another kind now, and of another size: what stayed the same stays where it was, and counts there no more."""
    office, reports = secretary(), six_reported()
    Organisation.objects.filter(pk=reports[0].organisation_id).update(kind="agency")
    for each in reports[:2]:
        asked_and_answered(YearlyFigures.objects.get(pk=each.pk), office, startups_supported=31)

    assert places(reports[0]) == [("jobs", "hub", 1, 0, False), ("startups_supported", "agency", 2, 0, False)]
    assert places(reports[1]) == [("jobs", "hub", 1, 1, False), ("startups_supported", "hub", 2, 0, False)]
    assert told(reports) == 0


def test_what_is_published_fills_no_six_and_counts_at_once() -> None:
    reports = six_reported()
    published = accepted(OrganisationFactory(), published=True, startups_supported=12, jobs=99)

    assert places(published) == [("jobs", "hub", 1, 0, True), ("startups_supported", "hub", 1, 0, True)]
    assert told(reports) == 6


def test_who_publishes_gives_the_place_up_for_ever() -> None:
    office, reports = secretary(), six_reported()
    holder = editor_of(reports[0].organisation)

    publish_figures(figures=reports[0], by=holder, shown=True)
    shown = told(reports)
    publish_figures(figures=reports[0], by=holder, shown=False)
    hidden = told(reports)
    asked_and_answered(YearlyFigures.objects.get(pk=reports[0].pk), office)

    assert (shown, hidden, told(reports)) == (1, 0, 0)
    assert places(reports[0]) == [("jobs", "hub", 1, 0, True), ("startups_supported", "hub", 1, 0, True)]
    assert ComparedPlace.objects.filter(figures=None).count() == 2


def test_what_is_published_by_who_is_not_on_the_list_nobody_can_read() -> None:
    reports = six_reported()
    accepted(OrganisationFactory(status="suspended"), published=True, startups_supported=12, jobs=99)

    assert told(reports) == 5


def test_what_was_published_before_it_had_a_size_is_known_when_it_has_one() -> None:
    office, figures = secretary(), accepted(OrganisationFactory(), published=True, jobs=99)
    figures.values.create(definition=Definition.objects.get(indicator__code="startups_supported"), value=12)

    asked_and_answered(figures, office)

    assert places(figures) == [("jobs", "hub", None, 0, True), ("startups_supported", "hub", 1, 0, False)]


def test_who_is_removed_leaves_an_empty_place() -> None:
    reports = six_reported()

    reports[0].organisation.delete()
    accepted(OrganisationFactory(), startups_supported=12, jobs=99)

    assert told(reports) == 0


def test_places_are_taken_with_as_many_queries_for_many(django_assert_max_num_queries: Any) -> None:
    few, many = six_reported()[:2], [*six_reported(), *six_reported()]
    ComparedPlace.objects.all().delete()

    for each in (few, many, many):
        with django_assert_max_num_queries(6):
            take_compared_places(each)

    jobs = ComparedPlace.objects.filter(indicator__code="jobs").order_by("number")
    assert list(jobs.values_list("number", flat=True)) == list(range(14))


def test_who_left_or_handed_over_is_known_to_know() -> None:
    figures = accepted(OrganisationFactory(), jobs=5)
    owner, colleague, heir = editor_of(figures.organisation), editor_of(figures.organisation, "editor"), PersonFactory()

    end_membership(membership=Membership.objects.get(user=colleague), by=colleague)
    invitation, _sent = invite_editor(
        organisation=figures.organisation, email=heir.email, language="en", by=owner, hands_over=True
    )
    accept_invitation(invitation=invitation, by=heir)

    assert set(figures.known_to.all()) == {owner, colleague}
    assert personal_data(owner)["figures_known"] == [{"organisation": str(figures.organisation), "year": YEAR}]
    erase(owner)
    assert set(figures.known_to.all()) == {colleague}


def test_who_edited_one_of_two_that_were_merged_knows_both() -> None:
    office = secretary()
    kept, gone = accepted(OrganisationFactory(), jobs=5), accepted(OrganisationFactory(), jobs=6)
    one, other = editor_of(kept.organisation), editor_of(gone.organisation)

    merger = merge_organisations(kept=kept.organisation, gone=gone.organisation, by=office, reason="The same one.")
    merged = set(kept.known_to.all()), set(gone.known_to.all())
    undo_merger(merger=merger, by=office)

    assert merged == (set(), {other})
    assert set(kept.known_to.all()) == {one, other}


@pytest.mark.parametrize("seed", range(8))
def test_no_two_looks_ever_differ_by_fewer_than_five_numbers_that_she_did_not_know(seed: int) -> None:
    """New at the later look are none, or at least five that she does not know. Gone from it are numbers that she knows by
    now, or at least five that she did not know when they were counted. An empty look is one of them: so it is within one.
    """
    world = World(seed)
    world.look()
    for _step in range(STEPS):
        world.something()
        world.look()

    assert sum(bool(look.unknown) for look in world.looks) > 20
    assert len({look.unknown for look in world.looks}) > 5
    for line in {look.line for look in world.looks}:
        looks = [Look(line, frozenset(), frozenset()), *(look for look in world.looks if look.line == line)]
        for at, later in enumerate(looks):
            for earlier in looks[:at]:
                new, gone = later.unknown - earlier.unknown, earlier.unknown - later.unknown
                assert not 0 < len(new) < GROUP, new
                assert gone <= later.known or len(gone) >= GROUP, gone
