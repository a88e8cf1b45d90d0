"""A country in numbers: what is counted, what lacks, and that nothing else leaves by page, file or paper."""

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pypdf
import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.html import escape

from incubators.dashboard import Dashboard
from incubators.enums import CallStatus, OrganisationKind, OrganisationStatus, ProgrammeStatus
from incubators.gaps import NONE_LISTED, list_url
from incubators.models import OpenCall, Organisation, Programme, Sector, Startup, YearlyFigures
from incubators.papers import ACCESSIBLE, Paper, paper_of_country, paper_of_region
from incubators.public_figures import public_figures
from incubators.services.figures import publish_figures
from incubators.services.indicators import add_indicator
from incubators.services.reindexing import touch_registry
from incubators.side_by_side import SideBySide
from network_platform.printing import typeset
from tests.incubators.factories import OrganisationFactory, country, editor_of, focal_point, many, secretary, verified
from tests.incubators.test_benchmark import YEAR, accepted

pytestmark = pytest.mark.django_db
PAGE, REGION = "/en/countries/kz/dashboard/", "/en/countries/side-by-side/"
SIX = (5, 9, 7, 8, 6, 10)


@pytest.fixture(autouse=True)
def _papers(tmp_path: Path, settings: Any) -> None:
    """PDFs of a test go with it."""
    kept = {**settings.STORAGES["default"], "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = {**settings.STORAGES, "default": kept}


def six(year: int = YEAR, iso2: str = "KZ", code: str = "jobs") -> list[Organisation]:
    """Six organisations whose accepted figures make 45."""
    made = [OrganisationFactory(iso2=iso2) for _each in SIX]
    for organisation, value in zip(made, SIX, strict=True):
        accepted(organisation, year, **{code: value})
    return made


def points(page: Dashboard | SideBySide, name: str) -> list[tuple[str, Any]]:
    chart = page.chart(name)
    assert chart is not None
    return [(point.label, point.value) for point in chart.points]


def rows(answer: Any) -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer.content.decode().removeprefix("\ufeff"))))


def words_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages).split())


def programme(organisation: Organisation, status: str = ProgrammeStatus.PUBLISHED, **fields: Any) -> Programme:
    return Programme.objects.create(organisation=organisation, status=status, titles={"en": "School"}, **fields)


def test_organisations_are_counted_as_the_public_list_counts_them() -> None:
    hub = verified(kind="hub")
    hub.sectors.set(Sector.objects.filter(code__in=["ict", "circular"]))
    OrganisationFactory(kind="accelerator")
    for status in (OrganisationStatus.DRAFT, OrganisationStatus.SUBMITTED, OrganisationStatus.SUSPENDED, "stale"):
        OrganisationFactory(kind="venture_fund", status=status)
    OrganisationFactory(kind="hub", iso2="KG")
    touch_registry()

    page = Dashboard(country())

    assert points(page, "kinds") == [("Accelerator", 1), ("Hub or innovation centre", 1)]
    assert [value for _label, value in points(page, "sectors")] == [1, 1]
    assert [(each.value, each.words) for each in page.numbers] == [
        (2, "organisations listed"),
        (1, "of them verified this year"),
        (None, "no programme is listed"),
        (None, "no call is open"),
    ]


def test_running_programmes_and_open_calls_of_listed_organisations_are_counted() -> None:
    now, hub = timezone.now(), OrganisationFactory()
    running = programme(hub, kind="training")
    programme(hub, ProgrammeStatus.DRAFT)
    programme(hub, ProgrammeStatus.ENDED)
    programme(OrganisationFactory(status=OrganisationStatus.SUSPENDED))
    for opens, status in ((-1, "published"), (1, "published"), (-1, "draft")):
        OpenCall.objects.create(
            programme=running,
            status=CallStatus(status),
            opens_at=now + timedelta(days=opens),
            closes_at=now + timedelta(days=9),
            zone="Asia/Almaty",
        )

    page = Dashboard(country())

    assert points(page, "programmes") == [("Training", 1)]
    assert [each.value for each in page.numbers[2:]] == [1, 1]


