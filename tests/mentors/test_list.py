"""Finding experts: facets, search, paging, cost."""

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from mentors.consents import PUBLIC_PROFILE
from mentors.enums import Availability, Visibility
from mentors.finding import PAGE_SIZE
from mentors.hours import answer_in_words, shared_hours
from mentors.models import ExpertRole
from mentors.services.roles import set_availability
from mentors.services.search_text import refresh
from network_platform.background.models import Message
from network_platform.people.consents import withdraw
from tests.mentors.factories import (
    ExpertFactory,
    ExpertRoleFactory,
    PersonFactory,
    RequestFactory,
    country,
    focal_point,
)

pytestmark = pytest.mark.django_db


def slugs(response):
    return [expert.slug for expert in response.context["page"].experts]


def found(query, client=None):
    return set(slugs((client or Client()).get(f"/en/mentors/?{query}")))


@pytest.fixture
def three():
    """A mentor of pitching in KZ, a tracker of legal questions in KG, a closed trainer in KZ."""
    one = ExpertRoleFactory(role="mentor", skills=["pitching"], expert__slug="mentor-kz", expert__name="Ainura Sample")
    two = ExpertRoleFactory(
        role="tracker",
        skills=["legal"],
        expert=ExpertFactory(slug="tracker-kg", name="Bakyt Sample", country=country("KG"), spoken=["ky", "en"]),
    )
    three = ExpertRoleFactory(
        role="trainer", skills=["pitching"], expert__slug="trainer-kz", availability=Availability.CLOSED
    )
    for role in (one, two, three):
        refresh(role.expert)


@pytest.mark.parametrize(
    ("query", "advice"),
    [
        ("q=zzzz", "Take out a word."),
        ("q=zzzz&role=mentor", "Take out a filter or a word."),
        ("role=mentor&skill=legal", "Take out a filter."),
    ],
)
def test_an_empty_list_speaks_of_what_was_chosen(three, client, query, advice):
    page = client.get(f"/en/mentors/?{query}").content.decode()

    assert "Nobody matches all of this" in page
    assert advice in page
    assert page.count("Take out a") == 1


@pytest.mark.parametrize(
    ("query", "experts"),
    [
        ("", {"mentor-kz", "tracker-kg", "trainer-kz"}),
        ("role=mentor", {"mentor-kz"}),
        ("role=mentor&role=tracker", {"mentor-kz", "tracker-kg"}),
        ("skill=pitching", {"mentor-kz", "trainer-kz"}),
        ("skill=pitching&availability=open", {"mentor-kz"}),
        ("country=KG", {"tracker-kg"}),
        ("language=ky", {"tracker-kg"}),
        ("language=ky&country=KZ", set()),
        ("role=nonsense", {"mentor-kz", "tracker-kg", "trainer-kz"}),
        ("q=питч", {"mentor-kz", "trainer-kz"}),
        ("q=pitches", {"mentor-kz", "trainer-kz"}),
        ("q=трекера", {"tracker-kg"}),
        ("q=Kyrgyzstan", {"tracker-kg"}),
    ],
)
def test_facets_and_search_narrow_each_other(three, query, experts):
    assert found(query) == experts


def test_one_role_fits_everything_that_is_asked_of_a_role():
    expert = ExpertFactory(slug="both")
    ExpertRoleFactory(expert=expert, role="mentor", skills=["pitching"])
    ExpertRoleFactory(expert=expert, role="trainer", skills=["legal"])

    assert found("role=mentor&skill=pitching") == {"both"}
    assert found("role=mentor&skill=legal") == set()


def test_names_are_found_in_either_alphabet():
    role = ExpertRoleFactory(expert__name="Жөнөкөй Мисалов", expert__name_latin="Zhonokoi Misalov", expert__slug="zm")
    refresh(role.expert)

    assert found("q=misalov") == found("q=Мисалов") == {"zm"}


def test_counts_of_a_facet_leave_out_its_own_choice(three):
    response = Client().get("/en/mentors/?country=KZ")

    counts = {
        facet.name: {option.value: option.count for option in facet.options} for facet in response.context["facets"]
    }
    assert counts["country"] == {"KG": 1, "KZ": 2}
    assert counts["role"] == {"mentor": 1, "trainer": 1}
    assert response.context["total"] == 2


