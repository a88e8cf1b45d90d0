"""The public list: filters with counts, search in any script, order, pages, and what it costs."""

import gzip
import re
from datetime import datetime, timedelta
from itertools import product
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from incubators.enums import CallStatus, NameKind, OrganisationStatus, ProgrammeStatus
from incubators.facets import FACETS, Question, as_bits, by_place
from incubators.indexing import current_index
from incubators.models import City, Country, OpenCall, Organisation, Programme, Sdg, Sector
from incubators.services.names import Name
from incubators.services.reference import load_reference
from incubators.services.reindexing import everyday_words, reindex_organisation, touch_registry
from network_platform.zones import today
from tests.incubators.factories import OrganisationFactory, draft, many, verified

pytestmark = pytest.mark.django_db


def listed(client: Client, query: str = "") -> list[str]:
    return [str(row.organisation) for row in client.get(f"/en/incubators/{query}").context["list"].rows]


def counts(client: Client, facet: str, query: str = "") -> dict[str, int]:
    found = {each.name: each for each in client.get(f"/en/incubators/{query}").context["list"].facets}
    return {option.value: option.count for option in found[facet].options if option.count}


def test_list_shows_what_is_listed_in_order_of_name(client: Client) -> None:
    for name, status in (("Beta", "listed"), ("Алма", "listed"), ("Gamma", "stale"), ("Delta", "suspended")):
        OrganisationFactory(name=name, status=status)
    draft()

    assert listed(client) == ["Алма", "Beta"]


def test_order_is_that_of_the_names_which_the_reader_sees(client: Client) -> None:
    for english, russian in (("Zeta", "Альфа"), ("Alpha", "Яблоко")):
        names = [Name(english, NameKind.DISPLAY, "en"), Name(russian, NameKind.LABEL, "ru")]
        OrganisationFactory(name=english, shown=names)

    rows = client.get("/ru/incubators/").context["list"].rows

    assert listed(client) == ["Alpha", "Zeta"]
    assert [row.title.text for row in rows] == ["Альфа", "Яблоко"]


def test_a_filter_in_capitals_is_the_same_filter(client: Client) -> None:
    answer = client.get("/en/incubators/?country=KG&q=Hub+Of&kind=Hub")

    assert answer.status_code == 301
    assert answer["Location"] == "/en/incubators/?country=kg&q=Hub+Of&kind=hub"


def test_an_unknown_filter_is_shown_to_be_taken_away(client: Client) -> None:
    OrganisationFactory(iso2="KG")

    html = client.get("/en/incubators/?country=atlantis").content.decode()

    assert listed(client, "?country=atlantis") == []
    assert re.search(r'<a class="chip on" href="/en/incubators/\??">Country: not in this list', html)


def test_filters_join_within_a_facet_and_narrow_between_facets(client: Client) -> None:
    OrganisationFactory(name="A", iso2="KZ", kind="hub")
    OrganisationFactory(name="B", iso2="KG", kind="hub")
    OrganisationFactory(name="C", iso2="KG", kind="agency")
    OrganisationFactory(name="D", iso2="TJ", kind="hub")

    assert listed(client, "?country=kz&country=kg&kind=hub") == ["A", "B"]


def test_counts_hold_the_other_filters(client: Client) -> None:
    OrganisationFactory(iso2="KZ", kind="hub")
    OrganisationFactory(iso2="KG", kind="hub")
    OrganisationFactory(iso2="KG", kind="agency")

    by_country = counts(client, "country", "?country=kg&kind=hub")
    by_kind = counts(client, "kind", "?country=kg&kind=hub")

    assert by_country == {"kz": 1, "kg": 1}
    assert by_kind == {"hub": 1, "agency": 1}


def test_counts_equal_what_the_database_says(client: Client) -> None:
    """Every pair of filters, counted by the bits and by SQL."""
    sectors, goals = list(Sector.objects.all()[:2]), list(Sdg.objects.all()[:2])
    city = City.objects.get(country__iso2="KZ", slug="almaty")
    for iso2, kind, own in product(("KZ", "UZ"), ("hub", "agency", "other"), (0, 1)):
        made = OrganisationFactory(iso2=iso2, kind=kind, city=city if iso2 == "KZ" else None)
        made.sectors.set(sectors[own:])
        made.sdgs.set(goals[:own])
        Organisation.objects.filter(pk=made.pk).update(languages=["ru", "kk"][own:])
        verified(iso2=iso2, kind=kind)
    touch_registry()
    public = Organisation.objects.visible_to(AnonymousUser()).in_directory()

    for iso2, kind in product(("kz", "uz", "af"), ("hub", "agency", "incubator")):
        question = Question(chosen={"country": (iso2,), "kind": (kind,)})
        chosen = public.filter(country__iso2=iso2.upper(), kind=kind)
        index = current_index()
        assert index.selected(question).bit_count() == chosen.count()
        assert index.counts("sector", question).get(sectors[0].code) == chosen.filter(sectors=sectors[0]).count()
        assert index.counts("city", question).get("kz-almaty") == chosen.filter(city=city).count()
        assert index.counts("sdg", question).get("1", 0) == chosen.filter(sdgs=goals[0]).count()
        in_russian = sum("ru" in made.languages for made in chosen)
        assert index.counts("language", question).get("ru", 0) == in_russian
        assert index.counts("listing", question)["verified"] == chosen.exclude(verified_until=None).count()


