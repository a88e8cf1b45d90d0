"""The process manager: what falls is started again, what is told to stop stops, and nothing is left behind."""

import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from network_platform.processes.services import Service
from network_platform.processes.stopping import CannotStart
from network_platform.processes.supervisor import Supervisor

FOREVER = "import time\nwhile True: time.sleep(0.1)"


def python(name: str, code: str, **options: object) -> Service:
    return Service(name, [sys.executable, "-c", code], **options)


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def supervisor(said: list[str]) -> Supervisor:
    made = Supervisor(said.append)
    yield made
    made.stop()


def until(condition: Callable[[], bool], seconds: float = 20) -> Callable[[], bool]:
    deadline = time.monotonic() + seconds
    return lambda: condition() or time.monotonic() > deadline


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"


def test_what_falls_is_started_again(supervisor: Supervisor, said: list[str], tmp_path: Path) -> None:
    supervisor.ready = True
    starts = tmp_path / "starts"
    service = python("web", f"open({str(starts)!r}, 'a').write('x'); raise SystemExit(3)")

    supervisor.start(service)
    supervisor.watch(until(lambda: starts.exists() and len(starts.read_text()) >= 2))

    assert len(starts.read_text()) >= 2
    assert said[0] == "web ended with 3; starting it again in 1 s."


def test_pauses_grow_and_have_an_end() -> None:
    service = python("web", FOREVER)
    service.started_at = time.monotonic()

    pauses = [service.plan_restart() for _ in range(7)]

    assert pauses == [1, 2, 4, 8, 16, 30, 30]
    service.started_at -= 3600
    assert service.plan_restart() == 1


def test_what_never_came_up_ends_the_start(supervisor: Supervisor) -> None:
    supervisor.start(python("web", "raise SystemExit(7)"))

    with pytest.raises(CannotStart, match="web cannot start"):
        supervisor.watch(until(lambda: False))


def test_a_program_that_is_not_there(supervisor: Supervisor) -> None:
    with pytest.raises(CannotStart, match="Could not start broker"):
        supervisor.start(Service("broker", ["/nowhere/valkey-server"]))
    supervisor.services.clear()


def test_one_off_work_says_whether_it_succeeded(supervisor: Supervisor, capfd: pytest.CaptureFixture[str]) -> None:
    assert supervisor.run_once(python("setup", "print('migrated')")) is True
    assert supervisor.run_once(python("setup", "raise SystemExit(1)")) is False
    assert "setup  | migrated" in capfd.readouterr().out


def test_helpers_outlive_those_that_need_them(supervisor: Supervisor, tmp_path: Path) -> None:
    ends = tmp_path / "ends"
    code = (
        "import signal, sys, time\n"
        "def end(*a): open({path!r}, 'a').write({name!r} + ' '); sys.exit(0)\n"
        "signal.signal(signal.SIGTERM, end)\nprint('up', flush=True)\nwhile True: time.sleep(0.05)"
    )
    for name, last in (("broker", True), ("web", False)):
        supervisor.start(python(name, code.format(path=str(ends), name=name), last=last))
    supervisor.watch(until(lambda: False, seconds=1))

    supervisor.stop()

    assert ends.read_text().split() == ["web", "broker"]


def test_one_that_ignores_the_signal_is_killed_with_its_children(supervisor: Supervisor, tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    code = (
        "import os, signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\nos.fork()\n"
        f"open({str(pids)!r}, 'a').write(f'{{os.getpid()}} ')\nwhile True: time.sleep(0.05)"
    )
    supervisor.start(python("worker", code, grace=0.5))
    supervisor.watch(until(lambda: pids.exists() and len(pids.read_text().split()) == 2))
    family = [int(pid) for pid in pids.read_text().split()]
    assert len(family) == 2

    supervisor.stop()
    deadline = time.monotonic() + 5
    while any(map(alive, family)) and time.monotonic() < deadline:
        time.sleep(0.02)

    assert [pid for pid in family if alive(pid)] == []


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells children of their parent's death")
def test_a_killed_supervisor_leaves_nothing(tmp_path: Path) -> None:
    pid_file = tmp_path / "pid"
    child = f"import os, time; open({str(pid_file)!r}, 'w').write(str(os.getpid())); time.sleep(600)"
    code = (
        "import sys\nfrom network_platform.processes.services import Service\n"
        "from network_platform.processes.supervisor import Supervisor\n"
        f"s = Supervisor(print)\ns.start(Service('web', [sys.executable, '-c', {child!r}]))\ns.watch()"
    )
    parent = Service("parent", [sys.executable, "-c", code])
    parent.start()
    deadline = time.monotonic() + 20
    while not (pid_file.exists() and pid_file.read_text()) and time.monotonic() < deadline:
        time.sleep(0.05)
    child = int(pid_file.read_text())

    os.kill(parent.process.pid, signal.SIGKILL)
    parent.process.wait()
    while alive(child) and time.monotonic() < deadline:
        time.sleep(0.05)

    assert not alive(child)
