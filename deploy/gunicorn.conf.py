"""Gunicorn as the platform runs it, in `make run` and under systemd. Numbers come from the environment."""

import logging
import os
import sys
from pathlib import Path

from gunicorn import glogging

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from network_platform import logs, serving, settings  # noqa: E402 - unsafe production settings end it here

logs.configure(settings.LOG_FORMAT, settings.LOG_LEVEL)


class OurLines(glogging.Logger):
    """Gunicorn's own lines in the form of all others; requests are logged by our middleware."""

    def setup(self, cfg: object) -> None:
        self.error_log.handlers, self.error_log.propagate = [], True
        self.access_log.disabled = True
        self.error_log.setLevel(logging.INFO if settings.PRODUCTION else logging.WARNING)


logger_class = OurLines

bind = serving.WEB_BIND or f"{serving.WEB_HOST}:{serving.PORT}"
worker_class = "gthread"
workers = serving.WEB_WORKERS
threads = serving.WEB_THREADS
timeout = serving.WEB_TIMEOUT
graceful_timeout = 20
keepalive = 5
max_requests = serving.WEB_MAX_REQUESTS
max_requests_jitter = serving.WEB_MAX_REQUESTS // 10
preload_app = True
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108
limit_request_line = 4094
limit_request_fields = 60
