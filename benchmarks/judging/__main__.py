"""Judging, measured against its aims: each measure in a process of its own, with one thread.

    python -m benchmarks.judging [assignment | ranking | assignment.<measure> ...]

Real data is read from `../shared/data/judging` beside the project, or from the folder that JUDGING_DATA names; where it
is absent, its rows say so and the others are measured.
"""

import importlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from benchmarks.judging.figures import PROJECT, Figure, Measure, NoData

ONE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
HALVES = ("assignment", "ranking")
WORDS = {True: "yes", False: "NO", None: ""}


def measures(half: str) -> dict[str, Measure]:
    """Name -> measure, in the order of the table."""
    if not (Path(__file__).parent / f"{half}.py").exists():
        return {}
    return importlib.import_module(f"benchmarks.judging.{half}").MEASURES


def asked(names: list[str]) -> Iterator[tuple[str, str]]:
    """Half and measure of each name; a half alone stands for all of its measures."""
    for name in names or HALVES:
        half, _, one = name.partition(".")
        yield from ((half, each) for each in ([one] if one else measures(half)))


def run(half: str, name: str) -> list[Figure]:
    """The figures of one measure, taken in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.judging", "--one", half, name]
    answer = subprocess.run(command, cwd=PROJECT, env=os.environ | ONE_THREAD, stdout=subprocess.PIPE, text=True)
    if answer.returncode:
        return [Figure(f"{half}.{name}", f"ended with {answer.returncode}", reached=False)]
    return [Figure(**json.loads(line)) for line in answer.stdout.splitlines()]


def one(half: str, name: str) -> None:
    """In the process of its own: a line of JSON for each figure."""
    try:
        for figure in measures(half)[name]():
            print(json.dumps(asdict(figure)), flush=True)
    except NoData as error:
        print(json.dumps(asdict(Figure(name.replace("_", " "), str(error)))))


def main() -> int:
    if sys.argv[1:2] == ["--one"]:
        one(*sys.argv[2:])
        return 0
    missed = 0
    print("| what | measured | aim | reached |\n| --- | --- | --- | --- |", flush=True)
    for half, name in asked(sys.argv[1:]):
        for figure in run(half, name):
            print(f"| {figure.what} | {figure.measured} | {figure.aim} | {WORDS[figure.reached]} |", flush=True)
            missed += figure.reached is False
    print(f"{missed} aims are not reached" if missed else "every aim that was measured is reached")
    return 0


if __name__ == "__main__":
    sys.exit(main())
