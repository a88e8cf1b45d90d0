"""Start services, show their output, start again what falls, and stop everything when told to."""

import os
import selectors
import signal
import sys
import time
from collections.abc import Callable, Iterable

from network_platform.processes.services import Service
from network_platform.processes.stopping import CannotStart

TICK = 0.1
FAILURES_BEFORE_READY = 3


class Supervisor:
    """One thread, one loop. `say` writes a line for people."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self.say = say
        self.services: list[Service] = []
        self.stop_asked = 0
        self.ready = False
        self.width = 6
        self._selector = selectors.DefaultSelector()
        self._rest: dict[str, bytes] = {}

    def listen_to_signals(self) -> None:
        """A hang-up is ignored where the one who started us ignores it (nohup); a script's `&` must not hide Ctrl-C."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._asked_to_stop)
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
            signal.signal(signal.SIGHUP, self._asked_to_stop)

    def _asked_to_stop(self, number: int, frame: object) -> None:
        self.stop_asked += 1

    def start(self, service: Service) -> None:
        self.services.append(service)
        self._launch(service)

    def _launch(self, service: Service) -> None:
        try:
            service.start()
        except OSError as error:
            raise CannotStart(f"Could not start {service.name} ({error.strerror}): {service.argv[0]}.") from None
        self._selector.register(service.output, selectors.EVENT_READ, service)

    def run_once(self, service: Service) -> bool:
        """Run a service to its end while the others go on; whether it succeeded."""
        self.start(service)
        while service.runs and not self.stop_asked:
            self.tick(restart=False)
        self._drain(service)
        if self.stop_asked:
            return False
        self.services.remove(service)
        return service.process.returncode == 0

    def watch(self, until: Callable[[], bool] = lambda: False) -> None:
        """Keep everything running until told to stop, or until the condition holds."""
        while not self.stop_asked and not until():
            self.tick()

    def note_ready(self, ready: bool) -> bool:
        """From now on what falls is started again however often it falls."""
        self.ready = ready
        return ready

    def tick(self, restart: bool = True) -> None:
        for key, _ in self._selector.select(TICK):
            self._show(key.data)
        if restart:
            for service in self.services:
                self._keep(service)

    def _keep(self, service: Service) -> None:
        if service.runs or self.stop_asked:
            return
        if service.was_started and not service.due_at:
            self._fell(service)
        elif service.due_at and time.monotonic() >= service.due_at:
            service.due_at = 0.0
            self._launch(service)

    def _fell(self, service: Service) -> None:
        self._drain(service)
        code = service.process.returncode
        pause = service.plan_restart()
        if not self.ready and service.failures >= FAILURES_BEFORE_READY:
            raise CannotStart(f"{service.name} cannot start (it ended with {code}): see its lines above.")
        self.say(f"{service.name} ended with {code}; starting it again in {pause:.0f} s.")

    def _show(self, service: Service) -> bool:
        """Pass on what the service wrote; False when there was nothing."""
        try:
            data = os.read(service.output.fileno(), 65536)
        except BlockingIOError:
            return False
        if not data:
            self._forget(service)
            return False
        *lines, rest = (self._rest.get(service.name, b"") + data).split(b"\n")
        self._rest[service.name] = rest
        self._write(service, lines)
        return True

    def _write(self, service: Service, lines: Iterable[bytes]) -> None:
        for line in lines:
            text = line.decode(errors="replace").rstrip()
            if text:
                print(f"{service.name:<{self.width}} | {text}", flush=True)

    def _drain(self, service: Service) -> None:
        """Show what a finished process had still written."""
        while service.output in self._registered():
            if not self._show(service):
                self._forget(service)

    def _registered(self) -> set[object]:
        return {key.fileobj for key in self._selector.get_map().values()}

    def _forget(self, service: Service) -> None:
        if service.output in self._registered():
            self._selector.unregister(service.output)
            self._write(service, [self._rest.pop(service.name, b"")])
            service.output.close()

    def stop(self) -> None:
        """Those that do the work first, those that serve them last; a second Ctrl-C kills at once."""
        for last in (False, True):
            wave = [service for service in self.services if service.last is last and service.was_started]
            for service in wave:
                service.signal(signal.SIGTERM)
            self._wait(wave)
            for service in wave:
                service.kill()
                service.process.wait()

    def _wait(self, wave: list[Service]) -> None:
        began, asked = time.monotonic(), self.stop_asked
        while any(service.runs and time.monotonic() - began < service.grace for service in wave):
            self.tick(restart=False)
            if self.stop_asked > max(asked, 1):
                return


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
