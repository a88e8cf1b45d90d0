"""Detail, country and region pages, and the CSV."""

import csv
import io
import json
import re
import tracemalloc
from datetime import date

import pytest
from django.test import Client
from openpyxl import load_workbook

from incubators.enums import NameKind, OrganisationStatus
from incubators.models import City, Sdg, Sector
from incubators.services.names import Name
from incubators.services.reindexing import touch_registry
from tests.incubators.factories import (
    OrganisationFactory,
    draft,
    editor,
    editor_of,
    focal_point,
    many,
    verified,
)

pytestmark = pytest.mark.django_db
HOSTILE = '</script><script>alert(1)</script>"&<img src=x>'


def linked(html: str) -> dict:
    return json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)[1])


def whole(response: object) -> bytes:
    return b"".join(response.streaming_content)


def table(response: object) -> list[dict[str, str]]:
    text = b"".join(response.streaming_content).decode().removeprefix("\ufeff")
    return list(csv.DictReader(io.StringIO(text)))


def test_detail_names_every_language(client: Client) -> None:
    names = [
        Name("Ilmhona", NameKind.DISPLAY, "en"),
        Name("Илмхона", NameKind.LABEL, "tg"),
        Name("IH", NameKind.ACRONYM),
    ]
    made = OrganisationFactory(iso2="TJ", name="Ilmhona", shown=names, website="https://www.ilmhona.example/x")

    html = client.get(f"/en/incubators/{made.slug}/").content.decode()

    assert '<dd lang="tg" dir="auto">Илмхона</dd>' in html
    assert '<a href="https://www.ilmhona.example/x" rel="nofollow noopener">ilmhona.example</a>' in html
    assert linked(html)["alternateName"] == ["Илмхона", "IH"]


def test_names_of_one_language_in_two_scripts_say_which(client: Client) -> None:
    names = [
        Name("Sample Hub", NameKind.DISPLAY, "en"),
        Name("Namuna markazi", NameKind.LABEL, "uz"),
        Name("Намуна маркази", NameKind.LABEL, "uz"),
        Name("Дом", NameKind.ALIAS, "ru"),
    ]
    made = OrganisationFactory(iso2="UZ", name="Sample Hub", shown=names)

    profile = client.get(f"/en/incubators/{made.slug}/").context["profile"]

    assert [(label, name.text) for label, name in profile.names] == [
        ("Name in Uzbek, Latin script", "Namuna markazi"),
        ("Name in Uzbek, Cyrillic script", "Намуна маркази"),
        ("Also known as", "Дом"),
    ]


# What schema.org lets a thing of this type say, and what the values are; of what this site says.
SCHEMA: dict[str, dict[str, object]] = {
    "Organization": {
        "url": str, "sameAs": [str], "name": str, "alternateName": [str], "description": str, "foundingDate": str,
        "knowsAbout": [str], "knowsLanguage": [str], "areaServed": "Country", "address": "PostalAddress",
    },
    "Country": {"name": str, "identifier": str},
    "PostalAddress": {"addressCountry": str, "addressLocality": str},
}  # fmt: skip


def check(thing: dict) -> None:
    for name, value in thing.items():
        if not name.startswith("@"):
            kind = SCHEMA[thing["@type"]][name]
            if isinstance(kind, str):
                assert value["@type"] == kind
                check(value)
            elif isinstance(kind, list):
                assert value
                assert all(isinstance(each, str) for each in value)
            else:
                assert isinstance(value, str)


def test_linked_data_says_all_that_the_page_says_in_words_of_schema_org(client: Client) -> None:
    names = [Name("Sample Hub", NameKind.DISPLAY, "en"), Name("Үлгі", NameKind.LABEL, "kk")]
    city = City.objects.get(country__iso2="KZ", slug="almaty")
    fields = {"website": "https://hub.example/", "founded_year": 2019, "languages": ["kk", "ru"], "city": city}
    full = OrganisationFactory(name="Sample Hub", shown=names, descriptions={"en": "Rooms"}, **fields)
    full.sectors.set(Sector.objects.all()[:2])
    bare = OrganisationFactory(name="Bare")

    told = [linked(client.get(each.get_absolute_url()).content.decode()) for each in (full, bare)]

    for data in told:
        assert (data["@context"], data["@type"], data["@id"]) == ("https://schema.org", "Organization", data["url"])
        check(data)
    assert set(told[0]) - {"@context", "@type", "@id"} == set(SCHEMA["Organization"])
    assert (told[0]["sameAs"], told[0]["foundingDate"]) == (["https://hub.example/"], "2019")
    assert (told[0]["knowsLanguage"], told[0]["areaServed"]["identifier"]) == (["kk", "ru"], "KZ")
    assert set(told[1]) == {"@context", "@type", "@id", "url", "name", "areaServed", "address"}


