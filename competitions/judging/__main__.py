"""`python -m competitions.judging verify|assign|rank FILE`: see `--help`."""

import io
import os
import sys

from competitions.judging.commands import main


def run() -> int:
    """What a terminal cannot write is written as its code; who closes the pipe (`| head`) has read enough."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        code = main()
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130
    return code


if __name__ == "__main__":
    sys.exit(run())
