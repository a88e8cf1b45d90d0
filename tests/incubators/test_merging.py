"""Two entries become one and, within 30 days, two again: nothing is lost on the way."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import serializers
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from incubators.enums import MemberRole, NameKind, PairStatus
from incubators.enums import OrganisationStatus as S
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
from incubators.services.merging import merge_organisations, plan_of, undo_merger
from incubators.services.names import Name
from network_platform.background.models import Message
from network_platform.changes.models import Change
from network_platform.drafts import StaleWrite
from network_platform.journal.models import Record
from network_platform.people.audience import PUBLIC
from network_platform.search.queries import keys
from tests.incubators.factories import (
    OrganisationFactory,
    PersonFactory,
    country,
    draft,
    editor_of,
    focal_point,
    secretary,
)
from tests.incubators.test_review import send

pytestmark = pytest.mark.django_db


def kept() -> Organisation:
    made = OrganisationFactory(name="Falcon Hub", slug="falcon-hub")
    editor_of(made, email="kept@registry.example")
    YearlyFigures.objects.create(organisation=made, year=2024)
    return made


def gone() -> Organisation:
    """With one of everything that points at an organisation."""
    names = [Name("Falcon Hub Almaty", NameKind.DISPLAY, "en"), Name("FHA", NameKind.ACRONYM), Name("Falcon Hub")]
    made = OrganisationFactory(name="Falcon Hub Almaty", slug="falcon-hub-almaty", shown=names)
    editor_of(made, email="gone@registry.example")
    Programme.objects.create(organisation=made, titles={"en": "Acceleration"})
    for year in (2024, 2025):
        YearlyFigures.objects.create(organisation=made, year=year)
    Claim.objects.create(organisation=made, user=PersonFactory(), evidence="I work there")
    Remark.objects.create(organisation=made, text="The phone is wrong")
    FormerAddress.objects.create(slug="falcon-old", organisation=made)
    part = OrganisationFactory(name="Falcon Lab")
    Organisation.objects.filter(pk=part.pk).update(parent=made)
    return made


def merge(one: Organisation, other: Organisation, **more: Any) -> Merger:
    return merge_organisations(kept=one, gone=other, by=secretary(), reason="Same team", **more)


def state() -> list[dict[str, Any]]:
    """All rows that a merger may touch, without when the entries were saved last and who has learned which figures."""
    models = (Organisation, Membership, Claim, Programme, YearlyFigures, Remark, FormerAddress, DuplicatePair)
    rows = [row for model in models for row in serializers.serialize("python", model.objects.order_by("pk"))]
    for row in rows:
        row["fields"].pop("updated_at", None)
        row["fields"].pop("known_to", None)
    names = OrganisationName.objects.order_by("organisation", "text", "kind")
    return [*rows, *names.values("organisation", "text", "kind", "language", "skeleton", "until")]


def test_everything_of_the_one_that_goes_comes_to_the_one_that_stays() -> None:
    one, other = kept(), gone()

    merge(one, other)

    one.refresh_from_db()
    other.refresh_from_db()
    assert (other.status, other.successor, one.status) == (S.CLOSED, one, S.LISTED)
    assert set(one.names.values_list("text", "kind")) == {
        ("Falcon Hub", NameKind.DISPLAY),
        ("Falcon Hub Almaty", NameKind.ALIAS),
        ("FHA", NameKind.ACRONYM),
    }
    assert set(one.memberships.values_list("user__email", "role")) == {
        ("kept@registry.example", MemberRole.OWNER),
        ("gone@registry.example", MemberRole.EDITOR),
    }
    assert (one.programmes.count(), one.claims.count(), one.remarks.count(), one.parts.count()) == (1, 1, 1, 1)
    assert set(one.yearly_figures.values_list("year", flat=True)) == {2024, 2025}
    assert list(other.yearly_figures.values_list("year", flat=True)) == [2024]
    assert set(one.former_addresses.values_list("slug", flat=True)) == {"falcon-old", "falcon-hub-almaty"}


def test_undoing_restores_exactly() -> None:
    one, other = kept(), gone()
    DuplicatePair.objects.create(first=one, second=other, score=90)
    before = state()

    merger = merge(one, other)
    merged = state()
    undo_merger(merger=merger, by=secretary())

    assert merged != before
    assert state() == before


def test_the_feed_tells_of_a_merger_and_of_its_undoing() -> None:
    one, other = kept(), gone()
    Change.objects.all().delete()

    merger = merge(one, other)
    undo_merger(merger=merger, by=secretary())

    told = [(change.event, change.uid) for change in Change.objects.all()]
    assert told == [
        ("organisation.closed", other.uid),
        ("organisation.changed", one.uid),
        ("organisation.listed", other.uid),
        ("organisation.changed", one.uid),
    ]


def test_every_relation_to_an_organisation_is_thought_of() -> None:
    """A new one says here what a merger does with it."""
    moved = {"memberships", "claims", "programmes", "yearly_figures", "remarks", "former_addresses", "names", "parts"}
    stays = {"revisions", "confirmations", "predecessors", "transfers", "mergers", "merged_into", "first", "second"}
    stays |= {"invitations", "same_as"}

    relations = {
        each.field.name if each.related_name == "+" else each.get_accessor_name()
        for each in Organisation._meta.get_fields(include_hidden=True)
        if each.auto_created
        and not each.concrete
        and each.related_model is not Organisation.sectors.through
        and each.related_model is not Organisation.sdgs.through
    }

    assert relations == moved | stays


def test_old_address_leads_on_until_it_is_undone_and_the_search_finds_one(client: Any) -> None:
    one, other = kept(), gone()
    merger = merge(one, other)

    answer = client.get("/en/incubators/falcon-hub-almaty/")
    told = client.get(f"/api/v1/organisations/{other.uid}/").json()

    assert (answer.status_code, answer["Location"]) == (302, "/en/incubators/falcon-hub/")
    assert (told["status"], told["successor"]) == ("closed", str(one.uid))
    assert set(keys("falcon almaty", kind="organisation", audiences=[PUBLIC])) == {one.uid}
    undo_merger(merger=merger, by=secretary())
    assert client.get("/en/incubators/falcon-hub-almaty/").status_code == 200
    assert set(keys("falcon almaty", kind="organisation", audiences=[PUBLIC])) == {other.uid}


def test_editors_of_both_are_told_and_the_journal_knows() -> None:
    one, other = kept(), gone()

    undo_merger(merger=merge(one, other), by=secretary())

    mails = Message.objects.order_by("template", "address").values_list("template", "address")
    assert list(mails) == [
        (f"incubators/{name}", f"{who}@registry.example")
        for name in ("merged", "merger_undone")
        for who in ("gone", "kept")
    ]
    assert list(Record.objects.order_by("number").values_list("verb", "thing_uid")) == [
        ("organisation.closed", str(other.uid)),
        ("organisation.merged", str(one.uid)),
        ("organisation.restored", str(other.uid)),
        ("organisation.merger_undone", str(one.uid)),
    ]


def test_after_thirty_days_it_stays() -> None:
    merger = merge(kept(), gone())
    Merger.objects.filter(pk=merger.pk).update(at=timezone.now() - timedelta(days=30, minutes=1))

    with pytest.raises(PermissionDenied):
        undo_merger(merger=merger, by=secretary())


def test_only_the_secretariat_merges_and_says_why() -> None:
    one, other = kept(), gone()

    with pytest.raises(PermissionDenied):
        merge_organisations(kept=one, gone=other, by=focal_point("KZ"), reason="Same")
    with pytest.raises(ValidationError):
        merge_organisations(kept=one, gone=other, by=secretary(), reason=" ")

    assert not Merger.objects.exists()


def test_what_stands_in_the_way_is_named() -> None:
    one, abroad, closed = kept(), OrganisationFactory(iso2="KG"), OrganisationFactory(status=S.CLOSED)
    waiting = send(draft()).organisation
    Organisation.objects.filter(pk=waiting.pk).update(status=S.LISTED)
    waiting.refresh_from_db()
    leaving = OrganisationFactory()
    Transfer.objects.create(organisation=leaving, source=country("KZ"), target=country("KG"), reason="Moved")

    numbers = [
        len(plan_of(one, other).obstacles) for other in (abroad, closed, waiting, leaving, OrganisationFactory())
    ]

    assert numbers == [1, 1, 1, 1, 0]
    with pytest.raises(ValidationError):
        merge(one, abroad)


def test_merger_of_what_changed_meanwhile_is_asked_again() -> None:
    one, other = kept(), gone()
    seen = plan_of(one, other).digest
    Programme.objects.create(organisation=other, titles={"en": "Another"})

    with pytest.raises(StaleWrite):
        merge(one, other, seen=seen)

    assert not Merger.objects.exists()


def pair(one: Organisation, other: Organisation) -> DuplicatePair:
    return DuplicatePair.objects.create(first=one, second=other, score=90, signs=["name", "city"])


def test_second_look_names_what_will_happen_and_merging_does_it(signed_in: Any) -> None:
    one, other = kept(), gone()
    found = pair(one, other)
    client = signed_in(secretary())
    url = f"/en/incubators/duplicates/{found.uid}/merge/"

    look = client.get(url)
    empty = client.post(url, {"reason": "", "seen": look.context["plan"].digest})
    stale = client.post(url, {"reason": "Same team", "seen": "older"})
    done = client.post(url, {"reason": "Same team", "seen": look.context["plan"].digest})

    text = look.content.decode()
    assert all(words in text for words in ("Falcon Hub Almaty", "FHA", "Acceleration", "2025", "Falcon Lab"))
    assert (empty.status_code, stale.status_code) == (422, 422)
    assert "Same team" in stale.content.decode()
    assert done["Location"] == f"/en/incubators/duplicates/{found.uid}/"
    merged = client.get(done["Location"]).content.decode()
    assert ("Undo the merger" in merged, "<h1>Merged entries</h1>" in merged) == (True, True)
    found.refresh_from_db()
    assert found.status == PairStatus.MERGED
    undone = client.post(f"/en/incubators/mergers/{Merger.objects.get().uid}/undo/")
    assert undone["Location"] == "/en/incubators/falcon-hub-almaty/"


def test_the_other_one_can_be_kept(signed_in: Any) -> None:
    one, other = kept(), gone()
    url = f"/en/incubators/duplicates/{pair(one, other).uid}/merge/?keep=second"
    client = signed_in(secretary())

    client.post(url, {"reason": "Same", "seen": client.get(url).context["plan"].digest})

    one.refresh_from_db()
    assert (one.status, one.successor) == (S.CLOSED, other)


def test_pair_is_answered_on_its_page_and_the_answer_taken_back(signed_in: Any) -> None:
    found = pair(kept(), gone())
    client = signed_in(focal_point("KZ"))
    url = f"/en/incubators/duplicates/{found.uid}/"

    page = client.get(url).content.decode()
    client.post(url, {"answer": "different"})
    answered = client.get("/en/incubators/duplicates/").context["list"]
    client.post(url, {"answer": "open"})

    told = [words in page for words in ("Two organisations", "merger would do", "@registry.example")]
    assert told == [True, False, False]
    assert ([row.pair for row in answered.rows], [row.pair for row in answered.answered]) == ([], [found])
    found.refresh_from_db()
    assert found.status == PairStatus.OPEN


def test_other_names_stand_one_on_a_line_in_the_comparison(signed_in: Any) -> None:
    names = [Name("Falcon Nest", NameKind.DISPLAY, "en"), Name("Nest of Falcons"), Name("Falconry")]
    found = pair(kept(), OrganisationFactory(name="Falcon Nest", slug="falcon-nest", shown=names))

    page = signed_in(focal_point("KZ")).get(f"/en/incubators/duplicates/{found.uid}/").content.decode()

    shown = re.findall(r"(Nest of Falcons|Falconry)(<br>)?", re.sub(r"</?mark>", "", page))
    assert shown == [("Nest of Falcons", "<br>"), ("Falconry", "")]


@pytest.mark.parametrize("number", [1, 3])
def test_list_of_pairs_needs_the_same_queries_for_one_and_three(
    number: int, signed_in: Any, django_assert_num_queries: Any
) -> None:
    client = signed_in(focal_point("KZ"))
    for n in range(number):
        pair(OrganisationFactory(name=f"One {n}"), OrganisationFactory(name=f"Other {n}"))

    with django_assert_num_queries(7):
        page = client.get("/en/incubators/duplicates/")

    assert len(page.context["list"].rows) == number


def test_journal_names_the_other_entry_as_far_as_everybody_knows_it(signed_in: Any) -> None:
    one, other = kept(), gone()
    merge(one, other)
    client = signed_in(secretary(language="en"))

    named = client.get("/en/journal/?verb=organisation.merged").content.decode()
    Organisation.objects.update(status=S.SUSPENDED)
    hidden = client.get("/en/journal/?verb=organisation.merged").content.decode()

    told = [f'<ins dir="auto">{words}</ins>' for words in (str(one), str(other))]
    assert [any(words in html for words in told) for html in (named, hidden)] == [True, False]