def test_who_takes_requests_comes_first(three):
    assert slugs(Client().get("/en/mentors/")) == ["mentor-kz", "tracker-kg", "trainer-kz"]


def test_pages_by_key_go_there_and_back():
    expected = [f"expert-{number:03}" for number in range(PAGE_SIZE * 2 + 3)]
    for slug in expected:
        ExpertRoleFactory(expert__slug=slug, expert__name=slug, expert__name_latin=slug)

    first = Client().get("/en/mentors/?role=mentor")
    second = Client().get("/en/mentors/" + first.context["next"])
    third = Client().get("/en/mentors/" + second.context["next"])
    back = Client().get("/en/mentors/" + third.context["previous"])

    assert slugs(first) + slugs(second) + slugs(third) == expected
    assert slugs(back) == slugs(second)
    assert (first.context["previous"], third.context["next"]) == ("", "")
    assert "role=mentor" in first.context["next"]
    assert [page.context["page"].text for page in (first, second, third)] == [
        "1–20 of 43",
        "21–40 of 43",
        "41–43 of 43",
    ]
    assert "1–20 of 43" in first.content.decode()


@pytest.mark.parametrize("cursor", ["x", "9", "0.", "99.a", "0.a' OR 1=1", "٣.a", "².a", "0.\x00"])
def test_a_wrong_cursor_is_no_error(three, cursor):
    response = Client().get("/en/mentors/", {"after": cursor})

    assert (response.status_code, response.context["total"]) == (200, 3)


@pytest.fixture
def write(django_capture_on_commit_callbacks):
    """Write something, and commit it."""

    def write(act, *args, **fields):
        with django_capture_on_commit_callbacks(execute=True):
            return act(*args, **fields)

    return write


def test_the_list_costs_the_same_for_one_and_for_three(django_assert_num_queries, write):
    role = ExpertRoleFactory()
    Client().get("/en/mentors/")
    write(refresh, role.expert)
    with django_assert_num_queries(5):  # the index, and those on the page
        Client().get("/en/mentors/")

    for kind in ("tracker", "trainer"):
        role = ExpertRoleFactory(role=kind, expert=ExpertFactory(country=country("UZ")))
    write(refresh, role.expert)

    with django_assert_num_queries(5):
        assert len(slugs(Client().get("/en/mentors/"))) == 3


def test_another_address_of_the_list_reads_only_what_stands_on_it(django_assert_num_queries, three):
    Client().get("/en/mentors/")

    with django_assert_num_queries(3):
        Client().get("/en/mentors/?skill=pitching&language=ru&availability=open")
    with django_assert_num_queries(4):
        assert slugs(Client().get("/en/mentors/?q=питч&availability=open")) == ["mentor-kz"]


def test_a_visitors_pages_are_kept_until_something_is_written(django_assert_num_queries, write):
    role = ExpertRoleFactory(expert__slug="kept")
    pages = ["/en/mentors/", "/en/mentors/?role=mentor", "/en/mentors/kept/"]
    before = [Client().get(page).content for page in pages]
    with django_assert_num_queries(0):
        assert [Client().get(page).content for page in pages] == before

    write(set_availability, role=role, availability="closed", by=role.expert.user)
    closed = [Client().get(page).content.decode() for page in pages]
    write(withdraw, user=role.expert.user, purpose=PUBLIC_PROFILE)

    assert all("Takes no requests now" in page for page in closed)
    assert "kept" not in {slug for page in pages[:2] for slug in slugs(Client().get(page))}
    assert Client().get(pages[2]).status_code == 404


def test_what_another_process_hid_is_not_listed_by_an_older_index():
    role = ExpertRoleFactory(expert__slug="hidden-elsewhere")
    client = Client()
    client.force_login(PersonFactory())
    before = found("", client)

    ExpertRole.objects.filter(pk=role.pk).update(visibility=Visibility.HIDDEN)

    assert (before, found("", client)) == ({"hidden-elsewhere"}, set())


def test_a_detail_page_costs_the_same_for_one_role_and_for_three(write):
    role = ExpertRoleFactory(expert__slug="one")
    Client().get("/en/mentors/")
    one = _cost(Client(), "/en/mentors/one/")

    for kind in ("tracker", "trainer"):
        ExpertRoleFactory(expert=role.expert, role=kind)
    write(refresh, role.expert)

    assert _cost(Client(), "/en/mentors/one/") == one == 5


