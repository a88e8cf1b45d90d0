"""Production refuses what is unsafe, all of it at once, and starts with what is safe."""

import subprocess
from collections.abc import Callable

import pytest

Manage = Callable[..., subprocess.CompletedProcess[str]]

UNSAFE = [
    ("SECRET_KEY", "development-only-not-a-secret", "at least 50 random characters"),
    ("SECRET_KEY", "a" * 80, "at least 50 random characters"),
    ("BASE_URL", "http://network.speca.test", "https://"),
    ("BASE_URL", "https://127.0.0.1", "public address"),
    ("ALLOWED_HOSTS", "*", "own hosts"),
    ("ALLOWED_HOSTS", "", "own hosts"),
    ("ALLOWED_HOSTS", "localhost", "development hosts"),
    ("CACHE_URL", "", "limits on signing in"),
    ("CACHE_URL", "locmem://", "redis://"),
    ("CELERY_BROKER_URL", "memory://", "redis://"),
    ("MAIL_FROM", "SPECA network <network@example.org>", "example address"),
    ("SECURITY_CONTACT", "", "example address"),
    ("DEBUG", "1", "tracebacks"),
    ("PLATFORM_DEMONSTRATION", "yes", "published password"),
    ("REQUIRE_SECOND_FACTOR", "no", "password alone"),
]


@pytest.mark.parametrize(("name", "value", "why"), UNSAFE)
def test_one_unsafe_value_is_named(name: str, value: str, why: str, manage: Manage, safe: dict[str, str]) -> None:
    ended = manage("check", **{**safe, name: value})

    assert ended.returncode == 1
    refusals = [line for line in ended.stderr.splitlines() if line.startswith("- ")]
    assert len(refusals) == 1
    assert refusals[0].startswith(f"- {name} ")
    assert why in refusals[0]
    assert "Traceback" not in ended.stderr


def test_everything_unsafe_is_said_at_once_and_no_value_is_shown(manage: Manage) -> None:
    ended = manage("check", PLATFORM_MODE="production", SECRET_KEY="short-but-secret")

    named = {line.split()[1] for line in ended.stderr.splitlines() if line.startswith("- ")}
    assert named == {
        "SECRET_KEY",
        "BASE_URL",
        "ALLOWED_HOSTS",
        "CACHE_URL",
        "CELERY_BROKER_URL",
        "MAIL_FROM",
        "SECURITY_CONTACT",
    }
    assert "short-but-secret" not in ended.stderr


def test_mail_to_another_machine_must_be_encrypted(manage: Manage, safe: dict[str, str]) -> None:
    ended = manage("check", **safe, SMTP_HOST="mail.speca.test")

    assert ended.returncode == 1
    assert "- SMTP_SECURITY must be starttls or tls" in ended.stderr
    assert manage("check", **safe, SMTP_HOST="mail.speca.test", SMTP_SECURITY="tls").returncode == 0


def test_deployment_check_is_clean(manage: Manage, safe: dict[str, str]) -> None:
    ended = manage("check", "--deploy", "--fail-level", "WARNING", **safe)

    assert ended.returncode == 0, ended.stderr
    assert "no issues" in ended.stdout


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("PLATFORM_MODE", "staging", "PLATFORM_MODE must be development, test or production."),
        ("SMTP_PORT", "mail", "SMTP_PORT must be a whole number."),
        ("TRUSTED_PROXIES", "one", "TRUSTED_PROXIES must be a whole number."),
    ],
)
def test_a_value_of_the_wrong_kind_is_one_sentence(name: str, value: str, sentence: str, manage: Manage) -> None:
    ended = manage("check", **{name: value})

    assert ended.returncode == 1
    assert ended.stderr.strip() == sentence


def test_development_starts_with_nothing_set(manage: Manage) -> None:
    assert manage("check").returncode == 0
