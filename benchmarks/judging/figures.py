"""What a measure gives back, where real data lies, and time and memory of what is measured."""

import os
import resource
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")
PROJECT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("JUDGING_DATA", PROJECT.parent / "shared" / "data" / "judging"))


class NoData(Exception):
    """The folder of real data is not there; the message says where it was looked for."""


@dataclass(frozen=True)
class Figure:
    """One row of the table. `reached`: whether the aim is reached, None where there is none."""

    what: str
    measured: str
    aim: str = ""
    reached: bool | None = None


Measure = Callable[[], Iterator[Figure]]


def data(*parts: str) -> Path:
    """A file of the real data: beside the project, or in the folder that JUDGING_DATA names."""
    path = DATA.joinpath(*parts)
    if not path.exists():
        raise NoData(f"not measured: there is no {'/'.join(parts)} in ../shared/data/judging or $JUDGING_DATA")
    return path


def timed(act: Callable[[], T]) -> tuple[T, float]:
    """What an act gave, and its CPU seconds: with one thread, what it takes on a machine that does nothing else."""
    begun = time.process_time()
    result = act()
    return result, time.process_time() - begun


def peak_megabytes() -> float:
    """The most memory that this process has held so far."""
    status = Path("/proc/self/status")
    if status.exists():  # getrusage counts what the process that started this one had held
        held = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(held.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
