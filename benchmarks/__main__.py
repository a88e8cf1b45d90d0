"""`make benchmark`: run every benchmark of this folder, each in a process and a data folder of its own.

python -m benchmarks [name ...]
"""

import os
import platform
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

HERE = Path(__file__).parent


def names() -> list[str]:
    files = [path for path in HERE.glob("*.py") if not path.stem.startswith("_")]
    return sys.argv[1:] or sorted(path.stem for path in [*files, *(path.parent for path in HERE.glob("*/__main__.py"))])


def command(name: str) -> list[str]:
    """A file is run as it is, a folder as a module."""
    return ["-m", f"benchmarks.{name}"] if (HERE / name).is_dir() else [str(HERE / f"{name}.py")]


def run(name: str) -> int:
    print(f"\n== {name} ==", flush=True)
    with tempfile.TemporaryDirectory(prefix=f"benchmark-{name}-") as folder:
        environment = os.environ | {"PLATFORM_VAR": folder, "PLATFORM_MODE": "test"}
        return subprocess.run([sys.executable, *command(name)], cwd=HERE.parent, env=environment).returncode


def main() -> int:
    print(f"{datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()}, {os.cpu_count()} cores")
    failed = [name for name in names() if run(name)]
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
