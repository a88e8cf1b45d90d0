"""What is not public is no likely duplicate for who may not see it: not by name, kind or count, on no way to the registry."""

import re
from collections.abc import Iterator

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

from incubators.enums import PUBLIC_STATUSES, OrganisationKind, OrganisationStatus
from incubators.models import FocalPoint, ImportRun, Membership, Organisation
from tests.incubators.factories import OrganisationFactory, PersonFactory
from tests.matrix.engine import ROLES, World, whole_world

pytestmark = [pytest.mark.django_db, pytest.mark.once]
NAME, NONSENSE = "Quartzite Nursery", "Zephyrine Orchard"
HIDDEN = [status for status in OrganisationStatus if status not in PUBLIC_STATUSES]
SERVING = {("own", "focal"), ("own", "deputy"), ("own", "secretariat"), ("foreign", "secretariat")}
SIDES = {"own": "KZ", "foreign": "KG"}


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: object) -> Iterator[World]:
    with django_db_blocker.unblock(), whole_world() as made:
        yield made


@pytest.fixture
def undone(world: World) -> Iterator[None]:
    """What a test adds to the world of the module is taken back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def client_of(world: World, role: str) -> Client:
    client = Client()
    if role != "visitor":
        client.force_login(world.users[role])
    return client


def hidden(side: str, status: str = OrganisationStatus.DRAFT) -> Organisation:
    owner = PersonFactory()
    made = OrganisationFactory(
        iso2=SIDES[side], name=NAME, status=status, listed_at=None, kind=OrganisationKind.VENTURE_FUND, created_by=owner
    )
    Membership.objects.create(user=owner, organisation=made)
    return made


def start(client: Client, side: str, name: str) -> tuple[int, str, str]:
    """(status, what the page says, where it leads)"""
    data = {"name": name, "language": "en", "country": SIDES[side]}
    response = client.post("/en/incubators/new/", data)
    where = re.sub(r"[0-9a-f-]{36}", "UID", response.get("Location", ""))
    page = response.content.decode()
    main = page[page.index("<main") : page.index("</main>")] if "<main" in page else ""
    plain = re.sub(r'(name="csrfmiddlewaretoken" value=)"[^"]+"', r"\1", main)
    return (
        response.status_code,
        " ".join(plain.replace(name, "NAME").replace(name.replace(" ", "%20"), "NAME").split()),
        where,
    )


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("role", ROLES)
def test_listing_names_a_draft_of_another_only_to_who_serves_the_country(
    world: World, undone: None, role: str, side: str
) -> None:
    made = hidden(side)
    client = client_of(world, role)

    status, page, where = start(client, side, NAME)

    if (side, role) in SERVING:
        assert (status, page.count(f'href="/en/incubators/{made.slug}/"')) == (200, 1)
        assert ">Draft</span>" in page
        assert "/claim/" not in page
    else:
        assert (status, page, where) == start(client, side, NONSENSE)
        assert made.slug not in page


@pytest.mark.parametrize("status", HIDDEN)
def test_beside_what_is_listed_nothing_of_it_is_counted(world: World, undone: None, status: str) -> None:
    made = hidden("own", status)
    listed = OrganisationFactory(name=f"{NAME} Almaty")

    told = {role: start(client_of(world, role), "own", NAME)[1] for role in ("org_editor", "focal")}

    assert listed.slug in told["org_editor"]
    assert made.slug not in told["org_editor"]
    assert "Is it this one?" in told["org_editor"]
    assert "Venture fund" not in told["org_editor"]
    assert str(made.get_status_display()) in told["focal"]
    assert "Is it one of these?" in told["focal"]


def test_own_draft_is_named_and_opened(world: World, undone: None) -> None:
    made = hidden("own")
    Membership.objects.create(user=world.users["org_editor"], organisation=made)

    _status, page, _where = start(client_of(world, "org_editor"), "own", NAME)

    assert f'href="/en/incubators/{made.slug}/edit/"' in page
    assert ">Draft</span>" in page


def test_whose_term_has_ended_sees_no_draft_any_more(world: World, undone: None) -> None:
    hidden("own")
    FocalPoint.objects.filter(user=world.users["focal"]).update(starts="2020-01-01", ends="2020-02-01")

    assert start(client_of(world, "focal"), "own", NAME)[0] == 302


@pytest.mark.parametrize("role", ROLES)
def test_api_tells_of_no_draft(world: World, undone: None, role: str) -> None:
    made = hidden("own")
    client = client_of(world, role)

    for path in ("/api/v1/organisations/?search=", "/en/incubators/?q=", "/en/search/?q="):
        page = client.get(f"{path}{NAME}").content.decode()
        if ("own", role) not in SERVING or "search/" not in path:
            assert made.slug not in page
            assert str(made.uid) not in page
    assert client.get(f"/api/v1/organisations/{made.uid}/").status_code == 404


def imported(client: Client, iso2: str) -> tuple[int, ImportRun | None]:
    rows = f"name_en,type,country_iso2\n{NAME},hub,{iso2}\n"
    sent = client.post("/en/incubators/import/", {"file": SimpleUploadedFile("rows.csv", rows.encode())})
    return sent.status_code, ImportRun.objects.order_by("pk").last() if sent.status_code == 302 else None


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("role", ROLES)
def test_import_names_a_draft_only_to_who_serves_the_country(world: World, undone: None, role: str, side: str) -> None:
    made = hidden(side)
    client = client_of(world, role)
    before = ImportRun.objects.count()

    status, run = imported(client, SIDES[side])

    if (side, role) in SERVING:
        page = " ".join(client.get(f"/en/incubators/import/{run.uid}/").content.decode().split())
        assert [match["uid"] for match in run.report["rows"][0]["matches"]] == [str(made.uid)]
        assert f'href="/en/incubators/{made.slug}/" dir="auto">{NAME}</a> <span class="soft">(draft)</span>' in page
    elif role in ("focal", "deputy"):
        assert (run.report["counts"]["error"], run.report["counts"]["duplicate"]) == (1, 0)
        assert str(made.uid) not in str(run.report)
    else:
        assert (status in (302, 403, 404), ImportRun.objects.count()) == (True, before)


def test_report_of_an_earlier_office_names_no_draft_any_more(world: World, undone: None) -> None:
    made, client = hidden("own"), client_of(world, "focal")
    _status, run = imported(client, "KZ")
    FocalPoint.objects.filter(user=world.users["focal"]).update(country=world.foreign.organisation.country)

    page = client.get(f"/en/incubators/import/{run.uid}/").content.decode()

    assert made.slug not in page
    assert "The registry has this name already." in page


def test_reviewer_is_told_that_the_likely_one_is_a_draft(world: World, undone: None) -> None:
    made, revision = hidden("own"), world.own.registry_submitted
    revision.values = revision.values | {"name_en": f"{NAME} Almaty", "display": "en"}
    revision.save()

    page = " ".join(client_of(world, "focal").get(f"/en/incubators/queue/{revision.uid}/").content.decode().split())

    assert f'href="/en/incubators/{made.slug}/" dir="auto">{NAME}</a> <span class="soft">(draft)</span>' in page