def test_hostile_name_stays_text(client: Client) -> None:
    made = OrganisationFactory(name=HOSTILE, slug="hostile", descriptions={"en": HOSTILE})

    html = client.get("/en/incubators/hostile/").content.decode()

    assert "<script>alert" not in html
    assert linked(html)["name"] == HOSTILE
    assert made.titles["en"] == HOSTILE


def test_english_text_says_so_on_a_russian_page(client: Client) -> None:
    made = OrganisationFactory(descriptions={"en": "Six months for teams"})

    html = client.get(f"/ru/incubators/{made.slug}/").content.decode()

    assert '<p class="lead" lang="en" dir="auto">Six months for teams</p>' in html
    assert "Язык этого текста: английский" in html


@pytest.mark.parametrize("status", ["draft", "submitted", "changes_requested", "declined", "suspended"])
def test_hidden_organisation_is_shown_only_to_those_concerned(client: Client, signed_in: object, status: str) -> None:
    made = OrganisationFactory(status=status)
    path = f"/en/incubators/{made.slug}/"
    seen = {
        "visitor": client.get(path).status_code,
        "editor": signed_in(editor_of(made)).get(path).status_code,
        "focal": signed_in(focal_point("KZ")).get(path).status_code,
        "foreign": signed_in(focal_point("KG")).get(path).status_code,
    }

    assert seen == {"visitor": 404, "editor": 200, "focal": 200, "foreign": 404}


def test_hidden_page_is_not_for_robots(signed_in: object) -> None:
    revision = draft()

    html = signed_in(editor(revision)).get(revision.organisation.get_absolute_url()).content.decode()

    assert '<meta name="robots" content="noindex">' in html
    assert "application/ld+json" not in html


def test_notes_on_the_source_are_for_those_who_keep_the_entry(client: Client, signed_in: object) -> None:
    made = OrganisationFactory(
        iso2="KZ",
        origin="import",
        source_url="https://paper.example/hub",
        source_note="CANARY of a working note",
        source_date=date(2026, 11, 29),
    )
    url = f"/en/incubators/{made.slug}/"

    public, foreign = (each.get(url).content.decode() for each in (client, signed_in(focal_point("KG"))))
    own = signed_in(focal_point("KZ")).get(url).content.decode()

    assert "CANARY" not in public + foreign
    assert "CANARY of a working note" in own
    assert '<a href="https://paper.example/hub" rel="nofollow noopener">paper.example</a>' in public
    assert "Entered in the registry on 29 November 2026" in public
    assert "source: paper.example · entered on 29 November 2026" in public


def test_a_source_that_is_no_link_is_not_shown_by_its_file_name(client: Client) -> None:
    made = OrganisationFactory(origin="import", source_url="report.txt")

    html = client.get(f"/en/incubators/{made.slug}/").content.decode()

    assert "report.txt" not in html
    assert "a document that is not on the web" in html


def test_closed_organisation_leads_to_its_successor(client: Client) -> None:
    successor = OrganisationFactory(name="Successor")
    closed = OrganisationFactory(status=OrganisationStatus.CLOSED, successor=successor)

    html = client.get(f"/en/incubators/{closed.slug}/").content.decode()

    assert f'<a href="/en/incubators/{successor.slug}/">Successor</a>' in html


def test_country_page_names_its_focal_point_and_nothing_else_of_them(client: Client) -> None:
    focal = focal_point("KZ", name="Nurly Sample", email="secret.address@example.org")

    html = client.get("/en/countries/kz/").content.decode()

    assert "Nurly Sample" in html
    assert focal.email not in html
    assert "Served by the secretariat" in client.get("/en/countries/tm/").content.decode()


def test_country_page_counts_and_lists(client: Client) -> None:
    verified(name="Zeta Verified")
    OrganisationFactory(name="Alpha")
    OrganisationFactory(iso2="KG", name="Elsewhere")

    page = client.get("/en/countries/kz/").context["page"]

    assert (page.total, page.verified) == (2, 1)
    assert [str(row.organisation) for row in page.organisations] == ["Zeta Verified", "Alpha"]


