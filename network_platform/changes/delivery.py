"""Telling one address of one change, as often as needed, each time recognisable.

The body is JSON of the change; `X-Network-Delivery` is the same on every try, `X-Network-Signature` is
`t=<unix seconds>,v1=<hex>` with HMAC-SHA256 over `<t>.<body>` under the address's secret. Any 2xx is a yes. Otherwise
it is tried again after 1, 5, 25 ... minutes, eight times in all (some two days); then it is given up, and an address
that has taken nothing for that long is paused.
"""

import hashlib
import hmac
import json
import time
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import urllib3
from django.conf import settings
from django.db.models import F
from django.utils import timezone

from network_platform.changes.addresses import NotPublicError, resolve
from network_platform.changes.models import Change, Delivery, DeliveryState, Endpoint

MOST_ATTEMPTS = 8
LONGEST_PAUSE = timedelta(hours=18)
PATIENCE = urllib3.Timeout(connect=5, read=10)


def as_data(change: Change) -> dict[str, Any]:
    """The change as the feed and the webhooks tell it."""
    return {
        "number": change.number,
        "at": change.at.isoformat(),
        "event": change.event,
        "uid": str(change.uid),
        "country": change.country,
        "page": f"{settings.BASE_URL}/en{change.path}" if change.path else "",
    }


def sign(body: bytes, secret: str, moment: int) -> str:
    """The header's value; `moment` in unix seconds."""
    mac = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={moment},v1={mac}"


def deliver(pk: int) -> None:
    """Send the row if it is due and nobody else is at it; on failure it waits for its next attempt."""
    now = timezone.now()
    taken = Delivery.objects.filter(pk__in=Delivery.objects.due(now).filter(pk=pk).values("pk"))
    if not taken.update(state=DeliveryState.SENDING, claimed_at=now, attempts=F("attempts") + 1):
        return
    delivery = Delivery.objects.select_related("endpoint", "change").get(pk=pk)
    answer = _post(delivery)
    if answer.isdigit() and 200 <= int(answer) < 300:
        done = {"state": DeliveryState.SENT, "sent_at": timezone.now(), "answer": answer}
        Delivery.objects.filter(pk=pk, claimed_at=now).update(**done)
        return
    _postpone(delivery, answer)


def _post(delivery: Delivery) -> str:
    """The status that came back, or in a word why none came."""
    body = json.dumps(as_data(delivery.change), separators=(",", ":")).encode()
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "speca-network-webhook/1",
        "X-Network-Event": delivery.change.event,
        "X-Network-Delivery": str(delivery.uid),
        "X-Network-Signature": sign(body, delivery.endpoint.secret, int(time.time())),
    }
    parts = urlsplit(delivery.endpoint.url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        with _pool(parts.hostname or "", parts.port, secure=parts.scheme == "https") as pool:
            host = parts.netloc.rpartition("@")[2]
            answer = pool.request(
                "POST", path, body=body, headers={**headers, "Host": host}, redirect=False, retries=False,
                preload_content=False,
            )  # fmt: skip
            answer.release_conn()
            return str(answer.status)
    except NotPublicError:
        return "address not public"
    except (urllib3.exceptions.HTTPError, OSError) as error:
        return type(error).__name__


def _pool(host: str, port: int | None, *, secure: bool) -> urllib3.HTTPConnectionPool:
    """To the very address that was checked, with the certificate of the name."""
    address = resolve(host, port or (443 if secure else 80))
    if not secure:
        return urllib3.HTTPConnectionPool(address, port or 80, timeout=PATIENCE, maxsize=1)
    return urllib3.HTTPSConnectionPool(
        address, port or 443, timeout=PATIENCE, maxsize=1, server_hostname=host, assert_hostname=host
    )


def _postpone(delivery: Delivery, answer: str) -> None:
    rows = Delivery.objects.filter(pk=delivery.pk)
    if delivery.attempts >= MOST_ATTEMPTS:
        rows.update(state=DeliveryState.FAILED, answer=answer[:200])
        _pause_if_silent(delivery.endpoint)
        return
    pause = min(timedelta(minutes=5 ** (delivery.attempts - 1)), LONGEST_PAUSE)
    rows.update(state=DeliveryState.QUEUED, answer=answer[:200], due_at=timezone.now() + pause)


def _pause_if_silent(endpoint: Endpoint) -> None:
    """Nothing was taken since the oldest that was given up."""
    given_up = endpoint.deliveries.filter(state=DeliveryState.FAILED).order_by("pk").first()
    taken = endpoint.deliveries.filter(state=DeliveryState.SENT)
    if given_up and not taken.filter(sent_at__gt=given_up.change.at).exists():
        Endpoint.objects.filter(pk=endpoint.pk, paused_at=None).update(paused_at=timezone.now())