def call(organisation: Organisation, opens: datetime, closes: datetime, **fields: Any) -> OpenCall:
    programme = Programme.objects.create(
        organisation=organisation, status=ProgrammeStatus.PUBLISHED, titles={"en": "P"}
    )
    times = {"opens_at": opens, "closes_at": closes, "zone": "Asia/Almaty"}
    made = OpenCall.objects.create(programme=programme, **{"status": CallStatus.PUBLISHED, **times, **fields})
    touch_registry()
    return made


def test_open_calls_are_counted_to_the_minute(client: Client) -> None:
    now = timezone.now()
    call(OrganisationFactory(name="Opens soon", iso2="KG"), now + timedelta(minutes=1), now + timedelta(days=9))
    call(OrganisationFactory(name="Closes soon", iso2="KZ"), now - timedelta(days=9), now + timedelta(minutes=1))
    call(OrganisationFactory(name="A draft"), now, now + timedelta(days=9), status=CallStatus.DRAFT)
    seen = {}

    for minutes in (0, 2):
        with time_machine.travel(now + timedelta(minutes=minutes), tick=False):
            seen[minutes] = (
                listed(client, "?calls=open"),
                counts(client, "calls"),
                counts(client, "country", "?calls=open"),
            )

    assert seen == {0: (["Closes soon"], {"open": 1}, {"kz": 1}), 2: (["Opens soon"], {"open": 1}, {"kg": 1})}


def test_open_calls_are_those_that_the_rule_knows(client: Client) -> None:
    now, end = timezone.now(), timezone.now() + timedelta(days=1)
    call(OrganisationFactory(name="Open"), now - timedelta(hours=1), end)
    call(OrganisationFactory(name="Suspended", status=OrganisationStatus.SUSPENDED), now - timedelta(hours=1), end)
    call(OrganisationFactory(name="Withdrawn"), now - timedelta(hours=1), end, status=CallStatus.WITHDRAWN)
    hidden = call(OrganisationFactory(name="Programme hidden"), now - timedelta(hours=1), end)
    Programme.objects.filter(pk=hidden.programme_id).update(status=ProgrammeStatus.DRAFT)
    touch_registry()

    ruled = OpenCall.objects.public().open_at(now).values_list("programme__organisation__titles__en", flat=True)

    assert listed(client, "?calls=open") == list(ruled) == ["Open"]


def test_long_facets_show_the_fullest_first_and_fold_the_rest(client: Client) -> None:
    for number in range(1, 8):
        made = OrganisationFactory()
        made.sdgs.set(Sdg.objects.filter(number__gte=number))
    touch_registry()

    facet = next(each for each in client.get("/en/incubators/?sdg=2").context["list"].facets if each.name == "sdg")

    assert [option.value for option in facet.leading] == ["7", "8", "9", "10", "11", "2"]
    assert [option.value for option in facet.rest][:3] == ["1", "3", "4"]
    assert facet.options[0].label.startswith("7. ")


def test_every_facet_on_offer_finds_something(client: Client) -> None:
    """One organisation has all that facets ask for. A new facet needs its values in `indexing.py`, and one here."""
    made = verified(kind="hub", city=City.objects.get(country__iso2="KZ", slug="almaty"))
    made.sectors.set(Sector.objects.all()[:1])
    made.sdgs.set(Sdg.objects.all()[:1])
    Organisation.objects.filter(pk=made.pk).update(languages=["kk"])
    call(made, timezone.now() - timedelta(hours=1), timezone.now() + timedelta(days=1))

    found = [facet.name for facet in FACETS if not facet.hidden and counts(client, facet.name) != {}]

    assert found == [facet.name for facet in FACETS if not facet.hidden]


