"""Names that are only strings point to something: tasks, beat's schedule, desks."""

import re
from importlib import import_module
from pathlib import Path

import pytest
from celery import current_app
from django.conf import settings
from django.utils.module_loading import import_string

from network_platform.environment import BASE_DIR

APPS = ("network_platform", "incubators", "mentors", "competitions", "cms")
SENT = re.compile(r"(?:after_commit|send_task)\(\s*\"([\w.]+)\"")


def sent_names() -> set[str]:
    sources = (path for app in APPS for path in Path(BASE_DIR / app).rglob("*.py"))
    return {name for path in sources for name in SENT.findall(path.read_text())}


def test_services_do_send_tasks() -> None:
    assert "network_platform.background.tasks.deliver_message" in sent_names()


@pytest.mark.parametrize(
    "name", sorted(sent_names() | {str(one["task"]) for one in settings.CELERY_BEAT_SCHEDULE.values()})
)
def test_every_task_sent_by_name_is_there(name: str) -> None:
    current_app.loader.import_default_modules()

    assert name in current_app.tasks
    assert callable(import_string(name))


@pytest.mark.parametrize("name", settings.DESKS)
def test_every_desk_is_there(name: str) -> None:
    assert import_module(name).__name__ == name
