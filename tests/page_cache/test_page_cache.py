"""Pages for visitors: made once, never stale after a write, never somebody's own."""

import socket
import time

import pytest
from django.conf.urls.i18n import i18n_patterns
from django.contrib import messages
from django.core.cache import cache
from django.db import connection, transaction
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import include, path
from django.utils.translation import get_language

from network_platform.page_cache import cached_page, kept, touch
from network_platform.people.models import User
from network_platform.settings import CACHE_OPTIONS
from tests.journal.factories import MemberFactory

made = []


@cached_page("registry", "news", query=["page", "q"])
def listing(request):
    made.append(request.get_full_path())
    who = request.user.get_full_name() if request.user.is_authenticated else "visitor"
    return HttpResponse(f"{get_language()} {User.objects.count()} people for {who}, page {request.GET.get('page', 1)}")


@cached_page("other")
def other(request):
    made.append(request.path)
    return HttpResponse("other")


SPECIAL = {
    "cookie": lambda request: _with_cookie(),
    "token": lambda request: HttpResponse(get_token(request)),
    "message": lambda request: _with_message(request),
    "missing": lambda request: HttpResponse("no", status=404),
    "away": lambda request: redirect("/"),
    "data": lambda request: HttpResponse("{}", content_type="application/json"),
    "file": lambda request: HttpResponse(
        "a,b", headers={"Content-Type": "text/csv", "Content-Disposition": "attachment"}
    ),
    "private": lambda request: HttpResponse("x", headers={"Cache-Control": "no-store"}),
    "session": lambda request: _with_session(request),
}


@cached_page("registry")
def special(request, name):
    made.append(name)
    return SPECIAL[name](request)


def _with_cookie():
    response = HttpResponse("x")
    response.set_cookie("seen", "1")
    return response


def _with_message(request):
    messages.info(request, "just for you")
    return HttpResponse("x")


def _with_session(request):
    request.session["basket"] = 1
    return HttpResponse("x")


urlpatterns = i18n_patterns(
    path("accounts/", include("allauth.urls")),
    path("list/", listing),
    path("other/", other),
    path("special/<name>/", special),
)

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


@pytest.fixture(autouse=True)
def _forget():
    made.clear()
    cache.clear()


def test_a_visitors_page_is_made_once_and_then_costs_no_query(client):
    first = client.get("/en/list/")

    with CaptureQueriesContext(connection) as captured:
        second = client.get("/en/list/")

    assert first.content == second.content == b"en 0 people for visitor, page 1"
    assert len(made) == 1
    assert len(captured) == 0
    assert second["Content-Type"] == "text/html; charset=utf-8"
    assert "Cookie" in second["Vary"]


def test_a_browser_that_has_the_page_gets_304(client):
    first = client.get("/en/list/")

    again = client.get("/en/list/", headers={"If-None-Match": first["ETag"]})
    head = client.head("/en/list/")

    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == head["ETag"] == first["ETag"]
    assert len(made) == 1


def test_language_query_and_host_have_pages_of_their_own(client):
    pages = {
        client.get(path).content for path in ("/en/list/", "/ru/list/", "/en/list/?page=2", "/en/list/?q=a&page=2")
    }
    same = client.get("/en/list/?page=2&q=a")
    elsewhere = client.get("/en/list/", headers={"host": "localhost"})

    assert len(pages) == 3
    assert len(made) == 5
    assert same.status_code == elsewhere.status_code == 200


def test_unknown_parameters_are_neither_kept_nor_found(client):
    client.get("/en/list/")

    client.get("/en/list/?utm=1")
    client.get("/en/list/?utm=1")

    assert len(made) == 3
    assert len([key for key in cache._cache if "page:" in key]) == 1


def test_a_write_changes_the_key_after_commit(client, django_capture_on_commit_callbacks):
    client.get("/en/list/")
    client.get("/en/other/")

    with django_capture_on_commit_callbacks(execute=True):
        MemberFactory()
        touch("registry")
        still = client.get("/en/list/").content

    assert still == b"en 0 people for visitor, page 1"
    assert client.get("/en/list/").content == b"en 1 people for visitor, page 1"
    client.get("/en/other/")
    assert made.count("/en/other/") == 1


@pytest.mark.django_db(transaction=True)
def test_a_write_that_is_undone_changes_nothing(client):
    client.get("/en/list/")

    with transaction.atomic():
        touch("registry")
        transaction.set_rollback(True)
    client.get("/en/list/")

    assert len(made) == 1


def test_a_page_begun_before_a_write_is_not_found_after_it(client, monkeypatch, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        touch("registry")
    counted = User.objects.count

    def write_meanwhile(*args):
        number = counted()
        with django_capture_on_commit_callbacks(execute=True):
            touch("registry")
        return number

    monkeypatch.setattr(User.objects, "count", write_meanwhile)
    client.get("/en/list/")
    monkeypatch.undo()
    client.get("/en/list/")

    assert len(made) == 2


def test_signed_in_people_get_their_own_page_and_leave_none(client, signed_in):
    person = MemberFactory(name="Kanareika")

    own = signed_in(person).get("/en/list/").content.decode()
    visitors = client.get("/en/list/").content.decode()

    assert "Kanareika" in own
    assert "Kanareika" not in visitors
    assert "Kanareika" in signed_in(person).get("/en/list/").content.decode()


@pytest.mark.parametrize("name", [name for name in SPECIAL if name != "file"])
def test_what_is_not_a_page_for_everybody_is_not_kept(name):
    for _ in range(2):
        Client().get(f"/en/special/{name}/")

    assert made == [name, name]


def test_a_file_is_kept_with_its_headers(client):
    first, second = client.get("/en/special/file/"), client.get("/en/special/file/")

    assert made == ["file"]
    assert second.content == b"a,b"
    assert [(each["Content-Type"], each["Content-Disposition"]) for each in (first, second)] == [
        ("text/csv", "attachment")
    ] * 2


def test_a_value_is_kept_until_its_topic_is_written(django_capture_on_commit_callbacks):
    def value(name="sum", topic="registry"):
        return kept(name, topic, make=lambda: made.append(name) or len(made))

    begun = [value(), value(), value("other"), value()]
    with django_capture_on_commit_callbacks(execute=True):
        touch("news")
    untouched = value()
    with django_capture_on_commit_callbacks(execute=True):
        touch("registry")

    assert (begun, untouched, value()) == ([1, 1, 2, 1], 1, 3)


def test_posts_pass_by(client):
    client.post("/en/list/")
    client.post("/en/list/")

    assert len(made) == 2


@pytest.fixture
def silent_server():
    """A port that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"redis://127.0.0.1:{server.getsockname()[1]}/0"


@pytest.mark.parametrize("gone", ["nobody listens", "nobody answers"])
def test_a_lost_cache_costs_rendering_only(client, gone, silent_server, django_capture_on_commit_callbacks):
    address = {"nobody listens": "redis://127.0.0.1:1/0", "nobody answers": silent_server}[gone]
    lost = {"BACKEND": "django_redis.cache.RedisCache", "LOCATION": address, "OPTIONS": CACHE_OPTIONS}
    client.get("/en/list/")
    began = time.monotonic()

    with override_settings(CACHES={"default": lost}), django_capture_on_commit_callbacks(execute=True):
        first, second = client.get("/en/list/"), client.get("/en/list/")
        touch("registry")

    assert first.content == second.content
    assert len(made) == 3
    assert time.monotonic() - began < 6