def test_startups_are_counted_if_they_are_shown_and_small_counts_together() -> None:
    for n in range(14):
        stage = "idea" if n < 6 else "growth" if n < 12 else "scale"
        Startup.objects.create(name=f"S{n}", country=country(), stage=stage, shown_at=timezone.now())
    for n in range(7):
        Startup.objects.create(name=f"Hidden {n}", country=country(), stage="scale")

    page = Dashboard(country())

    assert points(page, "startups") == [("Idea", 6), ("Other stages", 8)]
    assert page.startups_in_words == "14 start-ups show their profile."
    Startup.objects.filter(name__in=["S0", "S1", "S2", "S3"]).update(country=country("TM"))
    assert dict(points(SideBySide(), "startups"))["Turkmenistan"] is None
    assert dict(points(SideBySide(), "startups"))["Kazakhstan"] == 10
    assert Dashboard(country("TM")).startups_in_words == "Fewer than five start-ups show their profile."
    assert Dashboard(country("TM")).chart("startups") is None


def test_figures_of_years_are_sums_with_how_many_reported() -> None:
    six(YEAR - 2)
    six(YEAR)
    accepted(OrganisationFactory(founded_year=YEAR), jobs=999)

    chart = Dashboard(country()).chart("figures-jobs")

    assert chart is not None
    assert [(point.label, point.value, point.note) for point in chart.points] == [
        (str(YEAR - 4), None, "not enough reported"),
        (str(YEAR - 3), None, "not enough reported"),
        (str(YEAR - 2), 45, "6 of 12"),
        (str(YEAR - 1), None, "not enough reported"),
        (str(YEAR), 45, "6 of 13"),
    ]
    assert chart.about == f"Organisations counted: {YEAR - 2}: 6 of 12; {YEAR}: 6 of 13."
    assert Dashboard(country("KG")).figures == []


def test_sums_are_exact_before_they_are_rounded_and_dated_by_the_last_that_counts() -> None:
    for n in range(7):
        figures = accepted(OrganisationFactory(), money="grant 0.29 KZT")
        day = timezone.now().replace(year=YEAR, month=1, day=n + 1)
        YearlyFigures.objects.filter(pk=figures.pk).update(decided_at=day)

    found = public_figures([country()], since=YEAR)

    assert [(each.value, each.reporters) for each in found.sums.values()] == [(2, 6)]
    assert found.latest.day == 6
    assert f"The last in them were accepted on 6 January {YEAR}." in found.source


def test_money_of_each_currency_is_a_line_of_its_own() -> None:
    for value in SIX:
        accepted(OrganisationFactory(), money=f"grant {value}000 KZT")

    page = Dashboard(country())

    assert points(page, "figures-money-raised-grant-kzt")[-1] == (str(YEAR), 45000)
    assert "Jobs in supported start-ups" in page.not_told
    assert not any("Money" in chart.title for chart in SideBySide().charts)


def test_gaps_are_sentences_and_lead_those_entitled_to_what_mends_them(client: Client, signed_in: Any) -> None:
    OrganisationFactory(iso2="TM", kind="hub", languages=["ru"], descriptions={"en": "Rooms"})
    OrganisationFactory(iso2="TM", kind="hub", languages=["ru"])
    OrganisationFactory(iso2="TM", status=OrganisationStatus.STALE)
    OrganisationFactory(iso2="KZ", kind="accelerator").sectors.set(Sector.objects.filter(code="ict"))
    touch_registry()
    path = "/en/countries/tm/dashboard/"

    page = client.get(path).context["page"]
    told = [gap.text for gap in page.gaps]

    assert "No accelerator is listed in Turkmenistan." in told
    assert "No hub or innovation centre is listed in Turkmenistan." not in told
    assert any(text.startswith("Sectors that organisations of other countries have and none here:") for text in told)
    assert "Official languages in which no listed organisation says it works: Turkmen." in told
    assert any(text.endswith("2 organisations say nothing of their sectors.") for text in told)
    assert "1 organisation has no description in English." in told
    assert "2 organisations have no description in Russian." in told
    assert "2 organisations are not verified yet." in told
    assert "1 organisation is out of date." in told
    assert f"No sums of {YEAR} can be shown to everybody: not enough organisations have reported." in told
    serving, foreign, office = signed_in(focal_point("TM")), signed_in(focal_point("KZ")), signed_in(secretary())
    led = [
        {gap.url for gap in page.gaps if f'class="small" href="{escape(gap.url)}">{gap.action}<' in html}
        for html in (each.get(path).content.decode() for each in (serving, office, foreign, client))
    ]
    assert led == [{gap.url for gap in page.gaps}] * 2 + [set()] * 2