def _cost(client, path):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        client.get(path)
    return len(queries)


@pytest.mark.parametrize("path", ["/en/mentors/requests/", "/en/mentors/mine/", "/en/desk/"])
def test_an_experts_pages_cost_the_same_for_one_and_for_three_requests(path):
    role = ExpertRoleFactory()
    client = Client()
    client.force_login(role.expert.user)
    RequestFactory(role=role)
    _cost(client, path)
    one = _cost(client, path)

    RequestFactory(role=role)
    RequestFactory(role=role)

    assert _cost(client, path) == one


def test_the_queue_costs_the_same_for_one_and_for_three():
    client = Client()
    client.force_login(focal_point("KZ"))
    ExpertRoleFactory(state="submitted")
    _cost(client, "/en/mentors/queue/")
    one = _cost(client, "/en/mentors/queue/")

    ExpertRoleFactory(state="submitted")
    ExpertRoleFactory(state="approved")

    assert _cost(client, "/en/mentors/queue/") == one


def test_the_page_is_light(three):
    import gzip

    assert len(gzip.compress(Client().get("/ru/mentors/").content)) < 10_000


def test_the_export_escapes_formulas_and_keeps_the_filters(three):
    ExpertRoleFactory(role="mentor", expert__name="=cmd()", expert__slug="formula")

    response = Client().get("/en/mentors/export/?role=mentor")

    rows = b"".join(response.streaming_content).decode()
    assert rows.startswith("\ufeffName,")
    assert "'=cmd()" in rows
    assert rows.count("\r\n") == 3


def test_the_export_streams_with_few_queries(django_assert_num_queries, three):
    Client().get("/en/mentors/")
    with django_assert_num_queries(3):
        b"".join(Client().get("/en/mentors/export/").streaming_content)


def test_the_api_filters_pages_and_searches(three):
    client = Client()

    assert [e["slug"] for e in client.get("/api/v1/experts/?role=mentor").json()["results"]] == ["mentor-kz"]
    assert [e["slug"] for e in client.get("/api/v1/experts/?country=kg&language=ky").json()["results"]] == [
        "tracker-kg"
    ]
    assert {e["slug"] for e in client.get("/api/v1/experts/?skill=pitching").json()["results"]} == {
        "mentor-kz",
        "trainer-kz",
    }
    assert {e["slug"] for e in client.get("/api/v1/experts/?search=питч").json()["results"]} == {
        "mentor-kz",
        "trainer-kz",
    }
    page = client.get("/api/v1/experts/?page_size=2").json()
    assert len(page["results"]) == 2
    assert len(client.get(page["next"]).json()["results"]) == 1


def test_the_api_has_no_field_beyond_those_named(three):
    expert = Client().get("/api/v1/experts/mentor-kz/").json()

    assert set(expert) == {
        "uid",
        "slug",
        "name",
        "name_latin",
        "country",
        "time_zone",
        "headline",
        "bio",
        "languages",
        "roles",
        "usual_answer_hours",
    }
    assert set(expert["roles"][0]) == {"role", "skills", "sectors", "stages", "availability"}


def test_the_api_costs_the_same_for_one_and_for_three(three):
    one = _cost(Client(), "/api/v1/experts/?role=mentor")

    assert _cost(Client(), "/api/v1/experts/") <= one


def test_shared_hours_count_across_zones():
    with time_machine.travel("2026-11-23 06:00 +0000", tick=False):
        assert shared_hours("Asia/Bishkek", "Asia/Bishkek") == 9
        assert shared_hours("Asia/Bishkek", "Asia/Baku") == 7
        assert shared_hours("Asia/Kabul", "Asia/Bishkek") == 7  # half an hour does not count
        assert shared_hours("America/Los_Angeles", "Asia/Bishkek") == 0
        assert shared_hours("Pacific/Auckland", "Pacific/Honolulu") == 8  # 23 hours apart is one hour apart


def test_the_reader_sees_the_hours_they_share():
    ExpertRoleFactory(expert__time_zone="Asia/Baku")
    reader = PersonFactory(time_zone="Asia/Bishkek")
    client = Client()
    client.force_login(reader)

    with time_machine.travel("2026-11-23 06:00 +0000", tick=False):
        assert "7 hours of your working day" in client.get("/en/mentors/").content.decode()
        assert "Baku (UTC+4)" in Client().get("/en/mentors/").content.decode()


