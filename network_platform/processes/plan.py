"""What this start consists of: addresses, folders, the environment of the processes, and their commands."""

import os
import secrets
import sys
from dataclasses import dataclass, field
from pathlib import Path

from network_platform import serving
from network_platform.environment import BASE_DIR, KEPT_KEY, as_bool, key_kept_in
from network_platform.processes import broker
from network_platform.processes.preconditions import listening
from network_platform.processes.services import Service
from network_platform.processes.stopping import CannotStart

USUAL_INBOX_PORT = 1025
NO_WARNING_OF_ROOT = "ignore:You're running the worker"
LOGINS = """\
Demonstration logins, all with the password network-demo:
  secretariat@demo.example   the whole network
  focal.kz@demo.example      focal point (also kg, tj, uz, az)
  incubator@demo.example     an incubator's editor
  founder@demo.example       a start-up's founder
  manager@demo.example       a competition's manager (and observer@demo.example)
  judge1@demo.example        a judge (to judge12)
  mentor@demo.example        an expert (and tracker@, trainer@)
  editor@demo.example        an editor of Kazakhstan's pages"""


@dataclass
class Plan:
    host: str
    port: int
    folder: Path
    given: dict[str, str]
    socket: Path | None = None
    environment: dict[str, str] = field(default_factory=dict)

    @classmethod
    def from_environment(cls) -> "Plan":
        """Read the variables; a port that is no number is told in one sentence."""
        if not serving.PORT.isdigit():
            raise CannotStart("PORT must be a number between 1 and 65535, for example `make run PORT=8001`.")
        folder = Path(os.environ.get("PLATFORM_VAR") or BASE_DIR / "var").absolute()
        return cls(serving.WEB_HOST, int(serving.PORT), folder, dict(os.environ))

    @property
    def address(self) -> str:
        host = "127.0.0.1" if self.host in {"0.0.0.0", "::", ""} else self.host  # noqa: S104
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}/"

    @property
    def first_page(self) -> str:
        return f"{self.address}en/"

    @property
    def demonstrates(self) -> bool:
        development = self.given.get("PLATFORM_MODE", "development") == "development"
        return as_bool(self.given.get("PLATFORM_DEMONSTRATION") or str(development))

    def helpers(self) -> list[Service]:
        """What the other processes need. Fills in the environment that tells them where it is."""
        self.environment = {
            "PYTHONUNBUFFERED": "1",
            "PLATFORM_VAR": str(self.folder),
            "DEBUG": self.given.get("DEBUG") or "0",
            "BASE_URL": self.given.get("BASE_URL") or self.address.rstrip("/"),
            "SECRET_KEY": self.given.get("SECRET_KEY") or own_secret(self.folder),
        }
        return [*self._broker(), *self._inbox()]

    def _broker(self) -> list[Service]:
        if self.given.get("CELERY_BROKER_URL"):
            return []
        home = self.folder / "broker"
        self.socket = broker.socket_path(home)
        service = broker.broker_service(broker.find_server(serving.BROKER_SERVER), home, self.socket)
        known = broker.addresses(self.socket)
        self.environment |= {name: self.given.get(name) or value for name, value in known.items()}
        return [service]

    def _inbox(self) -> list[Service]:
        if self.given.get("SMTP_HOST") or self.given.get("MAIL_BACKEND"):
            return []
        taken, folder = listening(USUAL_INBOX_PORT), str(self.folder / "inbox")
        self.environment |= {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(taken.getsockname()[1]), "INBOX_DIR": folder}
        command = python("-m", "network_platform.processes.inbox", str(taken.fileno()), folder)
        return [Service("inbox", command, last=True, inherits=(taken,))]

    def platform(self) -> list[Service]:
        configuration = str(BASE_DIR / "deploy" / "gunicorn.conf.py")
        celery = python("-W", NO_WARNING_OF_ROOT, "-m", "celery", "-A", "network_platform", "--no-color", "--quiet")
        worker = ["worker", "--concurrency", str(serving.TASK_PROCESSES), "--without-gossip", "--without-mingle"]
        return [
            self._service("web", python("-m", "gunicorn", "-c", configuration, "network_platform.wsgi"), grace=25),
            self._service("worker", [*celery, *worker, "--loglevel", "WARNING"], grace=15),
            self._service("beat", [*celery, "beat", "--pidfile", "", "--loglevel", "WARNING"]),
        ]

    def _service(self, name: str, argv: list[str], grace: float = 10) -> Service:
        return Service(name, argv, self.environment, grace=grace)

    def manage(self, *words: str) -> list[str]:
        return python(str(BASE_DIR / "manage.py"), *words)

    def welcome(self, seconds: float) -> str:
        lines = ["", f"The network is at {self.address} (ready in {seconds:.1f} s). Ctrl-C stops it."]
        if "INBOX_DIR" in self.environment:
            lines.append(f"Mails that it sends arrive at {self.address}en/inbox/")
        return "\n".join([*lines, *(["", LOGINS] if self.demonstrates else []), ""])


def own_secret(folder: Path) -> str:
    """A signing key of this installation's own, made once."""
    path = folder / KEPT_KEY
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(64))
    return key_kept_in(folder)


def python(*arguments: str) -> list[str]:
    return [sys.executable, *arguments]
