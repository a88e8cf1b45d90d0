"""Find a Chromium for the browser journeys, or try to get one: `python -m tests.chromium` before the tests."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

# The headless shell is the same engine without a window's machinery: half the work for each new page.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
INSTALL = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"]


def find() -> str:
    """The system's Chromium, else Playwright's own, else ''."""
    named = os.environ.get("CHROMIUM", "")
    return named or next((path for path in map(shutil.which, NAMES) if path), "") or _of_playwright()


def _of_playwright() -> str:
    folder = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache" / "ms-playwright")
    found = sorted(folder.glob("chromium-*/chrome-linux*/chrome")) if folder.is_dir() else []
    return str(found[-1]) if found else ""


def get() -> None:
    """By apt where we are root and it is there, else from Playwright; each has a few minutes and no questions."""
    if os.getuid() == 0 and shutil.which("apt-get"):
        _try(["apt-get", "update", "-qq"], 120)
        _try(INSTALL, 300)
    if not find():
        _try([sys.executable, "-m", "playwright", "install", "chromium"], 60)


def _try(command: list[str], seconds: int) -> None:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    try:
        subprocess.run(command, timeout=seconds, env=environment, check=False, **quiet)
    except (subprocess.TimeoutExpired, OSError):
        return


def main() -> None:
    if not find():
        print("There is no Chromium for the browser journeys; trying to get one ...", flush=True)
        get()
    if not find():
        print(
            "Still none: every test in tests/journeys that needs a browser is skipped. "
            "`apt-get install chromium` as root, or `.venv/bin/playwright install chromium`, brings them; "
            "CHROMIUM=/path names another one.",
            flush=True,
        )


if __name__ == "__main__":
    main()