def test_a_gap_leads_to_the_organisations_that_it_counts(client: Client) -> None:
    OrganisationFactory(iso2="TM", name="Says all", languages=["tk"], descriptions={"en": "A", "ru": "А"})
    OrganisationFactory(iso2="TM", name="Says nothing", languages=[], descriptions={"en": ""})
    OrganisationFactory(iso2="TM", name="Speaks Russian", languages=["ru"], descriptions={"ru": "А"})
    OrganisationFactory(iso2="KZ").sectors.set(Sector.objects.filter(code="ict"))
    Organisation.objects.get(titles__en="Says all").sectors.set(Sector.objects.filter(code="fintech"))
    touch_registry()

    told = {gap.text: gap for gap in Dashboard(country("TM")).gaps}
    found = {
        text: sorted(row.title.text for row in client.get(gap.url).context["list"].rows)
        for text, gap in told.items()
        if "lacks=" in gap.url
    }

    assert sorted(found.items()) == [
        ("1 organisation has no description in Russian.", ["Says nothing"]),
        ("2 organisations have no description in English.", ["Says nothing", "Speaks Russian"]),
        (next(text for text in told if text.startswith("Sectors that")), ["Says nothing", "Speaks Russian"]),
    ]
    assert "No description in Russian" in client.get(list_url(country("TM"), lacks="description-ru")).content.decode()
    assert "No description in Russian" not in client.get(list_url(country("TM"))).content.decode()


def test_every_kind_that_a_country_may_lack_has_its_sentence() -> None:
    assert NONE_LISTED.keys() == set(OrganisationKind) - {OrganisationKind.OTHER}


@pytest.mark.parametrize(
    ("silent", "told"),
    [
        (1, "1 organisation says nothing of its languages."),
        (2, "2 organisations say nothing of their languages."),
    ],
)
def test_gap_of_languages_says_how_many_say_nothing(silent: int, told: str) -> None:
    OrganisationFactory(iso2="TM", languages=["ru"])
    for _each in range(silent):
        OrganisationFactory(iso2="TM", languages=[])

    gaps = [gap.text for gap in Dashboard(country("TM")).gaps]

    assert f"Official languages in which no listed organisation says it works: Turkmen. {told}" in gaps


def test_country_that_has_nothing_says_so_in_words(client: Client) -> None:
    OrganisationFactory(iso2="KZ")

    page = client.get("/en/countries/tm/dashboard/")
    side = SideBySide()

    assert [gap.text for gap in page.context["page"].gaps] == ["No organisation is listed in Turkmenistan."]
    assert page.context["page"].charts == []
    assert "<dd>0</dd>" not in page.content.decode()
    assert [each.value for each in page.context["page"].numbers] == [None] * 4
    nothing = {
        chart.name: (chart.points[5].label, chart.points[5].value, chart.points[5].note) for chart in side.charts
    }
    assert {(label, value) for label, value, _note in nothing.values()} == {("Turkmenistan", None)}
    assert nothing["organisations"][2] == "none listed"
    assert nothing["figures-jobs"][2] == "not enough reported"


