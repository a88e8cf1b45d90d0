"""Processes of our own kind: `manage.py` in another environment, and addresses that are free."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from network_platform.environment import BASE_DIR, VARIABLES
from network_platform.processes.preconditions import free_port

SAFE = {
    "PLATFORM_MODE": "production",
    "SECRET_KEY": "k3y-" + "abcdefghijklmnopqrstuvwxyz0123456789" * 2,
    "BASE_URL": "https://network.speca.test",
    "ALLOWED_HOSTS": "network.speca.test",
    "CACHE_URL": "redis://127.0.0.1:6379/6",
    "CELERY_BROKER_URL": "redis://127.0.0.1:6379/5",
    "MAIL_FROM": "SPECA network <network@speca.test>",
    "SECURITY_CONTACT": "mailto:security@speca.test",
}


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def manage(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """`manage("check", PLATFORM_MODE="production")` with a data folder of its own and nothing else set."""

    def run(*words: str, **variables: str) -> subprocess.CompletedProcess[str]:
        kept = {
            name: value for name, value in os.environ.items() if name not in {*VARIABLES, "DJANGO_ALLOW_ASYNC_UNSAFE"}
        }
        environment = {**kept, "PLATFORM_VAR": str(tmp_path), **variables}
        command = [sys.executable, str(BASE_DIR / "manage.py"), *words]
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)

    return run


@pytest.fixture
def safe() -> dict[str, str]:
    """Values that production starts with."""
    return dict(SAFE)