def test_new_facets_are_removed_by_their_chips(client: Client) -> None:
    html = client.get("/en/incubators/?sdg=12&language=kk&calls=open&kind=hub").content.decode()

    for left in (
        "language=kk&amp;calls=open&amp;kind=hub",
        "sdg=12&amp;calls=open&amp;kind=hub",
        "sdg=12&amp;language=kk&amp;kind=hub",
    ):
        assert f'<a class="chip on" href="/en/incubators/?{left}">' in html
    assert "Has an open call" in html


@pytest.mark.parametrize(
    "query", ["", "?kind=hub", "?kind=hub&country=kg&country=kz", "?listing=verified", "?listing=unverified", "?q=hub"]
)
def test_map_and_list_tell_the_same(client: Client, query: str) -> None:
    for iso2, kind in product(("KZ", "KG", "UZ"), ("hub", "agency")):
        OrganisationFactory(iso2=iso2, kind=kind)
        verified(iso2=iso2, kind=kind)
    OrganisationFactory(iso2="KZ", status=OrganisationStatus.STALE)

    page = client.get(f"/en/incubators/{query}")
    found = {row.iso2.lower(): row for row in page.context["list"].countries}

    assert {iso2: row.count for iso2, row in found.items() if row.count} == counts(client, "country", query)
    for iso2, row in found.items():
        there = client.get(row.url).context["list"]
        assert (there.total, there.question.chosen["country"]) == (row.count, (iso2,))
        assert f'aria-label="{row.name}: {row.count}"' in page.content.decode()
    stands = {"": 2, "?q=hub": 2, "?listing=verified": 2, "?listing=unverified": 0}.get(query, 1)
    assert [found[iso2].verified for iso2 in ("kz", "kg", "uz", "tj")] == [stands, stands, stands, 0]


def test_out_of_date_is_shown_when_asked_for(client: Client) -> None:
    OrganisationFactory(name="Fresh")
    OrganisationFactory(name="Old", status=OrganisationStatus.STALE)

    assert listed(client, "?listing=stale") == ["Old"]
    assert counts(client, "listing") == {"unverified": 1, "stale": 1}


def test_verification_ends_with_its_day(client: Client) -> None:
    OrganisationFactory(name="Ends today", verified_until=today())
    OrganisationFactory(name="Ended", verified_until=today() - timedelta(days=1))

    assert listed(client, "?listing=verified") == ["Ends today"]
    assert listed(client, "?listing=stale") == ["Ended"]
    assert listed(client, "?listing=unverified") == []


@pytest.mark.parametrize("words", ["технопарк", "технопарка", "tehnopark", "ТЕХНОПАРКИ Кыргыз"])
def test_search_finds_names_in_any_script_and_form(client: Client, words: str) -> None:
    names = [Name("Kyrgyz Park", NameKind.DISPLAY, "en"), Name("Кыргызский технопарк", NameKind.LABEL, "ru")]
    OrganisationFactory(name="Kyrgyz Park", shown=names)
    OrganisationFactory(name="Something else")

    assert listed(client, f"?q={words}") == ["Kyrgyz Park"]


@pytest.mark.parametrize("words", ["fintech", "финтех", "платежи"])
def test_a_sector_is_found_by_what_people_call_it(client: Client, words: str) -> None:
    load_reference()
    OrganisationFactory(name="Pays").sectors.set([Sector.objects.get(code="fintech")])
    OrganisationFactory(name="Other")
    for made in Organisation.objects.all():
        reindex_organisation(made)

    assert listed(client, f"?q={words}") == ["Pays"]


@pytest.mark.parametrize("words", ["Алма-Ата", "alma-ata", "Алматы"])
def test_a_city_is_found_by_its_former_name(client: Client, words: str) -> None:
    load_reference()
    almaty = City.objects.get(slug="almaty")
    reindex_organisation(OrganisationFactory(name="Hub One", iso2="KZ", city=almaty))
    reindex_organisation(OrganisationFactory(name="Hub Two", iso2="KZ"))

    assert listed(client, f"?q={words}") == ["Hub One"]


@pytest.mark.parametrize("words", ["узбекские", "Узбекский хаб", "ташкентского", "Uzbek"])
def test_adjectives_lead_to_country_and_city(client: Client, words: str) -> None:
    load_reference()
    reindex_organisation(OrganisationFactory(name="Hub One", iso2="UZ", city=City.objects.get(slug="tashkent")))
    reindex_organisation(OrganisationFactory(name="Hub Two", iso2="KZ"))

    assert listed(client, f"?q={words}") == ["Hub One"]


