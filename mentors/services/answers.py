"""How long an expert usually takes to answer."""

from statistics import median
from typing import Any

from mentors.enums import RequestState
from mentors.models import Expert
from mentors.models.requests import ANSWER_WITHIN
from mentors.services.search_text import TOPIC
from network_platform.page_cache import touch

ENOUGH = 3
RECENT = 20
CLOSED = [RequestState.ACCEPTED, RequestState.DECLINED, RequestState.EXPIRED]


def remember_answer_time(expert: Expert) -> None:
    """The median over the last requests, in whole hours; an expiry counts as the full seven days.

    NULL below three requests, and where half of them got no answer.
    """
    closed = expert.requests.filter(state__in=CLOSED).order_by("-answered_at")[:RECENT]
    hours = [_hours(asked.state, asked.offered_at, asked.answered_at) for asked in closed]
    usual = round(median(hours)) if len(hours) >= ENOUGH else None
    if usual is not None and usual >= ANSWER_WITHIN.total_seconds() / 3600:
        usual = None
    if usual != expert.usual_answer_hours:
        expert.usual_answer_hours = usual
        expert.save(update_fields=["usual_answer_hours"])
        touch(TOPIC)


def _hours(state: str, offered_at: Any, answered_at: Any) -> float:
    taken = ANSWER_WITHIN if state == RequestState.EXPIRED else answered_at - offered_at
    return max(1.0, taken.total_seconds() / 3600)