@pytest.mark.parametrize(
    ("hours", "words"),
    [(None, ""), (5, "usually answers within a day"), (25, "usually answers within 2 days")],
)
def test_usual_answer_in_words(hours, words):
    assert answer_in_words(hours) == words


def test_a_network_expert_is_listed_for_the_signed_in_only():
    ExpertRoleFactory(expert__slug="quiet", visibility=Visibility.NETWORK)
    client = Client()
    client.force_login(PersonFactory())
    cache.clear()

    assert found("") == set()
    assert found("", client) == {"quiet"}


def test_nothing_is_mailed_by_reading(three):
    Client().get("/en/mentors/mentor-kz/")

    assert Message.objects.count() == 0


@pytest.mark.parametrize(
    "query", ["таджикский", "на таджикском", "Tajik", "Душанбе", "Dushanbe", "Таджикистан", "юрист", "lawyer"]
)
@pytest.mark.parametrize("language", ["en", "ru"])
def test_an_expert_is_found_by_language_city_and_everyday_words(query, language):
    tajik = ExpertFactory(slug="tajik", country=country("TJ"), time_zone="Asia/Dushanbe", spoken=["tg"])
    refresh(ExpertRoleFactory(expert=tajik, skills=["legal"]).expert)
    refresh(ExpertRoleFactory(skills=["design"]).expert)

    assert slugs(Client().get(f"/{language}/mentors/", {"q": query})) == ["tajik"]


def test_the_best_match_comes_first():
    for slug, name, line, skill, availability in [
        ("a-skill", "Үлгі Мысалов", "Helps", "export", "open"),
        ("b-headline", "Үлгі Мысалов", "Export for farms", "design", "open"),
        ("c-name", "Export Mysalov", "Helps", "design", "closed"),
        ("d-headline", "Үлгі Мысалов", "Exports fruit", "design", "limited"),
    ]:
        expert = ExpertFactory(slug=slug, name=name, headline={"en": line})
        refresh(ExpertRoleFactory(expert=expert, skills=[skill], availability=availability).expert)

    response = Client().get("/en/mentors/?q=export")

    assert slugs(response) == ["c-name", "b-headline", "d-headline", "a-skill"]
    assert slugs(Client().get("/en/mentors/")) == ["a-skill", "b-headline", "d-headline", "c-name"]


def test_experts_stand_by_name_as_readers_of_the_language_look_for_it():
    for slug, name in [("a-yan", "Ян"), ("b-anna", "Анна"), ("c-zarina", "Zarina"), ("d-daulet", "Даулет")]:
        ExpertRoleFactory(expert__slug=slug, expert__name=name)

    assert slugs(Client().get("/ru/mentors/")) == ["b-anna", "d-daulet", "a-yan", "c-zarina"]
    assert slugs(Client().get("/en/mentors/")) == ["b-anna", "d-daulet", "a-yan", "c-zarina"]


def test_cursor_of_somebody_who_is_gone_begins_the_list():
    for number in range(PAGE_SIZE + 1):
        ExpertRoleFactory(expert__slug=f"expert-{number:03}", expert__name=f"Expert {number:03}")

    pages = [Client().get(f"/en/mentors/?{where}=0.gone") for where in ("after", "before")]

    assert [slugs(page)[0] for page in pages] == ["expert-000"] * 2


def test_pages_of_a_search_are_turned_by_match():
    for number in range(PAGE_SIZE + 2):
        line = "Export" if number % 2 else "Helps"
        name = f"Sample {number:03}"
        expert = ExpertFactory(slug=f"expert-{number:03}", name=name, name_latin=name, headline={"en": line})
        refresh(ExpertRoleFactory(expert=expert, skills=["export"]).expert)

    first = Client().get("/en/mentors/?q=export")
    second = Client().get("/en/mentors/" + first.context["next"])

    assert slugs(first)[0] == "expert-001"
    assert len({*slugs(first), *slugs(second)}) == PAGE_SIZE + 2
    assert slugs(Client().get("/en/mentors/" + second.context["previous"])) == slugs(first)