def test_what_no_country_has_is_said_once(client: Client) -> None:
    six()
    OrganisationFactory(iso2="UZ")

    page = client.get(REGION).context["page"]
    registry, figures = page.registry_table, page.figures_table

    assert [chart.name for chart in registry.charts] == ["organisations"]
    assert [str(country) for country, _cells in registry.rows] == ["Kazakhstan", "Uzbekistan"]
    assert registry.words[:2] == [
        "No organisation has been verified this year in any country.",
        "No listed organisation is out of date in any country.",
    ]
    assert registry.words[-1].startswith("Nothing to show yet for: Afghanistan, Azerbaijan, Kyrgyzstan,")
    assert [(str(country), [point.value for _title, point in cells]) for country, cells in figures.rows] == [
        ("Kazakhstan", [45])
    ]
    assert figures.words[0].startswith("Not shown, because not enough organisations reported it: Start-ups supported;")


def test_what_was_not_asked_yet_is_not_said_to_be_missing() -> None:
    six()
    for code, since in (("kites", YEAR), ("balloons", YEAR + 1)):
        texts = {"en": code.title(), "ru": code.title()}
        add_indicator(by=secretary(), code=code, names=texts, unit="count", texts=texts, since=since)

    told = {line.label for line in public_figures([country()], since=YEAR).lines}

    assert told & {"Kites", "Balloons"} == {"Kites"}
    assert {chart.title for chart in SideBySide().figures} == told >= {*Dashboard(country()).not_told}


def test_figures_of_nobody_are_one_sentence_on_page_and_paper(client: Client) -> None:
    OrganisationFactory()

    html = client.get(REGION).content.decode()
    told = words_of(paper_of_region(SideBySide()).pdf)

    assert html.count("not enough") == 1
    assert "No sum can be shown yet." in html
    assert told.count("not enough") == 1


def test_countries_stand_in_the_order_of_their_names_whatever_their_numbers(client: Client) -> None:
    for iso2, number in (("UZ", 5), ("KZ", 3), ("AF", 1)):
        for _each in range(number):
            OrganisationFactory(iso2=iso2)

    found = client.get(REGION)

    assert [label for label, _value in points(found.context["page"], "organisations")] == [
        "Afghanistan", "Azerbaijan", "Kazakhstan", "Kyrgyzstan", "Tajikistan", "Turkmenistan", "Uzbekistan",
    ]  # fmt: skip
    assert f"Registry, as of {timezone.now():%-d %B %Y}" in " ".join(found.content.decode().split())
    with translation.override("ru"):
        russian = [label for label, _value in points(SideBySide(), "organisations")]
    assert russian == sorted(russian)


CANARIES = ("Canary", "7777", "7,777", "8888", "9999", "Private note")


def plant() -> None:
    """What must not leave: an unpublished organisation, its figures, queried ones, notes, and one number among few."""
    six()
    secret = OrganisationFactory(name="Canary draft", kind="it_school", status=OrganisationStatus.SUBMITTED)
    accepted(secret, jobs=7777)
    queried = accepted(OrganisationFactory(name="Hub", source_note="Private note"), jobs=8888)
    YearlyFigures.objects.filter(pk=queried.pk).update(status="queried", question="Private note", note="Private note")
    accepted(OrganisationFactory(iso2="TM"), jobs=9999)
    programme(secret, kind="soft_landing")
    Startup.objects.create(name="Canary start-up", country=country(), stage="idea")


def ways_out(chart: str) -> list[str]:
    pages = [PAGE, REGION, "/en/countries/tm/dashboard/"]
    files = [f"{page}{chart}.{form}" for page in pages[:2] for form in ("svg", "csv")]
    return [
        *pages,
        *files,
        *(f"/en/countries/{place}.pdf" for place in ("tm/dashboard", "kz/dashboard", "side-by-side")),
    ]


