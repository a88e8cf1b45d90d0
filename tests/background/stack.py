"""A real broker, mail server, worker and beat for tests, each of which can be killed."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

from aiosmtpd.controller import Controller
from celery import current_app
from django.conf import settings
from django.db import connection

from network_platform.processes import broker
from network_platform.processes.preconditions import free_port


class MailServer:
    """Keeps what it accepted. While `holding`, a conversation stops after its recipient is named."""

    def __init__(self):
        self.accepted, self.held, self.holding = [], 0, False
        self.port = free_port()
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self.controller.start()

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802 - aiosmtpd's name
        self.held += 1
        while self.holding:
            await asyncio.sleep(0.02)
        await asyncio.sleep(0.05)
        self.held -= 1
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd's name
        lines = envelope.content.decode().splitlines()
        message_id = next(line for line in lines if line.lower().startswith("message-id"))
        self.accepted.append((envelope.rcpt_tos[0], message_id.split(":", 1)[1].strip()))
        return "250 OK"

    def stop(self):
        self.holding = False
        self.controller.stop()


class Stack:
    def __init__(self, folder: Path):
        self.folder, self.running = folder, []
        self.mail = MailServer()
        self.socket = broker.socket_path(folder / "broker")
        self.environment = {
            **os.environ,
            **broker.addresses(self.socket),
            "DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", "network_platform.settings"),
            "DATABASE_URL": database_url(),
            "PLATFORM_MODE": "test",
            "PLATFORM_VAR": str(folder),
            "SMTP_HOST": "127.0.0.1",
            "SMTP_PORT": str(self.mail.port),
            "MAIL_LEASE_SECONDS": "3",
            "MAIL_SWEEP_SECONDS": "1",
        }

    def start_broker(self):
        service = broker.broker_service(broker.find_server(), self.folder / "broker", self.socket)
        process = self._start(service.argv)
        wait_for(lambda: broker.answers(self.socket), "the broker answers", 20)
        return process

    def start_worker(self):
        return self._celery(
            "worker", "--concurrency", "2", "--without-gossip", "--without-mingle", "--loglevel", "INFO"
        )

    def start_beat(self):
        return self._celery("beat", "--pidfile", "", "--schedule", str(self.folder / "beat"), "--loglevel", "INFO")

    def _celery(self, *words):
        return self._start([sys.executable, "-m", "celery", "-A", "network_platform", "--no-color", *words])

    def _start(self, argv):
        with (self.folder / "log").open("a") as log:
            process = subprocess.Popen(
                argv, env=self.environment, cwd=settings.BASE_DIR, stdout=log, stderr=log, start_new_session=True
            )
        self.running.append(process)
        return process

    @staticmethod
    def kill(process):
        """As the machine would: no goodbye, children too."""
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def stop(self):
        for process in self.running:
            if process.poll() is None:
                self.kill(process)
        self.mail.stop()

    def log(self):
        return (self.folder / "log").read_text()[-4000:]


def database_url() -> str:
    """The address of the database that this test writes to."""
    at = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{at['NAME']}"
    return f"postgres://{at['USER']}:{at['PASSWORD']}@{at['HOST']}:{at['PORT']}/{at['NAME']}"


@contextmanager
def sending_to(address):
    """This process hands its tasks to that broker."""
    kept = current_app.conf.broker_url
    _point_at(address)
    try:
        yield
    finally:
        _point_at(kept)


def _point_at(address):
    current_app.conf.update(broker_url=address, broker_read_url=address, broker_write_url=address)
    current_app._pool = None
    current_app.amqp._producer_pool = None


def wait_for(condition, what, seconds):
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {seconds} s in vain until {what}")
        time.sleep(0.05)