def test_everyday_words_are_of_sectors_and_cities_that_exist() -> None:
    load_reference()
    cities = {f"{city.country.iso2}-{city.slug}" for city in City.objects.select_related("country")}

    assert set(everyday_words()["sectors"]) <= set(Sector.objects.values_list("code", flat=True))
    assert set(everyday_words()["cities"]) <= cities
    assert set(everyday_words()["countries"]) == set(Country.objects.values_list("iso2", flat=True))


def test_when_nothing_has_all_words_those_with_some_are_shown_and_said_to_be(client: Client) -> None:
    for name in ("Rare steppe", "Valley one", "Valley two"):
        reindex_organisation(OrganisationFactory(name=name))
    draft(name="Steppe CANARY")

    html = client.get("/en/incubators/?q=valley+steppe").content.decode()

    assert listed(client, "?q=valley+steppe") == ["Rare steppe", "Valley one", "Valley two"]
    assert "Nothing matches all words of “valley steppe”; these match some" in html
    assert "CANARY" not in html


def test_nothing_found_is_said_once(client: Client) -> None:
    html = client.get("/en/incubators/?q=zzzzqq").content.decode()

    assert html.count("“zzzzqq”") == 1
    assert "Nothing here matches" not in html


def test_search_does_not_find_drafts(client: Client) -> None:
    draft(name_en="Secret Steppe")

    assert listed(client, "?q=secret") == []


def test_unknown_values_match_nothing(client: Client) -> None:
    OrganisationFactory()

    assert listed(client, "?country=xx") == []
    assert "Nothing here matches" in client.get("/en/incubators/?country=xx").content.decode()


def test_pages_follow_one_another_and_back(client: Client) -> None:
    many(45)

    first = client.get("/en/incubators/?kind=hub&kind=agency&kind=incubator&kind=other").context["list"]
    assert first.next_url == ""
    first = client.get("/en/incubators/").context["list"]
    second = client.get(first.next_url).context["list"]
    third = client.get(second.next_url).context["list"]

    seen = [row.organisation.slug for page in (first, second, third) for row in page.rows]
    assert len(seen) == len(set(seen)) == 45
    assert (first.previous_url, second.previous_url, third.next_url) == ("", "/en/incubators/", "")
    assert third.page_text == "41–45 of 45"


def test_filters_begin_on_the_first_page(client: Client) -> None:
    many(45)
    second = client.get("/en/incubators/").context["list"].next_url

    page = client.get(second).context["list"]

    assert "after" in second
    assert not any("after" in option.toggle_url for facet in page.facets for option in facet.options)


def test_newest_comes_first_when_asked(client: Client) -> None:
    OrganisationFactory(name="Zeta")
    OrganisationFactory(name="Alpha")

    assert listed(client, "?sort=newest") == ["Alpha", "Zeta"]
    assert listed(client, "?sort=name") == ["Alpha", "Zeta"]


def test_change_is_seen_at_once(client: Client) -> None:
    organisation = OrganisationFactory(name="Before")
    before = listed(client)

    organisation.status = OrganisationStatus.SUSPENDED
    organisation.save()
    touch_registry()

    assert (before, listed(client)) == (["Before"], [])


@pytest.mark.parametrize("number", [1, 3, 500])
def test_number_of_queries_does_not_grow(client: Client, number: int) -> None:
    many(number)
    client.get("/en/incubators/")

    for query in ("", "?q=centre&country=kz", "?sdg=9&language=ru&calls=open"):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get(f"/en/incubators/{query}&kind=hub" if query else "/en/incubators/?kind=hub&listing=unverified")
        assert len(asked) <= 5


def test_page_is_light(client: Client) -> None:
    many(500)

    html = client.get("/en/incubators/").content

    assert len(gzip.compress(html, 6)) <= 10_000


def test_russian_page_has_russian_labels(client: Client) -> None:
    OrganisationFactory(kind="hub", city=City.objects.get(slug="almaty"))

    html = client.get("/ru/incubators/").content.decode()

    assert "Хаб или инновационный центр" in html
    assert "Алматы, Казахстан" in html


@pytest.mark.parametrize("places", [[], [0], [7, 8, 9], [0, 63, 64, 99]])
def test_bits_and_places_go_there_and_back(places: list[int]) -> None:
    bits = by_place(as_bits(places, 100), 100)

    assert [n for n, there in enumerate(bits) if there] == places


@pytest.mark.parametrize("query", ["?q=%00", "?after=nobody", "?sort=evil", "?q=" + "ы" * 3000, "?kind=&country="])
def test_odd_addresses_are_answered(client: Client, query: str) -> None:
    OrganisationFactory(name="There")

    page: Any = client.get(f"/en/incubators/{query}")

    assert page.context["list"].total in (0, 1)