def test_no_canary_leaves_by_page_file_or_paper(client: Client, signed_in: Any) -> None:
    plant()
    readers = (client, signed_in(focal_point("KZ")), signed_in(focal_point("TM")), signed_in(secretary()))

    for path in ways_out("figures-jobs"):
        for reader in readers:
            answer = reader.get(path)
            assert answer.status_code == 200, path
            text = words_of(answer.content) if path.endswith("pdf") else answer.content.decode()
            assert [canary for canary in CANARIES if canary in text] == [], path
    assert [value for _label, value in points(Dashboard(country()), "figures-jobs")][-1] == 45


def test_what_one_organisation_reported_is_no_difference_of_what_is_shown(client: Client) -> None:
    """A seventh is accepted, one of the six publishes, one is suspended: no two answers differ by one number."""
    made = six()
    seen = [client.get(f"{PAGE}figures-jobs.csv")]
    accepted(OrganisationFactory(), jobs=31)
    seen.append(client.get(f"{PAGE}figures-jobs.csv"))
    YearlyFigures.objects.filter(organisation=made[0]).update(is_published=True)
    seen.append(client.get(f"{PAGE}figures-jobs.csv"))
    YearlyFigures.objects.update(is_published=False)
    Organisation.objects.filter(pk=made[1].pk).update(status=OrganisationStatus.SUSPENDED)
    seen.append(client.get(f"{PAGE}figures-jobs.csv"))

    assert [answer.status_code for answer in seen] == [200, 200, 404, 404]
    assert [rows(answer)[-1][1:3] for answer in seen[:2]] == [["45", "6 of 6"], ["45", "6 of 7"]]


@pytest.mark.parametrize("status", ["draft", "submitted", "queried"])
def test_figures_that_are_not_accepted_fill_up_no_six(status: str) -> None:
    made = six()
    whole = Dashboard(country()).chart("figures-jobs")
    YearlyFigures.objects.filter(organisation=made[0]).update(status=status)

    assert whole is not None
    assert Dashboard(country()).figures == []
    assert dict(points(SideBySide(), "figures-jobs"))["Kazakhstan"] is None


def test_sums_of_the_page_and_of_the_region_are_the_same_partition(client: Client) -> None:
    six()
    six(iso2="KG")
    accepted(OrganisationFactory(iso2="UZ"), jobs=7777)

    region = dict(points(SideBySide(), "figures-jobs"))

    assert region["Kazakhstan"] == points(Dashboard(country()), "figures-jobs")[-1][1]
    assert (region["Kyrgyzstan"], region["Uzbekistan"]) == (45, None)
    assert not any("region" in row[0].lower() for row in rows(client.get(f"{REGION}figures-jobs.csv")))


def test_files_carry_heads_in_the_language_and_their_source(client: Client) -> None:
    OrganisationFactory(kind="hub")

    found = rows(client.get(f"{PAGE}kinds.csv"))
    drawn = client.get(f"{PAGE}kinds.svg")
    drawing = ElementTree.fromstring(drawn.content)

    assert found[0] == ["Kind", "Organisations", "Source"]
    assert found[1][:2] == ["Hub or innovation centre", "1"]
    assert found[1][2].startswith("Registry, as of ")
    assert drawn["Content-Type"] == "image/svg+xml"
    assert drawing.find("{http://www.w3.org/2000/svg}title").text == "Kazakhstan: Organisations by kind"
    assert "style" not in drawn.content.decode()
    assert "script" not in drawn.content.decode()


@pytest.mark.parametrize("path", [f"{PAGE}kinds.csv", f"{PAGE}startups.svg", f"{REGION}organisations.csv"])
def test_files_of_what_the_registry_holds_read_no_figures(client: Client, path: str) -> None:
    six()
    for _each in range(5):
        Startup.objects.create(name="S", country=country(), stage="idea", shown_at=timezone.now())
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200

    assert not [query["sql"] for query in queries if "incubators_yearlyfigures" in query["sql"]]


