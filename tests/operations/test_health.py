"""Health says what works, asks little, and never tells a stranger why."""

import pytest
from django.db import connection
from django.test import Client

from network_platform import health
from network_platform.settings import CACHE_OPTIONS

pytestmark = pytest.mark.django_db


def lost_cache(address: str) -> dict[str, object]:
    return {"BACKEND": "django_redis.cache.RedisCache", "LOCATION": address, "OPTIONS": CACHE_OPTIONS}


def test_live_asks_nothing(client: Client, django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        response = client.get("/health/live", headers={"host": "10.0.0.7"})

    assert response.json() == {"status": "ok"}
    assert response["Cache-Control"].startswith("max-age=0")


def test_ready_is_cheap(client: Client, django_assert_max_num_queries) -> None:
    client.get("/health/ready")

    with django_assert_max_num_queries(1):
        response = client.get("/health/ready")

    assert (response.status_code, response.json()) == (200, {"status": "ok", "failed": []})


def test_ready_names_a_broker_that_is_gone(client: Client, settings, monkeypatch) -> None:
    from network_platform.celery import app

    monkeypatch.setattr(app.conf, "broker_write_url", "redis://127.0.0.1:1/0")

    response = client.get("/health/ready")

    assert (response.status_code, response.json()["failed"]) == (503, ["broker"])
    assert "127.0.0.1" not in response.content.decode()


def test_ready_names_a_cache_that_is_gone(client: Client, settings) -> None:
    settings.CACHES = {"default": lost_cache("redis://127.0.0.1:1/0")}

    response = client.get("/health/ready")

    assert (response.status_code, response.json()["failed"]) == (503, ["cache"])


def test_ready_names_waiting_migrations(client: Client) -> None:
    health.migrations_applied.cache_clear()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'journal'")

    response = client.get("/health/ready")

    assert (response.status_code, response.json()["failed"]) == (503, ["migrations"])
    health.migrations_applied.cache_clear()


def test_health_is_read_only(client: Client) -> None:
    assert client.post("/health/live").status_code == 405
