"""One thread for linear algebra, whoever else computes at the same time."""

import threading
from collections.abc import Callable, Iterator

import pytest

from competitions.judging import threads

pytestmark = pytest.mark.once


@pytest.fixture
def count() -> Iterator[Callable[[], int]]:
    """How many threads the library has, two to begin with."""
    switches = threads._switches()
    if not switches:
        pytest.skip("linear algebra here is not OpenBLAS on Linux")
    before = [get() for get, _ in switches]
    for _, put in switches:
        put(2)
    yield switches[0][0]
    for (_, put), number in zip(switches, before, strict=True):
        put(number)


def test_the_last_one_out_restores_what_the_first_one_found(count: Callable[[], int]) -> None:
    first, second = threads.one_thread(), threads.one_thread()

    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    inside = count()
    second.__exit__(None, None, None)

    assert (inside, count()) == (1, 2)


def test_many_threads_at_once(count: Callable[[], int]) -> None:
    seen: list[int] = []

    def work() -> None:
        for _ in range(50):
            with threads.one_thread():
                seen.append(count())

    workers = [threading.Thread(target=work) for _ in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert (set(seen), len(seen), count()) == ({1}, 400, 2)


def test_what_is_raised_inside_restores_too(count: Callable[[], int]) -> None:
    with pytest.raises(ZeroDivisionError), threads.one_thread():
        _ = 1 / 0

    assert count() == 2