def test_day_of_the_last_figures_is_the_same_for_readers_in_all_zones() -> None:
    six()
    YearlyFigures.objects.update(decided_at=datetime(YEAR, 3, 1, 22, tzinfo=UTC))
    papers = []
    for zone in ("UTC", "Asia/Almaty", "America/New_York"):
        with timezone.override(zone):
            papers.append(paper_of_country(Dashboard(country())))

    assert f"accepted on 1 March {YEAR}." in papers[1].data["sources"][1]
    assert len({paper.digest for paper in papers}) == 1


def test_sums_are_kept_until_figures_are_shown(
    kept_pages: None, django_assert_num_queries: Any, django_capture_on_commit_callbacks: Any
) -> None:
    made, place = six(), country()
    editor = editor_of(made[0])
    figures = YearlyFigures.objects.get(organisation=made[0])
    first = public_figures([place], since=YEAR)

    with django_assert_num_queries(1), translation.override("ru"):
        again = public_figures([place], since=YEAR)
    with django_capture_on_commit_callbacks(execute=True):
        publish_figures(figures=figures, by=editor, shown=True)

    assert (again.sums, again.latest) == (first.sums, first.latest)
    assert [line.label for line in again.lines] != [line.label for line in first.lines]
    assert len(first.sums) == 1
    assert public_figures([place], since=YEAR).sums == {}


@pytest.mark.parametrize("form", ["jobs.csv", "jobs.svg", "pdf"])
def test_second_visitor_of_a_file_costs_no_query(
    client: Client, kept_pages: None, django_assert_num_queries: Any, form: str
) -> None:
    six()
    path = "/en/countries/kz/dashboard.pdf" if form == "pdf" else f"{PAGE}figures-{form}"
    first = client.get(path)

    with django_assert_num_queries(0):
        second = client.get(path)
        same = client.get(path, headers={"if-none-match": first["ETag"]})

    assert (second.content, second["Content-Disposition"], same.status_code) == (
        first.content,
        first["Content-Disposition"],
        304,
    )


@pytest.mark.parametrize("name", ["kinds.exe", "nothing.svg", "nothing.csv", "figures-jobs.svg"])
def test_what_is_not_drawn_has_no_file(client: Client, name: str) -> None:
    OrganisationFactory()

    assert client.get(f"{PAGE}{name}").status_code == 404


def test_labels_are_escaped_in_files(client: Client) -> None:
    Sector.objects.filter(code="ict").update(labels={"en": "=1+1 <b>&"})
    OrganisationFactory().sectors.set(Sector.objects.filter(code="ict"))
    touch_registry()

    assert rows(client.get(f"{PAGE}sectors.csv"))[1][0] == "'=1+1 <b>&"
    assert "=1+1 &lt;b&gt;&amp;" in client.get(f"{PAGE}sectors.svg").content.decode()
    assert "<b>&" not in client.get(PAGE).content.decode()


@pytest.mark.parametrize("form", ["kinds.svg", "kinds.csv", "pdf"])
def test_who_has_a_file_is_told_until_it_changes(client: Client, form: str) -> None:
    OrganisationFactory(kind="hub")
    path = "/en/countries/kz/dashboard.pdf" if form == "pdf" else f"{PAGE}{form}"
    tag = {"if-none-match": client.get(path)["ETag"]}
    same = client.get(path, headers=tag)
    OrganisationFactory(kind="accelerator")

    assert (same.status_code, same.content) == (304, b"")
    assert client.get(path, headers=tag).status_code == 200


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("place", ["kz/dashboard", "side-by-side"])
def test_paper_has_two_pages_that_say_what_they_are(client: Client, place: str, language: str) -> None:
    six()
    name = {"en": "Kazakhstan", "ru": "Казахстан"}[language]

    answer = client.get(f"/{language}/countries/{place}.pdf")
    paper = pypdf.PdfReader(io.BytesIO(answer.content))
    words = words_of(answer.content)

    assert answer["Content-Type"] == "application/pdf"
    assert len(paper.pages) == 2
    assert paper.metadata.title
    assert paper.metadata.title in words
    assert paper.trailer["/Root"]["/Lang"] == language
    assert "/StructTreeRoot" in paper.trailer["/Root"]
    assert b"pdfuaid:part" in paper.trailer["/Root"]["/Metadata"].get_data()
    assert not_embedded(paper) == []
    with translation.override(language):
        assert date_format(timezone.localdate(), "DATE_FORMAT") in words
        assert Dashboard(country()).figures_source in words
    assert (name in words, "45" in words) == (True, True)


