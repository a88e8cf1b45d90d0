"""The doctor finds each thing that can be wrong, and says what to do about it."""

import json
import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from network_platform import doctor, health
from network_platform.background.models import Heartbeat, Message, MessageState

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _healthy(tmp_path: Path, settings, monkeypatch) -> None:
    """An installation with nothing to mend; what the apps have to say is theirs to test."""
    monkeypatch.setattr(doctor, "gather", lambda name: [])
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.VAR_DIR = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "network_platform.storage.FolderUploads", "OPTIONS": {"location": tmp_path / "u"}},
        "renditions": {"BACKEND": "network_platform.storage.FolderPictures", "OPTIONS": {"location": tmp_path / "p"}},
    }
    Heartbeat.objects.create(name="beat", at=timezone.now())


def finding(name: str) -> doctor.Finding:
    [found] = [one for one in doctor.examine() if one.name == name]
    return found


def message(**fields: object) -> Message:
    return Message.objects.create(
        template="people/hello", language="en", address="a@speca.test", dedupe_key="1", **fields
    )


def test_a_healthy_installation_has_nothing_to_mend() -> None:
    findings = doctor.examine()

    assert [one for one in findings if not one.ok] == []
    assert {one.name for one in findings} == set(doctor.CHECKS)


def test_a_silent_beat() -> None:
    Heartbeat.objects.update(at=timezone.now() - timedelta(minutes=12))
    assert finding("beat").text == "no sign for 12 minutes: start the worker and the beat process."

    Heartbeat.objects.all().delete()
    assert finding("beat").text.startswith("has never run here")
    assert not finding("beat").ok


def test_messages_that_failed_or_wait() -> None:
    stuck = message(state=MessageState.FAILED)
    assert finding("outbox").text.startswith("1 messages could not be sent")
    assert "/en/messages/?state=failed" in finding("outbox").text

    Message.objects.filter(pk=stuck.pk).update(state=MessageState.QUEUED, due_at=timezone.now() - timedelta(hours=1))
    assert finding("outbox").text.startswith("1 messages wait longer")


def test_migrations_that_wait() -> None:
    health.migrations_applied.cache_clear()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'journal'")

    assert finding("migrations").text == "some are not applied: run `manage.py migrate`."


def test_a_broker_that_is_gone(monkeypatch) -> None:
    from network_platform.celery import app

    monkeypatch.setattr(app.conf, "broker_write_url", "redis://name:passw0rd@127.0.0.1:1/0")

    found = finding("broker")

    assert (found.ok, "correct CELERY_BROKER_URL" in found.text) == (False, True)
    assert "passw0rd" not in found.text


def test_a_cache_that_forgets(settings) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}

    assert "correct CACHE_URL" in finding("cache").text


def test_a_mail_server_that_is_gone(settings, port: int) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_PORT = port

    assert "check SMTP_*" in finding("mail").text


def test_a_storage_that_cannot_be_written(settings, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    broken = {"BACKEND": "network_platform.storage.FolderUploads", "OPTIONS": {"location": tmp_path / "file" / "u"}}
    settings.STORAGES = {**settings.STORAGES, "default": broken}

    assert "check PLATFORM_VAR or S3_*" in finding("storage").text


def test_a_language_without_its_catalogue(settings) -> None:
    settings.LANGUAGES = [("en", "English"), ("ru", "Russian"), ("tk", "Turkmen")]

    assert finding("languages").text == "no compiled catalogue for tk: run `make messages`."


def test_little_space(monkeypatch) -> None:
    monkeypatch.setattr(doctor, "SPACE_NEEDED", 10**18)

    assert "free some" in finding("space").text


def test_static_files_that_were_not_collected(settings, tmp_path: Path) -> None:
    manifest = {"BACKEND": "network_platform.storage.StaticFiles"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": manifest}
    settings.STATIC_ROOT = tmp_path

    assert "manage.py prepare" in finding("static files").text


def test_secrets_in_production(settings) -> None:
    settings.PRODUCTION = True

    found = finding("secrets")

    assert not found.ok
    assert "SECRET_KEY is not a secret" in found.text


def test_a_database_that_is_gone(manage: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    ended = manage("doctor", "--json", DATABASE_URL="postgres://nobody@127.0.0.1:1/none")

    findings = {one["name"]: one for one in json.loads(ended.stdout)}
    assert ended.returncode == 1
    assert "correct DATABASE_URL" in findings["database"]["text"]
    assert findings["beat"]["ok"] is False
    assert "Traceback" not in ended.stderr


def test_problems_of_apps_are_told(monkeypatch) -> None:
    monkeypatch.setattr(doctor, "gather", lambda name: [["Uzbekistan has no focal point."]])

    assert finding("content").text == "Uzbekistan has no focal point."


def test_lines_for_people_and_for_programs(capsys) -> None:
    call_command("doctor")
    lines = capsys.readouterr().out.splitlines()
    assert all(line.startswith("OK") for line in lines)
    assert len(lines) == len(doctor.CHECKS)

    Heartbeat.objects.all().delete()
    with pytest.raises(SystemExit) as ended:
        call_command("doctor", as_json=True)
    assert ended.value.code == 1
    assert [one["name"] for one in json.loads(capsys.readouterr().out) if not one["ok"]] == ["beat"]
