"""Write the locks again from the `.in` files: `make lock`. Versions that fit are kept; `--upgrade` takes new ones.

Only the lock's own environment is needed: uv is in it. No index address is written into a lock.
"""

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
LOCKS = ("uv", "base", "test")
OPTIONS = [
    "--quiet",
    "--generate-hashes",
    "--no-emit-index-url",
    "--universal",
    "--python-version",
    "3.11",
    "--no-header",
]


def compile_lock(name: str, output: Path, *options: str) -> int:
    """Resolve one `.in` file into `output`, beginning from what stands there."""
    command = [
        sys.executable,
        "-m",
        "uv",
        "pip",
        "compile",
        *OPTIONS,
        *options,
        f"requirements/{name}.in",
        "-o",
        str(output),
    ]
    environment = {"UV_SYSTEM_CERTS": "1", **os.environ}
    return subprocess.call(command, cwd=HERE.parent, env=environment, stdin=subprocess.DEVNULL)


def main() -> int:
    for name in LOCKS:
        if compile_lock(name, HERE / f"{name}.txt", *sys.argv[1:]) != 0:
            sys.stderr.write(f"requirements/{name}.txt was not written: the packages' index could not be asked.\n")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