def not_embedded(paper: pypdf.PdfReader) -> list[str]:
    """Fonts whose outlines the file does not bring."""
    found = []
    for page in paper.pages:
        for font in page["/Resources"]["/Font"].values():
            for inner in font.get_object().get("/DescendantFonts", [font]):
                described = inner.get_object().get("/FontDescriptor", {})
                if not {"/FontFile", "/FontFile2", "/FontFile3"} & set(described):
                    found.append(str(font))
    return found


def pages_of(paper: Paper) -> int:
    return len(pypdf.PdfReader(io.BytesIO(typeset(paper.template, paper.data, standard=ACCESSIBLE))).pages)


def test_paper_has_two_pages_with_nothing_and_with_very_much() -> None:
    little, region = paper_of_country(Dashboard(country("TM"))), paper_of_region(SideBySide())
    bars = [{"label": "A kind with a long name " * 3, "value": "1,000", "share": 0.5}] * 24
    cells = [{"value": "1,000,000", "note": "100 of 100"}] * 5
    much = {
        "columns": [[{"title": "Organisations", "about": "Words. " * 9, "bars": bars}] * 2] * 2,
        "lines": [{"label": "Money raised by supported start-ups: " * 2, "cells": cells}] * 24,
        "gaps": ["No business incubator is listed in Turkmenistan, nor anything like it. " * 2] * 20,
    }
    long_heads = {"registry": {**region.data["registry"], "heads": ["Организации, подтверждённые в этом году"] * 6}}

    assert pages_of(little) == 2
    assert pages_of(replace(little, data=little.data | much)) == 2
    assert pages_of(replace(region, data=region.data | long_heads)) == 2


def test_paper_is_kept_until_it_says_something_else() -> None:
    OrganisationFactory(kind="hub")
    paper = paper_of_country(Dashboard(country()))
    other = replace(paper, data={**paper.data, "startups": "Another sentence."})
    folder = "printed/dashboard-kz-en"

    first = paper.pdf
    stored = default_storage.listdir(folder)[1]

    assert (paper.pdf, default_storage.listdir(folder)[1]) == (first, stored)
    assert stored == [f"{paper.digest}.pdf"]
    assert "Another sentence." in words_of(other.pdf)
    assert default_storage.listdir(folder)[1] == [f"{other.digest}.pdf"]


@pytest.mark.parametrize(
    "path", [PAGE, REGION, "/en/countries/side-by-side.pdf", f"{PAGE}kinds.csv", f"{REGION}organisations.svg"]
)
def test_pages_cost_the_same_with_six_and_with_thirty_organisations(client: Client, path: str) -> None:
    asked = []
    for number in (6, 30):
        many(number * 7)
        for organisation in Organisation.objects.filter(country=country())[:number]:
            accepted(organisation, jobs=organisation.pk)
            programme(organisation)
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        asked.append(len(queries))
        Organisation.objects.all().delete()

    assert asked[0] == asked[1] <= 14


def test_ways_lead_to_the_dashboards(client: Client, signed_in: Any) -> None:
    OrganisationFactory()

    assert f'href="{PAGE}"' in client.get("/en/countries/kz/").content.decode()
    assert f'href="{REGION}"' in client.get("/en/incubators/").content.decode()
    assert f'href="{REGION}"' in client.get("/en/countries/").content.decode()
    assert "/en/incubators/queue/country/" in signed_in(focal_point("KZ")).get("/en/desk/").content.decode()
    assert client.get("/en/countries/KZ/dashboard/")["Location"] == PAGE
    assert client.get("/en/countries/xx/dashboard/").status_code == 404
