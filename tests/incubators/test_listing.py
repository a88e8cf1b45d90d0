"""An organisation lists itself: start, save, send, discard."""

import uuid
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from incubators.enums import MemberRole, OrganisationStatus, RevisionStatus
from incubators.listing_values import PLAIN, SECTIONS, changes_nothing, values_of
from incubators.models import Organisation, Revision
from incubators.services.apply_listing import apply_values
from incubators.services.listing import (
    MOST_DRAFTS,
    TooManyDraftsError,
    discard_draft,
    open_revision,
    save_revision,
    start_listing,
    submit_revision,
)
from incubators.services.review import approve_revision
from network_platform.drafts import StaleWrite
from network_platform.journal.models import Record
from network_platform.people.audience import PUBLIC
from network_platform.search.queries import keys
from tests.incubators.factories import (
    OrganisationFactory,
    PersonFactory,
    country,
    draft,
    editor,
    editor_of,
    entry,
    focal_point,
    verified,
)

pytestmark = pytest.mark.django_db


def test_start_makes_a_draft_owned_by_its_author() -> None:
    author = PersonFactory()

    revision = start_listing(by=author, name="Кремниевая степь", language="ru", country=country())

    organisation = revision.organisation
    assert (organisation.status, organisation.slug) == (OrganisationStatus.DRAFT, str(organisation.uid))
    assert organisation.memberships.get().role == MemberRole.OWNER
    assert revision.values == {"display": "ru", "name_ru": "Кремниевая степь"}
    assert Record.objects.get().scope == "country:KZ"


def test_draft_is_found_by_its_country_only() -> None:
    revision = start_listing(by=PersonFactory(), name="Hidden Steppe", language="en", country=country())

    found = {audience: set(keys("steppe", kind="organisation", audiences=[audience])) for audience in AUDIENCES}

    assert found == {"country:KZ": {revision.organisation.uid}, "country:KG": set(), PUBLIC: set()}


AUDIENCES = ("country:KZ", "country:KG", PUBLIC)


def test_same_name_gets_another_slug_when_it_is_listed() -> None:
    focal, slugs = focal_point("KZ"), []
    for _ in range(3):
        started = start_listing(by=PersonFactory(), name="Steppe", language="en", country=country())
        sent = submit_revision(revision=started, by=editor(started), version=0, values=entry(name_en="Steppe"))
        slugs.append(approve_revision(revision=sent, by=focal).organisation.slug)

    assert slugs == ["steppe", "steppe-2", "steppe-3"]


def test_nobody_holds_more_drafts_than_are_sensible() -> None:
    author = PersonFactory()
    for n in range(MOST_DRAFTS):
        start_listing(by=author, name=f"Hub {n}", language="en", country=country())

    with pytest.raises(TooManyDraftsError):
        start_listing(by=author, name="One more", language="en", country=country())

    assert Organisation.objects.count() == MOST_DRAFTS


def test_saving_keeps_what_is_incomplete_and_strips_nul() -> None:
    revision = draft()

    saved = save_revision(
        revision=revision,
        by=editor(revision),
        version=0,
        save_id=None,
        values={"founded_year": "20", "city": "A\x00sh"},
    )

    assert (saved.values["founded_year"], saved.values["city"], saved.version) == ("20", "Ash", 1)


def test_stale_write_names_what_stands() -> None:
    revision = draft()
    save_revision(revision=revision, by=editor(revision), version=0, save_id=None, values={"city": "Astana"})

    with pytest.raises(StaleWrite) as stale:
        save_revision(revision=revision, by=editor(revision), version=0, save_id=None, values={"city": "Almaty"})

    assert (stale.value.version, stale.value.theirs) == (1, {"city": "Astana"})


def test_repeated_save_changes_nothing() -> None:
    revision, save_id = draft(), uuid.uuid4()
    told = {"revision": revision, "by": editor(revision), "version": 0, "save_id": save_id}

    save_revision(values={"city": "Astana"}, **told)
    again = save_revision(values={"city": "Astana"}, **told)

    assert (again.version, again.values["city"]) == (1, "Astana")


@pytest.mark.parametrize("status", [RevisionStatus.SUBMITTED, RevisionStatus.APPROVED, RevisionStatus.DECLINED])
def test_what_was_sent_is_frozen(status: str) -> None:
    revision = draft()
    Revision.objects.update(status=status)

    with pytest.raises(PermissionDenied):
        save_revision(revision=revision, by=editor(revision), version=0, save_id=None, values={"city": "Late"})

    assert Revision.objects.get().values["city"] == "Almaty"


def test_strangers_cannot_save() -> None:
    revision = draft()

    with pytest.raises(PermissionDenied):
        save_revision(revision=revision, by=PersonFactory(), version=0, save_id=None, values={"city": "Mine"})

    assert Revision.objects.get().values["city"] == "Almaty"


def test_change_of_a_listed_organisation_begins_with_what_stands() -> None:
    organisation = OrganisationFactory(name="Steppe", founded_year=2015)
    user = editor_of(organisation)

    first = open_revision(organisation=organisation, by=user)
    second = open_revision(organisation=organisation, by=user)

    assert first == second
    assert first.values == values_of(organisation)
    assert (first.values["name_en"], first.values["founded_year"]) == ("Steppe", 2015)


@pytest.mark.parametrize("field", ["name_ru", *(name for section in SECTIONS.values() for name in section)])
def test_one_changed_field_is_a_change(field: str) -> None:
    organisation, said = verified(), entry()
    apply_values(organisation, said)

    changed = said | {field: other_than(said[field])}

    assert changes_nothing(organisation, said)
    assert not changes_nothing(organisation, changed)


@pytest.mark.parametrize("field", PLAIN)
def test_entry_sent_before_a_field_was_added_leaves_it(field: str) -> None:
    organisation, said = verified(), entry()
    apply_values(organisation, said)
    before = getattr(organisation, field)
    del said[field]

    apply_values(organisation, said)

    assert getattr(organisation, field) == before


def test_description_in_the_language_of_the_country_is_listed_and_left_by_who_does_not_name_it() -> None:
    organisation, said = verified(), entry(description_kk="Алты ай.")
    apply_values(organisation, said)
    listed = dict(organisation.descriptions)
    nothing_new = changes_nothing(organisation, entry(description_kk="Алты  ай."))
    without = changes_nothing(organisation, entry(description_kk=""))

    apply_values(organisation, entry())
    left = dict(organisation.descriptions)
    apply_values(organisation, entry(description_kk=""))

    assert (listed["kk"], left["kk"], "kk" in organisation.descriptions) == ("Алты ай.", "Алты ай.", False)
    assert (nothing_new, without) == (True, False)
    assert values_of(organisation)["description_kk"] == ""


def other_than(value: Any) -> Any:
    if isinstance(value, list):
        return value[:-1]
    return f"{value} too" if isinstance(value, str) else value + 1


def test_discarding_a_first_draft_forgets_the_organisation() -> None:
    revision = draft()

    discard_draft(revision=revision, by=editor(revision))

    assert not Organisation.objects.exists()
    assert list(keys("steppe", kind="organisation", audiences=["country:KZ"])) == []
    assert Record.objects.get().verb == "revision.discarded"


def test_discarding_a_change_keeps_the_listed_organisation() -> None:
    organisation = OrganisationFactory()
    user = editor_of(organisation)
    revision = open_revision(organisation=organisation, by=user)

    discard_draft(revision=revision, by=user)

    assert Organisation.objects.get() == organisation
    assert not Revision.objects.exists()
