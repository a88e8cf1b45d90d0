"""Logs: one line an event, JSON in production, with the request's or task's id and without personal data."""

import logging
import re
import sys
import time
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
QUERY = re.compile(r"(?<=[\w/])\?[^\s\"']+=[^\s\"']*")
OUR_UID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
LONGEST_WORD = 24
UNLOGGED = ("/static/", "/health/")


def without_personal_data(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Take addresses and query strings out of every text that is logged, tracebacks too."""
    return {key: _clean(value) if isinstance(value, str) else value for key, value in event.items()}


def _clean(text: str) -> str:
    return QUERY.sub("?...", ADDRESS.sub("<address>", text))


def safe_path(path: str) -> str:
    """The path with anything that may be a key or token in it masked; our own UUIDs stay."""
    return "/".join("..." if _may_be_key(segment) else segment for segment in path.split("/"))


def _may_be_key(segment: str) -> bool:
    has_figure = any(character.isdigit() for character in segment)
    return len(segment) > LONGEST_WORD and has_figure and not OUR_UID.fullmatch(segment)


_SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.stdlib.PositionalArgumentsFormatter(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.StackInfoRenderer(),
    structlog.processors.format_exc_info,
    without_personal_data,
]


def _formatter(style: str) -> structlog.stdlib.ProcessorFormatter:
    last = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if style == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), pad_event_to=0)
    )
    remove = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    return structlog.stdlib.ProcessorFormatter(foreign_pre_chain=_SHARED, processors=[remove, last])


def configure(style: str, level: str) -> None:
    """Send everything, ours and the libraries', to standard error in one form."""
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler()
    handler.setFormatter(_formatter(style))
    root = logging.getLogger()
    root.handlers = [kept for kept in root.handlers if not _is_ours(kept)] + [handler]
    root.setLevel(level)
    for name, quiet in QUIET.items():
        logging.getLogger(name).setLevel(quiet)


QUIET = {
    "django.request": logging.ERROR,
    "django.server": logging.WARNING,
    "celery.beat": logging.WARNING,
    "celery.app.trace": logging.WARNING,
    "celery.worker.strategy": logging.WARNING,
    "PIL": logging.WARNING,
    "botocore": logging.WARNING,
    "django_tasks": logging.WARNING,
    "wagtail": logging.WARNING,
}


def _is_ours(handler: logging.Handler) -> bool:
    return isinstance(handler.formatter, structlog.stdlib.ProcessorFormatter)


def configure_from(config: dict[str, Any]) -> None:
    """Django's `LOGGING_CONFIG` hook."""
    configure(**config)


def log_request(request: Any, response: Any, started: float) -> None:
    """One line a request: route and masked path, never the query string; the person's uid, never the address."""
    if request.path.startswith(UNLOGGED):
        return
    user = getattr(request, "_cached_user", None)
    match = getattr(request, "resolver_match", None)
    structlog.get_logger("network_platform.requests").info(
        "request",
        method=request.method,
        path=safe_path(request.path),
        view=match.view_name if match else "",
        status=response.status_code,
        milliseconds=round((time.perf_counter() - started) * 1000, 1),
        user=str(user.uid) if user is not None and user.is_authenticated else "",
    )
