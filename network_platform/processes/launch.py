"""`make run`: check the machine, start what others need, prepare the data, start the rest, say when it answers."""

import time
import urllib.error
import urllib.request

from network_platform.processes import broker, plan
from network_platform.processes.preconditions import hold, require_folder, require_free_port
from network_platform.processes.services import Service
from network_platform.processes.stopping import CannotStart
from network_platform.processes.supervisor import Supervisor, say

PATIENCE = 90.0


def main() -> int:
    """The exit code: 0 after Ctrl-C or a polite end, 1 when it could not start."""
    supervisor = Supervisor(say)
    supervisor.listen_to_signals()
    try:
        run(supervisor)
    except CannotStart as reason:
        supervisor.stop()
        say(str(reason))
        return 1
    supervisor.stop()
    say("Stopped.")
    return 0


def run(supervisor: Supervisor) -> None:
    began = time.monotonic()
    settings = plan.Plan.from_environment()
    require_free_port(settings.host, settings.port)
    require_folder(settings.folder)
    guard = hold(settings.folder, settings.address)
    with guard:
        start_helpers(supervisor, settings)
        prepare(supervisor, settings)
        start_platform(supervisor, settings, began)
        supervisor.watch()


def start_helpers(supervisor: Supervisor, settings: plan.Plan) -> None:
    """Broker and inbox, unless the environment names others."""
    for service in settings.helpers():
        supervisor.start(service)
    socket, deadline = settings.socket, time.monotonic() + PATIENCE
    if socket:
        supervisor.watch(lambda: broker.answers(socket) or time.monotonic() > deadline)


def prepare(supervisor: Supervisor, settings: plan.Plan) -> None:
    """Migrations, static files, demonstration: one process that does only what is not done yet."""
    if supervisor.stop_asked:
        return
    done = supervisor.run_once(Service("setup", settings.manage("prepare"), settings.environment))
    if not done and not supervisor.stop_asked:
        raise CannotStart(
            "The data could not be prepared: see the lines of `setup` above, or run"
            " `.venv/bin/python manage.py doctor`."
        )


def start_platform(supervisor: Supervisor, settings: plan.Plan, began: float) -> None:
    """Web alone first, so that the first page does not wait for the others to load."""
    if supervisor.stop_asked:
        return
    say(f"Starting the web server, {time.monotonic() - began:.0f} s after the beginning ...")
    web, *rest = settings.platform()
    supervisor.start(web)
    deadline = time.monotonic() + PATIENCE
    supervisor.watch(lambda: supervisor.note_ready(page_answers(settings.first_page)) or time.monotonic() > deadline)
    if supervisor.stop_asked:
        return
    if not supervisor.ready:
        raise CannotStart("The first page did not answer: see the lines of `web` above.")
    say(settings.welcome(time.monotonic() - began))
    for service in rest:
        supervisor.start(service)


def page_answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=3) as response:  # noqa: S310 - our own address
            return response.status == 200
    except urllib.error.HTTPError as error:
        return error.code < 500
    except OSError:
        return False