def test_country_has_one_address(client: Client) -> None:
    answer = client.get("/ru/countries/KZ/")

    assert (answer.status_code, answer.url) == (301, "/ru/countries/kz/")
    assert client.get(answer.url).context["country"].iso2 == "KZ"


@pytest.mark.parametrize("iso2", ["de", "DE", "%00", "%00z", "kaz", "ıı"])
def test_unknown_country_is_not_found(client: Client, iso2: str) -> None:
    assert client.get(f"/en/countries/{iso2}/").status_code == 404
    assert "Kazakhstan" in client.get("/en/countries/").content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_detail_and_country_ask_little(client: Client, number: int, django_assert_max_num_queries: object) -> None:
    made = [OrganisationFactory() for _ in range(number)][-1]
    client.get("/en/countries/kz/")

    with django_assert_max_num_queries(9):
        client.get(f"/en/incubators/{made.slug}/")
    with django_assert_max_num_queries(9):
        client.get("/en/countries/kz/")


def test_export_holds_what_the_address_shows(client: Client) -> None:
    OrganisationFactory(name="Here", website="https://here.example")
    OrganisationFactory(name="There", iso2="KG")
    draft()

    rows = table(client.get("/en/incubators/export.csv?country=kz"))

    assert [(row["name_en"], row["website"], row["listing"]) for row in rows] == [
        ("Here", "https://here.example", "unverified")
    ]


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r"])
def test_export_escapes_formulas(client: Client, sign: str) -> None:
    OrganisationFactory(name=f"{sign}HYPERLINK(1)")

    row = table(client.get("/en/incubators/export.csv"))[0]

    assert row["name_en"] == f"'{sign}HYPERLINK(1)".replace("\r", "\r")


def test_every_export_holds_the_same_rows(client: Client) -> None:
    made = OrganisationFactory(name="Here", languages=["kk", "ru"], founded_year=2019)
    made.sdgs.set(Sdg.objects.filter(number__in=(9, 12)))
    OrganisationFactory(name="There", iso2="KG")
    OrganisationFactory(name="Old", status=OrganisationStatus.STALE)
    draft(name_en="CANARY")
    query = "?country=kz&after=whatever"

    in_csv = table(client.get(f"/en/incubators/export.csv{query}"))
    in_json = json.loads(whole(client.get(f"/en/incubators/export.json{query}")))
    sheet = load_workbook(io.BytesIO(whole(client.get(f"/en/incubators/export.xlsx{query}")))).active
    head, *rows = [[cell.value for cell in row] for row in sheet.iter_rows()]

    assert [(row["name_en"], row["sdgs"], row["languages"]) for row in in_csv] == [("Here", "9; 12", "kk; ru")]
    assert [{name: str(value or "") for name, value in row.items()} for row in in_json] == in_csv
    assert [{name: str(value or "") for name, value in zip(head, row, strict=True)} for row in rows] == in_csv
    assert in_json[0]["founded_year"] == 2019


def test_list_leads_to_its_exports_with_its_filter(client: Client) -> None:
    OrganisationFactory(kind="hub")

    html = client.get("/en/incubators/?kind=hub&sort=newest&after=gone").content.decode()

    for form in ("csv", "xlsx", "json"):
        assert f'<a href="/en/incubators/export.{form}?kind=hub&amp;sort=newest">{form.upper()}</a>' in html
    assert client.get("/en/incubators/export.exe").status_code == 404


@pytest.mark.parametrize("form", ["csv", "xlsx", "json"])
@pytest.mark.parametrize("number", [1, 3])
def test_export_asks_a_fixed_number_of_queries(
    client: Client, form: str, number: int, django_assert_max_num_queries: object
) -> None:
    for _ in range(number):
        OrganisationFactory()
    touch_registry()
    client.get("/en/incubators/")

    with django_assert_max_num_queries(5):
        assert whole(client.get(f"/en/incubators/export.{form}"))


@pytest.mark.once
@pytest.mark.parametrize("form", ["csv", "xlsx", "json"])
def test_thousands_of_rows_leave_without_filling_the_memory(client: Client, form: str) -> None:
    rows = 3_000
    many(rows)
    client.get("/en/incubators/")
    tracemalloc.start()

    size = sum(map(len, client.get(f"/en/incubators/export.{form}").streaming_content))
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert size > 50 * rows or form == "xlsx"
    assert most < 1_200 * rows
