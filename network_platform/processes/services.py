"""One process that the supervisor keeps, and how it is started so that it never outlives the supervisor."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import IO, cast

PR_SET_PDEATHSIG = 1
LONGEST_PAUSE = 30.0
STEADY_AFTER = 60.0
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


def die_with_parent() -> None:
    """In the child, before exec: the kernel ends it should the supervisor be killed outright."""
    if LIBC is not None:
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass(eq=False)
class Service:
    """`last` services are stopped after all the others: those still need them while they finish. `inherits` are
    sockets that are open already, which each start of the process gets.
    """

    name: str
    argv: list[str]
    env: Mapping[str, str] = field(default_factory=dict)
    last: bool = False
    grace: float = 10.0
    inherits: tuple[socket.socket, ...] = ()
    process: subprocess.Popen[bytes] = field(init=False, repr=False)
    output: IO[bytes] = field(init=False, repr=False)
    started_at: float = 0.0
    failures: int = 0
    due_at: float = 0.0

    def start(self) -> None:
        """In a session of its own, so that Ctrl-C reaches only the supervisor and a kill reaches all its children."""
        self.started_at = time.monotonic()
        self.process = subprocess.Popen(
            self.argv,
            env={**os.environ, **self.env},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            pass_fds=[each.fileno() for each in self.inherits],
            preexec_fn=die_with_parent,  # noqa: PLW1509 - the supervisor has no threads
        )
        self.output = cast(IO[bytes], self.process.stdout)
        os.set_blocking(self.output.fileno(), False)

    @property
    def was_started(self) -> bool:
        return hasattr(self, "process")

    @property
    def runs(self) -> bool:
        return self.was_started and self.process.poll() is None

    def plan_restart(self) -> float:
        """After a failure wait 1, 2, 4 ... seconds; one that ran for a while starts counting anew."""
        if time.monotonic() - self.started_at > STEADY_AFTER:
            self.failures = 0
        pause = min(2.0**self.failures, LONGEST_PAUSE)
        self.failures += 1
        self.due_at = time.monotonic() + pause
        return pause

    def signal(self, number: int) -> None:
        """To the process alone: it passes the news to its own children in its own manner."""
        if self.runs:
            self.process.send_signal(number)

    def kill(self) -> None:
        """End the process and whatever is left of its group."""
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            return
