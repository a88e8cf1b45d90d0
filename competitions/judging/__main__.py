"""`python -m competitions.judging verify|assign|rank FILE`: see `--help`."""

import sys

from competitions.judging.commands import main

if __name__ == "__main__":
    sys.exit(main())
