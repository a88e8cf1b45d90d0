"""The sums of a country, and who is late."""

from decimal import Decimal
from typing import Any

import pytest

from incubators import desk
from incubators.country_figures import country_totals
from incubators.models import YearlyFigures
from network_platform.people.services.erasure import erase_person
from tests.incubators.factories import LONG_AGO, OrganisationFactory, country, editor_of, focal_point, secretary
from tests.incubators.test_benchmark import YEAR, accepted
from tests.incubators.test_figures import sent

pytestmark = pytest.mark.django_db
PAGE = "/en/incubators/queue/figures/"


def test_sums_are_of_accepted_figures_by_year_and_currency(django_assert_num_queries: Any) -> None:
    first, second = OrganisationFactory(), OrganisationFactory()
    accepted(first, YEAR - 1, jobs=5, startups_supported=0)
    accepted(first, YEAR, jobs=6, money="grant 100 KZT")
    accepted(second, YEAR, jobs=4, money="grant 50 KZT")
    accepted(OrganisationFactory(), YEAR, money="grant 70 USD")
    accepted(OrganisationFactory(iso2="KG"), YEAR, jobs=999)
    YearlyFigures.objects.filter(pk=accepted(OrganisationFactory(), YEAR, jobs=999).pk).update(status="queried")
    accepted(second, YEAR - 9, jobs=999)

    kazakhstan = country("KZ")
    with django_assert_num_queries(2):
        found = {total.line.key: total for total in country_totals(kazakhstan)}

    jobs = found["jobs", "", ""]
    assert jobs.line.values == {YEAR - 1: Decimal(5), YEAR: Decimal(10)}
    assert jobs.reporters == {YEAR - 1: 1, YEAR: 2}
    assert found["startups_supported", "", ""].line.values == {YEAR - 1: Decimal(0)}
    assert found["money_raised", "grant", "KZT"].line.values == {YEAR: Decimal(150)}
    assert found["money_raised", "grant", "USD"].reporters == {YEAR: 1}


def test_focal_point_sees_who_is_late_and_no_draft(signed_in: Any) -> None:
    late, asked, done = (OrganisationFactory(name=name, listed_at=LONG_AGO) for name in ("Late", "Asked", "Done"))
    for organisation in (late, asked, done):
        editor_of(organisation)
    OrganisationFactory(name="Nobody's")
    editor_of(OrganisationFactory(name="Foreign", iso2="KG", listed_at=LONG_AGO))
    YearlyFigures.objects.create(organisation=late, year=YEAR)
    YearlyFigures.objects.create(organisation=asked, year=YEAR, status="queried")
    accepted(done, jobs=1)

    page = signed_in(focal_point("KZ")).get(PAGE)

    assert [(each.pk, each.is_asked) for each in page.context["page"].late] == [(asked.pk, True), (late.pk, False)]
    assert [each.organisation for each in page.context["page"].accepted] == [done]


def test_secretariat_chooses_the_country_and_focal_points_have_theirs(signed_in: Any) -> None:
    office, focal = signed_in(secretary()), signed_in(focal_point("KZ", deputy=True))

    assert office.get(f"{PAGE}?country=UZ").context["country"].iso2 == "UZ"
    assert focal.get(PAGE).context["country"].iso2 == "KZ"
    assert [client.get(f"{PAGE}?country=KG").status_code for client in (office, focal)] == [200, 404]
    assert office.get(f"{PAGE}?country=nowhere").status_code == 404


def test_desk_says_what_is_due_sent_and_to_be_reviewed() -> None:
    organisation = OrganisationFactory(slug="sample-hub", name="Sample Hub", listed_at=LONG_AGO)
    editor, focal = editor_of(organisation), focal_point("KZ")
    due = desk.waiting_for(editor)
    draft = YearlyFigures.objects.create(organisation=organisation, year=YEAR)
    begun = desk.waiting_for(editor)
    YearlyFigures.objects.filter(pk=draft.pk).update(status="queried")
    asked = desk.waiting_for(editor)
    sent(organisation, editor)

    assert [(each.title, each.url) for each in due] == [
        (f"Report the figures of {YEAR}: Sample Hub", f"/en/incubators/sample-hub/figures/{YEAR}/")
    ]
    assert [each.title for each in begun] == [f"Finish the figures of {YEAR}: Sample Hub"]
    assert [each.title for each in asked] == [f"A question about the figures of {YEAR}: Sample Hub"]
    assert desk.waiting_for(editor) == []
    assert [each.title for each in desk.sent_by(editor)] == [f"Figures of {YEAR}: Sample Hub"]
    assert [(each.title, each.url) for each in desk.waiting_for(focal)] == [
        ("1 year’s figures to review", "/en/incubators/queue/")
    ]


def test_the_page_of_an_answer_is_named_after_the_organisation_and_leads_back(signed_in: Any) -> None:
    organisation = OrganisationFactory(name="Sample Hub")
    figures = sent(organisation, editor_of(organisation))

    page = signed_in(focal_point("KZ", language="en")).get(f"{PAGE}{figures.uid}/").content.decode()

    assert '<h1 dir="auto">Sample Hub</h1>' in page
    assert ('href="/en/incubators/queue/"' in page, "<h3" in page) == (True, False)


def test_a_question_about_figures_stays_on_the_device_until_it_is_sent(signed_in: Any) -> None:
    organisation, focal = OrganisationFactory(), focal_point("KZ", language="en")
    figures, desk = sent(organisation, editor_of(organisation)), signed_in(focal)
    page, key = f"{PAGE}{figures.uid}/", f"figures-review:{figures.uid}:{focal.uid}"

    form, wrong = desk.get(page).content.decode(), desk.post(page, {"answer": "ask"}).content.decode()
    asked = {"answer": "ask", "question": "Why?", "version": figures.version}
    taken, after = desk.post(page, asked, follow=True).content.decode(), desk.get(page).content.decode()

    assert [f'data-keeps data-key="{key}"' in html for html in (form, wrong)] == [True, True]
    assert (f'data-clears="{key}"' in taken, "data-keeps" in after) == (True, False)


def test_figures_stay_when_who_sent_them_goes() -> None:
    organisation = OrganisationFactory(name="Sample Hub")
    editor = editor_of(organisation)
    figures = sent(organisation, editor)
    told = desk.personal_data(editor)["registry"]["figures_sent"]

    erase_person(user=editor, by=editor)

    figures.refresh_from_db()
    assert told == [{"organisation": "Sample Hub", "year": YEAR}]
    assert (figures.status, figures.values.count()) == ("submitted", 1)
    assert (figures.submitted_by, figures.submitted_by.is_active) == (editor, False)
