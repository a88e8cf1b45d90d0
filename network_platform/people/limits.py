"""How long somebody waits who asked for a code too often."""

import time
from math import ceil

from allauth.account import app_settings
from allauth.core.internal.ratelimit import get_cache_key, get_rates
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import ngettext

APP = "allauth.account"
MINUTE, HOUR = 60, 3600


def seconds_left(request: HttpRequest, action: str, key: str) -> float:
    """Until each limit of this action takes one more from this address. allauth keeps the newest use first."""
    now, waits = time.time(), [0.0]
    for rate in get_rates(app=APP, action=action, config=app_settings.RATE_LIMITS):
        uses = cache.get(get_cache_key(request, app=APP, action=action, rate=rate, key=key), [])
        if len(uses) >= rate.amount:
            waits.append(uses[rate.amount - 1] + rate.duration - now)
    return max(waits)


def too_many_codes(seconds: float) -> str:
    """What to do meanwhile and when to ask again, rounded up."""
    if seconds <= HOUR:
        minutes = max(1, ceil(seconds / MINUTE))
        words = ngettext(
            "Codes were asked for too often. Use the newest one that came, or ask again in %(n)d minute.",
            "Codes were asked for too often. Use the newest one that came, or ask again in %(n)d minutes.",
            minutes,
        )
        return words % {"n": minutes}
    hours = ceil(seconds / HOUR)
    words = ngettext(
        "Codes were asked for too often. Sign in with your password, or ask again in %(n)d hour.",
        "Codes were asked for too often. Sign in with your password, or ask again in %(n)d hours.",
        hours,
    )
    return words % {"n": hours}
