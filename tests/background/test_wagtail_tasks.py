"""Wagtail's tasks go to Celery, and none fails unseen."""

import pytest
from celery import current_app
from django.db import IntegrityError, transaction
from django.test import override_settings
from django_tasks import task, task_backends
from wagtail.models import Page
from wagtail.search.models import IndexEntry

from network_platform.background.tasks import run_wagtail_task
from network_platform.background.wagtail_tasks import CeleryBackend
from network_platform.people.models import User
from tests.threads import at_once

NAMED = "tests.background.test_wagtail_tasks.name_person"


@task()
def name_person(email, name="named"):
    User.objects.create_user(email, name=name)


@task()
def fail():
    raise ZeroDivisionError


races = []


@task()
def lose_a_race(address):
    """The first call finds that another worker was quicker."""
    races.append(address)
    if len(races) == 1:
        raise IntegrityError
    User.objects.filter(email=address).update(name="both")


@pytest.fixture
def sent(monkeypatch):
    """What went to the broker."""
    calls = []
    monkeypatch.setattr(current_app, "send_task", lambda name, args, **options: calls.append((name, args)))
    with override_settings(CELERY_BROKER_URL="redis://broker"):
        yield calls


def test_the_platform_uses_the_backend():
    assert isinstance(task_backends["default"], CeleryBackend)


def test_a_task_goes_to_the_broker_after_commit(sent, db, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        result = name_person.enqueue("a@tasks.example", name="Named")
        before = list(sent)

    assert before == []
    assert sent == [
        ("network_platform.background.tasks.run_wagtail_task", (NAMED, ["a@tasks.example"], {"name": "Named"}))
    ]
    assert result.status == "READY"


@pytest.mark.django_db(transaction=True)
def test_a_task_of_a_transaction_that_failed_never_runs(sent):
    with transaction.atomic():
        name_person.enqueue("a@tasks.example")
        transaction.set_rollback(True)

    assert sent == []


def test_the_worker_runs_it(db):
    run_wagtail_task(NAMED, ["a@tasks.example"], {"name": "Named"})

    assert User.objects.get(email="a@tasks.example").name == "Named"


def test_without_a_broker_it_runs_at_once(db, monkeypatch, django_capture_on_commit_callbacks):
    def refuse(*args, **options):
        raise ConnectionError

    monkeypatch.setattr(current_app, "send_task", refuse)
    with override_settings(CELERY_BROKER_URL="redis://broker"), django_capture_on_commit_callbacks(execute=True):
        name_person.enqueue("a@tasks.example")

    assert User.objects.filter(email="a@tasks.example").exists()


def test_a_task_that_lost_a_race_is_done_again(db):
    races.clear()
    User.objects.create_user("a@tasks.example", name="the quicker one")
    run_wagtail_task.apply(["tests.background.test_wagtail_tasks.lose_a_race", ["a@tasks.example"], {}])

    assert User.objects.get(email="a@tasks.example").name == "both"


def test_two_workers_index_one_page_without_a_word(database_for_threads, caplog):
    page = Page.get_first_root_node().add_child(title="A page", slug="a-page")
    content_type = page.content_type
    task = ["modelsearch.tasks.insert_or_update_object_task", ["wagtailcore", "page", str(page.pk)], {}]
    for _attempt in range(20):
        IndexEntry.objects.all()._raw_delete("default")
        at_once((), lambda: run_wagtail_task(*task), lambda: run_wagtail_task(*task))
        assert IndexEntry.objects.filter(content_type=content_type, object_id=page.pk).count() == 1

    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


@override_settings(CELERY_BROKER_URL="memory://")
def test_a_failed_task_is_not_hidden(db, django_capture_on_commit_callbacks):
    with pytest.raises(ZeroDivisionError), django_capture_on_commit_callbacks(execute=True):
        fail.enqueue()


@override_settings(CELERY_BROKER_URL="memory://")
def test_saving_a_page_runs_wagtails_tasks_and_none_fails(db, django_capture_on_commit_callbacks):
    root = Page.get_first_root_node()

    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        root.add_child(title="A page", slug="a-page").save_revision().publish()

    assert callbacks
    assert Page.objects.get(slug="a-page").live
