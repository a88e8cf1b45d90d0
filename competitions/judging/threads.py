"""One thread for linear algebra, so that the same input gives the same bytes whatever the machine allows.

OpenBLAS sums in another order when it shares work among threads, and the last bits differ. NumPy and SciPy have no
switch for it; their library has one.
"""

import ctypes
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from threading import Lock

NAMES = [f"{front}openblas_{{}}_num_threads{end}" for front in ("scipy_", "") for end in ("64_", "")]
LOADED = Path("/proc/self/maps")


class _Users:
    """Who is inside `one_thread` now. The switch is the whole process's: the first one in turns it, the last one out
    turns it back.
    """

    def __init__(self) -> None:
        self.lock = Lock()
        self.inside = 0
        self.before: list[tuple[Callable[[int], None], int]] = []

    def enter(self) -> None:
        with self.lock:
            if self.inside == 0:
                self.before = [(put, get()) for get, put in _switches()]
                for put, _ in self.before:
                    put(1)
            self.inside += 1

    def leave(self) -> None:
        with self.lock:
            self.inside -= 1
            if self.inside == 0:
                for put, count in self.before:
                    put(count)


_users = _Users()


@contextmanager
def one_thread() -> Iterator[None]:
    """Linear algebra inside uses one thread; other threads of this process get one as long as anybody is inside. On
    Linux only: elsewhere, or where the library is another one, it does nothing.
    """
    _users.enter()
    try:
        yield
    finally:
        _users.leave()


@cache
def _switches() -> list[tuple[Callable[[], int], Callable[[int], None]]]:
    """How to ask for, and set, the number of threads of every OpenBLAS that this process has loaded."""
    found = []
    for path in _libraries():
        library = ctypes.CDLL(path)
        for name in NAMES:
            if hasattr(library, name.format("set")):
                found.append((getattr(library, name.format("get")), getattr(library, name.format("set"))))
                break
    return found


def _libraries() -> list[str]:
    if not LOADED.exists():
        return []
    lines = LOADED.read_text(errors="replace").splitlines()
    paths = {line.split(maxsplit=5)[5] for line in lines if "openblas" in line and len(line.split(maxsplit=5)) == 6}
    return sorted(path for path in paths if Path(path).exists())
