#!/usr/bin/env python
"""Django's command line for the platform."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "network_platform.settings")
    try:
        from django.core.management import execute_from_command_line
    except ModuleNotFoundError as missing:
        if missing.name != "django":
            raise
        sys.exit("Django is not in this Python: run .venv/bin/python manage.py …, which `make run` builds.")

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
