"""Digests of the sources and of what was built from them: `--write` notes them in built.json, no option compares."""

import hashlib
import json
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
STATIC = HERE.parent / "network_platform" / "static"
NOTE = HERE / "built.json"
SOURCES = ("*.css", "*.scss", "*.svg", "js/*.js", "package.json", "package-lock.json", "build.sh")


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def current() -> dict[str, dict[str, str]]:
    """Digest by file name of every source and of every built file, as they are now."""
    sources = sorted(path for pattern in SOURCES for path in HERE.glob(pattern))
    built = sorted(path for path in STATIC.rglob("*") if path.is_file())
    return {
        "sources": {path.relative_to(HERE).as_posix(): digest(path) for path in sources},
        "built": {path.relative_to(STATIC).as_posix(): digest(path) for path in built},
    }


def differences() -> list[str]:
    """One line for each file that is not what the note says."""
    noted, now = json.loads(NOTE.read_text()), current()
    return [
        f"{kind}: {name}"
        for kind in ("sources", "built")
        for name in sorted(set(noted[kind]) | set(now[kind]))
        if noted[kind].get(name) != now[kind].get(name)
    ]


if __name__ == "__main__":
    if "--write" in sys.argv:
        NOTE.write_text(json.dumps(current(), indent=1) + "\n")
    elif wrong := differences():
        sys.exit("Not built from these sources; run `make frontend`:\n" + "\n".join(wrong))
