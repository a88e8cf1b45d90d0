"""Publishing at a set time, and what follows a publication."""

from datetime import timedelta
from typing import Any

import time_machine
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from cms.models import HomePage
from cms.tasks import publish_scheduled
from tests.cms.factories import handbook, news


def test_scheduled_page_appears_and_goes_in_its_time(site: HomePage, client: Client) -> None:
    now = timezone.now()
    page = news(title="Embargo canary", live=False)
    page.go_live_at, page.expire_at = now + timedelta(hours=1), now + timedelta(hours=3)
    page.save_revision().publish()

    shown = []
    for hours in (0, 2, 4):
        with time_machine.travel(now + timedelta(hours=hours, minutes=1)):
            publish_scheduled()
            cache.clear()
            shown.append(b"Embargo canary" in client.get(page.address).content)

    assert shown == [False, True, False]


def test_publication_asks_for_a_new_pdf_after_commit(
    site: HomePage, monkeypatch: Any, django_capture_on_commit_callbacks: Any
) -> None:
    sent: list[tuple[str, int]] = []
    guide = handbook(chapters=1)
    monkeypatch.setattr("network_platform.background.services.send_task", lambda name, pk: sent.append((name, pk)))

    with django_capture_on_commit_callbacks(execute=True):
        guide.leaves[0].save_revision().publish()
        assert sent == []

    assert sent == [("cms.tasks.print_volume", guide.pk)]
