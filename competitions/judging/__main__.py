"""`python -m competitions.judging verify|assign|rank FILE`: see `--help`."""

import io
import os
import sys
from contextlib import redirect_stdout

from .commands import main


def run() -> int:
    """What a terminal cannot write is written as its code; who closes the pipe (`| head`) has read enough, and the
    shell is told how it ended all the same.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    told = io.StringIO()
    try:
        with redirect_stdout(told):
            code = main()
    except KeyboardInterrupt:
        return 130
    finally:
        _write(told.getvalue())
    return code


def _write(text: str) -> None:
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    sys.exit(run())
